//! Codes after they were issued: suspend, resume, replace, revoke, another PIN;
//! many revoked together after a preview; and which are scanned how often.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web::{Path, Query},
};
use qiyema_protocol::{
    codes::{CodeLine, CodeReason, RevokeMany, RevokedMany},
    staff::{CodeStatus, CodeView},
};

use serde::Deserialize;

use super::{
    door::{page, see_other},
    staff::{ConsoleForm, ConsoleStaff},
};
use crate::{
    actions::{
        Refused,
        code::{
            self,
            life::{self, Why},
            scans,
        },
        enterprise,
        rights::Deed,
    },
    store::columns::word,
    web::{
        api::codes as api,
        problem::{Code, Refusal},
        view::console::{
            enterprises::IssuedPage,
            form::{Choice, Field, Form, Kind},
            sheet::{Cell, Part, Sheet, Table},
        },
        words::{
            console::{codes::reason, registers::RegisterWords},
            lang::Lang,
        },
    },
};

const MANY: &str = "/console/codes/revocations";
const SCANS: &str = "/console/codes/scans";
const UP: &str = "/console/enterprises";

/// What may be done with a code: the word that opens the form, and the form.
pub fn deeds(staff: &ConsoleStaff, enterprise: &str, code: &CodeView) -> Vec<(&'static str, Form)> {
    let lang = staff.lang;
    let suspended = code.status == CodeStatus::Suspended;
    let mut all = Vec::new();
    if !matches!(code.status, CodeStatus::Live | CodeStatus::Suspended | CodeStatus::KeyRetired) {
        return all;
    }
    if staff.actor.may(Deed::IssueCode).is_ok() {
        let name = lang.pick("换发", "Replace");
        all.push((name, form(staff, enterprise, &code.id, "replacement", name)));
    }
    // Void already: what helps is a new one.
    if code.status != CodeStatus::KeyRetired && staff.actor.may(Deed::RevokeCode).is_ok() {
        let (noun, name) = if suspended {
            ("resumption", lang.pick("恢复使用", "Resume"))
        } else {
            ("suspension", lang.pick("暂停", "Suspend"))
        };
        all.push((name, form(staff, enterprise, &code.id, noun, name)));
        let name = RegisterWords::of(lang).revoke;
        all.push((name, form(staff, enterprise, &code.id, "revocation", name)));
    }
    all
}

/// The form that gives an enterprise another PIN than the one it has now.
pub fn pin_form(staff: &ConsoleStaff, enterprise: &str, now: &str) -> Form {
    let name = staff.lang.pick("重置企业口令", "Reset the PIN");
    Form::new(staff.lang, &staff.csrf, format!("/console/enterprises/{enterprise}/pin"), name)
        .id("pin")
        .with(Field::hidden("now", now.to_owned()))
        .asks(RegisterWords::of(staff.lang).pin_ends)
}

fn form(staff: &ConsoleStaff, enterprise: &str, code: &str, noun: &str, name: &str) -> Form {
    let w = RegisterWords::of(staff.lang);
    let place = format!("/console/enterprises/{enterprise}/codes/{code}/{noun}");
    let mut form = Form::new(staff.lang, &staff.csrf, place, name).id(format!("{noun}-{code}"));
    if noun == "resumption" {
        return form;
    }
    form.danger = true;
    form.warning = String::from(match noun {
        "replacement" => w.reissue_ends,
        "suspension" => w.suspend_ends,
        _ => w.revoke_ends,
    });
    let words = Field::line("reason", w.reason).most(200);
    form.with(reasons(staff.lang)).with(if noun == "revocation" { words } else { words.optional() })
}

fn reasons(lang: Lang) -> Field {
    let choice = |one: &CodeReason| Choice::new(word(*one).unwrap_or_default(), reason(lang, *one));
    let choices = CodeReason::ALL.iter().map(choice).collect();
    Field::select("reason_code", lang.pick("原因类别", "Kind of reason"), choices)
}

fn why(typed: &ConsoleForm) -> CodeReason {
    typed.word("reason_code").unwrap_or_default()
}

