//! The files of a run at the console: symbols to save part by part, paper to print
//! part by part, and who printed what.

use actix_web::{HttpResponse, web::Path};
use qiyema_protocol::{
    code_runs::{CodeRun, PART},
    paper::RunPrint,
};

use super::{PLACE, drawn, seen};
use crate::{
    actions::code::runs::trail::Printing,
    picture::paper::format::PRESETS,
    web::{
        api::runs as api,
        console::{
            prints,
            staff::{ConsoleForm, ConsoleStaff},
        },
        problem::{Code, Refusal},
        view::console::{
            form::{Choice, Field, Form},
            sheet::{Cell, Part, Sheet, Table},
        },
        words::lang::Lang,
    },
};

/// `POST /console/codes/runs/{id}/prints`: a part on paper.
pub async fn print(
    staff: ConsoleStaff,
    id: Path<String>,
    typed: ConsoleForm,
) -> Result<HttpResponse, Refusal> {
    let id = id.into_inner();
    let asked = match prints::paper(&typed) {
        Ok(paper) => {
            let word = |name: &str| typed.text(name) == "true";
            let (again, trial) = (word("again"), word("trial"));
            let print = RunPrint { part: typed.number("part"), paper, again, trial };
            api::printed(&staff.shared, staff.actor.clone(), id.clone(), print).await
        }
        Err(refusal) => Err(refusal),
    };
    match asked {
        Err(refusal) if refusal.code() == Code::InvalidInput => {
            let seen = seen(&staff, id).await?;
            let form = form(&staff, &seen.0).typed(&typed.0).faults(refusal.faults());
            Ok(staff.form_again(drawn(&staff, &seen, &form)))
        }
        other => other,
    }
}

/// What is asked before a part is printed.
pub(super) fn form(staff: &ConsoleStaff, run: &CodeRun) -> Form {
    let lang = staff.lang;
    let place = format!("{PLACE}/{}/prints", run.id);
    let parts = (1..=run.parts).map(|part| Choice::new(part.to_string(), codes(lang, run, part)));
    let part = Field::select("part", lang.pick("分册", "Part"), parts.collect()).value("1");
    let form = Form::new(lang, &staff.csrf, place, lang.pick("下载PDF", "Download PDFs")).id("prints");
    let form = prints::fine(lang, form.with(part).with(prints::kinds(lang)));
    let again = lang.pick(
        "印过的企业口令信也再印一次（记入日志）；不勾选则跳过",
        "Print letters again that were printed (recorded); otherwise they are left out",
    );
    prints::told(staff, form, again)
}

/// Which codes a part holds.
fn codes(lang: Lang, run: &CodeRun, part: u32) -> String {
    let (first, last) = ((part - 1) * PART + 1, (part * PART).min(run.issued));
    match lang {
        Lang::Zh => format!("第{part}册：{first}–{last}"),
        Lang::En => format!("{part}: {first}–{last}"),
    }
}

/// The files that are ready, for whoever may print.
pub(super) fn offered(
    staff: &ConsoleStaff,
    run: &CodeRun,
    sheet: Sheet,
    printing: &Form,
) -> Result<Sheet, askama::Error> {
    let lang = staff.lang;
    let mut sheet = sheet.with(Part::Heading(lang.pick("下载印刷文件", "Files to print").to_owned()));
    if staff.shared.trust.host.is_plain_http() {
        sheet = sheet.with(Part::Warning(prints::trial_only(staff)));
    }
    if run.parts > 0 {
        let note = lang.pick(
            "标签、门牌、企业口令信按册下载为ZIP：内有PDF（每个约1200码）和清单manifest.csv，按清单核对。企业口令信每封只印一次；下载中断的，已记为印过。",
            "Labels, plaques and letters come as a ZIP a part: PDFs of about 1,200 codes, and a list, manifest.csv. Each letter is printed once; those of a download that broke off count as printed.",
        );
        sheet =
            sheet.form(lang.pick("标签、门牌、企业口令信", "Labels, plaques, letters"), note, printing)?;
    }
    let heads = [lang.pick("分册", "Part"), lang.pick("企业码", "Codes"), "SVG", "PNG"];
    let trial = if staff.shared.trust.host.is_plain_http() { "&trial=true" } else { "" };
    let row = |part: u32| {
        let (first, last) = ((part - 1) * PART + 1, (part * PART).min(run.issued));
        let place = format!("{PLACE}/{}/symbols/{part}.zip", run.id);
        vec![
            Cell::number(&part),
            Cell::text(format!("{first}–{last}")),
            Cell::link(format!("{place}?format=svg&mm=30{trial}"), lang.pick("30毫米", "30 mm")),
            Cell::link(
                format!("{place}?format=png&mm=30&dpi=300{trial}"),
                lang.pick("30毫米，300点", "30 mm, 300 dpi"),
            ),
        ]
    };
    Ok(sheet
        .with(Part::Note(
            lang.pick(
                "仅二维码图片，每册一个ZIP，内有清单manifest.csv；其他尺寸用命令行qiyema code run download。",
                "The symbols alone, a ZIP a part, with a list, manifest.csv. Other sizes: qiyema code run download.",
            )
            .to_owned(),
        ))
        .with(Part::Table(Table {
            heads: heads.map(ToOwned::to_owned).to_vec(),
            rows: (1..=run.parts).map(row).collect(),
            empty: lang.pick("还没有完成的分册。", "No part is ready yet.").to_owned(),
        })))
}

/// Who printed what, if anybody did.
pub(super) fn printed(staff: &ConsoleStaff, printings: &[Printing], sheet: Sheet) -> Sheet {
    if printings.is_empty() {
        return sheet;
    }
    let (lang, zone) = (staff.lang, staff.shared.rules().zone);
    let row = |one: &Printing| {
        let known = PRESETS.iter().find(|preset| preset.id == one.print.format);
        let paper = known.map_or(&*one.print.format, |preset| lang.pick(preset.zh, preset.en));
        let again =
            if one.print.again { lang.pick("（含印过的）", " (printed ones again)") } else { "" };
        vec![
            Cell::text(one.at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string()),
            Cell::text(&one.by),
            Cell::number(&one.print.part),
            Cell::text(format!("{paper}{again}")),
        ]
    };
    let heads = [
        lang.pick("时间", "When"),
        lang.pick("打印人", "By"),
        lang.pick("分册", "Part"),
        lang.pick("纸张", "Paper"),
    ];
    sheet.with(Part::Heading(lang.pick("打印记录", "Printed so far").to_owned())).with(Part::Table(Table {
        heads: heads.map(ToOwned::to_owned).to_vec(),
        rows: printings.iter().map(row).collect(),
        empty: String::new(),
    }))
}
