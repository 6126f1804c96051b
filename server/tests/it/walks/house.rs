//! The administrator, who changes roles, units, categories, settings and the calendar while issues are on their way; and
//! what walks met of all that makes a rating count or not.

use std::collections::BTreeMap;

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::BigInt};
use qiyema_protocol::{
    administration::{EditCategory, EditPerson},
    directory::CalendarFile,
    figures::Received,
    staff::Role,
    verb::Verb,
};
use qiyema_server::{
    actions::{
        Refused, Rules,
        admin::{
            category, people,
            settings::{self, Key},
        },
        calendar::import::{self, Reach},
        owner,
        rights::Actor,
        timed::recompute,
    },
    clock::Timestamp,
    domain::figures::{book::Dimension, formula},
    store::{self, columns::unword, connection::Db, directory, figures::sums, people as rows},
};
use serde_json::json;

use super::{
    deeds::{Asked, perform},
    others::owner_does,
    reviews::{Review, What, bad, reviews},
    row,
};
use crate::harness::Town;

/// The days off of a year that walks come to.
const NOTICE: &str = r#"{"year":2027,"days":[
    {"name":"元旦","date":"2027-01-01","isOffDay":true},{"name":"元旦","date":"2027-01-04","isOffDay":true},
    {"name":"元旦","date":"2027-01-09","isOffDay":false}]}"#;

/// What walks come to.
pub const COME_TO: [&str; 37] = [
    "Accept",
    "Assign",
    "SignFor",
    "Reach",
    "RequestReturn",
    "RuleReturn",
    "OpenConference",
    "HoldConference",
    "RequestDeferral",
    "RefuseDeferral",
    "Defer",
    "ReviewDeferral",
    "Resume",
    "Report",
    "SendBack",
    "Close",
    "Object",
    "Fix",
    "Reopen",
    "Archive",
    "Notify",
    "the owner: Rated",
    "the owner: Objected",
    "the owner: FactsAdded",
    "the clock: SignFor",
    "the clock: LapseSupplement",
    "the clock: Lapse",
    "the clock: Remind",
    "rates by telephone: follow_up_officer",
    "appeals: ",
    "decides: ",
    "the administrator: a role",
    "the administrator: a unit",
    "the administrator: a category's use",
    "the administrator: a category's unit",
    "the administrator: the calendar",
    "the administrator: a setting",
];

/// Everything that is counted of ratings, in SQL.
const MET: [(&str, &str); 7] = [
    ("left out", "SELECT count(*) AS n FROM appeal_outcomes WHERE judgement = 'accepted'"),
    (
        "superseded",
        "SELECT count(*) AS n FROM ratings r JOIN ratings o ON o.closure_id = r.closure_id \
         WHERE r.round = 'first' AND r.tier <> 'owner' AND o.round = 'first' AND o.tier = 'owner'",
    ),
    (
        "unverified",
        "SELECT count(*) AS n FROM ratings r WHERE r.round = 'first' AND r.tier <> 'owner' AND NOT EXISTS \
         (SELECT 1 FROM ratings o WHERE o.closure_id = r.closure_id AND o.round = 'first' AND o.tier = 'owner')",
    ),
    ("second", "SELECT count(*) AS n FROM ratings WHERE round = 'second'"),
    ("of a rectification", "SELECT count(*) AS n FROM ratings WHERE round = 'rectification'"),
    ("by a link", "SELECT count(*) AS n FROM rating_proofs WHERE proof = 'invitation'"),
    ("flagged", "SELECT count(*) AS n FROM rating_flags WHERE reason = 'office_network'"),
];

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// How many there are of each.
pub fn met(db: &mut Db) -> BTreeMap<&'static str, i64> {
    let count = |(name, sql): (&'static str, &str)| (name, sql_query(sql).get_result::<Count>(db).unwrap().n);
    MET.into_iter().map(count).collect()
}

