//! A scan: from a verified seal to the board, in a fixed number of statements.
//! Changes nothing.

use qiyema_protocol::{
    board::{Board, Card, Code, Enterprise},
    rating::Tier,
    seal::Verified,
    text::Text,
};

use super::{Refused, Rules, intake::attach};
use crate::{
    clock::Timestamp,
    domain::board::{self, Facts},
    store::{
        attachments,
        codes::{self, Opened},
        columns,
        connection::Db,
        events,
        issues::{self, Pick, Shown},
        owners, ratings,
    },
};

/// Issues on one page of a board.
pub const PAGE: u32 = 20;

/// What a reader shows: a verified seal and, perhaps, the token of a remembered device.
#[derive(Debug, Clone)]
pub struct Scan {
    /// The seal, verified.
    pub seal: Verified,
    /// SHA-256 of the device token, if one came along.
    pub device: Option<String>,
    /// Page wanted, from 1.
    pub page: u32,
}

/// The board of the enterprise whose code was scanned.
pub fn scan(db: &mut Db, ask: &Scan, rules: &Rules, at: Timestamp) -> Result<Board, Refused> {
    let opened = open(db, ask.seal)?;
    let tier = tier(db, &opened, ask.device.as_deref(), at)?;
    let enterprise = &opened.code.enterprise_id;
    let (open, closed) = issues::counts(db, enterprise)?;
    let count = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    let pages = count(open + closed).div_ceil(PAGE).max(1);
    let page = ask.page.clamp(1, pages);
    let pick = Pick::Page(i64::from((page - 1) * PAGE), i64::from(PAGE));
    let shown = issues::board(db, enterprise, &pick)?;
    Ok(Board {
        at,
        today: rules.day(at),
        tier,
        centre: rules.centre.clone(),
        enterprise: Enterprise {
            name: opened.enterprise_name.clone(),
            uscc: (tier == Tier::Owner).then(|| opened.uscc.clone()),
        },
        code: Code {
            id: opened.code.id.clone(),
            kid: ask.seal.kid(),
            issued_at: columns::moment(opened.code.issued_at),
        },
        open_count: count(open),
        closed_count: count(closed),
        page,
        pages,
        issues: cards(db, enterprise, shown, tier, rules, at)?,
    })
}

/// One issue of that enterprise.
pub fn card(db: &mut Db, ask: &Scan, number: &str, rules: &Rules, at: Timestamp) -> Result<Card, Refused> {
    let opened = open(db, ask.seal)?;
    let tier = tier(db, &opened, ask.device.as_deref(), at)?;
    let enterprise = &opened.code.enterprise_id;
    let shown = issues::board(db, enterprise, &Pick::Number(number))?;
    cards(db, enterprise, shown, tier, rules, at)?.pop().ok_or(Refused::IssueUnknown)
}

/// One issue as its owner sees it, for staff who look at both sides.
pub fn owner_card(
    db: &mut Db,
    enterprise: &str,
    number: &str,
    rules: &Rules,
    at: Timestamp,
) -> Result<Card, Refused> {
    let shown = issues::board(db, enterprise, &Pick::Number(number))?;
    cards(db, enterprise, shown, Tier::Owner, rules, at)?.pop().ok_or(Refused::IssueUnknown)
}

/// Looks the code of a seal up and refuses it if it ended.
pub fn open(db: &mut Db, seal: Verified) -> Result<Opened, Refused> {
    let opened = codes::open(db, &seal.code().to_string())?.ok_or(Refused::CodeUnknown)?;
    match opened.ending.as_deref() {
        None if opened.code.kid == i32::from(seal.kid()) => Ok(opened),
        None => Err(Refused::CodeUnknown),
        Some("replaced") => Err(Refused::CodeReplaced),
        Some(_) => Err(Refused::CodeRevoked),
    }
}

/// What a device token proves for the enterprise of a code.
pub fn tier(db: &mut Db, opened: &Opened, device: Option<&str>, at: Timestamp) -> Result<Tier, Refused> {
    let stands = match device {
        Some(hash) => owners::device_stands(db, &opened.code.enterprise_id, hash, columns::column(at))?,
        None => false,
    };
    Ok(if stands { Tier::Owner } else { Tier::Unverified })
}

