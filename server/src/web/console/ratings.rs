//! Ratings at the console, and appeals against them: a list, and a page a rating
//! with what the reader may do about it.

use actix_web::{
    HttpResponse,
    web::{Path, Query},
};
use qiyema_protocol::{
    appeal::{NewAppeal, NewDecision, RatingList, Show},
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
        appeal::{
            self,
            list::{self as lists, Find},
        },
    },
    domain::text::problem,
    store::{columns::word, directory, figures as names},
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
    /// What is asked for, or what is wrong with it.
    fn find(&self) -> Result<Find, Vec<FieldProblem>> {
        let day =
            |field: &str, text: &Option<String>| match text.as_deref().map(str::trim).unwrap_or_default() {
                "" => Ok(None),
                text => text.parse().map(Some).map_err(|_| {
                    let (zh, en) = (
                        "没有这一天，请按 2026-11-25 的格式填写",
                        "there is no such day; write it like 2026-11-25",
                    );
                    vec![problem(field, zh, en)]
                }),
            };
        Ok(Find {
            show: chosen(self.show.clone()).unwrap_or_default(),
            verdict: chosen(self.verdict.clone()),
            unit: filled(self.unit.clone()),
            from: day("from", &self.from)?,
            to: day("to", &self.to)?,
            tag: filled(self.tag.clone()),
            before: filled(self.before.clone()),
        })
    }
}

/// `GET /console/ratings`.
pub async fn list(staff: ConsoleStaff, ask: Query<Ask>) -> Result<HttpResponse, Refusal> {
    let found = match ask.find() {
        Ok(find) => staff.read(move |db, actor, rules, at| lists::list(db, actor, &find, rules, at)).await,
        Err(faults) => Err(Refused::Invalid(faults)),
    };
    let lang = staff.lang;
    // What cannot be read is said, and never means everything.
    let (list, error) = match found {
        Ok(list) => (list, None),
        Err(Refused::Invalid(faults)) => {
            let said = faults.first().map_or_else(String::new, |fault| lang.say(&fault.detail).to_owned());
            (RatingList { ratings: Vec::new(), next: None }, Some(said))
        }
        Err(refused) => return Err(refused.into()),
    };
    let ask = ask.into_inner();
    let (unit, tag) = (filled(ask.unit), filled(ask.tag));
    let picks = picks(&staff, chosen(ask.show), chosen(ask.verdict), unit).await?;
    let rules = staff.shared.rules();
    let tag = tag.map(|id| {
        let (version, bare) =
            id.split_once('/').map_or((None, &*id), |(version, bare)| (version.parse().ok(), bare));
        let offered = rules.tags.holding(&[bare.to_owned()], Verdict::Bad).tags;
        let found = match version {
            Some(version) => rules.tags.find(version, bare),
            None => offered.iter().find(|tag| tag.id == bare),
        };
        let name = found.map(|tag| lang.say(&tag.text).to_owned());
        (id.clone(), name.unwrap_or(id))
    });
    let days = (filled(ask.from).unwrap_or_default(), filled(ask.to).unwrap_or_default());
    let mut pairs: Vec<(&'static str, String)> =
        picks.iter().map(|pick| (pick.name, pick.value.clone())).collect();
    pairs.extend([("from", days.0.clone()), ("to", days.1.clone())]);
    pairs.extend(tag.clone().map(|(id, _)| ("tag", id)));
    pairs.retain(|(_, value)| !value.is_empty());
    let wrong = error.is_some();
    let page = RatingsPage {
        frame: staff.frame(),
        list,
        picks,
        days,
        tag,
        query: encoded(&pairs),
        later: filled(ask.before).is_some(),
        zone: rules.zone,
        error,
    };
    Ok(if wrong { staff.form_again(page.render()) } else { staff.page(page.render()) })
}

/// What can be chosen, and what is.
async fn picks(
    staff: &ConsoleStaff,
    show: Option<Show>,
    verdict: Option<Verdict>,
    unit: Option<String>,
) -> Result<Vec<Pick>, Refusal> {
    let (lang, w) = (staff.lang, RatingWords::of(staff.lang));
    let own = staff.actor.confined_to().map(<[String]>::to_vec);
    let any = || Choice::new(String::new(), w.any);
    let shows = Show::ALL.into_iter().filter(|one| *one != Show::Flagged || own.is_none());
    let verdicts =
        [Verdict::Good, Verdict::Bad].map(|one| Choice::new(worded(one), said::verdict(lang, one)));
    let mut picks = vec![
        Pick {
            name: "show",
            label: w.show,
            value: worded(show.unwrap_or_default()),
            choices: shows.map(|one| Choice::new(worded(one), said::show(lang, one))).collect(),
        },
        Pick {
            name: "verdict",
            label: w.verdict_pick,
            value: verdict.map(worded).unwrap_or_default(),
            choices: std::iter::once(any()).chain(verdicts).collect(),
        },
    ];
    // Whoever has one unit has nothing to choose, unless the address chooses for him.
    if own.as_ref().is_none_or(|own| own.len() > 1) || unit.is_some() {
        let (units, all) = staff.read(|db, _, _, _| Ok((directory::units(db)?, names::units(db)?))).await?;
        let called = |zh: String, en: String| if lang.code() == "zh" { zh } else { en };
        let mut choices: Vec<Choice> = units
            .into_iter()
            .filter(|row| own.as_ref().is_none_or(|own| own.contains(&row.id)))
            .map(|row| Choice::new(row.id, called(row.name_zh, row.name_en)))
            .collect();
        // A unit that was closed since still has its ratings.
        if let Some(id) = unit.as_ref().filter(|id| choices.iter().all(|one| one.value != **id)) {
            let known = all.into_iter().find(|(unit, ..)| unit == id);
            let name = known.map_or_else(|| id.clone(), |(_, zh, en)| called(zh, en));
            choices.push(Choice::new(id.clone(), name));
        }
        choices.insert(0, any());
        picks.push(Pick { name: "unit", label: w.unit, value: unit.unwrap_or_default(), choices });
    }
    Ok(picks)
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
