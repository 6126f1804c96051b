//! Importing a table of issues: first everything is checked and nothing written,
//! then the rows that are right are entered, some at a time. A row whose
//! reference is known already makes nothing new, so that a broken import is
//! simply done again.

use std::collections::HashMap;

use qiyema_protocol::{
    intake::{ImportFault, ImportReport, Imported},
    text::Text,
};

use super::{
    super::{
        Refused, Rules,
        rights::{self, Actor},
    },
    enter::{Entry, Words, enter},
};
use crate::{
    clock::Timestamp,
    domain::{
        import::{self, Column, Draft},
        sheet::Sheet,
        uscc::Uscc,
    },
    store::{connection::Db, directory, enterprises, intake},
};

/// Rows entered in one transaction: a table must not hold up everybody else's writes.
pub const BATCH: usize = 100;

/// A row that can be entered.
#[derive(Debug, Clone)]
pub struct Ready {
    row: u32,
    enterprise: String,
    category: String,
    words: Words,
}

/// What a check found.
#[derive(Debug, Clone)]
pub struct Checked {
    /// Rows to enter.
    pub ready: Vec<Ready>,
    /// What the caller is told; after a dry run this is all.
    pub report: ImportReport,
}

/// Which rows of a table: from a row on, so many.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// Number of the first row.
    pub first: u32,
    /// Rows, the bad ones counted.
    pub most: usize,
}

/// Checks a table against what is registered; writes nothing.
pub fn check(
    db: &mut Db,
    actor: &Actor,
    channel: &str,
    sheet: &Sheet,
    part: Part,
) -> Result<Checked, Refused> {
    actor.may(rights::Deed::RegisterIssue)?;
    if channel.contains('\0') || !directory::channel_exists(db, channel)? {
        return Err(Refused::ReferenceUnknown("channel"));
    }
    let (drafts, mut faults) = import::drafts(sheet);
    let numbers: Vec<u32> =
        sheet.rows.iter().map(|row| row.number).filter(|number| *number >= part.first).collect();
    let next_row = numbers.get(part.most).copied();
    let within = |row: u32| row == 1 || (row >= part.first && next_row.is_none_or(|next| row < next));
    faults.retain(|fault| within(fault.row));
    let mut desk = Desk::open(db, channel)?;
    let (mut ready, mut known) = (Vec::new(), Vec::new());
    for draft in drafts.into_iter().filter(|draft| within(draft.row)) {
        match desk.look(db, &draft)? {
            Found::Ready(row) => ready.push(row),
            Found::Known(number) => {
                known.push(Imported { row: draft.row, reference: draft.reference, number, made: false });
            }
            Found::Bad(mut bad) => faults.append(&mut bad),
        }
    }
    faults.sort_by_key(|fault| fault.row);
    let mut bad: Vec<u32> = faults.iter().map(|fault| fault.row).collect();
    bad.dedup();
    let count = |rows: usize| u32::try_from(rows).unwrap_or(u32::MAX);
    let report = ImportReport {
        dry_run: true,
        rows: count(numbers.len().min(part.most)),
        fresh: count(ready.len()),
        known: count(known.len()),
        bad: count(bad.len()),
        faults,
        issues: known,
        next_row,
    };
    Ok(Checked { ready, report })
}

/// Enters rows that were checked. One that meanwhile became known, or unfit,
/// leaves the others alone.
pub fn enter_rows(
    db: &mut Db,
    actor: &Actor,
    channel: &str,
    rows: &[Ready],
    rules: &Rules,
    at: Timestamp,
) -> Result<Vec<Imported>, Refused> {
    actor.may(rights::Deed::RegisterIssue)?;
    let mut made = Vec::with_capacity(rows.len());
    for row in rows {
        let reference = row.words.reference().unwrap_or_default().to_owned();
        if let Some(known) = intake::by_reference(db, channel, &reference)? {
            made.push(Imported { row: row.row, reference, number: known.number, made: false });
            continue;
        }
        let entry = Entry {
            enterprise: &row.enterprise,
            category: &row.category,
            channel,
            words: &row.words,
            by: &actor.id,
            detail: serde_json::json!({ "imported_row": row.row }),
        };
        let issue = enter(db, &entry, rules, at)?;
        made.push(Imported { row: row.row, reference, number: issue.number, made: true });
    }
    Ok(made)
}

