//! The calendar: a year at a glance, and taking a notice after looking at what it
//! would change.

pub mod template;

use std::fmt::Write as _;

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Payload, Query},
};
use chrono::{Datelike, NaiveDate, Weekday};
use qiyema_protocol::{
    directory::{CalendarChange, CalendarFile, CalendarYear},
    problem::FieldProblem,
};
use serde::Deserialize;

use super::{back, caller, changes, on_the_form, refused};
use crate::{
    actions::{
        calendar::{
            import::{self, Reach},
            show,
        },
        rights::{Area, Deed},
    },
    domain::text::problem,
    web::{
        api::admin::calendar as api,
        console::{ConsoleForm, ConsoleStaff, upload::bring},
        problem::{Code, Refusal},
        refusals::internal,
        uploads::{Arrived, Limits},
        view::console::{
            form::{Field, Form, Kind},
            sheet::{Cell, Part, Sheet, Table, Tone},
        },
        words::lang::Lang,
    },
};

const PLACE: &str = "/console/admin/calendar";
/// One notice at a time.
const NOTICE: Limits = Limits { files: 1, bytes: 1024 * 1024 };
/// A year has a few kilobytes. The page that asks for the confirmation sends the text
/// back as a common form, where a byte may become three, and that has 64 KB.
const MOST_BYTES: usize = 20 * 1024;

/// Which year.
#[derive(Debug, Default, Deserialize)]
pub struct Ask {
    year: Option<i32>,
    done: Option<String>,
}

/// `GET /console/admin/calendar`.
pub async fn show(staff: ConsoleStaff, ask: Query<Ask>) -> Result<HttpResponse, Refusal> {
    let years = staff.read(|db, actor, rules, at| show::years(db, actor, rules.day(at))).await?;
    let form = file_form(&staff);
    Ok(staff.page(sheet(&staff, &ask, &years, &form)))
}

fn sheet(
    staff: &ConsoleStaff,
    ask: &Ask,
    years: &[CalendarYear],
    form: &Form,
) -> Result<String, askama::Error> {
    let lang = staff.lang;
    let today = staff.shared.rules().day(staff.at);
    let year = ask.year.unwrap_or_else(|| today.year());
    let frame = match ask.done.as_deref() {
        Some("saved") => staff.frame_saying(
            true,
            lang.pick(
                "日历已导入，承诺时间已重新核算。",
                "The calendar is taken; promises are computed again.",
            ),
        ),
        _ => staff.frame(),
    };
    let row = |one: &CalendarYear| {
        let state = if one.official {
            Cell::badge(lang.pick("已公布", "Official"), Tone::Good)
        } else {
            Cell::badge(lang.pick("未公布，日期为预计", "Not published: dates are provisional"), Tone::Bad)
        };
        vec![
            Cell::link(format!("{PLACE}?year={}", one.year), one.year.to_string()),
            state,
            Cell::number(&one.working_days),
            Cell::number(&one.days.iter().filter(|day| !day.workday).count()),
            Cell::number(&one.days.iter().filter(|day| day.workday).count()),
        ]
    };
    let table = Table {
        heads: [
            lang.pick("年份", "Year"),
            lang.pick("状态", "State"),
            lang.pick("工作日", "Working days"),
            lang.pick("放假", "Holidays"),
            lang.pick("调休上班", "Make-up days"),
        ]
        .map(ToOwned::to_owned)
        .to_vec(),
        rows: years.iter().map(row).collect(),
        empty: String::new(),
    };
    let mut sheet = Sheet::new(frame, lang.pick("工作日历", "Working days")).with(Part::Table(table));
    if let Some(one) = years.iter().find(|one| one.year == year) {
        sheet = sheet.with(Part::Heading(year.to_string())).with(Part::Panel(
            String::new(),
            lang.pick("红色为放假，蓝色为调休上班。", "Red: holiday. Blue: make-up workday.").to_owned(),
            months(one, lang),
        ));
    }
    if changes(staff, Area::Calendar) {
        let year = show::to_fill(&staff.shared.rules(), today);
        let name = match lang {
            Lang::Zh => format!("下载{year}年模板"),
            Lang::En => format!("Template for {year}"),
        };
        sheet = sheet.button(format!("{PLACE}/template.csv"), name).form(
            lang.pick("导入放假安排", "Take a notice"),
            lang.pick(
                "没有现成的文件时，下载模板，按国务院办公厅的放假通知逐日填写（约40行），再上传。先预览，再确认。",
                "Without a file: download the template, fill in the days of the State Council's notice (about 40 lines) and choose it here. You see what it changes before it is saved.",
            ),
            form,
        )?;
    }
    sheet.render()
}

