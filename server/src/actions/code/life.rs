//! What happens to a code after it was issued: it is suspended and resumed,
//! replaced for a reason, revoked together with others; its enterprise gets
//! another PIN while the code stays on the wall. Each is a record of its own.

use qiyema_protocol::{
    code_runs::CodeRunState,
    codes::{CodeLine, CodeReason, RevokeMany},
    seal::CodeId,
    staff::CodeView,
};

use super::{
    super::{
        Deed, Refused, Rules,
        enterprise::code_view,
        record,
        rights::{self, Actor},
    },
    Issued,
};
use crate::{
    clock::{Ids, Timestamp},
    domain::{
        event::Kind,
        text::{Typed, problem},
        uscc::Uscc,
    },
    secrets::pin::PinKey,
    store::{
        code_life::{self, Pick, ResumptionRow, Standing, SuspensionRow},
        code_runs,
        codes::{self, Opened},
        columns::{column, moment, unword, word},
        connection::Db,
        enterprises,
    },
};

/// Codes revoked in one transaction.
pub const BATCH: usize = 200;
/// Codes that may be named at once: a body has its limit.
const NAMED: usize = 2_500;

/// Why a code is suspended, replaced or revoked: one of a list, and words.
#[derive(Debug, Clone)]
pub struct Why {
    /// One of the list.
    pub code: CodeReason,
    /// In words; the word of the list, if there are none.
    pub text: String,
}

impl Why {
    /// Words may be left out.
    pub fn parse(code: CodeReason, text: Option<&str>) -> Result<Self, Refused> {
        match text.map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => Self::in_words(code, text),
            None => Ok(Self { code, text: word(code)? }),
        }
    }

    /// Words must be there.
    pub fn in_words(code: CodeReason, text: &str) -> Result<Self, Refused> {
        let text = Typed::line("reason", text, 2, 200).map_err(|fault| Refused::Invalid(vec![fault]))?;
        Ok(Self { code, text: text.into() })
    }
}

/// Suspends a code: until it is resumed, it answers that it is suspended.
pub fn suspend(
    db: &mut Db,
    actor: &Actor,
    code: &str,
    why: &Why,
    at: Timestamp,
) -> Result<CodeView, Refused> {
    actor.may(rights::Deed::RevokeCode)?;
    let opened = standing(db, code)?;
    if opened.ending.is_some() {
        return Err(Refused::CodeSuspended);
    }
    let row = SuspensionRow {
        id: Ids.row(),
        code_id: opened.code.id.clone(),
        enterprise_id: opened.code.enterprise_id.clone(),
        at: column(at),
        by: actor.id.clone(),
        reason_code: word(why.code)?,
        reason: why.text.clone(),
    };
    code_life::suspend(db, &row)?;
    let detail = serde_json::json!({ "code": code, "reason_code": row.reason_code });
    told(db, actor, &opened.code.enterprise_id, Kind::CodeSuspended, Some(&why.text), detail, at)?;
    Ok(code_view(&(opened.code, Some("suspended".to_owned())), &[]))
}

/// Suspends the code that came in place of a suspended one, for the reason the old one had.
pub(super) fn suspended_still(
    db: &mut Db,
    actor: &Actor,
    code: &str,
    before: SuspensionRow,
    at: Timestamp,
) -> Result<(), Refused> {
    let (old, enterprise) = (before.code_id.clone(), before.enterprise_id.clone());
    let row = SuspensionRow {
        id: Ids.row(),
        code_id: code.to_owned(),
        at: column(at),
        by: actor.id.clone(),
        ..before
    };
    code_life::suspend(db, &row)?;
    let detail = serde_json::json!({ "code": code, "reason_code": row.reason_code, "as_was": old });
    told(db, actor, &enterprise, Kind::CodeSuspended, Some(&row.reason), detail, at)
}

/// Resumes a suspended code.
pub fn resume(
    db: &mut Db,
    actor: &Actor,
    code: &str,
    rules: &Rules,
    at: Timestamp,
) -> Result<CodeView, Refused> {
    actor.may(rights::Deed::RevokeCode)?;
    let opened = standing(db, code)?;
    if opened.ending.is_none() {
        return Err(Refused::CodeNotSuspended);
    }
    for (suspension_id, code_id) in code_life::lasting(db, Some(code))? {
        let row = ResumptionRow {
            suspension_id,
            code_id,
            enterprise_id: opened.code.enterprise_id.clone(),
            at: column(at),
            by: actor.id.clone(),
        };
        code_life::resume(db, &row).map_err(|error| {
            if crate::store::is_duplicate(&error) { Refused::CodeNotSuspended } else { error.into() }
        })?;
    }
    let detail = serde_json::json!({ "code": code });
    told(db, actor, &opened.code.enterprise_id, Kind::CodeResumed, None, detail, at)?;
    Ok(code_view(&(opened.code, None), &rules.void_keys))
}

