//! Codes for many enterprises at the console: say for which, see how many, begin;
//! the run goes on without the browser. Its symbols are saved part by part.

pub mod files;

use actix_web::{
    HttpResponse,
    web::{Path, Query},
};
use qiyema_protocol::{
    code_runs::{CodeRun, CodeRunPreview, CodeRunState, CodeRunWish, NewCodeRun},
    codes::RevokeMany,
};

use super::{
    codes::revocation_of,
    door::see_other,
    progress::Progress,
    staff::{ConsoleForm, ConsoleStaff},
};
use crate::{
    actions::{
        code::runs::{
            self,
            trail::{self, Printing},
        },
        rights::Deed,
    },
    domain::text::problem,
    web::{
        api::runs::{self as api, Answer, Print},
        bundle::Wish,
        problem::{Code, Refusal},
        view::console::{
            form::{Field, Form, Kind},
            sheet::{Cell, Part, Sheet, Table, Tone},
        },
        words::lang::Lang,
    },
};

pub(super) const PLACE: &str = "/console/codes/runs";
/// Fields of a wish.
const FIELDS: [&str; 4] = ["query", "division", "registered_since", "registered_before"];

/// `GET /console/codes/runs`.
pub async fn list(staff: ConsoleStaff) -> Result<HttpResponse, Refusal> {
    let found = staff.read(|db, actor, _, _| runs::list(db, actor)).await?;
    Ok(staff.page(start(&staff, &form(&staff), &found)))
}

/// `POST /console/codes/runs`: shows how many; with the number that was shown, begins.
pub async fn ask(staff: ConsoleStaff, typed: ConsoleForm) -> Result<HttpResponse, Refusal> {
    let wish = match wish(&typed) {
        Ok(wish) => wish,
        Err(refusal) => return again(&staff, &typed, refusal).await,
    };
    let confirm = typed.filled("confirm").and_then(|number| number.parse().ok());
    match api::asked(&staff.shared, staff.actor.clone(), NewCodeRun { wish, confirm }).await {
        Ok(Answer::Runs(run)) => Ok(see_other(&format!("{PLACE}/{}", run.id))),
        Ok(Answer::Preview(preview)) => Ok(staff.page(previewed(&staff, &typed, &preview))),
        Err(refusal) if refusal.code() == Code::InvalidInput => again(&staff, &typed, refusal).await,
        Err(refusal) => Err(refusal),
    }
}

/// `GET /console/codes/runs/{id}`.
pub async fn one(staff: ConsoleStaff, id: Path<String>) -> Result<HttpResponse, Refusal> {
    let seen = seen(&staff, id.into_inner()).await?;
    let page = drawn(&staff, &seen, &files::form(&staff, &seen.0));
    Ok(progress(&seen.0).watched(staff.page(page)))
}

/// A run, and who printed what of it.
async fn seen(staff: &ConsoleStaff, id: String) -> Result<Seen, Refusal> {
    let seen = staff
        .read(move |db, actor, _, _| Ok((runs::show(db, actor, &id)?, trail::printings(db, actor, &id)?)));
    Ok(seen.await?)
}

type Seen = (CodeRun, Vec<Printing>);

/// `POST /console/codes/runs/{id}/cancellation`.
pub async fn cancel(
    staff: ConsoleStaff,
    id: Path<String>,
    _typed: ConsoleForm,
) -> Result<HttpResponse, Refusal> {
    let id = id.into_inner();
    let run = staff.write(move |db, actor, _, at| runs::cancel(db, actor, &id, at)).await?;
    Ok(see_other(&format!("{PLACE}/{}", run.id)))
}

/// `GET /console/codes/runs/{id}/symbols/{part}.zip`.
pub async fn symbols(
    staff: ConsoleStaff,
    path: Path<(String, u32)>,
    print: Query<Print>,
) -> Result<HttpResponse, Refusal> {
    let (run, part) = path.into_inner();
    api::zipped(&staff.shared, Wish { actor: staff.actor, run, part }, *print).await
}

fn wish(typed: &ConsoleForm) -> Result<CodeRunWish, Refusal> {
    let mut faults = Vec::new();
    let mut day = |name: &str| {
        let text = typed.filled(name)?;
        let day = text.parse().ok();
        if day.is_none() {
            faults.push(problem(name, "请填写日期", "write a day"));
        }
        day
    };
    let (registered_since, registered_before) = (day("registered_since"), day("registered_before"));
    if !faults.is_empty() {
        return Err(Refusal::fields(faults));
    }
    let (query, division) = (typed.filled("query"), typed.filled("division"));
    Ok(CodeRunWish { query, division, registered_since, registered_before })
}

async fn again(staff: &ConsoleStaff, typed: &ConsoleForm, refusal: Refusal) -> Result<HttpResponse, Refusal> {
    let found = staff.read(|db, actor, _, _| runs::list(db, actor)).await?;
    let form = form(staff).typed(&typed.0).faults(refusal.faults());
    Ok(staff.form_again(start(staff, &form, &found)))
}

