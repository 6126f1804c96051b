//! Printing codes: what and on which paper, a preview of the first sheet, then the
//! PDF or a page that the browser prints itself.

use actix_web::{
    HttpResponse,
    http::header::{CONTENT_SECURITY_POLICY, HeaderValue},
    web::Query,
};
use data_encoding::BASE64;
use qiyema_protocol::paper::{PaperWish, PrintWish};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::staff::{ConsoleForm, ConsoleStaff};
use crate::{
    actions::rights::Deed,
    domain::text::problem,
    picture::paper::format::PRESETS,
    web::{
        api::prints,
        problem::{Code, Refusal},
        view::console::{
            form::{Choice, Field, Form, Kind},
            prints::{PrintPage, SheetsPage},
        },
        words::{console::registers::RegisterWords, lang::Lang},
    },
};

const PLACE: &str = "/console/codes/prints";
/// Fields of the paper that are lengths.
const LENGTHS: [&str; 7] = ["symbol", "left", "top", "gap_x", "gap_y", "shift_x", "shift_y"];

/// Codes that are chosen already.
#[derive(Debug, Default, Deserialize)]
pub struct Chosen {
    of: Option<String>,
    find: Option<String>,
    format: Option<String>,
}

/// `GET /console/codes/prints`.
pub async fn ask(staff: ConsoleStaff, chosen: Query<Chosen>) -> Result<HttpResponse, Refusal> {
    staff.actor.may(Deed::IssueCode)?;
    let Chosen { of, find, format } = chosen.into_inner();
    let typed = [("of", of), ("find", find), ("format", format)];
    let typed: Vec<(String, String)> =
        typed.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    let form = form(&staff).typed(&typed);
    Ok(staff.page(PrintPage::new(staff.frame(), &form).and_then(|page| page.render())))
}

/// `POST /console/codes/prints`: the preview.
pub async fn preview(staff: ConsoleStaff, typed: ConsoleForm) -> Result<HttpResponse, Refusal> {
    let form = form(&staff).typed(&typed.0);
    let prepared = match wish(&typed) {
        Ok(wish) => prints::prepared(&staff.shared, staff.actor.clone(), wish).await,
        Err(faults) => Err(faults),
    };
    match prepared {
        Ok(prepared) => {
            let found = prepared.preview();
            let sheet = prepared.first_sheet()?.unwrap_or_default();
            let forms = [go(&staff, &typed, "pdf"), go(&staff, &typed, "sheet")];
            let page =
                PrintPage::new(staff.frame(), &form).and_then(|page| page.found(&found, sheet, &forms));
            Ok(staff.page(page.and_then(|page| page.render())))
        }
        Err(refusal) if refusal.code() == Code::InvalidInput => {
            let form = form.faults(refusal.faults());
            Ok(staff.form_again(PrintPage::new(staff.frame(), &form).and_then(|page| page.render())))
        }
        Err(refusal) => Err(refusal),
    }
}

/// `POST /console/codes/prints/pdf`.
pub async fn pdf(staff: ConsoleStaff, typed: ConsoleForm) -> Result<HttpResponse, Refusal> {
    prints::pdf_file(&staff.shared, staff.actor.clone(), wish(&typed)?).await
}

