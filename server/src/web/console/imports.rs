//! A table of issues at the console: choose it, see what is wrong with which row,
//! then enter the rows that are right. Between the two steps the table waits in
//! the folder of arrivals, which is emptied at every start.

use actix_web::{HttpRequest, HttpResponse, http::header, web::Payload};
use qiyema_protocol::intake::ImportReport;

use super::{
    issues::Choices,
    staff::{ConsoleForm, ConsoleStaff},
    upload::bring,
};
use crate::{
    actions::rights::Deed,
    domain::{import, sheet, text::problem},
    secrets::token::pseudonym,
    web::{
        api::imports::{How, TABLE, enter, open},
        problem::{Code, Refusal},
        refusals::internal,
        uploads,
        view::console::{
            form::{Choice, Field, Form, Kind},
            sheet::{Cell, Part, Sheet, Table, Tone},
        },
        words::lang::Lang,
    },
};

const PLACE: &str = "/console/imports";

/// `GET /console/imports`.
pub async fn show(staff: ConsoleStaff) -> Result<HttpResponse, Refusal> {
    let form = choose(&staff).await?;
    Ok(staff.page(start(&staff, &form)))
}

/// `GET /console/imports/template.csv`: the headings, in an encoding that Excel reads.
pub async fn template(staff: ConsoleStaff) -> Result<HttpResponse, Refusal> {
    staff.actor.may(Deed::RegisterIssue)?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"issues.csv\""))
        .body(format!("\u{feff}{}\r\n", import::headings().join(","))))
}

/// `POST /console/imports`: checks, and writes nothing.
pub async fn check(
    staff: ConsoleStaff,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Refusal> {
    staff.actor.may(Deed::RegisterIssue)?;
    let sent = bring(&staff, &request, payload, TABLE).await?;
    let channel = sent.form.text("channel").to_owned();
    let tried = async {
        if !sent.faults.is_empty() {
            return Err(Refusal::fields(sent.faults));
        }
        let (bytes, table) = open(&staff.shared, sent.files).await?;
        let report = enter(&staff.shared, staff.actor.clone(), table, how(&channel, true)).await?;
        Ok((bytes, report))
    };
    match tried.await {
        Ok((bytes, report)) => {
            let parked = uploads::park(&staff.shared, bytes).await?;
            Ok(staff.page(checked(&staff, &channel, &parked, &report)))
        }
        Err(refusal) if refusal.code() == Code::InvalidInput => {
            again(&staff, &sent.form, refusal.faults()).await
        }
        Err(refusal) if refusal.code() == Code::UnknownReference => {
            let wrong = problem("channel", "请从列表中选择。", "Choose from the list.");
            again(&staff, &sent.form, &[wrong]).await
        }
        Err(refusal) => Err(refusal),
    }
}

/// `POST /console/imports/run`: enters the rows that are right.
pub async fn run(staff: ConsoleStaff, typed: ConsoleForm) -> Result<HttpResponse, Refusal> {
    staff.actor.may(Deed::RegisterIssue)?;
    let parked = typed.text("table").to_owned();
    if typed.text("proof") != proof(&staff, &parked) {
        return Err(Code::OriginRefused.into());
    }
    // Taken before it is entered: whoever presses twice enters nothing twice.
    let Some(bytes) = uploads::unpark(&staff.shared, &parked).await? else {
        let gone = problem(
            "file",
            "表格已导入或已失效。请先到问题列表查看；如未导入，请重新选择文件",
            "the table was entered already, or is gone; look at the list of issues first, then choose the file again",
        );
        return again(&staff, &typed, &[gone]).await;
    };
    let turn = uploads::turn(&staff.shared).await?;
    let read = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        sheet::read(&bytes, import::SHAPE)
    })
    .await;
    let table = read.map_err(|error| internal(&error))?.map_err(|_| Code::MalformedBody)?;
    let channel = typed.text("channel").to_owned();
    let report = enter(&staff.shared, staff.actor.clone(), table, how(&channel, false)).await?;
    Ok(staff.page(done(&staff, &report)))
}

fn how(channel: &str, dry_run: bool) -> How {
    How { channel: channel.to_owned(), dry_run, first_row: 0, most_rows: None }
}

/// That this session checked this table.
fn proof(staff: &ConsoleStaff, parked: &str) -> String {
    pseudonym(&staff.shared.trust.secret, &format!("table {} {parked}", staff.actor.session))
}

async fn again(
    staff: &ConsoleStaff,
    typed: &ConsoleForm,
    faults: &[qiyema_protocol::problem::FieldProblem],
) -> Result<HttpResponse, Refusal> {
    let form = choose(staff).await?.typed(&typed.0).faults(faults);
    Ok(staff.form_again(start(staff, &form)))
}

async fn choose(staff: &ConsoleStaff) -> Result<Form, Refusal> {
    staff.actor.may(Deed::RegisterIssue)?;
    let lang = staff.lang;
    let choices = staff.read(|db, _, _, _| Choices::read(db)).await?;
    let channels = choices
        .channels
        .iter()
        .map(|row| Choice::new(&row.id, if lang == Lang::Zh { &row.name_zh } else { &row.name_en }));
    let help = match lang {
        Lang::Zh => format!("CSV（UTF-8或GBK）或XLSX，不超过5MB、{}行", sheet::MOST_ROWS),
        Lang::En => format!("CSV (UTF-8 or GBK) or XLSX, up to 5 MB and {} rows", sheet::MOST_ROWS),
    };
    Ok(Form::new(lang, &staff.csrf, PLACE, lang.pick("检查表格", "Check the table"))
        .with(Field::select("channel", lang.pick("来源渠道", "Channel"), channels.collect()))
        .with(Field::new(Kind::File, "file", lang.pick("选择表格", "Choose a table")).help(help)))
}

