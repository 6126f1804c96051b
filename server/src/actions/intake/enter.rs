//! Entering an issue: what was typed is checked, the issue gets its number, its
//! contact and its reference, and one event tells it.

use qiyema_protocol::{
    board::State,
    intake::{Contact, IssueLevel},
    problem::FieldProblem,
};

use super::super::{Deed, Refused, Rules, issue::open::number, issue::step::wind, record};
use crate::{
    clock::{Ids, Timestamp},
    courier::mail,
    domain::{
        event::Kind,
        text::{Typed, problem},
    },
    store::{
        columns::{column, word},
        connection::Db,
        directory,
        intake::{self, ContactRow, ReferenceRow},
        issues::{self, IssueRow},
    },
};

/// What was typed, checked.
#[derive(Debug, Clone)]
pub struct Words {
    subject: Typed,
    body: Typed,
    contact: Option<(Typed, Typed, Option<Typed>)>,
    reference: Option<Typed>,
    level: IssueLevel,
}

impl Words {
    /// Checks everything and names every fault.
    pub fn parse(
        subject: &str,
        body: &str,
        contact: Option<&Contact>,
        reference: Option<&str>,
        level: Option<IssueLevel>,
    ) -> Result<Self, Vec<FieldProblem>> {
        let mut faults = Vec::new();
        let mut kept = |typed: Result<Typed, FieldProblem>| typed.map_err(|fault| faults.push(fault)).ok();
        let subject = kept(Typed::line("subject", subject, 2, 80));
        let body = kept(Typed::lines("body", body, 2, 4000));
        let contact = contact.map(|contact| {
            (
                // Whoever calls may leave a number and no name.
                kept(Typed::line("contact.name", &contact.name, 0, 40)),
                kept(phone("contact.phone", &contact.phone)),
                written(contact.email.as_deref()).and_then(|text| kept(mailbox(text))),
            )
        });
        let reference = reference.map(|text| kept(Typed::line("reference", text, 1, 64)));
        let (Some(subject), Some(body), true) = (subject, body, faults.is_empty()) else {
            return Err(faults);
        };
        let contact = contact.and_then(|(name, phone, email)| Some((name?, phone?, email)));
        Ok(Self { subject, body, contact, reference: reference.flatten(), level: level.unwrap_or_default() })
    }

    /// The channel's own number.
    pub fn reference(&self) -> Option<&str> {
        self.reference.as_ref().map(Typed::as_str)
    }
}

/// What is more than blanks.
fn written(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// Where the contact is written to.
fn mailbox(text: &str) -> Result<Typed, FieldProblem> {
    if mail::is_address(text) {
        return Typed::line("contact.email", text, 3, 254);
    }
    Err(problem("contact.email", "请填写电子邮箱地址", "an e-mail address"))
}

/// An issue to enter.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// Enterprise id; it is there.
    pub enterprise: &'a str,
    /// Category id, as sent.
    pub category: &'a str,
    /// Channel id, as sent.
    pub channel: &'a str,
    /// What was typed.
    pub words: &'a Words,
    /// Who enters it: a staff id, a token's, or `owner`.
    pub by: &'a str,
    /// Facts for the event besides channel and category.
    pub detail: serde_json::Value,
}

/// Enters an issue.
pub fn enter(db: &mut Db, entry: &Entry<'_>, rules: &Rules, at: Timestamp) -> Result<IssueRow, Refused> {
    // PostgreSQL takes no NUL, not even to look it up.
    if entry.category.contains('\0') || entry.channel.contains('\0') {
        return Err(Refused::ReferenceUnknown("category"));
    }
    directory::category(db, entry.category)?.ok_or(Refused::ReferenceUnknown("category"))?;
    if !directory::channel_exists(db, entry.channel)? {
        return Err(Refused::ReferenceUnknown("channel"));
    }
    let mut row = row(entry, number(db, rules, at)?, at)?;
    wind(db, &mut row, rules)?;
    issues::insert(db, &row)?;
    hang_on(db, entry, &row)?;
    let mut detail = serde_json::json!({ "channel": entry.channel, "category": entry.category });
    if let (Some(detail), Some(more)) = (detail.as_object_mut(), entry.detail.as_object()) {
        detail.extend(more.clone());
    }
    record(
        db,
        &Deed {
            enterprise: entry.enterprise,
            subject: &row.id,
            kind: Kind::Submitted,
            state: Some(State::Submitted),
            note: None,
            detail,
            by: entry.by,
            at,
        },
    )?;
    Ok(row)
}

