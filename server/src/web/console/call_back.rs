//! What an enterprise said on the telephone, entered as a rating. Nothing is chosen
//! for whoever calls, as nothing is chosen for an owner.

use actix_web::{HttpResponse, web::Path};
use qiyema_protocol::{
    appeal::RatingView,
    problem::FieldProblem,
    rating::{Level, NewRating, Round, Solved, Verdict},
};

use super::{
    door::see_other,
    staff::{ConsoleForm, ConsoleStaff},
};
use crate::{
    actions::{
        Refused,
        issue::{apart::apart, dossier},
        rate::call_back,
        rights::Deed,
    },
    domain::text::problem,
    store::{columns::word, issues},
    web::{
        problem::Refusal,
        view::console::{
            enterprises::FormPage,
            form::{Choice, Field, Form, Kind},
        },
        words::{
            console::ratings::{self as said, RatingWords},
            lang::Lang,
        },
    },
};

/// `GET /console/issues/{number}/call-back-rating`.
pub async fn show(staff: ConsoleStaff, number: Path<String>) -> Result<HttpResponse, Refusal> {
    staff.actor.may(Deed::RateByCall)?;
    let number = number.into_inner();
    let asked = number.clone();
    // What the person may not do is said before the form is filled in.
    staff
        .read(move |db, actor, rules, at| {
            dossier::dossier(db, actor, &asked, rules, at)?;
            let (issue, ..) = issues::by_number(db, &asked)?.ok_or(Refused::IssueUnknown)?;
            apart(db, actor, &issue)
        })
        .await?;
    Ok(staff.page(page(&staff, &number, &[], &[])))
}

/// `POST /console/issues/{number}/call-back-rating`.
pub async fn enter(
    staff: ConsoleStaff,
    number: Path<String>,
    form: ConsoleForm,
) -> Result<HttpResponse, Refusal> {
    let number = number.into_inner();
    let Some(verdict) = form.word::<Verdict>("verdict") else {
        let fault = problem("verdict", "请选择好评或差评", "choose good or bad");
        return Ok(staff.form_again(page(&staff, &number, &form.0, &[fault])));
    };
    let new = NewRating {
        verdict,
        level: form.word("level"),
        tags: form.all("tags"),
        comment: form.filled("comment"),
        solved: form.word("solved"),
        round: Round::First,
    };
    let (asked, host) = (number.clone(), staff.shared.trust.host.as_str().to_owned());
    let done: Result<RatingView, Refused> = staff
        .write(move |db, actor, rules, at| {
            call_back::enter_for(db, actor, &asked, new.clone(), &host, rules, at)
        })
        .await;
    match done {
        Ok(rating) => Ok(see_other(&format!("/console/ratings/{}", rating.id))),
        Err(Refused::Invalid(faults)) => Ok(staff.form_again(page(&staff, &number, &form.0, &faults))),
        Err(refused) => Err(refused.into()),
    }
}

fn page(
    staff: &ConsoleStaff,
    number: &str,
    typed: &[(String, String)],
    faults: &[FieldProblem],
) -> Result<String, askama::Error> {
    let (l, w) = (staff.lang, RatingWords::of(staff.lang));
    let verdicts = [Verdict::Good, Verdict::Bad].map(|one| choice(one, said::verdict(l, one)));
    let levels = Level::ALL.map(|one| choice(one, said::level(l, one)));
    let solved = [Solved::Yes, Solved::Partly, Solved::No].map(|one| choice(one, said::solved(l, one)));
    let tags = staff.shared.rules().tags.current().tags;
    let tags = tags.iter().map(|tag| Choice::new(&*tag.id, l.say(&tag.text))).collect();
    let radio =
        |name: &str, label: &str, choices: Vec<Choice>| Field::new(Kind::Radio, name, label).choices(choices);
    let form = Form::new(l, &staff.csrf, place(number), w.call_back)
        .with(radio("verdict", w.verdict, verdicts.to_vec()))
        .with(radio("level", w.level, levels.to_vec()).optional())
        .with(radio("solved", w.solved, solved.to_vec()).optional())
        .with(Field::new(Kind::Checks, "tags", w.tags).choices(tags))
        .with(Field::lines("comment", w.comment).help(w.call_back_help).most(500).optional())
        .typed(typed)
        .faults(faults);
    let back = (format!("/console/issues/{number}"), number.to_owned());
    FormPage { frame: staff.frame(), title: format!("{} · {number}", w.call_back), back, form }.render()
}

/// Where the form of an issue is, and what it is called.
pub fn link(lang: Lang, number: &str) -> (String, &'static str) {
    (place(number), RatingWords::of(lang).call_back)
}

fn place(number: &str) -> String {
    format!("/console/issues/{number}/call-back-rating")
}

fn choice<T: serde::Serialize>(value: T, text: &str) -> Choice {
    Choice::new(word(value).unwrap_or_default(), text)
}
