//! Pages of ratings and the appeals against them.

use askama::Template;
use chrono_tz::Tz;
use qiyema_protocol::{
    appeal::{Ground, Judgement, RatingList, RatingView, RoleGiven},
    problem::FieldProblem,
    rating::Verdict,
};

use super::{
    form::{Choice, Field, Form, Kind},
    frame::Frame,
    issues::Pick,
};
use crate::{
    actions::appeal::list::PAGE,
    clock::Timestamp,
    store::columns::word,
    web::words::{
        console::{
            ratings::{self as said, RatingWords},
            terms,
        },
        lang::Lang,
    },
};

/// The list.
#[derive(Debug, Clone)]
pub struct RatingsPage {
    /// The frame.
    pub frame: Frame,
    /// The ratings.
    pub list: RatingList,
    /// Which are shown: what became of them, how they rated, whose closures.
    pub picks: Vec<Pick>,
    /// First and last day of the closures, or nothing.
    pub days: (String, String),
    /// Id and name of the tag that all of them have.
    pub tag: Option<(String, String)>,
    /// The filter in an address, without the page.
    pub query: String,
    /// Not the first page.
    pub later: bool,
    /// Local time.
    pub zone: Tz,
    /// What is wrong with the filter.
    pub error: Option<String>,
}

impl RatingsPage {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        let lang = self.frame.lang;
        RatingsHtml {
            f: &self.frame,
            w: RatingWords::of(lang),
            p: self,
            short: self.list.next.is_some() && self.list.ratings.len() < PAGE,
            rows: self.list.ratings.iter().map(|one| row(lang, self.zone, one)).collect(),
        }
        .render()
    }
}

/// One rating.
#[derive(Debug, Clone)]
pub struct RatingPage {
    /// The frame.
    pub frame: Frame,
    /// The rating.
    pub rating: RatingView,
    /// What was typed, and what is wrong with it.
    pub typed: (Vec<(String, String)>, Vec<FieldProblem>),
    /// Local time.
    pub zone: Tz,
}

impl RatingPage {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        let (lang, r) = (self.frame.lang, &self.rating);
        let w = RatingWords::of(lang);
        let review = r.grounds == [Ground::Suspect];
        let form = if r.may_appeal {
            let grounds = r.grounds.iter();
            let grounds = grounds
                .map(|one| Choice::new(word(*one).unwrap_or_default(), said::ground(lang, *one)))
                .collect();
            let button = if review { w.review } else { w.file };
            let form = self.form("appeal", button).with(radio("ground", w.ground, grounds));
            form.with(Field::lines("reason", w.reason).help(w.reason_help).most(1000))
        } else {
            let both = [Judgement::Accepted, Judgement::Rejected]
                .map(|one| Choice::new(word(one).unwrap_or_default(), said::judgement(lang, one)));
            let form = self.form("decisions", w.decide).with(radio("judgement", w.judgement, both.to_vec()));
            form.with(Field::lines("reason", w.reason).help(w.decide_reason_help).most(500))
        };
        let form = form.typed(&self.typed.0).faults(&self.typed.1);
        let decisions = r.appeal.iter().flat_map(|appeal| &appeal.decisions);
        RatingHtml {
            f: &self.frame,
            w,
            r,
            row: row(lang, self.zone, r),
            ground: r.appeal.as_ref().map_or("", |appeal| said::ground(lang, appeal.ground)),
            appealed: r.appeal.as_ref().map_or_else(String::new, |appeal| minute(appeal.at, self.zone)),
            decisions: decisions
                .map(|one| {
                    let later = one.role_given.as_ref().map(|given| later(w.given_later, given, self.zone));
                    let said = said::judgement(lang, one.judgement);
                    Decided { said, why: &one.reason, by: &one.by, at: minute(one.at, self.zone), later }
                })
                .collect(),
            barred: r.barred.as_ref().map(|why| lang.say(why)),
            you_later: r
                .role_given
                .as_ref()
                .filter(|_| r.may_decide)
                .map(|given| later(w.you_later, given, self.zone)),
            flags: r.flags.iter().map(|flag| said::flag(lang, *flag)).collect(),
            pin_deed: r
                .pin_deed
                .as_ref()
                .map(|deed| (said::pin_deed(lang, deed.kind), &*deed.by, minute(deed.at, self.zone))),
            review,
            form: if r.may_appeal || r.may_decide { form.html()? } else { String::new() },
        }
        .render()
    }

    fn form(&self, noun: &str, button: &'static str) -> Form {
        let action = format!("/console/ratings/{}/{noun}", self.rating.id);
        Form::new(self.frame.lang, &self.frame.csrf, &action, button)
    }
}

