//! Printing codes: the form with the preview of the first sheet, and the page of
//! sheets that a browser prints. Both have a style sheet of their own.

use askama::Template;
use qiyema_protocol::paper::PrintPreview;

use super::{assets, form::Form, frame::Frame};
use crate::web::words::lang::Lang;

/// What to print.
pub struct PrintPage {
    frame: Frame,
    form: String,
    said: Option<Said>,
}

/// What a preview found.
struct Said {
    line: String,
    warnings: Vec<String>,
    sheet: String,
    forms: Vec<String>,
}

impl PrintPage {
    /// The form alone.
    ///
    /// # Errors
    /// When the form cannot be written.
    pub fn new(frame: Frame, form: &Form) -> Result<Self, askama::Error> {
        Ok(Self { form: form.html()?, frame, said: None })
    }

    /// With the preview above it, and the forms that print.
    ///
    /// # Errors
    /// When a form cannot be written.
    pub fn found(self, found: &PrintPreview, sheet: String, forms: &[Form]) -> Result<Self, askama::Error> {
        let zh = self.frame.lang == Lang::Zh;
        let line = if zh {
            format!("{}个企业码，{}页。下图为第一页，按实际版面缩放。", found.codes, found.pages)
        } else {
            format!("{} codes on {} pages. Below is the first page, scaled down.", found.codes, found.pages)
        };
        let mut warnings: Vec<String> = found
            .missing
            .iter()
            .take(20)
            .map(|one| {
                let (name, uscc, lack) = (&one.name, &one.uscc, &one.characters);
                if zh {
                    format!("{uscc} {name}：字库缺“{lack}”，将印为〓。请核对企业名称。")
                } else {
                    format!("{uscc} {name}: the font lacks “{lack}”; 〓 is printed instead. Check the name.")
                }
            })
            .collect();
        if !found.unknown.is_empty() {
            let some: Vec<&str> = found.unknown.iter().take(20).map(String::as_str).collect();
            let said =
                if zh { "不是有效企业码，不打印：" } else { "Not live codes, not printed: " };
            warnings.push(format!("{said}{}", some.join(" ")));
        }
        let forms = forms.iter().map(Form::html).collect::<Result<_, _>>()?;
        Ok(Self { said: Some(Said { line, warnings, sheet, forms }), ..self })
    }

    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        let lang = self.frame.lang;
        PrintHtml {
            f: &self.frame,
            p: self,
            style: assets::PAPER.href(),
            title: lang.pick("打印企业码", "Print codes"),
            up: lang.pick("企业", "Enterprises"),
            lead: lang.pick(
                "标签、门牌，一次最多2400个；每个二维码印出前都重新识读。打印记入审计日志。",
                "Labels and plaques, up to 2,400 at once; every symbol is read again first. Prints are in the audit trail.",
            ),
            preview: lang.pick("预览", "Preview"),
        }
        .render()
    }
}

#[derive(Template)]
#[template(path = "console/print.html")]
struct PrintHtml<'a> {
    f: &'a Frame,
    p: &'a PrintPage,
    style: String,
    title: &'static str,
    up: &'static str,
    lead: &'static str,
    preview: &'static str,
}

/// Sheets for the browser's own printing.
pub struct SheetsPage {
    lang: Lang,
    /// The one style on the page itself: the size of the paper.
    pub style: String,
    sheets: Vec<String>,
}

impl SheetsPage {
    /// Sheets of one size.
    #[must_use]
    pub fn new(lang: Lang, sheets: Vec<String>) -> Self {
        // The first attributes of a sheet are its size.
        let size = |name: &str| {
            let first = sheets.first().and_then(|sheet| sheet.split_once(&format!(" {name}=\"")));
            first.and_then(|(_, rest)| rest.split('"').next()).unwrap_or("auto").to_owned()
        };
        let style = format!("@page{{size:{} {};margin:0}}", size("width"), size("height"));
        Self { lang, style, sheets }
    }

    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        let lang = self.lang;
        SheetsHtml {
            p: self,
            tag: lang.tag(),
            paper: assets::PAPER.href(),
            title: lang.pick("企业码打印页", "Codes to print"),
            how: lang.pick(
                "请在浏览器中打印：缩放100%（实际大小），页边距“无”，不要页眉页脚。先印一页，量一量二维码再印其余。",
                "Print from the browser: scale 100 % (actual size), no margins, no headers. Print one page and measure a symbol first.",
            ),
            back: lang.pick("返回", "Back"),
        }
        .render()
    }
}

#[derive(Template)]
#[template(path = "console/sheets.html")]
struct SheetsHtml<'a> {
    p: &'a SheetsPage,
    tag: &'static str,
    paper: String,
    title: &'static str,
    how: &'static str,
    back: &'static str,
}
