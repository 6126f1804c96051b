//! Who may do what about a rating. A unit questions what counts against it, soon; a
//! reviewer what is flagged, whenever; and nobody judges what he had a part in.

use chrono::NaiveDate;
use qiyema_protocol::{appeal::Ground, rating::Verdict, receipt::Standing, text::Text};

use super::super::{
    Refused, Rules,
    issue::apart,
    receipt,
    rights::{Actor, Deed},
};
use crate::{
    clock::Timestamp,
    domain::deadline::{self, Limit, Promised},
    store::{
        appeals::Listed,
        columns::{moment, unword},
        connection::Db,
        receipts, timed,
    },
};

/// What a person may do about a rating against which nobody has appealed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Able {
    /// On these grounds.
    pub grounds: &'static [Ground],
    /// The last day of the unit, for its people, where there is something to appeal against.
    pub until: Option<NaiveDate>,
    /// Why the unit may not.
    pub hindrance: Option<Hindrance>,
}

/// Why a unit may not appeal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hindrance {
    /// The rating does not count against it.
    NotAgainst,
    /// The time is over.
    Over(NaiveDate),
}

impl Hindrance {
    /// Said to whoever asks.
    pub fn refused(self) -> Refused {
        Refused::Unmet(match self {
            Self::NotAgainst => Text::new(
                "单位只能对计入考核的差评提出申诉；好评和不计入的评价不能申诉。",
                "A unit appeals against a bad rating that counts; not against a good one, nor one that does not count.",
            ),
            Self::Over(day) => Text::new(
                format!("申诉期限已过，最后一天是{day}。"),
                format!("The time to appeal is over; the last day was {day}."),
            ),
        })
    }
}

/// Until when a unit may appeal against a rating.
pub fn until(row: &Listed, rules: &Rules) -> Promised {
    let days = Limit::WorkingDays(rules.limits.file_appeal);
    deadline::promise(moment(row.rating.at), days, &rules.calendar, rules.zone)
}

/// What this person may do, while there is no appeal: the unit's administrator on the unit's grounds, a reviewer
/// apart from it because it is flagged.
pub fn able(
    db: &mut Db,
    actor: &Actor,
    row: &Listed,
    flagged: bool,
    rules: &Rules,
    at: Timestamp,
) -> Result<Able, Refused> {
    if actor.units.contains(&row.unit.0) && actor.may(Deed::AppealRating).is_ok() {
        if !against(db, row, rules)? {
            return Ok(Able { hindrance: Some(Hindrance::NotAgainst), ..Able::default() });
        }
        let last = until(row, rules);
        return Ok(if at > last.due_at {
            Able {
                until: Some(last.due_on),
                hindrance: Some(Hindrance::Over(last.due_on)),
                ..Able::default()
            }
        } else {
            Able {
                grounds: &[Ground::Mistaken, Ground::Malicious],
                until: Some(last.due_on),
                hindrance: None,
            }
        });
    }
    let reviews = flagged && actor.may(Deed::JudgeAppeal).is_ok() && !concerned(db, actor, row)?;
    Ok(Able { grounds: if reviews { &[Ground::Suspect] } else { &[] }, ..Able::default() })
}

/// Whether a rating is bad and counts.
fn against(db: &mut Db, row: &Listed, rules: &Rules) -> Result<bool, Refused> {
    if unword::<Verdict>(&row.rating.verdict)? != Verdict::Bad {
        return Ok(false);
    }
    let rows = receipts::of_closure(db, &row.rating.closure_id)?;
    let Some(own) = rows.iter().find(|one| one.rating.id == row.rating.id) else { return Ok(false) };
    Ok(receipt::standing(own, &rows, rules.figures.unverified)? == Standing::Counted)
}

/// Of the unit now or when the issue was closed, ever of the issue's people, or the one who appealed: nobody
/// judges his own work.
pub fn concerned(db: &mut Db, actor: &Actor, row: &Listed) -> Result<bool, Refused> {
    if actor.units.contains(&row.unit.0)
        || row.handler_id == actor.id
        || row.appeal.as_ref().is_some_and(|appeal| appeal.by == actor.id)
    {
        return Ok(true);
    }
    let issue = timed::issue(db, &row.rating.issue_id)?.ok_or(Refused::NotThere)?;
    Ok(apart::stood_behind(db, actor, &issue)? || apart::belonged(db, actor, &row.unit.0, row.closed_at)?)
}
