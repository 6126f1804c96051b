//! The phone page of a scan: the board turned into words, then into HTML.

use askama::Template;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;
use qiyema_protocol::{
    board::{Board, Card, Lamp, Promise, Step},
    rating::{RatingTags, Tier, Verdict},
    text::Text,
};

use super::STYLE;
use crate::web::words::Words;

/// What the request before this one came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flash {
    /// The rating was stored.
    Rated,
    /// The PIN was right.
    PinOk,
    /// The PIN was wrong.
    PinWrong,
    /// The device was forgotten.
    Forgotten,
    /// There was a rating already.
    AlreadyRated,
}

/// The board page.
#[derive(Debug)]
pub struct BoardPage<'a> {
    /// The language, `ZH` or `EN`.
    pub words: &'static Words,
    /// Large text (大字版).
    pub care: bool,
    /// What is shown.
    pub board: &'a Board,
    /// `/c/…`
    pub seal_path: &'a str,
    /// A message on top.
    pub flash: Option<Flash>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
    /// Tags offered with a rating.
    pub rating_tags: &'a RatingTags,
    /// Receipt of the rating just given.
    pub receipt: Option<&'a str>,
    /// Zone the times are shown in.
    pub tz: Tz,
}

impl BoardPage<'_> {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        let (w, b) = (self.words, self.board);
        BoardHtml {
            w,
            style: STYLE,
            care: self.care,
            centre: self.say(&b.centre.name),
            phone: b.centre.phone.clone(),
            enterprise: b.enterprise.name.clone(),
            lang_link: self.link(w.other_code, self.care, b.page),
            care_link: self.link(w.code, !self.care, b.page),
            prev: (b.page > 1).then(|| self.link(w.code, self.care, b.page.saturating_sub(1))),
            next: (b.page < b.pages).then(|| self.link(w.code, self.care, b.page.saturating_add(1))),
            flash: self.flash.map(|f| match f {
                Flash::Rated => w.flash_rated,
                Flash::PinOk => w.flash_pin_ok,
                Flash::PinWrong => w.flash_pin_wrong,
                Flash::Forgotten => w.flash_forgotten,
                Flash::AlreadyRated => w.flash_already,
            }),
            receipt: self.receipt,
            cards: b.issues.iter().map(|c| self.card(c)).collect(),
            tags: self.rating_tags.tags.iter().map(|t| (t.id.clone(), self.say(&t.text))).collect(),
            owner: b.tier == Tier::Owner,
            seal_path: self.seal_path,
            csrf: self.csrf,
            code: b.code.id.clone(),
            kid: b.code.kid,
            at: self.time(b.at),
        }
        .render()
    }

    fn card(&self, c: &Card) -> CardRow {
        let w = self.words;
        let (lamp_class, mark, word) = match c.lamp {
            Lamp::Green => ("green", "●", w.normal),
            Lamp::Yellow => ("yellow", "▲", w.soon),
            Lamp::Red => ("red", "◆", w.due_today),
            Lamp::Overdue => ("overdue", "■", w.overdue),
            Lamp::Off => ("off", "○", w.off),
        };
        let now = match c.step {
            Step::Submitted => 0,
            Step::Accepted => 1,
            Step::Handling => 2,
            Step::Closed => 3,
            Step::Rated => 4,
        };
        let steps = w.steps.iter().enumerate().map(|(i, name)| StepRow {
            name,
            class: match i.cmp(&now) {
                std::cmp::Ordering::Less => "done",
                std::cmp::Ordering::Equal => "now",
                std::cmp::Ordering::Greater => "",
            },
        });
        CardRow {
            number: c.number.clone(),
            category: self.say(&c.category),
            lamp_class,
            lamp: format!("{mark} {word}"),
            who: c.responsible.as_ref().map(|r| WhoRow {
                unit: self.say(&r.unit),
                office: self.say(&r.office),
                person: r.person.clone(),
                phone: r.phone.clone(),
            }),
            state: self.say(&c.state_text),
            steps: steps.collect(),
            last: format!("{} · {}", self.say(&c.last_action), self.time(c.last_at)),
            due: c.promise.as_ref().map(|p| self.due(p)),
            changes: c.promise.iter().flat_map(|p| self.changes(p)).collect(),
            closed: c.closure.as_ref().map(|x| {
                let verdict = match x.owner_verdict.or(x.unverified_verdict) {
                    Some(Verdict::Good) => format!(" · {}", w.rated_good),
                    Some(Verdict::Bad) => format!(" · {}", w.rated_bad),
                    None => String::new(),
                };
                format!("{}{}{verdict}", w.closed, self.say(&x.result_text))
            }),
            rateable: c.closure.as_ref().is_some_and(|x| x.rateable),
            owner: c.owner.as_ref().map(|o| OwnerRow {
                subject: o.subject.clone(),
                body: o.body.clone(),
                reply: o.reply.clone(),
                history: o
                    .history
                    .iter()
                    .map(|h| {
                        let note = h.note.as_deref().unwrap_or_default();
                        format!("{} {} {note}", self.time(h.at), self.say(&h.what))
                    })
                    .collect(),
            }),
        }
    }

    fn due(&self, p: &Promise) -> String {
        let w = self.words;
        let expected = if p.provisional { w.expected } else { "" };
        let left = match p.working_days_left {
            None => String::new(),
            Some(0) => format!(" · {}", w.due_today),
            Some(n) if n < 0 => format!(" · {}{}{}", w.over, n.unsigned_abs(), w.days),
            Some(n) => format!(" · {}{n}{}", w.left, w.days),
        };
        format!("{expected}{}{left}", self.day(p.current))
    }

    fn changes(&self, p: &Promise) -> Vec<String> {
        let w = self.words;
        let first = self.day(p.first);
        let line = |to, reason: &Text| {
            format!("{}{} ({}{first}) {}{}", w.extended, self.day(to), w.first, w.reason, self.say(reason))
        };
        p.changes.iter().map(|c| line(c.to, &c.reason_text)).collect()
    }

    fn say(&self, text: &Text) -> String {
        if self.words.code == "zh" { text.zh.clone() } else { text.en.clone() }
    }

    fn link(&self, lang: &str, care: bool, page: u32) -> String {
        format!("{}?lang={lang}&care={}&page={page}", self.seal_path, u8::from(care))
    }

    fn day(&self, d: NaiveDate) -> String {
        if self.words.code != "zh" {
            return d.format("%a %-d %b %Y").to_string();
        }
        let week = match d.weekday() {
            chrono::Weekday::Mon => "一",
            chrono::Weekday::Tue => "二",
            chrono::Weekday::Wed => "三",
            chrono::Weekday::Thu => "四",
            chrono::Weekday::Fri => "五",
            chrono::Weekday::Sat => "六",
            chrono::Weekday::Sun => "日",
        };
        format!("{}年{}月{}日(周{week})", d.year(), d.month(), d.day())
    }

    fn time(&self, at: DateTime<Utc>) -> String {
        let local = at.with_timezone(&self.tz);
        format!("{} {}", self.day(local.date_naive()), local.format("%H:%M"))
    }
}

#[derive(Template)]
#[template(path = "board.html")]
struct BoardHtml<'a> {
    w: &'static Words,
    style: &'static str,
    care: bool,
    centre: String,
    phone: String,
    enterprise: String,
    lang_link: String,
    care_link: String,
    prev: Option<String>,
    next: Option<String>,
    flash: Option<&'static str>,
    receipt: Option<&'a str>,
    cards: Vec<CardRow>,
    tags: Vec<(String, String)>,
    owner: bool,
    seal_path: &'a str,
    csrf: &'a str,
    code: String,
    kid: u8,
    at: String,
}

struct CardRow {
    number: String,
    category: String,
    lamp_class: &'static str,
    lamp: String,
    who: Option<WhoRow>,
    state: String,
    steps: Vec<StepRow>,
    last: String,
    due: Option<String>,
    changes: Vec<String>,
    closed: Option<String>,
    rateable: bool,
    owner: Option<OwnerRow>,
}

struct StepRow {
    name: &'static str,
    class: &'static str,
}

struct WhoRow {
    unit: String,
    office: String,
    person: Option<String>,
    phone: String,
}

struct OwnerRow {
    subject: String,
    body: String,
    reply: Option<String>,
    history: Vec<String>,
}
