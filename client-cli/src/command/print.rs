//! `qiyema code print`: sheets of codes as a PDF. What the server warns of is told first.

use indicatif::ProgressBar;
use qiyema_protocol::paper::{PaperWish, PrintPreview, PrintWish};
use reqwest::Method;

use super::{
    Context,
    download::{self, Asked},
    life, staff,
};
use crate::{
    args::{
        Lang,
        code::{Lay, Print},
    },
    exit::Failure,
    output,
};

/// Tells what it would be, and saves the file if one is named.
pub fn run(c: &Context, asked: Print) -> Result<(), Failure> {
    let out = asked.out.clone();
    let wish = wish(asked)?;
    let found: PrintPreview = staff::post(c, "code-print-previews", &wish)?;
    for one in &found.missing {
        let what = c.lang.of("字库缺字，将印为〓", "not in the font, printed as 〓");
        output::people(&output::clean(&format!("! {} {}: {what}: {}", one.uscc, one.name, one.characters)));
    }
    if !found.unknown.is_empty() {
        let some = found.unknown.iter().take(20).map(String::as_str).collect::<Vec<_>>().join(" ");
        output::people(&output::clean(&format!("? {} {some}", found.unknown.len())));
    }
    if let Some(path) = &out {
        let body = Some(serde_json::to_value(&wish)?);
        let asked = Asked { method: Method::POST, path: "staff/code-prints", body };
        download::save(c, &asked, path, &ProgressBar::hidden())?;
    }
    if c.json {
        return output::json(&serde_json::json!({ "preview": found, "saved": out }));
    }
    let (codes, pages) = (found.codes, found.pages);
    output::line(&match c.lang {
        Lang::Zh => format!("{codes} 个企业码，{pages} 页"),
        Lang::En => format!("{codes} codes, {pages} pages"),
    })?;
    if out.is_none() {
        output::people(c.lang.of("这是预览；加 --out 保存PDF", "a preview; --out saves the PDF"));
    }
    Ok(())
}

fn wish(asked: Print) -> Result<PrintWish, Failure> {
    let mut of = asked.of;
    of.extend(asked.file.as_deref().map(life::named).transpose()?.unwrap_or_default());
    Ok(PrintWish {
        paper: paper(asked.format, &asked.lay),
        of,
        find: asked.find,
        issued_from: asked.issued_from,
        again: asked.again,
        trial: asked.trial,
    })
}

/// The paper, with what was said about how codes lie on it.
pub fn paper(format: String, lay: &Lay) -> PaperWish {
    PaperWish {
        format,
        left: lay.left,
        top: lay.top,
        gap_x: lay.gap_x,
        gap_y: lay.gap_y,
        shift_x: lay.shift_x,
        shift_y: lay.shift_y,
        symbol: lay.symbol,
        skip: lay.skip,
        cut_marks: lay.cut_marks,
    }
}