/// `POST /console/enterprises/{id}/codes/{code}/{noun}`.
pub async fn act(
    staff: ConsoleStaff,
    path: Path<(String, String, String)>,
    typed: ConsoleForm,
) -> Result<HttpResponse, Refusal> {
    let (enterprise, code, noun) = path.into_inner();
    let (asked, kind, words) = (code.clone(), why(&typed), typed.text("reason").to_owned());
    let done = match noun.as_str() {
        "suspension" => {
            staff
                .write(move |db, actor, _, at| {
                    life::suspend(db, actor, &asked, &Why::parse(kind, Some(&words))?, at)
                })
                .await
        }
        "resumption" => {
            staff.write(move |db, actor, rules, at| life::resume(db, actor, &asked, rules, at)).await
        }
        "revocation" => {
            staff.write(move |db, actor, _, at| code::revoke(db, actor, &asked, (kind, &words), at)).await
        }
        "replacement" => return replace(&staff, &enterprise, code, kind, &words).await,
        _ => return Err(Code::NotFound.into()),
    };
    match done {
        Ok(_) => Ok(see_other(&format!("{UP}/{enterprise}?done={noun}"))),
        Err(Refused::Invalid(faults)) => {
            let w = RegisterWords::of(staff.lang);
            let form = form(&staff, &enterprise, &code, &noun, w.save).typed(&typed.0).faults(&faults);
            let sheet = Sheet::new(staff.frame(), format!("{} {code}", w.code))
                .up(format!("{UP}/{enterprise}"), w.to_enterprise);
            Ok(staff.form_again(sheet.form("", "", &form).and_then(|sheet| sheet.render())))
        }
        Err(other) => Err(other.into()),
    }
}

async fn replace(
    staff: &ConsoleStaff,
    enterprise: &str,
    code: String,
    kind: CodeReason,
    words: &str,
) -> Result<HttpResponse, Refusal> {
    let wanted = enterprise.to_owned();
    let owner = staff.read(move |db, actor, rules, _| enterprise::show(db, actor, &wanted, rules)).await?;
    let why = Why::parse(kind, Some(words))?;
    let issued = api::replaced(&staff.shared, staff.actor.clone(), code, why).await?;
    Ok(once(page(
        StatusCode::CREATED,
        IssuedPage { frame: staff.frame(), enterprise: &owner, issued: &issued }.render(),
    )))
}

/// `POST /console/enterprises/{id}/pin`: the PIN is on this one answer, which nobody may keep.
pub async fn pin(staff: ConsoleStaff, id: Path<String>, typed: ConsoleForm) -> Result<HttpResponse, Refusal> {
    let w = RegisterWords::of(staff.lang);
    let wanted = id.clone();
    let now = staff.read(move |db, actor, _, _| life::pin_now(db, actor, &wanted)).await?;
    // The page of the PIN, reloaded, sends its form again: what was just handed over must not be replaced by that.
    if typed.text("now") != now {
        return Ok(see_other(&format!("{UP}/{id}?done=pin")));
    }
    let wanted = id.clone();
    let uscc = staff.read(move |db, actor, rules, _| enterprise::show(db, actor, &wanted, rules)).await?.uscc;
    let pin = api::pin_reset(&staff.shared, staff.actor.clone(), id.clone()).await?;
    let sheet = Sheet::new(staff.frame(), w.pin)
        .up(format!("{UP}/{id}"), w.to_enterprise)
        .button(letter(&uscc), w.pin_letter)
        .lead(w.pin_help)
        .with(Part::Secret(vec![pin]))
        .with(Part::Note(
            staff
                .lang
                .pick(
                    "企业码不变；已记住的手机需重新验证。",
                    "The code stays; phones must prove the PIN again.",
                )
                .to_owned(),
        ));
    Ok(once(page(StatusCode::CREATED, sheet.render())))
}

/// Where a letter with the PIN of an enterprise is printed.
#[must_use]
pub fn letter(of: &str) -> String {
    format!("/console/codes/prints?of={of}&format=letter-a4")
}

fn once(mut answer: HttpResponse) -> HttpResponse {
    answer.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    answer
}