fn form(staff: &ConsoleStaff) -> Form {
    let lang = staff.lang;
    Form::new(lang, &staff.csrf, PLACE, lang.pick("查看数量", "See how many"))
        .with(
            Field::line("query", lang.pick("名称、拼音或信用代码包含", "Name, reading or credit code has"))
                .most(100)
                .optional(),
        )
        .with(
            Field::line("division", lang.pick("行政区划代码开头", "Division's code begins with"))
                .help(lang.pick("2至6位，如330502", "2 to 6 digits, as 330502"))
                .most(6)
                .optional(),
        )
        .with(
            Field::new(Kind::Date, "registered_since", lang.pick("该日起登记", "Registered since"))
                .optional(),
        )
        .with(
            Field::new(Kind::Date, "registered_before", lang.pick("早于该日登记", "Registered before"))
                .optional(),
        )
}

fn sheet(staff: &ConsoleStaff, title: impl Into<String>) -> Sheet {
    let name = staff.lang.pick("企业与企业码", "Enterprises and their codes");
    Sheet::new(staff.frame(), title).up("/console/enterprises", name)
}

fn start(staff: &ConsoleStaff, form: &Form, found: &[CodeRun]) -> Result<String, askama::Error> {
    let lang = staff.lang;
    let heads = [
        lang.pick("开始时间", "Begun"),
        lang.pick("签发人", "By"),
        lang.pick("范围", "For"),
        lang.pick("状态", "State"),
        lang.pick("已处理", "Done so far"),
    ];
    let zone = staff.shared.rules().zone;
    let row = |run: &CodeRun| {
        let at = run.at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string();
        vec![
            Cell::link(format!("{PLACE}/{}", run.id), at),
            Cell::text(&run.by),
            Cell::text(scope(lang, run)),
            state(lang, run.state),
            Cell::number(&run.issued),
        ]
    };
    let table = Table {
        heads: heads.map(ToOwned::to_owned).to_vec(),
        rows: found.iter().map(row).collect(),
        empty: lang.pick("还没有批量签发过。", "No run yet.").to_owned(),
    };
    let mut sheet = sheet(staff, lang.pick("批量签发企业码", "Issue codes for many")).lead(lang.pick(
        "为还没有企业码的企业签发；因注销停用的除外。都不填即为全部。先看数量，核对后再签发。",
        "For enterprises without a code, but none that closed down. Fill in nothing for all of them. See first how many, then confirm.",
    ));
    if staff.actor.may(Deed::IssueCode).is_ok() {
        sheet = sheet.form("", "", form)?;
    }
    sheet.with(Part::Heading(lang.pick("签发批次", "Runs").to_owned())).with(Part::Table(table)).render()
}

fn previewed(
    staff: &ConsoleStaff,
    typed: &ConsoleForm,
    preview: &CodeRunPreview,
) -> Result<String, askama::Error> {
    let (lang, count) = (staff.lang, preview.count);
    let mut sheet = Sheet::new(staff.frame(), lang.pick("核对签发数量", "How many codes"))
        .up(PLACE, lang.pick("批量签发企业码", "Issue codes for many"))
        .lead(lang.pick("尚未签发。", "Nothing was issued yet."))
        .with(Part::Facts(vec![(
            lang.pick("将签发企业码", "Codes to be issued").to_owned(),
            count.to_string(),
        )]));
    if count > 0 {
        let text = match lang {
            Lang::Zh => format!("签发{count}个企业码"),
            Lang::En => format!("Issue {count} codes"),
        };
        let mut form = Form::new(lang, &staff.csrf, PLACE, text);
        for name in FIELDS {
            form = form.with(Field::hidden(name, typed.text(name)));
        }
        let note = lang.pick(
            "每家企业同时生成企业口令，只印在密封的企业口令信上。",
            "Each enterprise gets a PIN too, which is printed on its sealed letter only.",
        );
        sheet = sheet.form("", note, &form.with(Field::hidden("confirm", count.to_string())))?;
    }
    let row = |one: &qiyema_protocol::code_runs::CodelessEnterprise| {
        vec![Cell::link(format!("/console/enterprises/{}", one.id), &one.name), Cell::text(&one.uscc)]
    };
    let heads = [lang.pick("企业", "Enterprise"), lang.pick("统一社会信用代码", "Credit code")];
    let shown = preview.first.len();
    if u32::try_from(shown).is_ok_and(|shown| shown < count) {
        let note = match lang {
            Lang::Zh => format!("只列出前{shown}家。"),
            Lang::En => format!("The first {shown} of them:"),
        };
        sheet = sheet.with(Part::Note(note));
    }
    sheet
        .with(Part::Table(Table {
            heads: heads.map(ToOwned::to_owned).to_vec(),
            rows: preview.first.iter().map(row).collect(),
            empty: lang
                .pick("没有符合条件、还没有企业码的企业。", "No enterprise without a code fits.")
                .to_owned(),
        }))
        .render()
}

fn progress(run: &CodeRun) -> Progress {
    Progress {
        place: format!("{PLACE}/{}", run.id),
        done: (run.issued, run.total),
        runs: run.state.is_running(),
    }
}