/// That somebody got the role later, from whom and on which day.
fn later(what: &str, given: &RoleGiven, zone: Tz) -> String {
    format!("{what}{} · {}", given.by, given.at.with_timezone(&zone).date_naive())
}

/// A decision in words.
struct Decided<'a> {
    said: &'static str,
    why: &'a str,
    by: &'a str,
    at: String,
    later: Option<String>,
}

/// A few choices, none of them chosen beforehand.
fn radio(name: &str, label: &str, choices: Vec<Choice>) -> Field {
    Field { choices, ..Field::new(Kind::Radio, name, label) }
}

/// A rating in words.
struct Row<'a> {
    id: &'a str,
    number: &'a str,
    unit: &'a str,
    verdict: &'static str,
    class: &'static str,
    more: String,
    tier: &'static str,
    proof: Option<String>,
    at: String,
    machine: String,
    appeal: Option<(&'static str, &'static str)>,
    flags: Vec<&'static str>,
    tags: Vec<&'a str>,
    comment: Option<&'a str>,
    clock: Option<(&'static str, String, String)>,
    later: bool,
}

fn row(lang: Lang, zone: Tz, one: &RatingView) -> Row<'_> {
    let w = RatingWords::of(lang);
    let more = [
        Some(said::round(lang, one.round)),
        one.level.map(|level| said::level(lang, level)),
        one.solved.map(|solved| said::solved(lang, solved)),
    ];
    Row {
        id: &one.id,
        number: &one.issue,
        unit: lang.say(&one.unit_name),
        verdict: said::verdict(lang, one.verdict),
        class: if one.verdict == Verdict::Good { "badge good" } else { "badge bad" },
        more: more.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        tags: one.tags.iter().map(|tag| lang.say(tag)).collect(),
        comment: one.comment.as_deref(),
        tier: said::tier(lang, one.tier),
        proof: said::proof(lang, one.proof, one.officer.as_deref(), one.webhook.as_deref()),
        at: minute(one.at, zone),
        machine: one.at.to_rfc3339(),
        clock: one.appeal.as_ref().filter(|appeal| appeal.outcome.is_none()).map(|appeal| {
            let (class, text) = terms::lamp(lang, appeal.lamp, appeal.days_left);
            (class, text, format!("{} {}", w.due, appeal.due_on))
        }),
        flags: one.flags.iter().map(|flag| said::flag(lang, *flag)).collect(),
        later: one.appeal.iter().flat_map(|appeal| &appeal.decisions).any(|one| one.role_given.is_some()),
        appeal: one.appeal.as_ref().map(|appeal| match appeal.outcome {
            None => ("badge on", w.undecided),
            Some(Judgement::Accepted) => ("badge", w.excluded),
            Some(outcome @ Judgement::Rejected) => ("badge", said::judgement(lang, outcome)),
        }),
    }
}

fn minute(at: Timestamp, zone: Tz) -> String {
    at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string()
}

#[derive(Template)]
#[template(path = "console/ratings.html")]
struct RatingsHtml<'a> {
    f: &'a Frame,
    w: &'static RatingWords,
    p: &'a RatingsPage,
    /// There is more than this page could look through.
    short: bool,
    rows: Vec<Row<'a>>,
}

#[derive(Template)]
#[template(path = "console/rating.html")]
struct RatingHtml<'a> {
    f: &'a Frame,
    w: &'static RatingWords,
    r: &'a RatingView,
    row: Row<'a>,
    ground: &'static str,
    appealed: String,
    decisions: Vec<Decided<'a>>,
    /// Why the reader, whose role decides, may not.
    barred: Option<&'a str>,
    /// The reader may, though he got the role later than the appeal.
    you_later: Option<String>,
    flags: Vec<&'static str>,
    pin_deed: Option<(&'static str, &'a str, String)>,
    review: bool,
    form: String,
}