/// First ratings of all units, as the figures have them: received, and each way in which one is counted.
pub fn in_the_figures(town: &Town) -> [u32; 5] {
    let mut db = town.shared.store.connection().unwrap();
    let always = ("2000-01-01".parse().unwrap(), "2199-12-31".parse().unwrap());
    let mut total = [0; 5];
    for (_, _, sums) in sums::between(&mut db, sums::DAY, Dimension::Unit, always).unwrap() {
        let Received { received, counted, unverified, superseded, excluded, .. } =
            formula::received(&sums, always.1);
        for (sum, n) in total.iter_mut().zip([received, counted, unverified, superseded, excluded]) {
            *sum += n;
        }
    }
    total
}

/// What the administrator changes, and in which rules that leaves everybody.
pub struct House {
    /// Who administers.
    pub admin: Actor,
    /// The rules of the settings file.
    pub base: Rules,
}

impl House {
    /// One change: gives what it was, if it was made.
    pub fn changes(&self, db: &mut Db, pick: usize, rules: &Rules, at: Timestamp) -> Option<&'static str> {
        let (did, done) = match pick % 6 {
            0 => ("a role", self.role(db, "code_issuer", rules, at)),
            1 => ("a unit", self.unit(db, "sunyue", "jxj", rules, at)),
            2 => ("a category's use", self.retires(db, "land", at)),
            3 => ("a category's unit", self.moves(db, "power", rules, at)),
            4 if !rules.calendar.is_official(2027) => ("the calendar", self.publishes(db, rules, at)),
            _ => ("a setting", self.setting(db, rules, at)),
        };
        if let Err(refused) = &done {
            assert!(!matches!(refused, Refused::Store(_)), "{did}: {refused:?}");
        }
        done.is_ok().then_some(did)
    }

    /// Somebody is one of those who decide on appeals, or no longer.
    fn role(&self, db: &mut Db, who: &str, rules: &Rules, at: Timestamp) -> Result<(), Refused> {
        self.edits(db, who, rules, at, |ask| {
            if ask.roles.contains(&Role::PerformanceReviewer) {
                ask.roles.retain(|role| *role != Role::PerformanceReviewer);
            } else {
                ask.roles.push(Role::PerformanceReviewer);
            }
        })
    }

    /// Somebody works for another unit as well, or no longer.
    fn unit(&self, db: &mut Db, who: &str, unit: &str, rules: &Rules, at: Timestamp) -> Result<(), Refused> {
        self.edits(db, who, rules, at, |ask| {
            if ask.units.iter().any(|one| one == unit) {
                ask.units.retain(|one| one != unit);
            } else {
                ask.units.push(unit.to_owned());
            }
        })
    }

    fn edits(
        &self,
        db: &mut Db,
        who: &str,
        rules: &Rules,
        at: Timestamp,
        change: impl FnOnce(&mut EditPerson),
    ) -> Result<(), Refused> {
        let known = rows::by_username(db, who).unwrap().unwrap();
        let beside = known.units.into_iter().filter(|one| known.unit_id.as_ref() != Some(one));
        let mut ask = EditPerson {
            name: known.row.name,
            post: known.row.post,
            roles: known.roles.iter().map(|role| unword(role).unwrap()).collect(),
            office: known.row.office_id,
            units: beside.collect(),
        };
        change(&mut ask);
        store::transaction(db, |db| people::edit(db, &self.admin, &known.row.id, &ask, rules, at)).map(drop)
    }

    fn retires(&self, db: &mut Db, category: &str, at: Timestamp) -> Result<(), Refused> {
        let used = directory::category(db, category).unwrap().unwrap().retired_at.is_none();
        store::transaction(db, |db| category::retire(db, &self.admin, category, used, at))
    }

    /// Another unit leads a category from now on.
    fn moves(&self, db: &mut Db, category: &str, rules: &Rules, at: Timestamp) -> Result<(), Refused> {
        let row = directory::category(db, category).unwrap().unwrap();
        let lead = if row.lead_unit_id.as_deref() == Some("gdj") { "jxj" } else { "gdj" };
        let ask: EditCategory = serde_json::from_value(json!({
            "name_zh": row.name_zh, "name_en": row.name_en, "parent": row.parent_id, "grade": row.grade,
            "working_days": row.limit_working_days, "hours": row.limit_hours, "lead_unit": lead,
            "position": row.position,
        }))
        .unwrap();
        store::transaction(db, |db| category::edit(db, &self.admin, category, &ask, rules, at)).map(drop)
    }

    /// Whether a rating with the code alone counts.
    fn setting(&self, db: &mut Db, rules: &Rules, at: Timestamp) -> Result<(), Refused> {
        let new = (!rules.figures.unverified).to_string();
        self.sets(db, Some(&new), rules, at)
    }

    /// As the settings file has it again.
    pub fn resets(&self, db: &mut Db, rules: &Rules, at: Timestamp) {
        self.sets(db, None, rules, at).unwrap();
    }

    fn sets(&self, db: &mut Db, new: Option<&str>, rules: &Rules, at: Timestamp) -> Result<(), Refused> {
        store::transaction(db, |db| {
            settings::set(db, &self.admin, Key::CountUnverified, new, (rules, &self.base), at)
        })
    }

    /// A year becomes official, and the job counts anew what it touches.
    fn publishes(&self, db: &mut Db, rules: &Rules, at: Timestamp) -> Result<(), Refused> {
        while let Some(page) = recompute::page(db, rules, 200)? {
            recompute::turn(db, &page)?;
        }
        let (file, reach) = (CalendarFile { text: NOTICE.into() }, Reach::From(rules.day(at)));
        store::transaction(db, |db| import::take(db, &self.admin, &file, reach, at))?;
        let new = self.in_force(db);
        while let Some(page) = recompute::page(db, &new, 200)? {
            for id in &page.issues {
                store::transaction(db, |db| recompute::one(db, id, &page, &new, at))?;
            }
            recompute::turn(db, &page)?;
        }
        Ok(())
    }

    /// The rules as they are now.
    pub fn in_force(&self, db: &mut Db) -> Rules {
        settings::in_force(db, &self.base).unwrap()
    }
}