fn file_form(staff: &ConsoleStaff) -> Form {
    let lang = staff.lang;
    let file = Field::new(Kind::File, "file", lang.pick("选择文件", "Choose a file")).help(lang.pick(
        "CSV（date,kind,status）或节假日JSON（{\"year\":2027,\"days\":[…]}），UTF-8编码。",
        "CSV (date,kind,status) or holiday JSON ({\"year\":2027,\"days\":[…]}), in UTF-8.",
    ));
    let text = Field::lines("text", lang.pick("或粘贴文件内容", "Or paste its content"))
        .help(lang.pick("选择了文件时，以文件为准。", "If a file is chosen, the file counts."));
    Form::new(lang, &staff.csrf, format!("{PLACE}/preview"), lang.pick("预览", "Preview"))
        .with(file.optional())
        .with(text.optional())
}

/// Twelve months; numbers and fixed words only, so nothing needs escaping.
fn months(year: &CalendarYear, lang: Lang) -> String {
    let mut html = String::from("<div class=\"months\">");
    for month in 1..=12 {
        let Some(first) = NaiveDate::from_ymd_opt(year.year, month, 1) else { continue };
        let name = match lang {
            Lang::Zh => format!("{month}月"),
            Lang::En => first.format("%B").to_string(),
        };
        let _ = write!(html, "<section class=\"month\"><h3>{name}</h3><table><thead><tr>");
        for head in lang.pick("一二三四五六日", "MTWTFSS").chars() {
            let _ = write!(html, "<th scope=\"col\">{head}</th>");
        }
        html.push_str("</tr></thead><tbody><tr>");
        for _ in 0..first.weekday().num_days_from_monday() {
            html.push_str("<td></td>");
        }
        for day in first.iter_days().take_while(|day| day.month() == month) {
            if day.weekday() == Weekday::Mon && day.day() > 1 {
                html.push_str("</tr><tr>");
            }
            let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
            let special = year.days.iter().find(|one| one.date == day);
            let (class, title) = match special {
                Some(one) if one.workday => ("makeup", lang.pick("调休上班", "make-up workday")),
                Some(_) => ("holiday", lang.pick("放假", "holiday")),
                None if weekend => ("off", ""),
                None => ("", ""),
            };
            let _ = write!(html, "<td class=\"{class}\" title=\"{title}\">{}</td>", day.day());
        }
        html.push_str("</tr></tbody></table></section>");
    }
    html.push_str("</div>");
    html
}

