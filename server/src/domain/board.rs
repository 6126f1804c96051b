//! The board as a pure function of facts, a tier and a moment. What the scan
//! tier must not see is left out here, once, for every front.

use chrono::NaiveDate;
use chrono_tz::Tz;
use qiyema_protocol::{
    beside::{ConferenceView, DeferralView, FirstContactView, RectificationView},
    board::{Card, ClosureView, Lamp, Outcome, OwnerView, Promise, PromiseChange, Responsible, State, Step},
    history::HistoryEntry,
    intake::AttachmentView,
    rating::{Round, Tier},
    staff::Supervision,
    text::Text,
    verb::Verb,
};

use super::{
    calendar::Calendar,
    deadline,
    event::Kind,
    mask,
    rounds::{Given, Rateable},
    words, workflow,
};
use crate::clock::Timestamp;

/// Something that happened to an issue.
#[derive(Debug, Clone)]
pub struct Happened {
    /// What.
    pub kind: Kind,
    /// The sentence of it, where its facts say more than its kind.
    pub told: Option<Text>,
    /// When.
    pub at: Timestamp,
    /// Note, shown to the owner if the kind's notes are written for them.
    pub note: Option<String>,
}

impl Happened {
    fn sentence(&self) -> Option<Text> {
        self.told.clone().or_else(|| self.kind.public_sentence())
    }
}

/// A closure and the ratings it has.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Closed {
    pub result: Outcome,
    pub at: Timestamp,
    pub rate_until: NaiveDate,
    pub reply: String,
    pub given: Vec<Given>,
    pub fixed_at: Option<Timestamp>,
    /// Days in which a further rating can be given.
    pub days: u32,
}

/// All that is known of an issue.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Facts {
    pub number: String,
    pub state: State,
    /// State of the issue that a merged one follows.
    pub follows: Option<State>,
    /// Number of that issue, if it is the same enterprise's.
    pub followed: Option<String>,
    pub category: Text,
    pub unit: Option<Text>,
    pub office: Option<(Text, String)>,
    /// Name and post.
    pub handler: Option<(String, String)>,
    pub submitted_at: Timestamp,
    pub last: Happened,
    pub first_due_on: Option<NaiveDate>,
    pub due_on: Option<NaiveDate>,
    pub due_at: Option<Timestamp>,
    pub provisional: bool,
    pub changes: Vec<PromiseChange>,
    pub closure: Option<Closed>,
    pub round: u32,
    pub supervision: Supervision,
    pub first_contact: Option<FirstContactView>,
    /// Last day to accept it, or to add what was asked for.
    pub step_until: Option<NaiveDate>,
    pub review_on: Option<NaiveDate>,
    pub conference: Option<ConferenceView>,
    pub rectification: Option<RectificationView>,
    pub history: Vec<Happened>,
    /// Files that the owner may see.
    pub attachments: Vec<AttachmentView>,
    pub subject: String,
    pub body: String,
}

