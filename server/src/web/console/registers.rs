//! A table of enterprises at the console: send it, watch it being compared, look at
//! what was found, then confirm. The run goes on without the browser.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{Path, Payload},
};
use qiyema_protocol::registers::{ImportState, RegisterImport, RegisterRow, RowVerdict};

use super::{
    door::see_other,
    progress::Progress,
    staff::{ConsoleForm, ConsoleStaff},
    upload::bring,
};
use crate::{
    actions::{registers::import, rights::Deed},
    domain::register,
    web::{
        api::registers::{self as api, How, TABLE},
        problem::{Code, Refusal},
        view::console::{
            form::{Choice, Field, Form, Kind},
            sheet::{Cell, Part, Sheet, Table, Tone},
        },
        words::lang::Lang,
    },
};

const PLACE: &str = "/console/enterprise-imports";

/// `GET /console/enterprises.csv`.
pub async fn csv(staff: ConsoleStaff) -> Result<HttpResponse, Refusal> {
    api::exported_csv(&staff.shared, staff.actor)
}

/// `GET /console/enterprises.xlsx`.
pub async fn xlsx(staff: ConsoleStaff) -> Result<HttpResponse, Refusal> {
    api::exported_xlsx(&staff.shared, staff.actor).await
}

/// `GET /console/enterprise-imports`.
pub async fn list(staff: ConsoleStaff) -> Result<HttpResponse, Refusal> {
    let imports = staff.read(|db, actor, _, _| import::list(db, actor)).await?;
    Ok(staff.page(start(&staff, &form(&staff), &imports)))
}

/// `GET /console/enterprise-imports/template.csv`.
pub async fn template(staff: ConsoleStaff) -> Result<HttpResponse, Refusal> {
    staff.actor.may(Deed::ImportEnterprises)?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"enterprises.csv\""))
        .body(format!("\u{feff}{}\r\n", register::HEADINGS.join(","))))
}