fn many_form(staff: &ConsoleStaff, run: &str) -> Form {
    let lang = staff.lang;
    let w = RegisterWords::of(lang);
    let of = Field::lines("of", lang.pick("企业码编号或统一社会信用代码", "Ids of codes, or credit codes"))
        .help(lang.pick("每行一个，最多2000个", "One a line, up to 2,000"))
        .optional();
    let run = Field::line("run", lang.pick("签发批次编号", "Id of a run"))
        .help(lang.pick("该批次签发的全部企业码", "Every code that the run issued"))
        .value(run)
        .most(100)
        .optional();
    let kid = Field::new(Kind::Number, "kid", lang.pick("签名密钥编号", "Key id")).most(255).optional();
    let before =
        Field::new(Kind::Date, "issued_before", lang.pick("早于该日签发", "Issued before")).optional();
    Form::new(lang, &staff.csrf, MANY, lang.pick("预览", "Preview"))
        .with(of)
        .with(run)
        .with(kid)
        .with(before)
        .with(reasons(lang))
        .with(Field::line("reason", w.reason).most(200))
}

fn many_sheet(staff: &ConsoleStaff) -> Sheet {
    let lang = staff.lang;
    Sheet::new(staff.frame(), lang.pick("批量停用企业码", "Revoke many codes"))
        .up(UP, RegisterWords::of(lang).enterprises)
        .lead(lang.pick(
            "先预览涉及多少个企业码，核对数目后再停用。停用不可撤销。",
            "See first how many codes it concerns, then confirm the number. It cannot be undone.",
        ))
}

/// The run whose codes are to be revoked.
#[derive(Debug, Default, Deserialize)]
pub struct OfRun {
    run: Option<String>,
}

/// Where the codes of a run are revoked.
#[must_use]
pub fn revocation_of(run: &str) -> String {
    format!("{MANY}?run={run}")
}

/// `GET /console/codes/revocations`.
pub async fn many(staff: ConsoleStaff, of: Query<OfRun>) -> Result<HttpResponse, Refusal> {
    staff.actor.may(Deed::RevokeCode)?;
    let form = many_form(&staff, of.run.as_deref().unwrap_or_default());
    Ok(staff.page(many_sheet(&staff).form("", "", &form).and_then(|sheet| sheet.render())))
}

/// `POST /console/codes/revocations`: a preview, or with the number the deed.
pub async fn revoke_many(staff: ConsoleStaff, typed: ConsoleForm) -> Result<HttpResponse, Refusal> {
    let wish = RevokeMany {
        of: typed
            .text("of")
            .lines()
            .map(str::trim)
            .filter(|one| !one.is_empty())
            .map(ToOwned::to_owned)
            .collect(),
        kid: typed.filled("kid").and_then(|kid| kid.parse().ok()),
        issued_before: typed.filled("issued_before").and_then(|day| day.parse().ok()),
        run: typed.filled("run"),
        reason_code: why(&typed),
        reason: typed.text("reason").to_owned(),
        confirm: typed.filled("confirm").and_then(|count| count.parse().ok()),
    };
    match api::revoked_many(&staff.shared, staff.actor.clone(), wish).await {
        Ok(RevokedMany { run: Some(run), .. }) => Ok(see_other(&format!("/console/codes/runs/{run}"))),
        Ok(report) => Ok(staff.page(previewed(&staff, &typed, &report))),
        Err(refusal) if refusal.code() == Code::InvalidInput => {
            let form = many_form(&staff, "").typed(&typed.0).faults(refusal.faults());
            Ok(staff.form_again(many_sheet(&staff).form("", "", &form).and_then(|sheet| sheet.render())))
        }
        Err(refusal) => Err(refusal),
    }
}