/// Draws one card.
#[must_use]
pub fn card(
    mut facts: Facts,
    tier: Tier,
    calendar: &Calendar,
    zone: Tz,
    full_names: bool,
    now: Timestamp,
) -> Card {
    if workflow::is_open(facts.state) || matches!(facts.state, State::Withdrawn | State::Merged) {
        // Reopened, and perhaps ended otherwise since: what was closed before stands in the history.
        facts.closure = None;
    }
    let rated = facts.closure.as_ref().is_some_and(|closed| !closed.given.is_empty());
    let (lamp, promise) = promise(&facts, calendar, zone, now);
    let today = now.with_timezone(&zone).date_naive();
    let closure = facts.closure.as_ref().map(|closed| closure_view(closed, tier, facts.state, today, zone));
    let mut state = state_text(&facts);
    if facts.state == State::Closed && closure.as_ref().is_some_and(|view| !view.rateable) {
        // Nobody is asked for what was given, or for what nobody can give any more.
        state = Text::new("已办结", "Closed");
    }
    Card {
        step: workflow::step(facts.follows.unwrap_or(facts.state), rated),
        state: facts.state,
        state_text: state,
        submitted_at: facts.submitted_at,
        responsible: responsible(&facts, full_names),
        last_action: facts.last.sentence().unwrap_or_else(|| state_text(&facts)),
        last_at: facts.last.at,
        promise,
        lamp,
        closure,
        round: facts.round,
        supervision: facts.supervision,
        follows: facts.followed.clone(),
        first_contact: facts.first_contact,
        step_until: facts.step_until,
        deferral: facts
            .review_on
            .filter(|_| facts.state == State::Deferred)
            .map(|review_on| DeferralView { review_on }),
        conference: facts.conference.clone(),
        rectification: facts.rectification.clone(),
        owner: (tier == Tier::Owner).then(|| owner_view(&facts, deeds(&facts, calendar, zone, today))),
        number: facts.number,
        category: facts.category,
    }
}

fn state_text(facts: &Facts) -> Text {
    if let Some(parent) = facts.follows {
        // Whoever follows has nothing to rate and nothing to add there.
        let state = match workflow::step(parent, false) {
            Step::Closed | Step::Rated => Text::new("已办结", "closed"),
            _ if parent == State::NeedInfo => Text::new("正在补充材料", "waiting for information"),
            _ => workflow::owner_sentence(parent),
        };
        let merged = workflow::owner_sentence(State::Merged);
        return Text::new(
            format!("{}，该问题{}", merged.zh, state.zh),
            format!("{}: {}", merged.en, state.en),
        );
    }
    let text = workflow::owner_sentence(facts.state);
    match (&facts.unit, facts.state) {
        (Some(unit), State::Assigned) => {
            Text::new(format!("已交办至{}", unit.zh), format!("Assigned to {}", unit.en))
        }
        _ => text,
    }
}

fn responsible(facts: &Facts, full_names: bool) -> Option<Responsible> {
    let unit = facts.unit.clone()?;
    let (office, phone) = facts.office.clone()?;
    let person = facts
        .handler
        .as_ref()
        .map(|(name, post)| if full_names { name.clone() } else { mask::surname_and_post(name, post) });
    Some(Responsible { unit, office, person, phone })
}

fn promise(facts: &Facts, calendar: &Calendar, zone: Tz, now: Timestamp) -> (Lamp, Option<Promise>) {
    let (Some(first), Some(current), Some(due_at)) = (facts.first_due_on, facts.due_on, facts.due_at) else {
        return (Lamp::Off, None);
    };
    let (lamp, left) = if workflow::lamp_runs(facts.follows.unwrap_or(facts.state)) {
        let (lamp, left) = deadline::lamp(due_at, current, now, calendar, zone);
        (lamp, Some(left))
    } else {
        (Lamp::Off, None)
    };
    let promise = Promise {
        first,
        current,
        due_at,
        provisional: facts.provisional,
        working_days_left: left,
        hours_over: left.and_then(|_| deadline::hours_over(due_at, current, now, zone)),
        changes: facts.changes.clone(),
    };
    (lamp, Some(promise))
}

fn closure_view(closed: &Closed, tier: Tier, state: State, today: NaiveDate, zone: Tz) -> ClosureView {
    let verdict = |tier, round| {
        let wanted = |given: &&Given| (given.tier, given.round) == (tier, round);
        closed.given.iter().find(wanted).map(|given| given.verdict)
    };
    let Closed { rate_until, fixed_at, days, .. } = *closed;
    let rateable = Rateable { state, rate_until, given: &closed.given, fixed_at, days, zone };
    ClosureView {
        result: closed.result,
        result_text: words::outcome(closed.result),
        at: closed.at,
        rate_until: closed.rate_until,
        rateable: rateable.until(Round::First, tier, today).is_ok(),
        second_until: rateable.until(Round::Second, tier, today).ok(),
        rectification_rateable: rateable.until(Round::Rectification, tier, today).is_ok(),
        owner_verdict: verdict(Tier::Owner, Round::First),
        unverified_verdict: verdict(Tier::Unverified, Round::First),
        // It was said in the owner's name, and is nobody else's.
        call_back_verdict: verdict(Tier::CallBack, Round::First).filter(|_| tier == Tier::Owner),
        owner_second: verdict(Tier::Owner, Round::Second),
        unverified_second: verdict(Tier::Unverified, Round::Second),
        owner_rectification: verdict(Tier::Owner, Round::Rectification),
    }
}

