//! The owner and the clock, who take part in the walks beside the staff.

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::Text};
use qiyema_protocol::{owner::NewOwnerIssue, rating::NewRating, seal::Verified, verb::Verb};
use qiyema_server::{
    actions::{
        Refused, Rules, appeal, device, owner,
        rate::{self, Rate, call_back, guard::Origin},
        rights::Actor,
        timed::{self, Done},
    },
    clock::Timestamp,
    domain::event::Kind,
    store::{self, columns::word, connection::Db, events::EventRow, issues::IssueRow},
};
use serde_json::json;

use super::{history, row, sound};

/// The device of an owner who proved the PIN.
pub fn proved(db: &mut Db, seal: Verified, rules: &Rules, at: Timestamp) -> owner::Asked {
    let guess = device::guess(db, seal, "somebody", None, rules, at).unwrap();
    device::remember(db, &guess, None, "a device", rules, at).unwrap();
    owner::Asked { seal, device: Some("a device".to_owned()) }
}

/// What the owner tries, with what kind of event it leaves.
pub fn owner_does(
    db: &mut Db,
    pick: usize,
    number: &str,
    asked: &owner::Asked,
    rules: &Rules,
    at: Timestamp,
) -> (Kind, Result<(), Refused>) {
    let said = "有情况说明";
    let verb = match pick % 9 {
        0 => Verb::Supplement,
        1 => Verb::AddFacts,
        2 => Verb::Appeal,
        3 => Verb::Object,
        4 => Verb::Urge,
        // Now and then, or no walk would get far.
        5 if pick.is_multiple_of(7) => Verb::Withdraw,
        5 | 6 => return (Kind::Rated, rates(db, "bad", number, asked, rules, at)),
        // Somebody who has the code and nothing else.
        7 if pick.is_multiple_of(2) => {
            let passer_by = owner::Asked { seal: asked.seal, device: None };
            return (Kind::Rated, rates(db, "bad", number, &passer_by, rules, at));
        }
        _ => return (Kind::Rated, rates(db, "good", number, asked, rules, at)),
    };
    let done = store::transaction(db, |db| match verb {
        Verb::Supplement => owner::supplement::supplement(db, asked, number, (said, &[]), rules, at),
        Verb::AddFacts => owner::add_facts::add_facts(db, asked, number, (said, &[]), rules, at),
        Verb::Appeal => owner::appeal::appeal(db, asked, number, (said, &[]), rules, at),
        Verb::Object => owner::object::object(db, asked, number, (said, &[]), rules, at),
        Verb::Urge => owner::urge::urge(db, asked, number, None, rules, at),
        _ => owner::withdraw::withdraw(db, asked, number, None, rules, at),
    });
    (Kind::of(verb), done.map(drop))
}

fn rates(
    db: &mut Db,
    verdict: &str,
    number: &str,
    asked: &owner::Asked,
    rules: &Rules,
    at: Timestamp,
) -> Result<(), Refused> {
    let new = serde_json::from_value(json!({ "verdict": verdict })).unwrap();
    let rating = Rate::parse(new, rules).unwrap();
    let (seal, device) = (asked.seal, asked.device.clone());
    let ask = Rate { seal, device, number: number.to_owned(), rating, key: None, origin: Origin::default() };
    store::transaction(db, |db| rate::rate(db, &ask, "qiyema.example", rules, at)).map(drop)
}

