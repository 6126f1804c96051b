//! Intake: one form for all channels. Without JavaScript one looks the enterprise
//! up and then chooses; with it the hits appear as one types.

pub mod advice;
mod fields;

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Payload, Query},
};
use qiyema_protocol::{intake::Contact, problem::FieldProblem, staff::NewIssue};
use serde::Deserialize;

use self::advice::{About, advise, alike};
use super::{
    door::see_other,
    enterprises::registration,
    issues::Choices,
    staff::{ConsoleForm, ConsoleStaff},
    upload::{Brought, bring, keep},
};
use crate::{
    actions::{
        Refused,
        desk::{self, Ask},
        enterprise,
        intake::attach,
        issue::open,
        rights::Deed,
    },
    domain::text::problem,
    web::{
        problem::Refusal,
        refusals::internal,
        uploads::ATTACHMENTS,
        view::console::{
            form::Field,
            intake::{Advice, IntakePage, Stage, Writing},
        },
        words::{
            console::{files::FileWords, registers::RegisterWords},
            lang::Lang,
        },
    },
};

/// Open issues shown beside the form.
const BESIDE: usize = 10;
/// Open issues counted.
const COUNTED: i64 = 1_000;

/// What is looked for, or which enterprise was chosen.
#[derive(Debug, Default, Deserialize)]
pub struct Find {
    q: Option<String>,
    enterprise: Option<String>,
}

/// `GET /console/intake`.
pub async fn show(staff: ConsoleStaff, find: Query<Find>) -> Result<HttpResponse, Refusal> {
    staff.actor.may(Deed::RegisterIssue)?;
    let find = find.into_inner();
    if let Some(id) = find.enterprise {
        let page = writing(&staff, id, None, Advice::default()).await?;
        return Ok(staff.page(page.render()));
    }
    let text = find.q.unwrap_or_default().trim().to_owned();
    let asked = text.clone();
    let hits = if text.is_empty() {
        Vec::new()
    } else {
        staff.read(move |db, actor, rules, _| enterprise::search(db, actor, &asked, rules)).await?
    };
    let new = staff.actor.may(Deed::RegisterEnterprise).is_ok() && !text.is_empty();
    let stage = Stage::Find(text.clone(), hits, new.then(|| registration(&text)));
    Ok(staff.page(IntakePage { frame: staff.frame(), stage }.render()))
}

