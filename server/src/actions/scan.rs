//! A scan: from a verified seal to the board, in a fixed number of statements.
//! Changes nothing.

mod follow;
mod gather;

use qiyema_protocol::{
    board::{Board, Card, Code, Enterprise},
    rating::Tier,
    seal::Verified,
};

use super::{Refused, Rules};
use crate::{
    clock::Timestamp,
    store::{
        codes::{self, Opened},
        columns,
        connection::Db,
        issues::{self, Pick},
        owners,
    },
};
use gather::cards;
pub use gather::given;

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
    let (open, settled, closed) = issues::counts(db, enterprise)?;
    let count = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    let pages = count(open + settled).div_ceil(PAGE).max(1);
    let page = ask.page.clamp(1, pages);
    let (from, most) = (i64::from((page - 1) * PAGE), i64::from(PAGE));
    let mut shown = Vec::new();
    if from < open {
        shown = issues::board(db, enterprise, &Pick::Open(from, most))?;
    }
    let left = most - i64::try_from(shown.len()).unwrap_or(most);
    if left > 0 && settled > 0 {
        shown.extend(issues::board(db, enterprise, &Pick::Settled((from - open).max(0), left))?);
    }
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

/// One issue as the contact who was invited to rate sees it: as at a scan, without free text.
pub(super) fn invited_card(
    db: &mut Db,
    enterprise: &str,
    number: &str,
    rules: &Rules,
    at: Timestamp,
) -> Result<Card, Refused> {
    let shown = issues::board(db, enterprise, &Pick::Number(number))?;
    cards(db, enterprise, shown, Tier::Unverified, rules, at)?.pop().ok_or(Refused::IssueUnknown)
}

/// Looks the code of a seal up and refuses it if it ended.
pub fn open(db: &mut Db, seal: Verified) -> Result<Opened, Refused> {
    let opened = codes::open(db, &seal.code().to_string())?.ok_or(Refused::CodeUnknown)?;
    match opened.ending.as_deref() {
        None if opened.code.kid == i32::from(seal.kid()) => Ok(opened),
        None => Err(Refused::CodeUnknown),
        Some("replaced") => Err(Refused::CodeReplaced),
        Some("suspended") => Err(Refused::CodeSuspended),
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
