//! Ratings at the console, and appeals against them: a list, and a page a rating
//! with what the reader may do about it.

use actix_web::{
    HttpResponse,
    web::{Path, Query},
};
use chrono::NaiveDate;
use qiyema_protocol::{
    appeal::{NewAppeal, NewDecision, Show},
    problem::FieldProblem,
    rating::Verdict,
};
use serde::Deserialize;

use super::{
    door::see_other,
    issues::encoded,
    staff::{ConsoleForm, ConsoleStaff},
};
use crate::{
    actions::{
        Refused,
        appeal::{self, Find},
    },
    domain::text::problem,
    store::{columns::word, directory},
    web::{
        problem::{Code, Refusal},
        view::console::{
            form::Choice,
            issues::Pick,
            ratings::{RatingPage, RatingsPage},
        },
        words::console::ratings::{self as said, RatingWords},
    },
};

/// The filter as it stands in the address; a word that is none of the choices chooses nothing.
#[derive(Debug, Default, Deserialize)]
pub struct Ask {
    show: Option<String>,
    verdict: Option<String>,
    unit: Option<String>,
    from: Option<String>,
    to: Option<String>,
    tag: Option<String>,
    before: Option<String>,
}

/// A text that is filled in and could be stored.
fn filled(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty() && !text.contains('\0'))
}

fn worded(one: impl serde::Serialize) -> String {
    word(one).unwrap_or_default()
}

fn chosen<T: serde::de::DeserializeOwned>(text: Option<String>) -> Option<T> {
    text.and_then(|text| serde_json::from_value(text.into()).ok())
}

impl Ask {
    fn find(self) -> Find {
        let day = |text: Option<String>| text.and_then(|text| text.trim().parse().ok());
        Find {
            show: chosen(self.show).unwrap_or_default(),
            verdict: chosen(self.verdict),
            unit: filled(self.unit),
            from: day(self.from),
            to: day(self.to),
            tag: filled(self.tag),
            before: filled(self.before),
        }
    }
}

