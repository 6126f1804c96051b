//! Registering an issue for an enterprise, at the window.

use chrono::NaiveDate;
use qiyema_protocol::{
    staff::{IssueView, NewIssue},
    text::Text,
};

use super::{
    super::{
        Refused, Rules,
        intake::enter::{Entry, Words, enter},
    },
    read,
};
use crate::{
    actions::rights::{self, Actor},
    clock::{Ids, Timestamp},
    store::{connection::Db, enterprises, issues},
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
    let (contact, reference) = (new.contact.as_ref(), new.reference.as_deref());
    let words =
        Words::parse(&new.subject, &new.body, contact, reference, new.level).map_err(Refused::Invalid)?;
    enterprises::find(db, enterprise)?.ok_or(Refused::EnterpriseUnknown)?;
    let entry = Entry {
        enterprise,
        category: &new.category,
        channel: &new.channel,
        words: &words,
        by: &actor.id,
        detail: serde_json::Value::Null,
    };
    let row = enter(db, &entry, rules, at)?;
    read::one(db, actor, &row.number, rules, at)
}

/// `Q` + local day + five random digits: readable on the telephone, and it does
/// not tell how many issues a day brings. A taken number is drawn again.
pub fn number(db: &mut Db, rules: &Rules, at: Timestamp) -> Result<String, Refused> {
    let chance =
        || Ids.bytes::<4>().map(u32::from_le_bytes).map_err(|error| crate::store::unfit(error).into());
    draw(db, rules.day(at), chance)
}

/// Digits of a number, and how often one of so many is drawn before the next: on a day whose short numbers are
/// nearly used up the others wait for nobody.
const DRAWS: [(usize, u32, u32); 2] = [(5, 100_000, 12), (8, 100_000_000, 12)];

/// The number of a day by this chance; refused when it names nothing but what is taken.
pub fn draw(
    db: &mut Db,
    day: NaiveDate,
    mut chance: impl FnMut() -> Result<u32, Refused>,
) -> Result<String, Refused> {
    for (digits, of, draws) in DRAWS {
        for _ in 0..draws {
            let number = format!("Q{}-{:0digits$}", day.format("%Y%m%d"), chance()? % of);
            if issues::by_number(db, &number)?.is_none() {
                return Ok(number);
            }
        }
    }
    Err(Refused::Unmet(Text::new(
        "今天的问题编号暂时取不到，请稍后重新登记。",
        "No free number was found for an issue of today. Please register it again in a moment.",
    )))
}