fn cards(
    db: &mut Db,
    enterprise: &str,
    shown: Vec<Shown>,
    tier: Tier,
    rules: &Rules,
    at: Timestamp,
) -> Result<Vec<Card>, Refused> {
    let ids: Vec<String> = shown.iter().map(|one| one.issue.id.clone()).collect();
    let closures: Vec<String> = shown.iter().filter_map(|one| one.issue.closure_id.clone()).collect();
    let extensions = issues::extensions(db, enterprise, &ids)?;
    let verdicts = ratings::of_closures(db, enterprise, &closures)?;
    let history = if tier == Tier::Owner { events::of_issues(db, enterprise, &ids)? } else { Vec::new() };
    let files = if tier == Tier::Owner { attachments::of_issues(db, enterprise, &ids)? } else { Vec::new() };
    let parents = followed(db, enterprise, &shown)?;
    let facts = |one: Shown| -> Result<Card, Refused> {
        let files = files.iter().filter(|file| file.issue_id == one.issue.id && file.for_owner).cloned();
        let files = files.map(attach::view).collect::<Result<_, _>>()?;
        let parent = one.issue.merged_into.clone();
        let mut facts = Facts { attachments: files, ..gather(one, &extensions, &verdicts, &history)? };
        if let Some(parent) = parent.and_then(|id| parents.iter().find(|one| one.issue.id == id)) {
            follow(&mut facts, parent)?;
        }
        Ok(board::card(facts, tier, &rules.calendar, rules.zone, rules.full_names, at))
    };
    shown.into_iter().map(facts).collect()
}

/// The issues that merged ones among these follow.
fn followed(db: &mut Db, enterprise: &str, shown: &[Shown]) -> Result<Vec<Shown>, Refused> {
    let ids: Vec<String> = shown.iter().filter_map(|one| one.issue.merged_into.clone()).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(issues::board(db, enterprise, &Pick::Followed(&ids))?)
}

/// A merged issue shows who works on the one that it follows, how far that is and
/// when it closes. It may be another enterprise's, so nothing else of it.
fn follow(facts: &mut Facts, parent: &Shown) -> Result<(), Refused> {
    let issue = &parent.issue;
    facts.follows = Some(columns::unword(&issue.state)?);
    facts.unit = parent.unit.as_ref().map(|unit| Text::new(&*unit.name_zh, &*unit.name_en));
    facts.office = parent
        .office
        .as_ref()
        .map(|office| (Text::new(&*office.name_zh, &*office.name_en), office.phone.clone()));
    facts.handler.clone_from(&parent.handler);
    facts.first_due_on = issue.first_due_on;
    facts.due_on = issue.due_on;
    facts.due_at = issue.due_at.map(columns::moment);
    facts.provisional = issue.provisional;
    facts.changes = Vec::new();
    Ok(())
}

/// Rows to facts: the only place that knows both.
fn gather(
    one: Shown,
    extensions: &[issues::ExtensionRow],
    verdicts: &[(String, String, String)],
    history: &[events::EventRow],
) -> Result<Facts, Refused> {
    use columns::{moment, unword};
    use qiyema_protocol::board::PromiseChange;

    use crate::domain::words;

    let issue = one.issue;
    let changes = extensions.iter().filter(|row| row.issue_id == issue.id).map(|row| {
        let reason = unword(&row.reason)?;
        Ok(PromiseChange {
            from: row.from_on,
            to: row.to_on,
            reason,
            reason_text: words::extension_reason(reason),
            at: moment(row.at),
        })
    });
    let verdict = |tier: &str| {
        let mine =
            |row: &&(String, String, String)| Some(&row.0) == issue.closure_id.as_ref() && row.1 == tier;
        verdicts.iter().find(mine).map(|row| unword(&row.2)).transpose()
    };
    let entries = history.iter().filter(|row| row.subject_id == issue.id).map(|row| {
        Ok(board::Happened { kind: unword(&row.kind)?, at: moment(row.at), note: row.note.clone() })
    });
    let closure = match one.closure {
        None => None,
        Some(row) => Some(board::Closed {
            result: unword(&row.result)?,
            at: moment(row.at),
            rate_until: row.rate_until,
            reply: row.reply,
            owner_verdict: verdict("owner")?,
            unverified_verdict: verdict("unverified")?,
        }),
    };
    Ok(Facts {
        state: unword(&issue.state)?,
        follows: None,
        category: Text::new(one.category.name_zh, one.category.name_en),
        unit: one.unit.map(|unit| Text::new(unit.name_zh, unit.name_en)),
        office: one.office.map(|office| (Text::new(office.name_zh, office.name_en), office.phone)),
        handler: one.handler,
        submitted_at: moment(issue.submitted_at),
        last: board::Happened { kind: unword(&issue.last_kind)?, at: moment(issue.last_at), note: None },
        first_due_on: issue.first_due_on,
        due_on: issue.due_on,
        due_at: issue.due_at.map(moment),
        provisional: issue.provisional,
        changes: changes.collect::<crate::store::QueryResult<_>>()?,
        closure,
        history: entries.collect::<crate::store::QueryResult<_>>()?,
        attachments: Vec::new(),
        number: issue.number,
        subject: issue.subject,
        body: issue.body,
    })
}