/// `POST /console/codes/prints/sheet`: a page of nothing but sheets, in the size of the paper.
pub async fn sheet(staff: ConsoleStaff, typed: ConsoleForm) -> Result<HttpResponse, Refusal> {
    let sheets = prints::sheets(&staff.shared, staff.actor.clone(), wish(&typed)?).await?;
    let page = SheetsPage::new(staff.lang, sheets);
    // The size of the paper is the only style on the page itself, allowed by its hash.
    let hash = BASE64.encode(&Sha256::digest(page.style.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'self' 'sha256-{hash}'; font-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'"
    );
    let mut answer = staff.page(page.render());
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        answer.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    Ok(answer)
}

fn form(staff: &ConsoleStaff) -> Form {
    let lang = staff.lang;
    let of = Field::lines("of", lang.pick("企业码编号或统一社会信用代码", "Ids of codes, or credit codes"))
        .help(lang.pick("每行一个，按此顺序打印", "One a line; printed in this order"))
        .optional();
    let find = Field::line("find", RegisterWords::of(lang).enterprises_help).most(80).optional();
    let from = Field::new(Kind::Date, "issued_from", lang.pick("该日起签发", "Issued since")).optional();
    let form = Form::new(lang, &staff.csrf, PLACE, lang.pick("预览", "Preview"));
    let form = form
        .with(Field::heading(lang.pick("印哪些企业码", "Which codes")))
        .with(of)
        .with(find)
        .with(from)
        .with(Field::heading(lang.pick("纸张", "Paper")))
        .with(kinds(lang).help(match lang {
            Lang::Zh => format!("二维码将指向 {}", staff.shared.trust.host.origin()),
            Lang::En => format!("The codes will lead to {}", staff.shared.trust.host.origin()),
        }));
    let word =
        lang.pick("印过的企业口令再印一次（记入日志）", "Print PINs again that were printed (recorded)");
    told(staff, fine(lang, form), word)
}

/// The kinds of paper.
pub(super) fn kinds(lang: Lang) -> Field {
    let paper = PRESETS.iter().map(|one| Choice::new(one.id, lang.pick(one.zh, one.en))).collect();
    Field::select("format", lang.pick("规格", "Format"), paper)
}

/// How codes lie on the paper, where its own measures are not right.
pub(super) fn fine(lang: Lang, form: Form) -> Form {
    let fold = lang.pick("边距、位置、二维码大小", "Margins, position, size of the symbol");
    let length = |name: &str, zh: &'static str, en: &'static str| {
        Field::line(name, lang.pick(zh, en)).most(8).optional().fold(fold)
    };
    let skip =
        Field::new(Kind::Number, "skip", lang.pick("首张已用标签数", "Labels of the first sheet used up"))
            .most(99)
            .optional()
            .fold(fold);
    form.with(skip)
        .with(length("symbol", "二维码宽度（毫米）", "Width of the symbol, mm").help(
            lang.pick("留空自动；含四周空白", "Empty: as large as looks well; with the white around it"),
        ))
        .with(Field::heading(lang.pick("页边距与间距", "Margins and gaps")).fold(fold))
        .with(
            length("left", "左边距（毫米）", "Left margin, mm")
                .help(lang.pick("留空按纸张规格", "Empty: as the paper has it")),
        )
        .with(length("top", "上边距（毫米）", "Top margin, mm"))
        .with(length("gap_x", "列间距（毫米）", "Between columns, mm"))
        .with(length("gap_y", "行间距（毫米）", "Between rows, mm"))
        .with(length("shift_x", "整体右移（毫米）", "Move to the right, mm").help(lang.pick(
            "打印机走纸偏移时用，负数左移",
            "For a printer that draws its paper in askew; below zero to the left",
        )))
        .with(length("shift_y", "整体下移（毫米）", "Move down, mm"))
}

/// What must be said in so many words: PINs again, a trial address.
pub(super) fn told(staff: &ConsoleStaff, form: Form, again: &str) -> Form {
    let lang = staff.lang;
    let form = form.with(Field::heading(lang.pick("企业口令信", "Letters with PINs")));
    let again = vec![Choice::new("true", again)];
    let mut form =
        form.with(Field::new(Kind::Checks, "again", lang.pick("重印", "Once more")).choices(again));
    if let Some((why, known)) = trial(staff) {
        let word = lang.pick("试印", "A trial print");
        let field = Field::new(Kind::Checks, "trial", word).choices(vec![Choice::new("true", known)]);
        form = form.with(field.help(why));
    }
    form
}

/// What is said where codes lead to an address for trying out, and what one ticks to print all the same.
pub(super) fn trial(staff: &ConsoleStaff) -> Option<(String, &'static str)> {
    let known = staff.lang.pick("我知道这样的标签不能张贴", "I know that such labels must not be put up");
    staff.shared.trust.host.is_plain_http().then(|| (trial_only(staff), known))
}

/// The address that would be printed, why it is fit for a trial only, and what to set.
pub(super) fn trial_only(staff: &ConsoleStaff) -> String {
    let address = staff.shared.trust.host.origin();
    match staff.lang {
        Lang::Zh => format!(
            "印出的二维码将指向 {address}。这是试用地址（http，不是https），企业的手机打不开或无法核验，因此不勾选下面一项就不印。正式张贴前，请在服务器设置 http.public_url（环境变量 QIYEMA_HTTP_PUBLIC_URL）为手机能打开的https网址，重启后再印。"
        ),
        Lang::En => format!(
            "The codes would lead to {address}. That is an address for trying out (http, not https): phones of enterprises cannot open or verify it, so nothing is printed unless you tick this. Before codes are put up, set http.public_url (QIYEMA_HTTP_PUBLIC_URL) on the server to the https address that phones open, restart, and print then."
        ),
    }
}

/// The form that prints what was previewed.
fn go(staff: &ConsoleStaff, typed: &ConsoleForm, what: &str) -> Form {
    let word = match what {
        "pdf" => staff.lang.pick("下载PDF", "Download the PDF"),
        _ => staff.lang.pick("打开浏览器打印页", "Open the page to print from"),
    };
    let mut form = Form::new(staff.lang, &staff.csrf, format!("{PLACE}/{what}"), word).id(what);
    for (name, value) in &typed.0 {
        if name != "csrf" {
            form = form.with(Field::hidden(name, value));
        }
    }
    form
}

fn wish(typed: &ConsoleForm) -> Result<PrintWish, Refusal> {
    let paper = paper(typed)?;
    let of = typed.text("of").split_whitespace().map(ToOwned::to_owned).collect();
    let issued_from = typed.filled("issued_from").and_then(|day| day.parse().ok());
    Ok(PrintWish {
        paper,
        of,
        find: typed.filled("find"),
        issued_from,
        again: typed.text("again") == "true",
        trial: typed.text("trial") == "true",
    })
}

/// The paper that a form names.
pub(super) fn paper(typed: &ConsoleForm) -> Result<PaperWish, Refusal> {
    let mut faults = Vec::new();
    let lengths = LENGTHS.map(|name| {
        let value = typed.filled(name)?;
        let number = value.replace(',', ".").parse::<f32>().ok().filter(|number| number.is_finite());
        if number.is_none() {
            faults.push(problem(name, "请填写毫米数，如12.5", "millimetres, as 12.5"));
        }
        number
    });
    if !faults.is_empty() {
        return Err(Refusal::fields(faults));
    }
    let [symbol, left, top, gap_x, gap_y, shift_x, shift_y] = lengths;
    Ok(PaperWish {
        format: typed.text("format").to_owned(),
        left,
        top,
        gap_x,
        gap_y,
        shift_x,
        shift_y,
        symbol,
        skip: typed.filled("skip").and_then(|skip| skip.parse().ok()),
        cut_marks: None,
    })
}
