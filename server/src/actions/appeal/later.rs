//! Who came later than an appeal. Whoever was given the role that decides, or an account with it, when the appeal was
//! filed already, does not decide while those who had it before are enough: or whoever gives roles would choose the
//! judges of a case that he knows. The trail of administration tells; it is in the log, and nobody changes it.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDateTime;
use qiyema_protocol::{appeal::RoleGiven, staff::Role, text::Text};

use super::{
    super::{
        Refused, Rules,
        admin::people::NO_PASSWORD,
        rights::{Actor, Deed},
        session,
    },
    able,
};
use crate::store::{
    QueryResult,
    admin_events::{self, AdminEventRow},
    appeals::{AppealRow, DecisionRow, Listed},
    columns::{moment, unword, word},
    connection::Db,
    flow, people,
};

/// Deeds by which somebody comes to be one of those who decide.
const DEEDS: [&str; 5] =
    ["person_made", "person_edited", "person_enabled", "password_link_made", "password_set_by_link"];

/// How somebody came to be one of those who decide.
#[derive(Debug, Clone)]
pub struct Came {
    /// When.
    pub at: NaiveDateTime,
    /// Staff id of who did it.
    pub by: String,
}

impl Came {
    /// The same, with the name of who did it.
    pub fn given(&self, names: &HashMap<String, String>) -> RoleGiven {
        let by = names.get(&self.by).unwrap_or(&self.by).clone();
        RoleGiven { by, at: moment(self.at) }
    }
}

/// How several people came to be of those who decide, oldest first.
#[derive(Debug, Default)]
pub struct Comings(HashMap<String, Vec<Came>>);

impl Comings {
    /// As the trail tells.
    pub fn of(db: &mut Db, people: &[String]) -> QueryResult<Self> {
        if people.is_empty() {
            return Ok(Self::default());
        }
        let mut comings: HashMap<String, Vec<Came>> = HashMap::new();
        // Accounts that nobody can use yet, and who made the last link to set a password.
        let (mut spare, mut linked) = (HashSet::new(), HashMap::new());
        for row in admin_events::of_several(db, "staff", people, &DEEDS)? {
            let (at, who) = (row.at, row.subject_id.clone());
            let by = match &*row.kind {
                "password_link_made" => {
                    linked.insert(who, row.by);
                    continue;
                }
                // An account begins with its first password: one that was kept in store is not an old one.
                "password_set_by_link" if spare.remove(&who) => linked.get(&who).cloned(),
                "password_set_by_link" => continue,
                kind => {
                    // At the machine an account is made with its password.
                    if kind == "person_made" && row.by != Actor::at_the_machine().id {
                        spare.insert(who.clone());
                    }
                    gives(&row).then(|| row.by.clone())
                }
            };
            if let Some(by) = by {
                comings.entry(who).or_default().push(Came { at, by });
            }
        }
        Ok(Self(comings))
    }

    /// The last time that somebody came after an appeal was filed, and before he decided on it, if he has.
    pub fn later(&self, person: &str, filed: NaiveDateTime, decided: Option<NaiveDateTime>) -> Option<&Came> {
        let within = |came: &&Came| came.at > filed && decided.is_none_or(|decided| came.at <= decided);
        self.0.get(person)?.iter().rev().find(within)
    }

    /// Staff ids of who did it.
    pub fn givers(&self) -> impl Iterator<Item = String> {
        self.0.values().flatten().map(|came| came.by.clone())
    }
}

/// Whether a deed makes somebody one of those who decide who was none before. An account that was disabled is nobody's,
/// and one with another name may be somebody else's.
fn gives(row: &AdminEventRow) -> bool {
    let detail: serde_json::Value = serde_json::from_str(&row.detail).unwrap_or_default();
    match &*row.kind {
        "person_enabled" => true,
        "person_made" => decides(detail.get("roles")),
        _ => {
            let another = detail.pointer("/from/name") != detail.pointer("/to/name");
            decides(detail.pointer("/to/roles")) && (another || !decides(detail.pointer("/from/roles")))
        }
    }
}