/// Replaces a code that stands, perhaps suspended, by a new one with a new PIN.
pub fn replace(
    db: &mut Db,
    actor: &Actor,
    code: &str,
    new: (CodeId, u8),
    pins: &PinKey,
    why: &Why,
    at: Timestamp,
) -> Result<Issued, Refused> {
    actor.may(rights::Deed::IssueCode)?;
    let enterprise = codes::open(db, code)?.ok_or(Refused::CodeUnknown)?.code.enterprise_id;
    // Looked at only when nobody else can replace it any more.
    super::one_issues(db, &enterprise)?;
    standing(db, code)?;
    super::issue_because(db, actor, &enterprise, new, Some(pins), why, at)
}

/// Which PIN an enterprise has now; says nothing of the PIN itself.
pub fn pin_now(db: &mut Db, actor: &Actor, enterprise: &str) -> Result<String, Refused> {
    actor.may(rights::Deed::IssueCode)?;
    Ok(crate::store::owners::current_pin(db, enterprise)?.map(|pin| pin.id).unwrap_or_default())
}

/// Gives an enterprise another PIN; its code stays, remembered devices prove themselves again.
pub fn reset_pin(
    db: &mut Db,
    actor: &Actor,
    enterprise: &str,
    pins: &PinKey,
    at: Timestamp,
) -> Result<String, Refused> {
    actor.may(rights::Deed::IssueCode)?;
    enterprises::find(db, enterprise)?.ok_or(Refused::EnterpriseUnknown)?;
    let codes = codes::of_enterprises(db, &[enterprise.to_owned()])?;
    let stands = |ending: &Option<String>| ending.as_deref().is_none_or(|ending| ending == "suspended");
    if !codes.iter().any(|(_, ending)| stands(ending)) {
        return Err(Refused::CodeUnknown);
    }
    let pin = super::pins::set(db, &actor.id, enterprise, pins, at)?;
    told(db, actor, enterprise, Kind::PinReset, None, serde_json::json!({}), at)?;
    Ok(pin)
}

/// The standing codes that a wish to revoke many concerns.
#[derive(Debug, Clone)]
pub struct Picked {
    /// How many.
    pub count: u32,
    /// All of them, if they were named or are few; else the first.
    pub lines: Vec<CodeLine>,
    /// What was named in vain.
    pub unknown: Vec<String>,
}

impl Picked {
    /// Whether all of them are at hand.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        u32::try_from(self.lines.len()) == Ok(self.count)
    }
}

/// The standing codes that a wish to revoke many names, and what it names in vain.
pub fn picked(db: &mut Db, actor: &Actor, wish: &RevokeMany, rules: &Rules) -> Result<Picked, Refused> {
    actor.may(rights::Deed::RevokeCode)?;
    Why::in_words(wish.reason_code, &wish.reason)?;
    let named: Vec<String> = wish.of.iter().map(|one| cleaned(one)).filter(|one| !one.is_empty()).collect();
    let pick = pick(wish, rules);
    if named.is_empty() && pick.kid.is_none() && pick.before.is_none() && pick.run.is_none() {
        return Err(invalid(
            "of",
            "请指定企业码、签发批次、密钥或签发日期",
            "name codes, a run, a key or a day",
        ));
    }
    if named.len() > NAMED {
        return Err(invalid("of", "一次最多列2500个", "name 2,500 at once at the most"));
    }
    if let Some(run) = &pick.run {
        let known = if run.contains('\0') { None } else { code_runs::find(db, run)? };
        let Some(row) = known else {
            return Err(invalid("run", "没有这个签发批次", "there is no such run"));
        };
        // What it goes on to issue would stand.
        if unword::<CodeRunState>(&row.state)? == CodeRunState::Issuing {
            return Err(invalid("run", "该批次还在签发，请先停止", "this run still issues: stop it first"));
        }
    }
    if named.is_empty() {
        let count = u32::try_from(code_life::count_standing(db, &pick)?).unwrap_or(u32::MAX);
        let lines = code_life::standing(db, &pick, i64::try_from(BATCH).unwrap_or(i64::MAX))?;
        let lines = lines.into_iter().map(line).collect();
        return Ok(Picked { count, lines, unknown: Vec::new() });
    }
    let mut lines = Vec::new();
    // SQLite and PostgreSQL both bound how many values one statement takes.
    for some in named.chunks(500) {
        let pick = Pick { of: Some(some.to_vec()), ..pick.clone() };
        lines.append(&mut code_life::standing(db, &pick, i64::MAX)?);
    }
    let mut seen = std::collections::BTreeSet::new();
    lines.retain(|line| seen.insert(line.code.id.clone()));
    let hit: std::collections::BTreeSet<&str> =
        lines.iter().flat_map(|line| [&*line.code.id, &*line.uscc]).collect();
    let unknown = named.iter().filter(|one| !hit.contains(one.as_str())).cloned().collect();
    let count = u32::try_from(lines.len()).unwrap_or(u32::MAX);
    Ok(Picked { count, lines: lines.into_iter().map(line).collect(), unknown })
}