fn owner_view(facts: &Facts, deeds: Vec<Verb>) -> OwnerView {
    // What it is closed with now stands as the reply, and need not be said twice.
    let now =
        facts.closure.as_ref().and_then(|_| facts.history.iter().rposition(|one| one.kind == Kind::Closed));
    let entry = |(place, one): (usize, &Happened)| {
        let note = one.note.clone().filter(|_| one.kind.note_is_for_owner() && Some(place) != now);
        Some(HistoryEntry { at: one.at, what: one.sentence()?, note })
    };
    OwnerView {
        subject: facts.subject.clone(),
        body: facts.body.clone(),
        reply: facts.closure.as_ref().map(|closed| closed.reply.clone()),
        history: facts.history.iter().enumerate().filter_map(entry).collect(),
        asked: said(facts, State::NeedInfo, Kind::SupplementAsked),
        refused: said(facts, State::Rejected, Kind::Rejected),
        deeds,
        attachments: facts.attachments.clone(),
    }
}

/// What the owner may do and would not be refused today; the actions judge again.
fn deeds(facts: &Facts, calendar: &Calendar, zone: Tz, today: NaiveDate) -> Vec<Verb> {
    let latest = |kind| facts.history.iter().rfind(|one: &&Happened| one.kind == kind);
    let mut deeds = workflow::owner_deeds(facts.state);
    deeds.retain(|verb| match verb {
        Verb::Appeal => latest(Kind::Appealed).is_none(),
        // Once it was put right, that is rated.
        Verb::Object => {
            let open = |closed: &Closed| today <= closed.rate_until && closed.fixed_at.is_none();
            facts.closure.as_ref().is_some_and(open)
        }
        Verb::Urge => latest(Kind::Urged).is_none_or(|last| {
            let day = last.at.with_timezone(&zone).date_naive();
            calendar.working_day(day) != calendar.working_day(today)
        }),
        _ => true,
    });
    deeds
}

/// What the window said last with this, while the issue stands there: what it asked for, why it did not accept.
fn said(facts: &Facts, state: State, kind: Kind) -> Option<String> {
    let latest = facts.history.iter().rfind(|one| one.kind == kind);
    latest.filter(|_| facts.state == state)?.note.clone()
}

#[cfg(test)]
mod tests {
    use chrono_tz::Asia::Shanghai;
    use qiyema_protocol::{
        board::{Card, Outcome, State},
        rating::{Round, Tier, Verdict},
        staff::Supervision,
        text::Text,
    };

    use super::{Closed, Facts, Given, Happened, card};
    use crate::domain::{calendar::Calendar, event::Kind};

    const CALENDAR: &str = include_str!("../../seed/workdays.csv");
    const FOR_OWNER: [&str; 4] = ["SUBJECT-TYPED", "BODY-TYPED", "NOTE-FOR-OWNER", "REPLY-TYPED"];
    const NAME: &str = "张三丰";

    fn happened(kind: Kind, note: &str) -> Happened {
        Happened {
            kind,
            told: None,
            at: "2026-11-20T02:00:00Z".parse().unwrap(),
            note: Some(note.to_owned()),
        }
    }

