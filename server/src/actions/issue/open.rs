//! Registering an issue for an enterprise.

use qiyema_protocol::{
    board::State,
    staff::{IssueView, NewIssue},
};

use super::{
    super::{Deed, Refused, Rules, record},
    read,
    step::wind,
};
use crate::{
    actions::rights::{self, Actor},
    clock::{Ids, Timestamp},
    domain::{event::Kind, text::Typed},
    store::{
        columns::{column, word},
        connection::Db,
        directory, enterprises,
        issues::{self, IssueRow},
    },
};

/// Registers an issue.
pub fn open(
    db: &mut Db,
    actor: &Actor,
    enterprise: &str,
    new: &NewIssue,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    actor.may(rights::Deed::RegisterIssue)?;
    let subject =
        Typed::line("subject", &new.subject, 2, 80).map_err(|fault| Refused::Invalid(vec![fault]))?;
    let body = Typed::lines("body", &new.body, 2, 4000).map_err(|fault| Refused::Invalid(vec![fault]))?;
    enterprises::find(db, enterprise)?.ok_or(Refused::EnterpriseUnknown)?;
    // PostgreSQL takes no NUL, not even to look it up.
    if new.category.contains('\0') || new.channel.contains('\0') {
        return Err(Refused::ReferenceUnknown("category"));
    }
    directory::category(db, &new.category)?.ok_or(Refused::ReferenceUnknown("category"))?;
    if !directory::channel_exists(db, &new.channel)? {
        return Err(Refused::ReferenceUnknown("channel"));
    }
    let mut row = IssueRow {
        id: Ids.row(),
        enterprise_id: enterprise.to_owned(),
        number: number(db, rules, at)?,
        subject: subject.into(),
        body: body.into(),
        category_id: new.category.clone(),
        channel_id: new.channel.clone(),
        level: "county".to_owned(),
        state: word(State::Submitted)?,
        is_open: true,
        version: 1,
        submitted_at: column(at),
        submitted_by: actor.id.clone(),
        accepted_at: None,
        lead_unit_id: None,
        office_id: None,
        handler_id: None,
        first_due_on: None,
        due_on: None,
        due_at: None,
        provisional: false,
        last_kind: word(Kind::Submitted)?,
        last_at: column(at),
        closure_id: None,
        state_at: column(at),
        replied_at: None,
        review_on: None,
        supervision: "none".to_owned(),
        next_clock: None,
        next_at: None,
        merged_into: None,
        round: 1,
    };
    wind(db, &mut row, rules)?;
    issues::insert(db, &row)?;
    record(
        db,
        &Deed {
            enterprise,
            subject: &row.id,
            kind: Kind::Submitted,
            state: Some(State::Submitted),
            note: None,
            detail: serde_json::json!({ "channel": new.channel, "category": new.category }),
            by: &actor.id,
            at,
        },
    )?;
    read::one(db, actor, &row.number, rules, at)
}

/// `Q` + local day + five random digits: readable on the telephone, and it does
/// not tell how many issues a day brings. A taken number is drawn again.
pub fn number(db: &mut Db, rules: &Rules, at: Timestamp) -> Result<String, Refused> {
    loop {
        let random = u32::from_le_bytes(Ids.bytes::<4>().map_err(crate::store::unfit)?) % 100_000;
        let number = format!("Q{}-{random:05}", rules.day(at).format("%Y%m%d"));
        if issues::by_number(db, &number)?.is_none() {
            return Ok(number);
        }
    }
}