/// `POST /console/admin/calendar/preview`: shows, and saves nothing.
pub async fn preview(
    staff: ConsoleStaff,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Refusal> {
    // Whoever may not take a notice does not fill the disk either.
    staff.actor.may(Deed::Administer(Area::Calendar))?;
    let sent = bring(&staff, &request, payload, NOTICE).await?;
    let chosen = !sent.files.is_empty();
    let text = if sent.faults.is_empty() {
        content(sent.form.text("text"), sent.files).await?
    } else {
        Err(sent.faults)
    };
    let file = match text {
        Ok(text) => CalendarFile { text },
        Err(faults) => return again(&staff, &sent.form, &Refusal::fields(faults)).await,
    };
    let asked = file.clone();
    let looked = staff
        .read(move |db, actor, rules, at| import::preview(db, actor, &asked, Reach::From(rules.day(at))));
    match looked.await.map_err(Refusal::from) {
        Ok(change) => Ok(staff.page(preview_sheet(&staff, &file, &change))),
        Err(refusal) if refusal.code() == Code::InvalidInput && chosen => {
            let mut faults = refusal.faults().to_vec();
            for fault in &mut faults {
                "file".clone_into(&mut fault.field);
            }
            again(&staff, &sent.form, &Refusal::fields(faults)).await
        }
        Err(refusal) if on_the_form(&refusal) => again(&staff, &sent.form, &refusal).await,
        Err(refusal) => Err(refusal),
    }
}

/// The page once more, with what was typed beside what is wrong with it.
async fn again(
    staff: &ConsoleStaff,
    typed: &ConsoleForm,
    refusal: &Refusal,
) -> Result<HttpResponse, Refusal> {
    let years = staff.read(|db, actor, rules, at| show::years(db, actor, rules.day(at))).await?;
    let form = refused(file_form(staff).typed(&typed.0), refusal);
    Ok(staff.form_again(sheet(staff, &Ask::default(), &years, &form)))
}

/// What the notice says: the file that was chosen, or else what was pasted.
async fn content(pasted: &str, files: Vec<Arrived>) -> Result<Result<String, Vec<FieldProblem>>, Refusal> {
    let Some(file) = files.into_iter().next() else {
        let none =
            || problem("file", "请选择文件，或在下面粘贴内容", "choose a file, or paste its content below");
        return Ok(if pasted.trim().is_empty() { Err(vec![none()]) } else { Ok(pasted.to_owned()) });
    };
    let bytes = tokio::task::spawn_blocking(move || file.bytes()).await;
    let bytes = bytes.map_err(|error| internal(&error))?.map_err(|error| internal(&error))?;
    if bytes.len() > MOST_BYTES {
        let kb = MOST_BYTES / 1024;
        return Ok(Err(vec![problem(
            "file",
            format!("文件超过{kb}KB，不像是放假安排；请按年份分开导入"),
            format!("the file is larger than {kb} KB; take it year by year"),
        )]));
    }
    Ok(String::from_utf8(bytes).map_err(|_| {
        let zh = "文件不是UTF-8文本，请另存为UTF-8编码的CSV或JSON";
        vec![problem("file", zh, "the file is no UTF-8 text; save it as CSV or JSON in UTF-8")]
    }))
}

fn preview_sheet(
    staff: &ConsoleStaff,
    file: &CalendarFile,
    change: &CalendarChange,
) -> Result<String, askama::Error> {
    let lang = staff.lang;
    let years: Vec<String> = change.years.iter().map(|one| one.year.to_string()).collect();
    let (changed, removed, issues) = (change.changed.len(), change.removed.len(), change.provisional_issues);
    let lead = match lang {
        Lang::Zh => format!(
            "{}年：{changed}天有变化，{removed}天恢复为平常日；{issues}个问题的预计日期将重新核算。",
            years.join("、")
        ),
        Lang::En => format!(
            "{}: {changed} days change, {removed} become ordinary; {issues} provisional promises are computed again.",
            years.join(", ")
        ),
    };
    let mut sheet = Sheet::new(staff.frame(), lang.pick("预览日历", "Preview"))
        .up(PLACE, lang.pick("工作日历", "Working days"))
        .lead(lead);
    for one in &change.years {
        let heading = match (lang, one.official) {
            (Lang::Zh, true) => format!("{}（已公布，{}个工作日）", one.year, one.working_days),
            (Lang::Zh, false) => format!("{}（草案，{}个工作日）", one.year, one.working_days),
            (Lang::En, true) => format!("{} (official, {} working days)", one.year, one.working_days),
            (Lang::En, false) => format!("{} (draft, {} working days)", one.year, one.working_days),
        };
        sheet = sheet.with(Part::Panel(heading, String::new(), months(one, lang)));
    }
    let form = Form::new(lang, &staff.csrf, format!("{PLACE}/imports"), lang.pick("确认导入", "Take it"))
        .with(Field::hidden("text", &file.text));
    let heading = lang.pick("导入这份日历", "Take this calendar");
    sheet
        .form(
            heading,
            lang.pick("确认后立即生效，并记入操作记录。", "It holds at once, and stands in the audit trail."),
            &form,
        )?
        .render()
}

/// `POST /console/admin/calendar/imports`.
pub async fn take(staff: ConsoleStaff, typed: ConsoleForm) -> Result<HttpResponse, Refusal> {
    let file = CalendarFile { text: typed.text("text").to_owned() };
    api::import_file(&staff.shared, caller(&staff), file).await?;
    Ok(back(PLACE))
}