/// What a wish says beside names.
pub(super) fn pick(wish: &RevokeMany, rules: &Rules) -> Pick {
    let before = wish.issued_before.map(|day| {
        let midnight = day.and_time(chrono::NaiveTime::MIN).and_local_timezone(rules.zone).earliest();
        midnight.map_or_else(|| day.and_time(chrono::NaiveTime::MIN), |local| local.naive_utc())
    });
    let run = wish.run.as_deref().map(str::trim).filter(|run| !run.is_empty()).map(ToOwned::to_owned);
    Pick { kid: wish.kid.map(i32::from), before, run, ..Pick::default() }
}

/// Revokes some of them; one that ended meanwhile is left alone. Says how many it were.
pub fn revoke_some(
    db: &mut Db,
    actor: &Actor,
    some: &[CodeLine],
    why: &Why,
    at: Timestamp,
) -> Result<u32, Refused> {
    actor.may(rights::Deed::RevokeCode)?;
    revoke_each(db, &actor.id, some.iter().map(|line| &*line.code), why, at)
}

pub(super) fn revoke_each<'a>(
    db: &mut Db,
    by: &str,
    codes: impl Iterator<Item = &'a str>,
    why: &Why,
    at: Timestamp,
) -> Result<u32, Refused> {
    let mut count = 0;
    for code in codes {
        match super::revoke_because(db, by, code, why, at) {
            Ok(_) => count += 1,
            Err(Refused::CodeRevoked | Refused::CodeReplaced) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(count)
}

/// A standing code as a line of a list.
#[must_use]
pub fn line(found: Standing) -> CodeLine {
    CodeLine {
        code: found.code.id,
        enterprise: found.code.enterprise_id,
        name: found.name,
        uscc: found.uscc,
        kid: u8::try_from(found.code.kid).unwrap_or_default(),
        issued_at: moment(found.code.issued_at),
        scans: 0,
        last_day: None,
    }
}

/// A code id or a credit code as people copy it.
pub(super) fn cleaned(typed: &str) -> String {
    match Uscc::parse(typed) {
        Ok((uscc, _)) => uscc.as_str().to_owned(),
        Err(_) => typed.trim().to_ascii_uppercase(),
    }
}

fn invalid(field: &str, zh: &str, en: &str) -> Refused {
    Refused::Invalid(vec![problem(field, zh, en)])
}

/// A code that did not end; it may be suspended.
fn standing(db: &mut Db, code: &str) -> Result<Opened, Refused> {
    let opened = codes::open(db, code)?.ok_or(Refused::CodeUnknown)?;
    match opened.ending.as_deref() {
        None | Some("suspended") => Ok(opened),
        Some("replaced") => Err(Refused::CodeReplaced),
        Some(_) => Err(Refused::CodeRevoked),
    }
}

fn told(
    db: &mut Db,
    actor: &Actor,
    enterprise: &str,
    kind: Kind,
    note: Option<&str>,
    detail: serde_json::Value,
    at: Timestamp,
) -> Result<(), Refused> {
    record(db, &Deed { enterprise, subject: enterprise, kind, state: None, note, detail, by: &actor.id, at })
}