    fn facts() -> Facts {
        let at = "2026-11-20T02:00:00Z".parse().unwrap();
        Facts {
            number: "Q20261120-00001".into(),
            state: State::Closed,
            follows: None,
            followed: None,
            category: Text::new("用电", "Power"),
            unit: Some(Text::new("发改局", "Development Bureau")),
            office: Some((Text::new("能源科", "Energy Office"), "0572-0000000".into())),
            handler: Some((NAME.into(), "科长".into())),
            submitted_at: at,
            last: happened(Kind::Closed, "NOTE-FOR-OWNER"),
            first_due_on: "2026-11-27".parse().ok(),
            due_on: "2026-11-27".parse().ok(),
            due_at: "2026-11-27T15:59:59.999Z".parse().ok(),
            provisional: false,
            changes: vec![],
            closure: Some(Closed {
                result: Outcome::Resolved,
                at,
                rate_until: "2026-12-20".parse().unwrap(),
                reply: "REPLY-TYPED".into(),
                given: vec![],
                fixed_at: None,
                days: 30,
            }),
            round: 1,
            supervision: Supervision::None,
            first_contact: None,
            step_until: None,
            review_on: None,
            conference: None,
            rectification: None,
            history: vec![
                happened(Kind::Progressed, "NOTE-FOR-OWNER"),
                happened(Kind::SentBack, "NOTE-INSIDE"),
                happened(Kind::CodeIssued, "NOTE-INSIDE"),
            ],
            attachments: vec![],
            subject: "SUBJECT-TYPED".into(),
            body: "BODY-TYPED".into(),
        }
    }

    fn draw(facts: Facts, tier: Tier) -> Card {
        let calendar = Calendar::from_csv(CALENDAR).unwrap();
        card(facts, tier, &calendar, Shanghai, false, "2026-11-24T02:00:00Z".parse().unwrap())
    }

    #[test]
    fn a_scan_shows_nothing_that_somebody_typed() {
        let json = serde_json::to_string(&draw(facts(), Tier::Unverified)).unwrap();
        for hidden in FOR_OWNER.into_iter().chain([NAME, "NOTE-INSIDE", "history"]) {
            assert!(!json.contains(hidden), "{hidden} in {json}");
        }
        assert!(json.contains("张科长"), "the person is shown by surname and post: {json}");
    }

    #[test]
    fn the_owner_reads_texts_and_the_notes_meant_for_them() {
        let json = serde_json::to_string(&draw(facts(), Tier::Owner)).unwrap();
        for shown in FOR_OWNER {
            assert!(json.contains(shown), "{shown} not in {json}");
        }
        for hidden in [NAME, "NOTE-INSIDE"] {
            assert!(!json.contains(hidden), "{hidden} in {json}");
        }
    }

    #[test]
    fn each_tier_rates_once_and_neither_blocks_the_other() {
        let asked = |by, tier| {
            let mut facts = facts();
            let at = facts.submitted_at;
            let given = Given { tier: by, round: Round::First, verdict: Verdict::Good, at };
            facts.closure.as_mut().unwrap().given = vec![given];
            let card = draw(facts, tier);
            (card.closure.unwrap().rateable, card.state_text.zh)
        };
        let (open, done) = ((true, "已办结，请评价".to_owned()), (false, "已办结".to_owned()));
        assert_eq!(asked(Tier::Owner, Tier::Unverified), open);
        assert_eq!(asked(Tier::Unverified, Tier::Unverified), done);
        assert_eq!(asked(Tier::Unverified, Tier::Owner), open);
        assert_eq!(asked(Tier::Owner, Tier::Owner), done);
    }

    #[test]
    fn what_was_reopened_is_not_shown_as_closed() {
        let card = draw(Facts { state: State::Reopened, round: 2, ..facts() }, Tier::Owner);
        assert_eq!((card.closure, card.round), (None, 2));
        assert!(card.promise.unwrap().working_days_left.is_some(), "its clock runs");
    }
}