enum Found {
    Ready(Ready),
    Known(String),
    Bad(Vec<ImportFault>),
}

/// What rows are compared with.
struct Desk<'a> {
    channel: &'a str,
    /// Id by every way to write a category.
    categories: HashMap<String, String>,
    names: Text,
    /// Enterprise ids by USCC, as they are asked for.
    enterprises: HashMap<String, Option<String>>,
}

impl<'a> Desk<'a> {
    fn open(db: &mut Db, channel: &'a str) -> Result<Self, Refused> {
        let rows = directory::categories(db)?;
        let all = |name: fn(&directory::CategoryRow) -> &str| rows.iter().map(name).collect::<Vec<_>>();
        let names = Text::new(all(|row| &row.name_zh).join("、"), all(|row| &row.name_en).join(", "));
        let written = |row: &directory::CategoryRow| {
            [&row.id, &row.name_zh, &row.name_en].map(|name| (name.to_lowercase(), row.id.clone()))
        };
        let categories = rows.iter().flat_map(written).collect();
        Ok(Self { channel, categories, names, enterprises: HashMap::new() })
    }

    fn look(&mut self, db: &mut Db, draft: &Draft) -> Result<Found, Refused> {
        let mut faults = draft.wrong.clone();
        let named = faults.iter().all(|wrong| wrong.column != Column::Reference.name());
        let mut fault = |column, words| faults.push(import::fault(draft.row, column, words));
        let enterprise = match Uscc::parse(&draft.uscc) {
            Err(error) => {
                fault(Column::Uscc, import::bad_uscc(error));
                None
            }
            Ok((uscc, _)) => {
                let found = self.enterprise(db, uscc.as_str())?;
                if found.is_none() {
                    fault(Column::Uscc, import::no_enterprise());
                }
                found
            }
        };
        let category = self.categories.get(&draft.category.to_lowercase()).cloned();
        if category.is_none() {
            fault(Column::Category, import::no_category(&draft.category, &self.names));
        }
        // What is wrong with the reference was told already.
        let (contact, reference) = (draft.contact.as_ref(), named.then_some(&*draft.reference));
        let words = Words::parse(&draft.subject, &draft.body, contact, reference, draft.level);
        let words = words
            .map_err(|wrong| {
                for one in wrong {
                    fault(Column::of_field(&one.field), import::unfit(one.detail));
                }
            })
            .ok();
        // A reference that was unfit was told as well; PostgreSQL takes no NUL.
        let known = match &words {
            Some(_) if named => intake::by_reference(db, self.channel, draft.reference.trim())?,
            _ => None,
        };
        if let (Some(known), Some(enterprise)) = (&known, &enterprise) {
            if known.enterprise_id == *enterprise {
                return Ok(Found::Known(known.number.clone()));
            }
            fault(Column::Reference, import::foreign_reference());
        }
        let (Some(enterprise), Some(category), Some(words), true) =
            (enterprise, category, words, faults.is_empty())
        else {
            return Ok(Found::Bad(faults));
        };
        Ok(Found::Ready(Ready { row: draft.row, enterprise, category, words }))
    }

    fn enterprise(&mut self, db: &mut Db, uscc: &str) -> Result<Option<String>, Refused> {
        if let Some(known) = self.enterprises.get(uscc) {
            return Ok(known.clone());
        }
        let found = enterprises::by_uscc(db, uscc)?.map(|row| row.id);
        self.enterprises.insert(uscc.to_owned(), found.clone());
        Ok(found)
    }
}
