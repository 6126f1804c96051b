//! Codes that went void with their key: a run that serves whoever has no code gives their
//! enterprises new ones. The old code says what became of it, and the PIN stays: the key
//! failed, not the enterprise.

use std::collections::{BTreeMap, BTreeSet};

use qiyema_protocol::codes::CodeReason;

use crate::{
    actions::Refused,
    clock::Timestamp,
    store::{
        code_runs::{self, RunRow},
        codes::{self, CodeRow, EndingRow},
        columns::{column, word},
        connection::Db,
        owners,
    },
};

/// The reason in words, as in the record of an old code.
const REASON: &str = "key retired";

/// Void codes of an enterprise.
#[derive(Debug, Default)]
pub(super) struct Void {
    /// Their ids, oldest first.
    pub codes: Vec<String>,
    /// Whether a PIN of the enterprise counts.
    pub has_pin: bool,
}

/// Void codes of these enterprises, by enterprise.
pub(super) fn of(db: &mut Db, ids: &[String], void_keys: &[i32]) -> Result<BTreeMap<String, Void>, Refused> {
    let mut all: BTreeMap<String, Void> = BTreeMap::new();
    for (enterprise, code) in code_runs::void_codes(db, ids.to_vec(), void_keys)? {
        all.entry(enterprise).or_default().codes.push(code);
    }
    if !all.is_empty() {
        let concerned: Vec<String> = all.keys().cloned().collect();
        let rows = owners::current_pins(db, &concerned)?;
        let with_pin: BTreeSet<String> = rows.into_iter().map(|row| row.enterprise_id).collect();
        for (enterprise, void) in &mut all {
            void.has_pin = with_pin.contains(enterprise);
        }
    }
    Ok(all)
}

impl Void {
    /// Ends them in favour of the new one.
    pub(super) fn replaced_by(
        &self,
        db: &mut Db,
        run: &RunRow,
        new: &CodeRow,
        at: Timestamp,
    ) -> Result<(), Refused> {
        for code in &self.codes {
            let ending = EndingRow {
                code_id: code.clone(),
                enterprise_id: new.enterprise_id.clone(),
                kind: "replaced".to_owned(),
                at: column(at),
                by: run.by.clone(),
                reason: REASON.to_owned(),
                replaced_by: Some(new.id.clone()),
                reason_code: word(CodeReason::Other)?,
            };
            codes::end(db, &ending)?;
        }
        Ok(())
    }
}