/// `POST /console/enterprise-imports`: always a dry run first.
pub async fn send(
    staff: ConsoleStaff,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Refusal> {
    staff.actor.may(Deed::ImportEnterprises)?;
    let sent = bring(&staff, &request, payload, TABLE).await?;
    let how = How { dry_run: true, confirm_warnings: false };
    let begun = if sent.faults.is_empty() {
        api::start(&staff.shared, staff.actor.clone(), sent.files, how).await
    } else {
        Err(Refusal::fields(sent.faults))
    };
    match begun {
        Ok(run) => Ok(see_other(&format!("{PLACE}/{}", run.id))),
        Err(refusal) if refusal.code() == Code::InvalidInput => {
            let imports = staff.read(|db, actor, _, _| import::list(db, actor)).await?;
            let form = form(&staff).typed(&sent.form.0).faults(refusal.faults());
            Ok(staff.form_again(start(&staff, &form, &imports)))
        }
        Err(refusal) => Err(refusal),
    }
}

/// `GET /console/enterprise-imports/{id}`.
pub async fn one(staff: ConsoleStaff, id: Path<String>) -> Result<HttpResponse, Refusal> {
    let id = id.into_inner();
    let (run, rows) = staff
        .read(move |db, actor, _, _| {
            let run = import::show(db, actor, &id)?;
            let notable = [RowVerdict::Bad, RowVerdict::Held, RowVerdict::Changed];
            Ok((run, import::rows(db, actor, &id, &notable, 0, import::PAGE)?))
        })
        .await?;
    Ok(progress(&run).watched(staff.page(drawn(&staff, &run, &rows))))
}

/// `GET /console/enterprise-imports/{id}/report.csv`.
pub async fn report(staff: ConsoleStaff, id: Path<String>) -> Result<HttpResponse, Refusal> {
    api::reported(&staff.shared, staff.actor, id.into_inner()).await
}

/// `POST /console/enterprise-imports/{id}/confirmation`.
pub async fn confirm(
    staff: ConsoleStaff,
    id: Path<String>,
    typed: ConsoleForm,
) -> Result<HttpResponse, Refusal> {
    let (id, warnings) = (id.into_inner(), typed.text("warnings") == "true");
    let run = staff.write(move |db, actor, _, at| import::confirm(db, actor, &id, warnings, at)).await?;
    Ok(see_other(&format!("{PLACE}/{}", run.id)))
}

/// `POST /console/enterprise-imports/{id}/cancellation`.
pub async fn cancel(
    staff: ConsoleStaff,
    id: Path<String>,
    _typed: ConsoleForm,
) -> Result<HttpResponse, Refusal> {
    let run = api::cancelled(&staff.shared, staff.actor, id.into_inner()).await?;
    Ok(see_other(&format!("{PLACE}/{}", run.id)))
}

fn form(staff: &ConsoleStaff) -> Form {
    let lang = staff.lang;
    let (mib, rows) = (register::MOST_BYTES / (1024 * 1024), register::MOST_ROWS);
    let help = match lang {
        Lang::Zh => format!("CSV（UTF-8或GBK）或XLSX，不超过{mib}MB、{rows}行"),
        Lang::En => format!("CSV (UTF-8 or GBK) or XLSX, up to {mib} MB and {rows} rows"),
    };
    Form::new(lang, &staff.csrf, PLACE, lang.pick("检查表格", "Check the table"))
        .with(Field::new(Kind::File, "file", lang.pick("选择表格", "Choose a table")).help(help))
}

fn start(staff: &ConsoleStaff, form: &Form, imports: &[RegisterImport]) -> Result<String, askama::Error> {
    let lang = staff.lang;
    let heads = [
        lang.pick("时间", "When"),
        lang.pick("文件", "File"),
        lang.pick("上传人", "Sent by"),
        lang.pick("状态", "State"),
        lang.pick("数据行", "Rows"),
    ];
    let zone = staff.shared.rules().zone;
    let row = |run: &RegisterImport| {
        let at = run.at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string();
        vec![
            Cell::text(at),
            Cell::link(format!("{PLACE}/{}", run.id), &run.file),
            Cell::text(&run.by),
            state(lang, run.state),
            Cell::number(&run.total),
        ]
    };
    let table = Table {
        heads: heads.map(ToOwned::to_owned).to_vec(),
        rows: imports.iter().map(row).collect(),
        empty: lang.pick("还没有导入过。", "Nothing was imported yet.").to_owned(),
    };
    let mut sheet = Sheet::new(staff.frame(), lang.pick("批量导入企业", "Import enterprises"))
        .up("/console/enterprises", lang.pick("企业与企业码", "Enterprises and their codes"))
        .lead(lang.pick(
            "先检查、不写入；看过结果后再确认。已登记且相同的企业不会改动，同一张表可以重复导入。",
            "It is checked first and nothing is written. What is registered with the same data stays as it is; a table may be imported again.",
        ));
    if staff.actor.may(Deed::ImportEnterprises).is_ok() {
        let name = lang.pick("下载模板", "Download the template");
        sheet = sheet.button(format!("{PLACE}/template.csv"), name).form("", "", form)?;
    }
    sheet
        .with(Part::Heading(lang.pick("最近的导入", "Recent imports").to_owned()))
        .with(Part::Table(table))
        .render()
}

fn state(lang: Lang, state: ImportState) -> Cell {
    let (text, tone) = match state {
        ImportState::Checking => (lang.pick("正在检查", "Checking"), Tone::On),
        ImportState::Checked => (lang.pick("已检查，待确认", "Checked, to be confirmed"), Tone::Plain),
        ImportState::Importing => (lang.pick("正在导入", "Importing"), Tone::On),
        ImportState::Done => (lang.pick("已完成", "Done"), Tone::Good),
        ImportState::Failed => (lang.pick("未完成", "Failed"), Tone::Bad),
        ImportState::Cancelled => (lang.pick("已取消", "Cancelled"), Tone::Plain),
    };
    Cell::badge(text, tone)
}

fn progress(run: &RegisterImport) -> Progress {
    Progress {
        place: format!("{PLACE}/{}", run.id),
        done: (run.handled, run.total),
        runs: run.state.is_running(),
    }
}

fn drawn(staff: &ConsoleStaff, run: &RegisterImport, rows: &[RegisterRow]) -> Result<String, askama::Error> {
    let (lang, progress) = (staff.lang, progress(run));
    let word = match run.state {
        ImportState::Checking => lang.pick("正在检查，尚未写入。", "Being checked; nothing is written."),
        ImportState::Checked => {
            lang.pick("检查完毕，尚未写入任何内容。", "Checked. Nothing was written yet.")
        }
        ImportState::Importing => {
            lang.pick("正在导入；可以离开本页，导入会继续。", "Importing; it goes on if you leave this page.")
        }
        ImportState::Done => lang.pick("导入完成。", "The import is done."),
        ImportState::Failed => run.failure.as_ref().map_or("", |text| lang.say(text)),
        ImportState::Cancelled => {
            lang.pick("已取消；已写入的行保留。", "Cancelled; rows that were entered stay.")
        }
    };
    let mut sheet = Sheet::new(staff.frame(), run.file.clone())
        .up(PLACE, lang.pick("批量导入企业", "Import enterprises"))
        .lead(word)
        .button(format!("{PLACE}/{}/report.csv", run.id), lang.pick("下载逐行报告", "Report row by row"));
    sheet = progress.on(staff, sheet);
    let facts = [
        (lang.pick("数据行", "Rows"), format!("{} / {}", run.handled, run.total)),
        (lang.pick("新企业", "New"), run.fresh.to_string()),
        (lang.pick("名称有变更", "Name changes"), run.changed.to_string()),
        (lang.pick("没有变化", "Unchanged"), run.same.to_string()),
        (lang.pick("有警告，待确认", "Held for a warning"), run.held.to_string()),
        (lang.pick("有误", "Wrong"), run.bad.to_string()),
    ];
    sheet = sheet.with(Part::Facts(facts.map(|(name, text)| (name.to_owned(), text)).to_vec()));
    let imports = staff.actor.may(Deed::ImportEnterprises).is_ok();
    if imports && run.state == ImportState::Checked {
        sheet = confirmation(staff, run, sheet)?;
    }
    if imports && (progress.runs || run.state == ImportState::Checked) {
        sheet = progress.stopped_by(staff, sheet, lang.pick("取消", "Cancel"))?;
    }
    sheet.with(notable(lang, rows)).render()
}

fn confirmation(staff: &ConsoleStaff, run: &RegisterImport, sheet: Sheet) -> Result<Sheet, askama::Error> {
    let lang = staff.lang;
    if run.fresh + run.changed + run.held == 0 {
        let none = lang.pick("没有需要写入的行。", "There is nothing to enter.");
        return Ok(sheet.with(Part::Note(none.to_owned())));
    }
    let text = match lang {
        Lang::Zh => format!("确认导入{}行", run.fresh + run.changed),
        Lang::En => format!("Import {} rows", run.fresh + run.changed),
    };
    let mut form = Form::new(lang, &staff.csrf, format!("{PLACE}/{}/confirmation", run.id), text);
    if run.held > 0 {
        let label = match lang {
            Lang::Zh => format!("已核对营业执照，同时导入有警告的{}行", run.held),
            Lang::En => format!("The licences were checked: take the {} rows with a warning too", run.held),
        };
        form = form.with(
            Field::new(Kind::Checks, "warnings", lang.pick("确认警告", "Confirm the warnings"))
                .choices(vec![Choice::new("true", label)])
                .optional(),
        );
    }
    let note = if run.bad > 0 {
        lang.pick(
            "有误的行不会写入；改好后可再导入同一张表。",
            "Rows that are wrong are left out; mend them and import the same table again.",
        )
    } else {
        ""
    };
    sheet.form(lang.pick("确认导入", "Confirm"), note, &form)
}

/// The first rows that somebody should look at.
fn notable(lang: Lang, rows: &[RegisterRow]) -> Part {
    let heads = [
        lang.pick("行号", "Row"),
        lang.pick("结果", "Outcome"),
        lang.pick("统一社会信用代码", "Credit code"),
        lang.pick("企业名称", "Name"),
        lang.pick("说明", "What"),
        lang.pick("怎么改", "What to do"),
    ];
    let row = |row: &RegisterRow| {
        let (text, tone) = match row.verdict {
            RowVerdict::Fresh => (lang.pick("新企业", "New"), Tone::Good),
            RowVerdict::Changed => (lang.pick("名称有变更", "Name changes"), Tone::On),
            RowVerdict::Same => (lang.pick("没有变化", "Unchanged"), Tone::Plain),
            RowVerdict::Held => (lang.pick("待确认", "Held"), Tone::On),
            RowVerdict::Bad => (lang.pick("有误", "Wrong"), Tone::Bad),
        };
        let say = |text: &Option<qiyema_protocol::text::Text>| {
            text.as_ref().map_or("", |text| lang.say(text)).to_owned()
        };
        vec![
            Cell::number(&row.row),
            Cell::badge(text, tone),
            Cell::text(&row.uscc),
            Cell::text(&row.name),
            Cell::text(say(&row.what)),
            Cell::text(say(&row.remedy)),
        ]
    };
    Part::Table(Table {
        heads: heads.map(ToOwned::to_owned).to_vec(),
        rows: rows.iter().map(row).collect(),
        empty: lang.pick("没有需要留意的行。", "There is no row to look at.").to_owned(),
    })
}