fn drawn(staff: &ConsoleStaff, (run, printings): &Seen, printing: &Form) -> Result<String, askama::Error> {
    let (lang, progress) = (staff.lang, progress(run));
    let word = match run.state {
        CodeRunState::Revoking => {
            lang.pick("正在停用；可以离开本页，停用会继续。", "Revoking; it goes on if you leave this page.")
        }
        CodeRunState::Done if run.revokes.is_some() => lang.pick("停用完成。", "All of them are revoked."),
        CodeRunState::Cancelled if run.revokes.is_some() => {
            lang.pick("已停止；已停用的企业码不能恢复。", "Stopped; what was revoked stays revoked.")
        }
        CodeRunState::Issuing => {
            lang.pick("正在签发；可以离开本页，签发会继续。", "Issuing; it goes on if you leave this page.")
        }
        CodeRunState::Done => lang.pick("签发完成。", "All codes are issued."),
        CodeRunState::Cancelled => {
            lang.pick("已停止；已签发的企业码有效。", "Stopped; what was issued stands.")
        }
    };
    let began = run.at.with_timezone(&staff.shared.rules().zone).format("%Y-%m-%d %H:%M");
    let title = format!("{} {began}", lang.pick("签发批次", "Run of"));
    let mut sheet = Sheet::new(staff.frame(), title)
        .up(PLACE, lang.pick("批量签发企业码", "Issue codes for many"))
        .lead(word);
    sheet = progress.on(staff, sheet);
    let done = if run.revokes.is_some() {
        lang.pick("已停用", "Revoked")
    } else {
        lang.pick("已签发", "Issued")
    };
    let mut facts = vec![
        (done, format!("{} / {}", run.issued, run.total)),
        (lang.pick("范围", "For"), scope(lang, run)),
        (lang.pick("签发人", "By"), run.by.clone()),
    ];
    if let Some(stopped_by) = &run.stopped_by {
        let at = run.moved_at.with_timezone(&staff.shared.rules().zone).format("%Y-%m-%d %H:%M");
        facts.push((lang.pick("停止人", "Stopped by"), format!("{stopped_by} · {at}")));
    }
    let facts = facts.into_iter().map(|(name, text)| (name.to_owned(), text)).collect();
    sheet = sheet.with(Part::Facts(facts));
    if staff.actor.may(Deed::IssueCode).is_ok() {
        if progress.runs && run.compromised.is_none() {
            sheet = progress.stopped_by(staff, sheet, lang.pick("停止", "Stop"))?;
        }
        if run.revokes.is_none() {
            sheet = files::offered(staff, run, sheet, printing)?;
        }
    }
    if run.revokes.is_none() && !progress.runs && run.issued > 0 && staff.actor.may(Deed::RevokeCode).is_ok()
    {
        let name = lang.pick("停用本批次的企业码", "Revoke the codes of this run");
        sheet = sheet.button(revocation_of(&run.id), name);
    }
    sheet = files::printed(staff, printings, sheet);
    sheet.render()
}

fn scope(lang: Lang, run: &CodeRun) -> String {
    if let Some(kid) = run.compromised {
        return match lang {
            Lang::Zh => format!("密钥{kid}泄露，全部换发"),
            Lang::En => format!("All codes of key {kid}, which is in wrong hands"),
        };
    }
    if let Some(revokes) = &run.revokes {
        return revoked(lang, revokes);
    }
    let wish = &run.wish;
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
    let said = [
        (lang.pick("包含", "has"), wish.query.clone()),
        (lang.pick("区划", "division"), wish.division.clone()),
        (lang.pick("登记自", "registered since"), day(wish.registered_since)),
        (lang.pick("登记早于", "registered before"), day(wish.registered_before)),
    ];
    let said: Vec<String> =
        said.into_iter().filter_map(|(name, value)| value.map(|value| format!("{name} {value}"))).collect();
    if said.is_empty() { lang.pick("全部", "All").to_owned() } else { said.join(lang.pick("，", ", ")) }
}

/// Which codes a run revokes, and why.
fn revoked(lang: Lang, wish: &RevokeMany) -> String {
    let said = [
        (lang.pick("停用批次", "revokes run"), wish.run.clone()),
        (lang.pick("停用密钥", "revokes key"), wish.kid.map(|kid| kid.to_string())),
        (lang.pick("停用早于", "revokes before"), wish.issued_before.map(|day| day.to_string())),
        (lang.pick("原因", "because"), Some(wish.reason.clone())),
    ];
    let said: Vec<String> =
        said.into_iter().filter_map(|(name, value)| value.map(|value| format!("{name} {value}"))).collect();
    said.join(lang.pick("，", ", "))
}

fn state(lang: Lang, state: CodeRunState) -> Cell {
    let (text, tone) = match state {
        CodeRunState::Issuing => (lang.pick("正在签发", "Issuing"), Tone::On),
        CodeRunState::Revoking => (lang.pick("正在停用", "Revoking"), Tone::On),
        CodeRunState::Done => (lang.pick("已完成", "Done"), Tone::Good),
        CodeRunState::Cancelled => (lang.pick("已停止", "Stopped"), Tone::Plain),
    };
    Cell::badge(text, tone)
}