/// Whether one of these roles decides.
fn decides(roles: Option<&serde_json::Value>) -> bool {
    let words = roles.and_then(serde_json::Value::as_array).into_iter().flatten();
    words
        .filter_map(serde_json::Value::as_str)
        .any(|one| unword::<Role>(one).is_ok_and(|role| Deed::JudgeAppeal.roles().contains(&role)))
}

/// Everybody who decides and can sign in, and how they came to it.
#[derive(Debug)]
pub struct Bench {
    people: Vec<Actor>,
    comings: Comings,
}

impl Bench {
    /// As it is now.
    pub fn of(db: &mut Db) -> Result<Self, Refused> {
        let words = Deed::JudgeAppeal.roles().iter().map(word).collect::<QueryResult<Vec<_>>>()?;
        let mut judges = Vec::new();
        for id in people::holders(db, &words)? {
            let Some(person) = people::find(db, &id)? else { continue };
            // Who never set a password, or may not sign in, helps nobody.
            if person.row.disabled_at.is_none() && person.row.password_hash != NO_PASSWORD {
                judges.push(session::acting(person, "")?);
            }
        }
        let ids: Vec<String> = judges.iter().map(|one| one.id.clone()).collect();
        Ok(Self { people: judges, comings: Comings::of(db, &ids)? })
    }

    /// Whether those who decided before an appeal was filed can settle it: as many of them may still decide as are
    /// needed. An appeal is never left without anybody only because people left.
    pub fn enough(
        &self,
        db: &mut Db,
        row: &Listed,
        appeal: &AppealRow,
        decided: &[&DecisionRow],
    ) -> Result<bool, Refused> {
        // Two who agree, or the third of two who do not.
        let needed = 2_usize.saturating_sub(decided.len()).max(1);
        let mut able = 0;
        for person in &self.people {
            let spoke = decided.iter().any(|one| one.by == person.id);
            if spoke || self.comings.later(&person.id, appeal.at, None).is_some() {
                continue;
            }
            able += usize::from(!able::concerned(db, person, row)?);
            if able >= needed {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Refuses whoever came later, while the others are enough.
pub fn refuse(
    db: &mut Db,
    actor: &Actor,
    row: &Listed,
    appeal: &AppealRow,
    decided: &[DecisionRow],
    rules: &Rules,
) -> Result<(), Refused> {
    let comings = Comings::of(db, std::slice::from_ref(&actor.id))?;
    let Some(came) = comings.later(&actor.id, appeal.at, None) else { return Ok(()) };
    let decided: Vec<&DecisionRow> = decided.iter().collect();
    if !Bench::of(db)?.enough(db, row, appeal, &decided)? {
        return Ok(());
    }
    let names = flow::names(db, vec![came.by.clone()])?.into_iter().collect();
    Err(Refused::OwnWork(why(&came.given(&names), rules)))
}

/// Why somebody who came later does not decide.
pub fn why(given: &RoleGiven, rules: &Rules) -> Text {
    let (day, by) = (rules.day(given.at), &given.by);
    Text::new(
        format!("您在申诉提出后才取得复核资格（{day}，由{by}授予），请由此前已有资格的人员复核。"),
        format!(
            "You were given the role that decides after this appeal was filed ({day}, by {by}); those who had it \
             before decide."
        ),
    )
}

/// How many of those who agree on what came of an appeal came later than it.
pub fn agreeing(
    db: &mut Db,
    appeal: NaiveDateTime,
    decided: &[(String, NaiveDateTime)],
) -> QueryResult<usize> {
    let people: Vec<String> = decided.iter().map(|(by, _)| by.clone()).collect();
    let comings = Comings::of(db, &people)?;
    Ok(decided.iter().filter(|(by, at)| comings.later(by, appeal, Some(*at)).is_some()).count())
}
