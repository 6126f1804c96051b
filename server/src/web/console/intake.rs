//! Intake: one form for all channels. Without JavaScript one looks the enterprise
//! up and then chooses; with it the hits appear as one types.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Payload, Query},
};
use qiyema_protocol::{
    intake::{Contact, SimilarIssue},
    problem::FieldProblem,
    staff::NewIssue,
};
use serde::Deserialize;

use super::{
    door::see_other,
    enterprises::registration,
    files,
    issues::Choices,
    staff::{ConsoleForm, ConsoleStaff},
    upload::{Brought, bring, keep},
};
use crate::{
    actions::{
        Refused,
        desk::{self, Ask},
        enterprise,
        intake::{attach, similar::similar},
        issue::open,
        rights::Deed,
    },
    domain::text::problem,
    store::directory::CategoryRow,
    web::{
        problem::Refusal,
        uploads::ATTACHMENTS,
        view::console::{
            form::{Choice, Field, Form},
            intake::{IntakePage, Stage},
        },
        words::{
            console::{files::FileWords, registers::RegisterWords, terms},
            lang::Lang,
        },
    },
};

/// Open issues shown beside the form.
const BESIDE: usize = 10;
/// The channel of most that is typed in here.
const WINDOW: &str = "window";

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
        let page = writing(&staff, id, None, Vec::new()).await?;
        return Ok(staff.page(page.render()));
    }
    let text = find.q.unwrap_or_default().trim().to_owned();
    let asked = text.clone();
    let hits = if text.is_empty() {
        Vec::new()
    } else {
        staff.read(move |db, actor, _, _| enterprise::search(db, actor, &asked)).await?
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
    let id = typed.text("enterprise").to_owned();
    let new = NewIssue {
        subject: typed.text("subject").to_owned(),
        body: typed.text("body").to_owned(),
        category: typed.text("category").to_owned(),
        channel: typed.text("channel").to_owned(),
        reference: typed.filled("reference"),
        level: None,
        contact: contact(&typed),
    };
    let chosen = !files.is_empty();
    let kept = match keep(&staff, files, faults).await? {
        Ok(kept) => kept,
        Err(faults) => {
            let page = writing(&staff, id, Some((&typed, &faults)), Vec::new()).await?;
            return Ok(staff.form_again(page.render()));
        }
    };
    if typed.text("seen") != SEEN {
        let (about, asked) = (new.clone(), id.clone());
        let alike = staff
            .read(move |db, actor, _, at| {
                similar(db, actor, &asked, (&about.subject, Some(&about.category)), at)
            })
            .await?;
        if !alike.issues.is_empty() {
            let again = if chosen { vec![choose_again()] } else { Vec::new() };
            let page = writing(&staff, id, Some((&typed, &again)), alike.issues).await?;
            return Ok(staff.form_again(page.render()));
        }
    }
    let wanted = id.clone();
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
    if chosen {
        faults.push(choose_again());
    }
    let page = writing(&staff, id, Some((&typed, &faults)), Vec::new()).await?;
    Ok(staff.form_again(page.render()))
}

/// What the button sends once somebody has looked at what is alike.
const SEEN: &str = "yes";

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

type Wrong<'a> = (&'a ConsoleForm, &'a [FieldProblem]);

async fn writing(
    staff: &ConsoleStaff,
    id: String,
    wrong: Option<Wrong<'_>>,
    alike: Vec<SimilarIssue>,
) -> Result<IntakePage, Refusal> {
    let (one, open, choices) = staff
        .read(move |db, actor, rules, at| {
            let one = enterprise::show(db, actor, &id)?;
            let ask = Ask { enterprise: Some(one.id.clone()), ..Ask::default() };
            let open = desk::list(db, actor, &ask, BESIDE, rules, at)?.rows;
            Ok((one, open, Choices::read(db)?))
        })
        .await?;
    let mut form = form(staff, &choices).with(Field::hidden("enterprise", &one.id));
    if let Some((typed, faults)) = wrong {
        form = form.typed(&typed.0).faults(faults);
    }
    if !alike.is_empty() {
        form = form.with(Field::hidden("seen", SEEN));
        RegisterWords::of(staff.lang).save_anyway.clone_into(&mut form.submit);
    }
    Ok(IntakePage { frame: staff.frame(), stage: Stage::Write(Box::new(one), open, Box::new(form), alike) })
}

fn form(staff: &ConsoleStaff, choices: &Choices) -> Form {
    let (lang, w) = (staff.lang, RegisterWords::of(staff.lang));
    let files = FileWords::of(lang);
    let channels = choices
        .channels
        .iter()
        .map(|row| Choice::new(&row.id, if lang == Lang::Zh { &row.name_zh } else { &row.name_en }));
    let mut sorted: Vec<&CategoryRow> = choices.categories.iter().collect();
    let place = |grade: &str| terms::grades(lang).iter().position(|(word, _)| *word == grade);
    sorted.sort_by_key(|row| place(&row.grade));
    let categories = sorted.into_iter().map(|row| category(lang, row, choices));
    Form::new(lang, &staff.csrf, "/console/intake", w.save)
        .with(Field::select("channel", w.channel, channels.collect()).value(WINDOW))
        .with(Field::select("category", w.category, categories.collect()).help(w.category_help).first())
        .with(Field::line("subject", w.subject).most(80))
        .with(Field::lines("body", w.body).help(w.body_help).most(4000))
        .with(Field::line("contact_name", w.contact_name).most(40).optional())
        .with(Field::line("contact_phone", w.contact_phone).help(w.contact_help).most(20).optional())
        .with(Field::line("contact_email", w.contact_email).help(w.contact_email_help).most(254).optional())
        .with(Field::line("reference", w.reference).help(w.reference_help).most(64).optional())
        .with(files::field(files).optional())
        .with(files::audience(files))
}

/// A category says its limit and who usually leads; its grade is the heading.
fn category(lang: Lang, row: &CategoryRow, choices: &Choices) -> Choice {
    let name = if lang == Lang::Zh { &row.name_zh } else { &row.name_en };
    let limit = match (row.limit_hours, row.limit_working_days) {
        (Some(hours), _) => format!("{hours} {}", lang.pick("小时", "h")),
        (None, Some(days)) => format!("{days} {}", lang.pick("个工作日", "working days")),
        (None, None) => String::new(),
    };
    let unit = choices.units.iter().find(|(id, ..)| Some(id) == row.lead_unit_id.as_ref());
    let unit = unit.map(|(_, zh, en)| format!(" · {}", if lang == Lang::Zh { zh } else { en }));
    let text = format!("{name} · {limit}{}", unit.unwrap_or_default());
    Choice::new(&row.id, text).under(terms::grade(lang, &row.grade))
}