/// Contact and reference.
fn hang_on(db: &mut Db, entry: &Entry<'_>, row: &IssueRow) -> Result<(), Refused> {
    if let Some((name, phone, email)) = &entry.words.contact {
        let contact = ContactRow {
            issue_id: row.id.clone(),
            enterprise_id: row.enterprise_id.clone(),
            name: name.as_str().to_owned(),
            phone: phone.as_str().to_owned(),
            email: email.as_ref().map(|email| email.as_str().to_owned()),
        };
        intake::add_contact(db, &contact)?;
    }
    let Some(reference) = entry.words.reference() else { return Ok(()) };
    let reference = ReferenceRow {
        channel_id: entry.channel.to_owned(),
        reference: reference.to_owned(),
        enterprise_id: row.enterprise_id.clone(),
        issue_id: row.id.clone(),
    };
    intake::add_reference(db, &reference).map_err(|error| {
        if crate::store::is_duplicate(&error) { Refused::ReferenceTaken } else { error.into() }
    })
}

fn row(entry: &Entry<'_>, number: String, at: Timestamp) -> Result<IssueRow, Refused> {
    Ok(IssueRow {
        id: Ids.row(),
        enterprise_id: entry.enterprise.to_owned(),
        number,
        subject: entry.words.subject.as_str().to_owned(),
        body: entry.words.body.as_str().to_owned(),
        category_id: entry.category.to_owned(),
        channel_id: entry.channel.to_owned(),
        level: word(entry.words.level)?,
        state: word(State::Submitted)?,
        is_open: true,
        version: 1,
        submitted_at: column(at),
        submitted_by: entry.by.to_owned(),
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
        limit_at: None,
        next_at: None,
        merged_into: None,
        round: 1,
    })
}

/// A telephone number as people write it.
fn phone(field: &str, text: &str) -> Result<Typed, FieldProblem> {
    if text.trim().is_empty() {
        return Err(problem(
            field,
            "请填写联系电话；不留联系方式的，联系人和电子邮箱也请留空",
            "a telephone number goes with a contact person; otherwise leave name and e-mail empty too",
        ));
    }
    let typed = Typed::line(field, text, 5, 20)?;
    let fits = typed.as_str().chars().all(|c| c.is_ascii_digit() || " +-()".contains(c));
    if fits {
        Ok(typed)
    } else {
        Err(problem(field, "电话只能含数字、空格、+和-", "digits, blanks, + and - only"))
    }
}

#[cfg(test)]
mod tests {
    use qiyema_protocol::intake::Contact;

    use super::Words;

    #[test]
    fn every_fault_is_named_at_once() {
        let contact =
            |name: &str, phone: &str| Contact { name: name.into(), phone: phone.into(), email: None };
        let parse = |subject: &str, body: &str, contact: Option<Contact>, reference: Option<&str>| {
            let parsed = Words::parse(subject, body, contact.as_ref(), reference, None);
            parsed.map(drop).map_err(|faults| faults.into_iter().map(|fault| fault.field).collect::<Vec<_>>())
        };
        assert_eq!(parse("用电", "增容", Some(contact("张三", "138 1234-8000")), Some("W-1")), Ok(()));
        assert_eq!(parse("用电", "增容", None, None), Ok(()));
        let all = parse("用", "", Some(contact("", "call me")), Some(&"x".repeat(65))).unwrap_err();
        assert_eq!(all, ["subject", "body", "contact.phone", "reference"]);
        assert_eq!(
            parse("用电", "增容", Some(contact("", "13812348000")), None),
            Ok(()),
            "a number alone will do"
        );
        let nameless = parse("用电", "增容", Some(contact("张三", "")), None).unwrap_err();
        assert_eq!(nameless, ["contact.phone"]);
        let long = parse("用电", "增容", Some(contact(&"张".repeat(41), "13812348000")), None).unwrap_err();
        assert_eq!(long, ["contact.name"]);
    }
}