/// Somebody appeals against the latest rating of an issue, decides about it, or rates by telephone: gives what
/// was done, if it was allowed.
pub fn reviews(
    db: &mut Db,
    who: &Actor,
    number: &str,
    pick: usize,
    rules: &Rules,
    at: Timestamp,
) -> Option<&'static str> {
    let issue = row(db, number);
    let sql =
        format!("SELECT id AS word FROM ratings WHERE issue_id = '{}' ORDER BY at DESC, id DESC", issue.id);
    let latest = sql_query(sql).load::<Word>(db).unwrap().into_iter().next().map(|row| row.word);
    let reason = "录音核实后认为应当复核";
    let (did, done) = match (pick % 3, latest) {
        (0, Some(rating)) => {
            let new = serde_json::from_value(json!({ "ground": "mistaken", "reason": reason })).unwrap();
            let done = store::transaction(db, |db| appeal::file(db, who, &rating, &new, rules, at));
            ("appeals", done.map(drop))
        }
        (1, Some(rating)) => {
            let judgement = if pick.is_multiple_of(5) { "rejected" } else { "accepted" };
            let new = serde_json::from_value(json!({ "judgement": judgement, "reason": reason })).unwrap();
            let done = store::transaction(db, |db| appeal::decide(db, who, &rating, &new, rules, at));
            ("decides", done.map(drop))
        }
        _ => {
            let new: NewRating = serde_json::from_value(json!({ "verdict": "good" })).unwrap();
            let host = "qiyema.example";
            let done = store::transaction(db, |db| {
                call_back::enter_for(db, who, number, new.clone(), host, rules, at)
            });
            ("rates by telephone", done.map(drop))
        }
    };
    if let Err(refused) = &done {
        assert!(!matches!(refused, Refused::Store(_)), "{} {did}: {refused:?}", who.username);
    }
    done.is_ok().then_some(did)
}

/// Every closure of an issue with who stood behind it.
pub fn closures(db: &mut Db, issue: &str) -> Vec<String> {
    let sql = format!(
        "SELECT id || unit_id || handler_id || result || at || due_on || first_due_on AS word FROM closures \
         WHERE issue_id = '{issue}' ORDER BY at, id"
    );
    sql_query(sql).load::<Word>(db).unwrap().into_iter().map(|row| row.word).collect()
}

/// The owner raises an issue: its number, or none when there were enough for a day.
pub fn raised(db: &mut Db, asked: &owner::Asked, rules: &Rules, at: Timestamp) -> Option<String> {
    let new = NewOwnerIssue {
        category: "power".into(),
        subject: "用电".into(),
        body: "增容".into(),
        contact: None,
    };
    let raised = store::transaction(db, |db| owner::raise::raise(db, asked, &new, &[], rules, at));
    match raised {
        Ok(done) => Some(done.number),
        Err(refused) => {
            assert!(matches!(refused, Refused::TooManyAttempts { .. }), "{refused:?}");
            None
        }
    }
}

/// The timed job comes by, until it finds nothing more to do at this moment.
pub fn clock_acts(db: &mut Db, number: &str, rules: &Rules, at: Timestamp) -> Vec<Verb> {
    let mut did = Vec::new();
    for _ in 0..40 {
        let before = row(db, number);
        let told = history(db, &before);
        let done = store::transaction(db, |db| timed::act(db, &before.id, rules, at)).unwrap();
        let after = row(db, number);
        let later = history(db, &after);
        match done {
            Done::Deed(verb) => {
                one_step(&before, &told, &after, &later, word(Kind::of(verb)).unwrap().as_str(), "clock");
                assert_eq!(promise(&before), promise(&after), "{verb:?}: no clock moves a promise");
                sound(db, &after, rules);
                did.push(verb);
            }
            Done::Rewound => assert_eq!((told.len(), before.version), (later.len(), after.version)),
            Done::Nothing => {
                assert_eq!(format!("{before:?}"), format!("{after:?}"));
                return did;
            }
        }
    }
    panic!("the clock never rests: {did:?}")
}

/// One event more, by this one, and the version after this one.
pub fn one_step(
    before: &IssueRow,
    told: &[EventRow],
    after: &IssueRow,
    later: &[EventRow],
    kind: &str,
    by: &str,
) {
    assert_eq!(after.version, before.version + 1, "{kind}");
    assert_eq!(later.len(), told.len() + 1, "{kind}");
    let last = later.last().unwrap();
    assert_eq!((&*last.kind, &*last.by, last.state.as_ref()), (kind, by, Some(&after.state)));
}

/// What was promised.
pub fn promise(issue: &IssueRow) -> impl PartialEq + std::fmt::Debug + use<> {
    (issue.first_due_on, issue.due_on, issue.due_at)
}

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    word: String,
}

/// Every rating of an issue, whole.
pub fn ratings(db: &mut Db, issue: &str) -> Vec<String> {
    let sql = format!(
        "SELECT id || tier || round || verdict || closure_id || at AS word FROM ratings \
         WHERE issue_id = '{issue}' ORDER BY at, id"
    );
    sql_query(sql).load::<Word>(db).unwrap().into_iter().map(|row| row.word).collect()
}