/// `GET /console/ratings`.
pub async fn list(staff: ConsoleStaff, ask: Query<Ask>) -> Result<HttpResponse, Refusal> {
    let find = ask.into_inner().find();
    let asked = find.clone();
    let (list, units) = staff
        .read(move |db, actor, rules, at| {
            let list = appeal::list(db, actor, asked, rules, at)?;
            Ok((list, directory::units(db)?))
        })
        .await?;
    let (lang, w) = (staff.lang, RatingWords::of(staff.lang));
    let central = staff.actor.confined_to().is_none();
    let any = || Choice::new(String::new(), w.any);
    let shows = Show::ALL.into_iter().filter(|one| *one != Show::Flagged || central);
    let mut picks = vec![
        Pick {
            name: "show",
            label: w.show,
            value: worded(find.show),
            choices: shows.map(|one| Choice::new(worded(one), said::show(lang, one))).collect(),
        },
        Pick {
            name: "verdict",
            label: w.verdict_pick,
            value: find.verdict.map(worded).unwrap_or_default(),
            choices: std::iter::once(any())
                .chain(
                    [Verdict::Good, Verdict::Bad]
                        .map(|one| Choice::new(worded(one), said::verdict(lang, one))),
                )
                .collect(),
        },
    ];
    if central {
        let of = |row: directory::UnitRow| {
            Choice::new(row.id, if lang.code() == "zh" { row.name_zh } else { row.name_en })
        };
        picks.push(Pick {
            name: "unit",
            label: w.unit,
            value: find.unit.clone().unwrap_or_default(),
            choices: std::iter::once(any()).chain(units.into_iter().map(of)).collect(),
        });
    }
    let rules = staff.shared.rules();
    let tag = find.tag.clone().map(|id| {
        let offered = rules.tags.holding(std::slice::from_ref(&id), Verdict::Bad).tags;
        let name = offered.iter().find(|tag| tag.id == id).map(|tag| lang.say(&tag.text).to_owned());
        (id.clone(), name.unwrap_or(id))
    });
    let text = |day: Option<NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
    let days = (text(find.from), text(find.to));
    let mut pairs: Vec<(&'static str, String)> =
        picks.iter().map(|pick| (pick.name, pick.value.clone())).collect();
    pairs.extend([("from", days.0.clone()), ("to", days.1.clone())]);
    pairs.extend(find.tag.clone().map(|tag| ("tag", tag)));
    pairs.retain(|(_, value)| !value.is_empty());
    let page = RatingsPage {
        frame: staff.frame(),
        list,
        picks,
        days,
        tag,
        query: encoded(&pairs),
        later: find.before.is_some(),
        zone: rules.zone,
    };
    Ok(staff.page(page.render()))
}

/// `GET /console/ratings/{rating}`.
pub async fn one(staff: ConsoleStaff, rating: Path<String>) -> Result<HttpResponse, Refusal> {
    let page = page(&staff, &clean(rating.into_inner())?, (Vec::new(), Vec::new())).await?;
    Ok(staff.page(page.render()))
}

/// `POST /console/ratings/{rating}/appeal`.
pub async fn file(
    staff: ConsoleStaff,
    rating: Path<String>,
    form: ConsoleForm,
) -> Result<HttpResponse, Refusal> {
    let id = clean(rating.into_inner())?;
    let Some(ground) = form.word("ground") else {
        let fault = problem("ground", "请选择理由", "choose a ground");
        return again(&staff, &id, form, vec![fault]).await;
    };
    let new = NewAppeal { ground, reason: form.text("reason").to_owned() };
    let asked = id.clone();
    let done =
        staff.write(move |db, actor, rules, at| appeal::file(db, actor, &asked, &new, rules, at)).await;
    finish(&staff, &id, form, done.map(drop)).await
}

/// `POST /console/ratings/{rating}/decisions`.
pub async fn decide(
    staff: ConsoleStaff,
    rating: Path<String>,
    form: ConsoleForm,
) -> Result<HttpResponse, Refusal> {
    let id = clean(rating.into_inner())?;
    let Some(judgement) = form.word("judgement") else {
        let fault = problem("judgement", "请选择意见", "choose what you decide");
        return again(&staff, &id, form, vec![fault]).await;
    };
    let new = NewDecision { judgement, reason: form.text("reason").to_owned() };
    let asked = id.clone();
    let done =
        staff.write(move |db, actor, rules, at| appeal::decide(db, actor, &asked, &new, rules, at)).await;
    finish(&staff, &id, form, done.map(drop)).await
}

async fn finish(
    staff: &ConsoleStaff,
    id: &str,
    form: ConsoleForm,
    done: Result<(), Refused>,
) -> Result<HttpResponse, Refusal> {
    match done {
        Ok(()) => Ok(see_other(&format!("/console/ratings/{id}"))),
        Err(Refused::Invalid(faults)) => again(staff, id, form, faults).await,
        Err(refused) => Err(refused.into()),
    }
}

/// The page once more, with what was typed and what is wrong with it.
async fn again(
    staff: &ConsoleStaff,
    id: &str,
    form: ConsoleForm,
    faults: Vec<FieldProblem>,
) -> Result<HttpResponse, Refusal> {
    let page = page(staff, id, (form.0, faults)).await?;
    Ok(staff.form_again(page.render()))
}

async fn page(
    staff: &ConsoleStaff,
    id: &str,
    typed: (Vec<(String, String)>, Vec<FieldProblem>),
) -> Result<RatingPage, Refusal> {
    let id = id.to_owned();
    let rating = staff.read(move |db, actor, rules, at| appeal::one(db, actor, &id, rules, at)).await?;
    Ok(RatingPage { frame: staff.frame(), rating, typed, zone: staff.shared.rules().zone })
}

/// PostgreSQL takes no NUL, not even to look it up.
fn clean(id: String) -> Result<String, Refusal> {
    if id.contains('\0') { Err(Code::NotFound.into()) } else { Ok(id) }
}