/// Two issues on the straight way: a rating that is left out, and one that the owner's supersedes with a second one after
/// it. No luck is needed for these.
pub fn opening(
    db: &mut Db,
    people: &[Actor],
    [first, second]: [&str; 2],
    asked: &owner::Asked,
    rules: &Rules,
    at: Timestamp,
) {
    let way = [
        ("intake_officer", Verb::Accept),
        ("dispatcher", Verb::Assign),
        ("qianfeng", Verb::Progress),
        ("qianfeng", Verb::Report),
        ("closure_reviewer", Verb::Close),
    ];
    for number in [first, second] {
        for (who, verb) in way {
            let actor = people.iter().find(|one| one.username == who).unwrap();
            let version = row(db, number).version;
            let ask = Asked { actor, number, other: number, version, with: 0, rules, at };
            perform(db, verb, &ask).unwrap().unwrap();
        }
    }
    // Somebody who has the code and nothing else, then the owner: bad; good; good once more.
    for (number, pick) in
        [(first, (16, 4)), (first, (6, 4)), (second, (16, 4)), (second, (8, 4)), (second, (8, 2))]
    {
        owner_does(db, pick, number, asked, rules, at).1.unwrap();
    }
    let place = |who: &str| people.iter().position(|one| one.username == who).unwrap();
    let issue = row(db, first).id;
    let rating = bad(db, &issue).unwrap();
    for (who, what) in
        [("hanxue", What::Appeals), ("performance_reviewer", What::Decides), ("supervisor", What::Decides)]
    {
        let steered = Some((what, rating.clone()));
        let ask = Review { people, who: place(who), number: first, pick: 1, steered, rules, at };
        assert!(reviews(db, &ask).unwrap().ends_with(who), "{who}");
    }
}
