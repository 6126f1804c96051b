//! `qiyema code print`: sheets of codes as a PDF. What the server warns of is told first.

use qiyema_protocol::paper::{PaperWish, PrintPreview, PrintWish};
use reqwest::Method;

use super::{Context, life, staff};
use crate::{
    args::{Lang, code::Print},
    exit::Failure,
    output,
};

/// Tells what it would be, and saves the file if one is named.
pub fn run(c: &Context, asked: Print) -> Result<(), Failure> {
    let out = asked.out.clone();
    let wish = wish(asked)?;
    let found: PrintPreview = staff::post(c, "code-print-previews", &wish)?;
    for one in &found.missing {
        let what = c.lang.of("字库缺字,将印为〓", "not in the font, printed as 〓");
        output::people(&output::clean(&format!("! {} {}: {what}: {}", one.uscc, one.name, one.characters)));
    }
    if !found.unknown.is_empty() {
        let some = found.unknown.iter().take(20).map(String::as_str).collect::<Vec<_>>().join(" ");
        output::people(&output::clean(&format!("? {} {some}", found.unknown.len())));
    }
    if let Some(path) = &out {
        let file = staff::ask(c, &Method::POST, "code-prints", Some(&serde_json::to_value(&wish)?))?;
        std::fs::write(path, file).map_err(|e| Failure::failed(format!("{}: {e}", path.display())))?;
    }
    if c.json {
        return output::json(&serde_json::json!({ "preview": found, "saved": out }));
    }
    let (codes, pages) = (found.codes, found.pages);
    output::line(&match c.lang {
        Lang::Zh => format!("{codes} 个企业码,{pages} 页"),
        Lang::En => format!("{codes} codes, {pages} pages"),
    })?;
    match out {
        Some(path) => output::people(&format!("{} {}", c.lang.of("已保存", "saved"), path.display())),
        None => output::people(c.lang.of("这是预览;加 --out 保存PDF", "a preview; --out saves the PDF")),
    }
    Ok(())
}

fn wish(asked: Print) -> Result<PrintWish, Failure> {
    let mut of = asked.of;
    of.extend(asked.file.as_deref().map(life::named).transpose()?.unwrap_or_default());
    let paper = PaperWish {
        format: asked.format,
        left: asked.left,
        top: asked.top,
        gap_x: asked.gap_x,
        gap_y: asked.gap_y,
        shift_x: asked.shift_x,
        shift_y: asked.shift_y,
        symbol: asked.symbol,
        skip: asked.skip,
        cut_marks: asked.cut_marks,
    };
    Ok(PrintWish { paper, of, find: asked.find, issued_from: asked.issued_from, trial: asked.trial })
}