fn previewed(
    staff: &ConsoleStaff,
    typed: &ConsoleForm,
    report: &RevokedMany,
) -> Result<String, askama::Error> {
    let lang = staff.lang;
    let mut sheet = many_sheet(staff);
    if report.done {
        let said = match lang {
            Lang::Zh => format!("已停用{}个企业码。", report.count),
            Lang::En => format!("{} codes are revoked.", report.count),
        };
        sheet.frame = staff.frame_saying(true, said);
    }
    let count = (lang.pick("涉及企业码", "Codes concerned").to_owned(), report.count.to_string());
    let unknown = (
        lang.pick("未找到或已停用", "Not found, or ended already").to_owned(),
        report.unknown.len().to_string(),
    );
    sheet = sheet.with(Part::Facts(vec![count, unknown]));
    if !report.unknown.is_empty() {
        let some: Vec<&str> = report.unknown.iter().take(20).map(String::as_str).collect();
        sheet = sheet.with(Part::Note(some.join(" ")));
    }
    if !report.done && report.count > 0 {
        let text = match lang {
            Lang::Zh => format!("停用这{}个企业码", report.count),
            Lang::En => format!("Revoke these {} codes", report.count),
        };
        let mut form = Form::new(lang, &staff.csrf, MANY, text);
        form.danger = true;
        for name in ["of", "run", "kid", "issued_before", "reason_code", "reason"] {
            form = form.with(Field::hidden(name, typed.text(name)));
        }
        sheet = sheet.form("", "", &form.with(Field::hidden("confirm", report.count.to_string())))?;
    }
    sheet.with(table(staff, &report.first, false)).render()
}

fn table(staff: &ConsoleStaff, lines: &[CodeLine], scans: bool) -> Part {
    let (lang, zone) = (staff.lang, staff.shared.rules().zone);
    let mut heads = vec![
        lang.pick("企业", "Enterprise").to_owned(),
        lang.pick("企业码", "Code").to_owned(),
        lang.pick("签发日期", "Issued").to_owned(),
    ];
    if scans {
        heads.push(lang.pick("近90天扫码次数", "Scans, 90 days").to_owned());
        heads.push(lang.pick("最近扫码", "Last scan").to_owned());
    }
    let row = |line: &CodeLine| {
        let issued = line.issued_at.with_timezone(&zone).format("%Y-%m-%d").to_string();
        let mut cells = vec![
            Cell::link(format!("{UP}/{}", line.enterprise), &line.name).small(&line.uscc),
            Cell::text(&line.code),
            Cell::text(issued),
        ];
        if scans {
            cells.push(Cell::number(&line.scans));
            cells.push(Cell::text(line.last_day.map(|day| day.to_string()).unwrap_or_default()));
        }
        cells
    };
    Part::Table(Table {
        heads,
        rows: lines.iter().map(row).collect(),
        empty: lang.pick("没有符合条件的企业码。", "No code fits.").to_owned(),
    })
}

/// Which codes to list; a page's address may hold its language as well.
#[derive(Debug, Default, Deserialize)]
pub struct Scanned {
    #[serde(default)]
    never: bool,
    #[serde(default)]
    older_than_days: u32,
    after: Option<String>,
}

/// `GET /console/codes/scans`.
pub async fn scanned(staff: ConsoleStaff, which: Query<Scanned>) -> Result<HttpResponse, Refusal> {
    let which = which.into_inner();
    let (lang, never, days) = (staff.lang, which.never, which.older_than_days);
    let ask = scans::Ask { never, older_than_days: days, after: which.after };
    let list = staff.read(move |db, actor, rules, at| scans::list(db, actor, &ask, rules, at)).await?;
    let mut sheet = Sheet::new(staff.frame(), lang.pick("扫码情况", "Scans of codes"))
        .up(UP, RegisterWords::of(lang).enterprises)
        .lead(lang.pick(
            "只统计次数，不记录何人扫码。签发一周后仍从未扫码的，请回访企业。",
            "Numbers only; nobody knows who scanned. A code that was not scanned a week after it was issued wants a call.",
        ))
        .button(SCANS, lang.pick("全部", "All"))
        .button(format!("{SCANS}?never=true&older_than_days=7"), lang.pick("从未扫码", "Never scanned"))
        .with(table(&staff, &list.codes, true));
    if let Some(after) = &list.next_after {
        let place = format!("{SCANS}?never={never}&older_than_days={days}&after={after}");
        sheet = sheet.button(place, lang.pick("下一页", "Next page"));
    }
    Ok(staff.page(sheet.render()))
}
