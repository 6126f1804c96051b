//! The owner and the clock, who take part in the walks beside the staff.

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::Text};
use qiyema_protocol::{owner::NewOwnerIssue, seal::Verified, verb::Verb};
use qiyema_server::{
    actions::{
        Refused, Rules, device, owner,
        rate::{self, Rate, guard::Origin, invited},
        timed::{self, Done},
    },
    clock::Timestamp,
    domain::event::Kind,
    secrets::invitation::Opened,
    store::{self, columns::word, connection::Db, events::EventRow, issues::IssueRow},
};
use serde_json::json;

use super::{history, row, sound};

/// Where receipts are said to come from.
pub const HOST: &str = "qiyema.example";

/// The device of an owner who proved the PIN.
pub fn proved(db: &mut Db, seal: Verified, rules: &Rules, at: Timestamp) -> owner::Asked {
    let guess = device::guess(db, seal, "somebody", None, rules, at).unwrap();
    device::remember(db, &guess, None, "a device", rules, at).unwrap();
    owner::Asked { seal, device: Some("a device".to_owned()) }
}

/// What the owner tries, with what kind of event it leaves; `how` picks which rating, and by which way.
pub fn owner_does(
    db: &mut Db,
    (pick, how): (usize, usize),
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
        5 | 6 => return (Kind::Rated, rates(db, ("bad", how), number, asked, rules, at)),
        // Somebody who has the code and nothing else.
        7 if pick.is_multiple_of(2) => {
            let passer_by = owner::Asked { seal: asked.seal, device: None };
            return (Kind::Rated, rates(db, ("bad", 4), number, &passer_by, rules, at));
        }
        _ => return (Kind::Rated, rates(db, ("good", how), number, asked, rules, at)),
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

/// A rating of another round or by the link, if that can be given now; else the first one with the PIN.
fn rates(
    db: &mut Db,
    (verdict, how): (&str, usize),
    number: &str,
    asked: &owner::Asked,
    rules: &Rules,
    at: Timestamp,
) -> Result<(), Refused> {
    let round = match how % 5 {
        2 => "second",
        3 => "rectification",
        _ => "first",
    };
    let new = serde_json::from_value(json!({ "verdict": verdict, "round": round })).unwrap();
    let rating = Rate::parse(new, rules).unwrap();
    // Now and then from a network of the offices: that is flagged, and changes nothing else.
    let origin = Origin { office: how.is_multiple_of(3), ..Origin::default() };
    let link = if how % 5 == 1 { invitation(db, number) } else { None };
    let done = if let Some(link) = link {
        store::transaction(db, |db| invited::rate(db, &link, (&rating, &origin), HOST, rules, at)).map(drop)
    } else {
        let (seal, device) = (asked.seal, asked.device.clone());
        let ask = Rate { seal, device, number: number.to_owned(), rating, key: None, origin };
        store::transaction(db, |db| rate::rate(db, &ask, HOST, rules, at)).map(drop)
    };
    match done {
        Err(refused) if matches!(how % 5, 1..=3) => {
            assert!(!matches!(refused, Refused::Store(_)), "{refused:?}");
            rates(db, (verdict, 4), number, asked, rules, at)
        }
        done => done,
    }
}

/// The link of the latest invitation of an issue.
fn invitation(db: &mut Db, number: &str) -> Option<Opened> {
    let issue = row(db, number).id;
    let sql = format!(
        "SELECT id AS word FROM rating_invitations WHERE issue_id = '{issue}' ORDER BY at DESC, id DESC"
    );
    let latest = sql_query(sql).load::<Word>(db).unwrap().into_iter().next();
    latest.map(|row| Opened { invitation: row.word, webhook: None })
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

/// One text of a row.
#[derive(QueryableByName)]
pub struct Word {
    #[diesel(sql_type = Text)]
    pub word: String,
}

/// Every rating of an issue, whole.
pub fn ratings(db: &mut Db, issue: &str) -> Vec<String> {
    let sql = format!(
        "SELECT id || tier || round || verdict || closure_id || at AS word FROM ratings \
         WHERE issue_id = '{issue}' ORDER BY at, id"
    );
    sql_query(sql).load::<Word>(db).unwrap().into_iter().map(|row| row.word).collect()
}