/// `POST /console/intake`.
pub async fn register(
    staff: ConsoleStaff,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Refusal> {
    staff.actor.may(Deed::RegisterIssue)?;
    let Brought { form: typed, files, faults } = bring(&staff, &request, payload, ATTACHMENTS).await?;
    let about = About {
        enterprise: typed.text("enterprise").to_owned(),
        category: typed.text("category").to_owned(),
        subject: typed.text("subject").to_owned(),
    };
    let id = about.enterprise.clone();
    let chosen = !files.is_empty();
    if !typed.text(fields::LOOK).is_empty() {
        let again = if chosen { vec![choose_again()] } else { Vec::new() };
        let advice = Advice { looked: true, ..advice_on(&staff, about).await? };
        let page = writing(&staff, id, Some((&typed, &again)), advice).await?;
        return Ok(staff.page(page.render()));
    }
    let kept = match keep(&staff, files, faults).await? {
        Ok(kept) => kept,
        Err(faults) => {
            let advice = advice_on(&staff, about).await?;
            let page = writing(&staff, id, Some((&typed, &faults)), advice).await?;
            return Ok(staff.form_again(page.render()));
        }
    };
    let asked = about.clone();
    let found = staff.read(move |db, actor, _, at| alike(db, actor, &asked, at)).await?;
    // What stood below the subject when it was sent was seen.
    let seen: Vec<&str> = typed.text("seen").split(' ').collect();
    if found.iter().any(|one| !seen.contains(&one.number.as_str())) {
        let mut again = vec![is_alike()];
        again.extend(chosen.then(choose_again));
        let advice = advice_on(&staff, about).await?;
        let page = writing(&staff, id, Some((&typed, &again)), advice).await?;
        return Ok(staff.form_again(page.render()));
    }
    let (new, wanted) = (issue(&typed, &about), id.clone());
    let for_owner = typed.text("for_owner") == "yes";
    let done = staff
        .write(move |db, actor, rules, at| {
            let issue = open::open(db, actor, &wanted, &new, rules, at)?;
            if !kept.is_empty() {
                attach::by_staff(db, actor, &issue.number, &kept, for_owner, at)?;
            }
            Ok(issue)
        })
        .await;
    let mut faults: Vec<FieldProblem> = match done {
        Ok(issue) => return Ok(see_other(&format!("/console/issues/{}?done=registered", issue.number))),
        Err(Refused::Invalid(faults)) => faults.into_iter().map(at_field).collect(),
        Err(Refused::ReferenceUnknown(field)) => {
            vec![problem(field, "请从列表中选择。", "Choose from the list.")]
        }
        Err(other) => return Err(other.into()),
    };
    faults.extend(chosen.then(choose_again));
    let advice = advice_on(&staff, about).await?;
    let page = writing(&staff, id, Some((&typed, &faults)), advice).await?;
    Ok(staff.form_again(page.render()))
}

/// The issue that was typed.
fn issue(typed: &ConsoleForm, about: &About) -> NewIssue {
    NewIssue {
        subject: about.subject.clone(),
        body: typed.text("body").to_owned(),
        category: about.category.clone(),
        channel: typed.text("channel").to_owned(),
        reference: typed.filled("reference"),
        level: None,
        contact: contact(typed),
    }
}

/// Said on top of the form; what is alike stands below the subject.
fn is_alike() -> FieldProblem {
    problem("", RegisterWords::of(Lang::Zh).alike, RegisterWords::of(Lang::En).alike)
}

/// A browser does not keep files of a form that is shown again.
fn choose_again() -> FieldProblem {
    problem("file", FileWords::of(Lang::Zh).again, FileWords::of(Lang::En).again)
}

/// Whom to call, if anything about them was typed.
fn contact(typed: &ConsoleForm) -> Option<Contact> {
    let (name, phone) = (typed.text("contact_name").to_owned(), typed.text("contact_phone").to_owned());
    let email = typed.filled("contact_email");
    (!name.is_empty() || !phone.is_empty() || email.is_some()).then_some(Contact { name, phone, email })
}

/// A fault of the contact stands at the field that it is about.
fn at_field(mut fault: FieldProblem) -> FieldProblem {
    if fault.field.starts_with("contact") {
        fault.field = fault.field.replace('.', "_");
    }
    fault
}

async fn advice_on(staff: &ConsoleStaff, about: About) -> Result<Advice, Refusal> {
    let lang = staff.lang;
    let advice = staff.read(move |db, actor, rules, at| {
        let choices = Choices::read(db)?;
        advise(db, actor, (&about, &choices), lang, rules, at)
    });
    Ok(advice.await?)
}

type Wrong<'a> = (&'a ConsoleForm, &'a [FieldProblem]);

async fn writing(
    staff: &ConsoleStaff,
    id: String,
    wrong: Option<Wrong<'_>>,
    advice: Advice,
) -> Result<IntakePage, Refusal> {
    let lang = staff.lang;
    let (one, open, all, choices) = staff
        .read(move |db, actor, rules, at| {
            let one = enterprise::show(db, actor, &id, rules)?;
            let ask = Ask { enterprise: Some(one.id.clone()), ..Ask::default() };
            let open = desk::list(db, actor, &ask, BESIDE, rules, at)?.rows;
            let all = desk::counts(db, actor, &[ask], COUNTED, rules, at)?.into_iter().sum();
            Ok((one, open, all, Choices::read(db)?))
        })
        .await?;
    let mut form = fields::form(staff, &choices).with(Field::hidden("enterprise", &one.id));
    if let Some((typed, faults)) = wrong {
        form = form.typed(&typed.0).faults(faults);
    }
    for field in &mut form.fields {
        let said = match field.name.as_str() {
            "category" => advice.of_category(lang),
            "subject" => advice.of_subject(lang),
            _ => continue,
        };
        field.below = Some(said.map_err(|error| internal(&error))?);
    }
    if !advice.alike.is_empty() {
        RegisterWords::of(lang).save_anyway.clone_into(&mut form.submit);
    }
    let plus = if i64::try_from(all).is_ok_and(|all| all >= COUNTED) { "+" } else { "" };
    let writing = Writing { one, open, all: (all, plus), form };
    Ok(IntakePage { frame: staff.frame(), stage: Stage::Write(Box::new(writing)) })
}
