//! A person's inbox: the notices, and marking them as read. It is his alone.

use qiyema_protocol::{
    text::Text,
    webhooks::{Inbox, NoticeView},
};

use super::{Refused, Rules, issue::records::seen, rights::Actor};
use crate::{
    clock::Timestamp,
    domain::notice,
    store::{
        columns::{column, moment, unword},
        connection::Db,
        notices::{self, Shown},
    },
};

/// Notices on one page.
const PAGE: usize = 30;

/// A page of the inbox, the newest first.
pub fn page(db: &mut Db, actor: &Actor, before: Option<&str>, rules: &Rules) -> Result<Inbox, Refused> {
    let before = before.filter(|before| !before.contains('\0'));
    let mut rows = notices::of_person(db, &actor.id, before, i64::try_from(PAGE + 1).unwrap_or(i64::MAX))?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = if more { rows.last().map(|(row, _)| row.id.clone()) } else { None };
    let notices = rows.into_iter().map(|row| view(row, rules)).collect::<Result<_, _>>()?;
    Ok(Inbox { notices, unread: unread(db, actor)?, next })
}

/// How many notices a person has not read.
pub fn unread(db: &mut Db, actor: &Actor) -> Result<u32, Refused> {
    Ok(u32::try_from(notices::unread(db, &actor.id)?).unwrap_or(u32::MAX))
}

/// Marks one notice as read and says which issue it is about.
pub fn read(db: &mut Db, actor: &Actor, id: &str, at: Timestamp) -> Result<String, Refused> {
    if id.contains('\0') {
        return Err(Refused::NotThere);
    }
    let number = notices::number(db, &actor.id, id)?.ok_or(Refused::NotThere)?;
    notices::read(db, &actor.id, id, column(at))?;
    Ok(number)
}

/// Whether a person still sees the issue of a notice: what told a unit that it has it no longer leads nowhere.
pub fn reaches(db: &mut Db, actor: &Actor, number: &str) -> Result<bool, Refused> {
    match seen(db, actor, number) {
        Ok(_) => Ok(true),
        Err(Refused::IssueUnknown) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Marks all notices up to one as read: those that came meanwhile stay unread.
pub fn read_until(db: &mut Db, actor: &Actor, last: &str, at: Timestamp) -> Result<(), Refused> {
    if !last.contains('\0') {
        notices::read_until(db, &actor.id, last, column(at))?;
    }
    Ok(())
}

fn view((row, subject): Shown, rules: &Rules) -> Result<NoticeView, Refused> {
    let mut words = notice::words(unword(&row.kind)?, &rules.limits);
    if let Some(clock) = &row.clock {
        let clock = notice::clock_name(unword(clock)?);
        words = Text::new(format!("{}（{}）", words.zh, clock.zh), format!("{} ({})", words.en, clock.en));
    }
    Ok(NoticeView {
        id: row.id,
        number: row.number,
        subject,
        kind: row.kind,
        words,
        at: moment(row.at),
        unread: row.read_at.is_none(),
    })
}
