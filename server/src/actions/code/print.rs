//! Printing codes: which ones a wish names, and the record of who printed what.
//! What is drawn, and that it reads back, is the affair of the room of pictures.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use qiyema_protocol::paper::PrintWish;

use super::super::{
    Deed, Refused, Rules, record,
    rights::{self, Actor},
};
use crate::{
    clock::Timestamp,
    domain::{event::Kind, search, text::problem},
    store::{
        code_life::{self, Pick, Standing},
        codes::CodeRow,
        connection::Db,
    },
};

/// Codes in one file; more are for an issuing run.
pub const MOST: usize = 2_400;

/// The live codes that a wish names, in the order it names them or in that of their
/// issue, and what it names in vain.
pub fn picked(
    db: &mut Db,
    actor: &Actor,
    wish: &PrintWish,
    rules: &Rules,
) -> Result<(Vec<Standing>, Vec<String>), Refused> {
    actor.may(rights::Deed::IssueCode)?;
    let named: Vec<String> =
        wish.of.iter().map(|one| super::life::cleaned(one)).filter(|one| !one.is_empty()).collect();
    let words = wish.find.as_deref().map(search::query).filter(|words| !words.is_empty());
    let midnight = |day: NaiveDate| -> NaiveDateTime {
        let midnight = day.and_time(chrono::NaiveTime::MIN);
        midnight.and_local_timezone(rules.zone).earliest().map_or(midnight, |local| local.naive_utc())
    };
    let (since, not_by) = (wish.issued_from.map(midnight), rules.void_keys.clone());
    let pick = Pick { live: true, words, since, not_by, ..Pick::default() };
    if named.is_empty() && pick.words.is_none() && pick.since.is_none() {
        return Err(invalid("of", "请指定企业码、企业或签发日期", "name codes, enterprises or a day"));
    }
    if named.len() > MOST {
        return Err(too_many());
    }
    let most = i64::try_from(MOST + 1).unwrap_or(i64::MAX);
    let mut lines = Vec::new();
    if named.is_empty() {
        lines = code_life::standing(db, &pick, most)?;
    }
    // SQLite and PostgreSQL both bound how many values one statement takes.
    for some in named.chunks(500) {
        let pick = Pick { of: Some(some.to_vec()), ..pick.clone() };
        lines.append(&mut code_life::standing(db, &pick, most)?);
    }
    let place: HashMap<&str, usize> = named.iter().enumerate().map(|(n, one)| (one.as_str(), n)).collect();
    let of = |line: &Standing| {
        [&line.code.id, &line.uscc].into_iter().filter_map(|name| place.get(name.as_str())).min().copied()
    };
    lines.sort_by_key(|line| (of(line), line.code.issued_at, line.code.id.clone()));
    lines.dedup_by(|a, b| a.code.id == b.code.id);
    if lines.len() > MOST {
        return Err(too_many());
    }
    let hit: std::collections::HashSet<&str> =
        lines.iter().flat_map(|line| [line.code.id.as_str(), line.uscc.as_str()]).collect();
    let unknown = named.iter().filter(|one| !hit.contains(one.as_str())).cloned().collect();
    Ok((lines, unknown))
}

/// Codes recorded in one transaction: a city must not hold up everybody else's writes.
pub const BATCH: usize = 200;

/// On what codes were printed.
#[derive(Debug, Clone)]
pub struct Print {
    /// The paper.
    pub format: String,
    /// Number of the file: the records of one file share it.
    pub file: String,
    /// The issuing run whose codes they are.
    pub run: Option<String>,
}

/// Records that codes were printed, each with the enterprise it belongs to; [`BATCH`] of a file
/// at a time.
pub fn printed(
    db: &mut Db,
    actor: &Actor,
    codes: &[CodeRow],
    print: &Print,
    at: Timestamp,
) -> Result<(), Refused> {
    actor.may(rights::Deed::IssueCode)?;
    for code in codes {
        let mut detail = serde_json::json!({ "code": code.id, "format": print.format, "file": print.file });
        if let (Some(run), Some(facts)) = (&print.run, detail.as_object_mut()) {
            facts.insert("run".to_owned(), run.as_str().into());
        }
        let enterprise = &code.enterprise_id;
        let kind = Kind::CodePrinted;
        let deed = Deed {
            enterprise,
            subject: enterprise,
            kind,
            state: None,
            note: None,
            detail,
            by: &actor.id,
            at,
        };
        record(db, &deed)?;
    }
    Ok(())
}

fn too_many() -> Refused {
    invalid(
        "of",
        "超过2400个，请缩小范围，或用批量签发任务打印",
        "more than 2,400 codes for one file: narrow the choice, or print them with an issuing run",
    )
}

fn invalid(field: &str, zh: &str, en: &str) -> Refused {
    Refused::Invalid(vec![problem(field, zh, en)])
}