fn start(staff: &ConsoleStaff, form: &Form) -> Result<String, askama::Error> {
    let lang = staff.lang;
    Sheet::new(staff.frame(), lang.pick("批量导入问题", "Import issues"))
        .lead(lang.pick(
            "先检查、不写入；看过结果后再确认。渠道编号已登记过的行不会重复登记。",
            "It is checked first and nothing is written. A row whose reference is known makes nothing new.",
        ))
        .button(format!("{PLACE}/template.csv"), lang.pick("下载模板", "Download the template"))
        .form("", "", form)?
        .render()
}

/// How many rows of which kind.
fn counts(lang: Lang, report: &ImportReport, fresh: &str) -> Part {
    let facts = [
        (lang.pick("数据行", "Rows"), report.rows),
        (fresh, report.fresh),
        (lang.pick("已登记过", "Known already"), report.known),
        (lang.pick("有误", "Wrong"), report.bad),
    ];
    Part::Facts(facts.map(|(name, number)| (name.to_owned(), number.to_string())).to_vec())
}

/// Every fault of the table, by row.
fn faults(lang: Lang, report: &ImportReport) -> Part {
    let heads = [
        lang.pick("行号", "Row"),
        lang.pick("列", "Column"),
        lang.pick("问题", "What is wrong"),
        lang.pick("怎么改", "What to do"),
    ];
    let row = |fault: &qiyema_protocol::intake::ImportFault| {
        vec![
            Cell::number(&fault.row),
            Cell::text(&fault.column),
            Cell::text(lang.say(&fault.what)),
            Cell::text(lang.say(&fault.remedy)),
        ]
    };
    Part::Table(Table {
        heads: heads.map(ToOwned::to_owned).to_vec(),
        rows: report.faults.iter().map(row).collect(),
        empty: lang.pick("没有发现错误。", "Nothing is wrong.").to_owned(),
    })
}

fn checked(
    staff: &ConsoleStaff,
    channel: &str,
    parked: &str,
    report: &ImportReport,
) -> Result<String, askama::Error> {
    let lang = staff.lang;
    let sheet = Sheet::new(staff.frame(), lang.pick("检查结果", "What was found"))
        .up(PLACE, lang.pick("批量导入问题", "Import issues"))
        .lead(lang.pick("尚未写入任何内容。", "Nothing was written yet."))
        .with(counts(lang, report, lang.pick("可以导入", "Ready")))
        .with(faults(lang, report));
    if report.fresh == 0 {
        let none = lang.pick("没有可以导入的行。", "There is no row to import.");
        return sheet.with(Part::Note(none.to_owned())).render();
    }
    let text = match lang {
        Lang::Zh => format!("导入{}行", report.fresh),
        Lang::En => format!("Import {} rows", report.fresh),
    };
    let note = if report.bad == 0 {
        ""
    } else {
        lang.pick(
            "只导入正确的行；有误的行改好后可再导入同一张表，不会重复。",
            "Only the rows that are right; mend the others and import the same table again, nothing doubles.",
        )
    };
    let form = Form::new(lang, &staff.csrf, format!("{PLACE}/run"), text)
        .with(Field::hidden("channel", channel))
        .with(Field::hidden("table", parked))
        .with(Field::hidden("proof", proof(staff, parked)));
    sheet.form(lang.pick("确认导入", "Confirm"), note, &form)?.render()
}

fn done(staff: &ConsoleStaff, report: &ImportReport) -> Result<String, askama::Error> {
    let lang = staff.lang;
    let row = |one: &qiyema_protocol::intake::Imported| {
        let state = if one.made {
            Cell::badge(lang.pick("新登记", "New"), Tone::Good)
        } else {
            Cell::badge(lang.pick("已登记过", "Known already"), Tone::Plain)
        };
        vec![
            Cell::number(&one.row),
            Cell::text(&one.reference),
            Cell::link(format!("/console/issues/{}", one.number), &one.number),
            state,
        ]
    };
    let heads = [
        lang.pick("行号", "Row"),
        lang.pick("渠道编号", "Reference"),
        lang.pick("问题编号", "Issue"),
        lang.pick("结果", "Outcome"),
    ];
    let issues = Table {
        heads: heads.map(ToOwned::to_owned).to_vec(),
        rows: report.issues.iter().map(row).collect(),
        empty: lang.pick("没有导入任何行。", "No row was imported.").to_owned(),
    };
    let frame = staff.frame_saying(true, lang.pick("导入完成。", "The import is done."));
    let mut sheet = Sheet::new(frame, lang.pick("导入结果", "Outcome of the import"))
        .up(PLACE, lang.pick("批量导入问题", "Import issues"))
        .with(counts(lang, report, lang.pick("已导入", "Imported")))
        .with(Part::Table(issues));
    if report.bad > 0 {
        sheet = sheet
            .with(Part::Heading(lang.pick("没有导入的行", "Rows left out").to_owned()))
            .with(faults(lang, report));
    }
    sheet.render()
}
