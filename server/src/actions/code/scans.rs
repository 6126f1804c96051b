//! How often codes are scanned: numbers by code and day, and nothing about who
//! scanned; and the list of codes that do not stand any more.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::Days;
use qiyema_protocol::{
    codes::{CodeScanList, CodeScans, DayScans},
    revocation::RevocationClaims,
    seal::{CodeId, Host},
};

use super::{
    super::{
        Refused, Rules,
        rights::{self, Actor},
    },
    life::line,
};
use crate::{
    clock::Timestamp,
    store::{
        code_life::{self, Pick},
        codes::{self, CodeRow},
        columns::column,
        connection::Db,
    },
};

/// Codes of one answer.
pub const PAGE: i64 = 50;
/// Days looked at.
const DAYS: u64 = 90;

/// Which codes.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// Only those that were never scanned.
    pub never: bool,
    /// Issued at least so many days ago.
    pub older_than_days: u32,
    /// Continue after this one: a moment in microseconds and an id.
    pub after: Option<String>,
}

/// Standing codes with their scans, oldest first.
pub fn list(
    db: &mut Db,
    actor: &Actor,
    ask: &Ask,
    rules: &Rules,
    at: Timestamp,
) -> Result<CodeScanList, Refused> {
    actor.may(rights::Deed::ReadEnterprises)?;
    let before = at.checked_sub_days(Days::new(ask.older_than_days.into())).unwrap_or(at);
    let pick = Pick {
        unscanned: ask.never,
        before: (ask.older_than_days > 0).then(|| column(before)),
        after: ask.after.as_deref().and_then(place),
        // Void ones are never scanned again: they want a new code, not a call.
        not_by: rules.void_keys.clone(),
        ..Pick::default()
    };
    let found = code_life::standing(db, &pick, PAGE)?;
    let full = i64::try_from(found.len()).is_ok_and(|found| found >= PAGE);
    let next_after = found.last().filter(|_| full).map(|last| cursor(&last.code));
    let ids = found.iter().map(|one| one.code.id.clone()).collect();
    let since = rules.day(at).checked_sub_days(Days::new(DAYS)).unwrap_or_default();
    let mut by_code: HashMap<String, (i32, chrono::NaiveDate)> = HashMap::new();
    for (code, day, scans) in code_life::scans(db, ids, since)? {
        // The newest day comes first.
        by_code.entry(code).or_insert((0, day)).0 += scans;
    }
    let codes = found.into_iter().map(|one| {
        let mut line = line(one);
        if let Some((scans, day)) = by_code.get(&line.code) {
            line.scans = u32::try_from(*scans).unwrap_or_default();
            line.last_day = Some(*day);
        }
        line
    });
    Ok(CodeScanList { codes: codes.collect(), next_after })
}

/// Scans of one code by day.
pub fn of(
    db: &mut Db,
    actor: &Actor,
    code: &str,
    rules: &Rules,
    at: Timestamp,
) -> Result<CodeScans, Refused> {
    actor.may(rights::Deed::ReadEnterprises)?;
    let opened = codes::open(db, code)?.ok_or(Refused::CodeUnknown)?;
    let since = rules.day(at).checked_sub_days(Days::new(DAYS)).unwrap_or_default();
    let days = code_life::scans(db, vec![opened.code.id.clone()], since)?
        .into_iter()
        .map(|(_, day, scans)| DayScans { day, scans: u32::try_from(scans).unwrap_or_default() });
    Ok(CodeScans { days: days.collect(), code: opened.code.id })
}

/// Adds scans that were counted aside: of each code so many, on the day of `at`.
pub fn add(
    db: &mut Db,
    counted: &BTreeMap<String, u32>,
    rules: &Rules,
    at: Timestamp,
) -> Result<(), Refused> {
    let day = rules.day(at);
    for (code, enterprise) in code_life::owners(db, counted.keys().cloned().collect())? {
        let scans = counted.get(&code).copied().unwrap_or_default();
        code_life::add_scans(db, &code, &enterprise, day, i32::try_from(scans).unwrap_or(i32::MAX))?;
    }
    Ok(())
}

/// What the list of revoked codes says now.
pub fn ended(db: &mut Db, host: &Host, at: Timestamp) -> Result<RevocationClaims, Refused> {
    let ids =
        |texts: Vec<String>| texts.iter().filter_map(|text| text.parse().ok()).collect::<BTreeSet<CodeId>>();
    let ended = ids(code_life::ended(db)?);
    let suspended = ids(code_life::lasting(db, None)?.into_iter().map(|(_, code)| code).collect());
    let suspended = suspended.difference(&ended).copied().collect();
    Ok(RevocationClaims::new(host, at.timestamp(), &ended, &suspended))
}

/// Where a list goes on after this code.
pub(super) fn cursor(code: &CodeRow) -> String {
    format!("{}.{}", code.issued_at.and_utc().timestamp_micros(), code.id)
}

/// The place that a cursor names.
pub(super) fn place(after: &str) -> Option<(chrono::NaiveDateTime, String)> {
    let (micros, id) = after.split_once('.')?;
    let at = Timestamp::from_timestamp_micros(micros.parse().ok()?)?;
    Some((column(at), id.chars().filter(char::is_ascii_alphanumeric).collect()))
}
