//! One issue: its page, and every verb by one route. What is refused comes back
//! on the page with what was typed; a second officer sees what the first changed.

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Path, Query},
};
use qiyema_protocol::{
    board::State,
    clocks::ClockKind,
    problem::FieldProblem,
    staff::{IssueView, RequestKind, Role},
    verb::Verb,
};
use serde::Deserialize;

use super::{
    call_back,
    door::{page, see_other},
    files,
    issues::Choices,
    staff::{ConsoleForm, ConsoleStaff},
    verbs::{self, Sheet},
};
use crate::{
    actions::{
        Refused,
        issue::{
            dossier::{self, Dossier, Entry},
            step::unseen,
        },
        rights::Deed,
    },
    domain::event::Kind,
    store::columns::word,
    web::{
        problem::{Code, Refusal},
        view::console::{
            form::{Field, Form},
            frame::Flash,
            issue::{IssuePage, Offer, Trouble, records::sent_back, turn::standing},
        },
        words::console::{files::FileWords, issue::IssueWords, turn, verbs as verb_words},
    },
};

/// The noun under which files are added; a verb it is not.
pub const ATTACHING: &str = "attachments";

/// What the page is asked for.
#[derive(Debug, Deserialize)]
pub struct Ask {
    done: Option<String>,
}

/// `GET /console/issues/{number}`.
pub async fn show(
    staff: ConsoleStaff,
    number: Path<String>,
    ask: Query<Ask>,
) -> Result<HttpResponse, Refusal> {
    let (dossier, choices) = read(&staff, number.into_inner()).await?;
    let turn = turn::turn(staff.lang, standing(staff.lang, &dossier))
        .map_or_else(String::new, |turn| format!("{}{turn}", staff.lang.pick("下一步：", "Next: ")));
    let mut html = draw(&staff, dossier, &choices, None);
    let w = IssueWords::of(staff.lang);
    let said = match ask.done.as_deref() {
        Some(ATTACHING) => Some(FileWords::of(staff.lang).added.to_owned()),
        Some("registered") => Some(format!("{}{turn}", w.registered)),
        Some(noun) => verbs::of_noun(noun)
            .map(|sheet| format!("{}{}{}{turn}", w.done, verbs::name(sheet.verb, staff.lang), w.stop)),
        None => None,
    };
    html.frame.flash = said.map(|text| Flash { text, good: true });
    Ok(staff.page(html.render()))
}

/// The page with files that were refused.
pub async fn files_again(
    staff: &ConsoleStaff,
    number: String,
    typed: &ConsoleForm,
    faults: &[FieldProblem],
) -> Result<HttpResponse, Refusal> {
    let (dossier, choices) = read(staff, number).await?;
    let mut html = draw(staff, dossier, &choices, None);
    html.attach = html.attach.map(|form| form.typed(&typed.0).faults(faults));
    Ok(staff.form_again(html.render()))
}

async fn read(staff: &ConsoleStaff, number: String) -> Result<(Dossier, Choices), Refusal> {
    let found = staff.read(move |db, actor, rules, at| {
        Ok((dossier::dossier(db, actor, &number, rules, at)?, Choices::read(db)?))
    });
    Ok(found.await?)
}

/// What was sent and refused.
struct Sent<'a> {
    sheet: &'static Sheet,
    form: &'a ConsoleForm,
    refused: Refused,
}

/// `POST /console/issues/{number}/{noun}`.
pub async fn act(
    staff: ConsoleStaff,
    path: Path<(String, String)>,
    form: ConsoleForm,
) -> Result<HttpResponse, Refusal> {
    let (number, noun) = path.into_inner();
    let sheet = verbs::of_noun(&noun).ok_or(Code::NotFound)?;
    let body = verbs::body(sheet, &form, form.number("version"));
    let asked = number.clone();
    let done = staff
        .write(move |db, actor, rules, at| verbs::act(db, actor, sheet.verb, &asked, &body, rules, at))
        .await;
    let refused = match done {
        Ok(_) => return Ok(see_other(&format!("/console/issues/{number}?done={noun}"))),
        Err(refused @ (Refused::Store(_) | Refused::IssueUnknown | Refused::Unauthenticated)) => {
            return Err(refused.into());
        }
        Err(refused) => refused,
    };
    let status = match &refused {
        Refused::VersionConflict { .. } | Refused::Transition { .. } => StatusCode::CONFLICT,
        Refused::Forbidden | Refused::OwnWork(_) | Refused::AnotherOfficer => StatusCode::FORBIDDEN,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let (dossier, choices) = read(&staff, number).await?;
    let sent = Sent { sheet, form: &form, refused };
    Ok(page(status, draw(&staff, dossier, &choices, Some(sent)).render()))
}

fn draw(staff: &ConsoleStaff, dossier: Dossier, choices: &Choices, sent: Option<Sent<'_>>) -> IssuePage {
    let mut offers: Vec<Offer> = dossier
        .view
        .verbs
        .iter()
        .filter_map(|verb| verbs::sheet(*verb))
        .map(|sheet| offer(staff, sheet, &dossier, choices))
        .collect();
    let (mut trouble, mut stranded) = (None, Vec::new());
    if let Some(Sent { sheet, form, refused }) = sent {
        let noun = sheet.verb.noun();
        let seen: i32 = form.number("version");
        let found = offers.iter_mut().find(|offer| offer.noun == noun);
        let faults = faults(&refused);
        match found {
            Some(offer) => {
                // The version is the new one: whoever has read what changed may send it again.
                let typed: Vec<_> = form.0.iter().filter(|(name, _)| name != "version").cloned().collect();
                offer.form = offer.form.clone().typed(&typed).faults(&faults);
                offer.open = true;
            }
            None => stranded = left_over(staff, sheet, form),
        }
        trouble = conflict(staff, &dossier, sheet.verb, seen, &refused)
            .or_else(|| faults.is_empty().then(|| Trouble::Refused(verbs::reason(refused, staff.lang))));
    }
    let sent_first = offers.iter().position(|offer| offer.open);
    let wanted = sent_first.or_else(|| {
        let mut order = asked_for(&dossier.view);
        if dossier.handler_gone {
            order.push(Verb::HandOver);
        }
        order.extend(next(&dossier));
        order.iter().find_map(|verb| offers.iter().position(|offer| offer.noun == verb.noun()))
    });
    let primary = wanted.map(|index| offers.remove(index));
    IssuePage {
        frame: staff.frame(),
        primary,
        others: offers,
        trouble,
        stranded,
        enterprise_link: staff.actor.may(Deed::ReadEnterprises).is_ok(),
        zone: staff.shared.rules().zone,
        now: staff.shared.clock.now(),
        call_back: dossier.call_back.then(|| call_back::link(staff.lang, &dossier.view.number)),
        attach: staff.actor.handles().then(|| files::form(staff, &dossier.view.number)),
        dossier,
    }
}

/// Who was faster: the reader himself, who pressed twice or has another window, or somebody else.
fn conflict(
    staff: &ConsoleStaff,
    dossier: &Dossier,
    verb: Verb,
    seen: i32,
    refused: &Refused,
) -> Option<Trouble> {
    if !matches!(refused, Refused::VersionConflict { .. }) {
        return None;
    }
    let news = news(dossier, seen);
    let mine = |entry: &&Entry| entry.writer == staff.actor.id;
    match news.iter().rfind(|entry| mine(entry) && entry.kind == Kind::of(verb)) {
        Some(done) => Some(Trouble::Done(done.at, news.len())),
        None if !news.is_empty() && news.iter().all(|entry| mine(&entry)) => Some(Trouble::Own(news.len())),
        None => Some(Trouble::Conflict(news.len().max(1))),
    }
}

/// What happened since a version. What raises none came beside it.
fn news(dossier: &Dossier, seen: i32) -> &[Entry] {
    let mut missed = usize::try_from(dossier.view.version.saturating_sub(seen)).unwrap_or_default();
    let beside = |entry: &Entry| word(entry.kind).is_ok_and(|kind| unseen(&kind));
    let all = &dossier.entries;
    let old = all.iter().rposition(|entry| {
        let known = missed == 0;
        missed -= usize::from(!known && !beside(entry));
        known
    });
    all.get(old.map_or(0, |last| last + 1)..).unwrap_or_default()
}

fn offer(staff: &ConsoleStaff, sheet: &'static Sheet, dossier: &Dossier, choices: &Choices) -> Offer {
    let noun = sheet.verb.noun();
    let name = if unasked(&dossier.view, sheet.verb) {
        verb_words::unasked(staff.lang, sheet.verb).to_owned()
    } else {
        verbs::name(sheet.verb, staff.lang)
    };
    let action = format!("/console/issues/{}/{noun}", dossier.view.number);
    let mut form = Form::new(staff.lang, &staff.csrf, action, name.clone()).id(noun);
    form.fields = verbs::fields(sheet, staff.lang, &narrowed(staff, sheet.verb, &dossier.view, choices));
    for field in &mut form.fields {
        // The category names the unit that usually leads.
        let usual = choices.categories.iter().find(|row| row.id == dossier.view.category);
        if field.name == "unit" {
            field.value = usual.and_then(|row| row.lead_unit_id.clone()).unwrap_or_default();
        }
        if let Some(wish) = wish(&dossier.view, sheet.verb, &field.name) {
            field.value = wish;
        }
    }
    form = form.with(Field::hidden("version", dossier.view.version.to_string()));
    form.danger = matches!(sheet.verb, Verb::Reject | Verb::Withdraw | Verb::Merge);
    Offer { noun, name, form, open: false }
}

/// Only people whom the verb would take: within the unit nobody else's, and for oneself but oneself.
fn narrowed(staff: &ConsoleStaff, verb: Verb, view: &IssueView, choices: &Choices) -> Choices {
    let mut choices = choices.clone();
    if !matches!(verb, Verb::SignFor | Verb::HandOver) {
        return choices;
    }
    let (me, administers) = (&staff.actor.username, staff.actor.roles.contains(&Role::UnitAdministrator));
    choices.handlers.retain(|(username, _, unit)| {
        Some(unit) == view.unit.as_ref()
            && match verb {
                Verb::SignFor => administers || username == me,
                _ => Some(username) != view.handler.as_ref(),
            }
    });
    choices
}

fn faults(refused: &Refused) -> Vec<FieldProblem> {
    match refused {
        Refused::Invalid(faults) => faults.clone(),
        Refused::ReferenceUnknown(field) => {
            let (zh, en) = match *field {
                "handler" => ("经办人须属于所选单位。", "The handler must belong to the unit chosen."),
                "parent" => {
                    ("没有这个问题编号，请核对后重填。", "There is no issue of this number; check it.")
                }
                _ => ("请从列表中选择。", "Choose from the list."),
            };
            vec![crate::domain::text::problem(field, zh, en)]
        }
        _ => Vec::new(),
    }
}

/// What was typed for a verb that nobody may use any more must not be lost.
fn left_over(staff: &ConsoleStaff, sheet: &Sheet, form: &ConsoleForm) -> Vec<(String, String)> {
    let typed = sheet.inputs.iter().map(|input| {
        (verb_words::field(staff.lang, input.words).0.to_owned(), form.text(input.name).to_owned())
    });
    typed.filter(|(_, text)| !text.is_empty()).collect()
}

/// Rulings that somebody waits for.
fn asked_for(view: &IssueView) -> Vec<Verb> {
    let requests = view.records.iter().flat_map(|records| &records.requests);
    let open = requests.filter(|one| one.decision.is_none());
    open.map(|one| match one.kind {
        RequestKind::Extension => Verb::Extend,
        RequestKind::Return => Verb::RuleReturn,
        RequestKind::Deferral => Verb::Defer,
    })
    .collect()
}

/// The centre does of its own accord what is otherwise granted.
fn unasked(view: &IssueView, verb: Verb) -> bool {
    let grants = matches!(verb, Verb::Extend | Verb::Defer);
    grants && !asked_for(view).contains(&verb)
}

/// What was asked for stands in the form that grants it.
fn wish(view: &IssueView, verb: Verb, field: &str) -> Option<String> {
    let kind = match verb {
        Verb::Extend => RequestKind::Extension,
        Verb::RuleReturn => RequestKind::Return,
        Verb::Defer => RequestKind::Deferral,
        Verb::Report => return returned(view, field),
        _ => return None,
    };
    let requests = &view.records.as_ref()?.requests;
    let asked = requests.iter().rfind(|one| one.kind == kind && one.decision.is_none())?;
    match field {
        "working_days" => asked.working_days.map(|days| days.to_string()),
        "reason" => Some(asked.reason.clone()),
        "review_on" => asked.review_on.map(|day| day.to_string()),
        "unit" => asked.suggested_unit.clone(),
        _ => None,
    }
}

/// What was sent back is mended, not typed anew.
fn returned(view: &IssueView, field: &str) -> Option<String> {
    let (report, _) = sent_back(view.records.as_ref()?.reports.last(), view.round)?;
    match field {
        "reply" => Some(report.reply.clone()),
        "result" => word(report.result).ok(),
        _ => None,
    }
}

/// The steps that are sensible next, the most sensible first.
fn next(dossier: &Dossier) -> &'static [Verb] {
    use qiyema_protocol::board::Lamp;
    let view = &dossier.view;
    let urgent = |kind| view.clocks.iter().any(|clock| clock.kind == kind && clock.lamp != Lamp::Green);
    let runs = |kind| view.clocks.iter().any(|clock| clock.kind == kind);
    match view.state {
        State::Submitted => &[Verb::Accept],
        State::NeedInfo => &[Verb::Supplement],
        State::Rejected => &[Verb::Appeal],
        State::Accepted => &[Verb::Assign],
        State::Assigned => &[Verb::SignFor, Verb::Reach, Verb::Progress],
        State::ReturnRequested => &[Verb::RuleReturn],
        State::InProgress if runs(ClockKind::FirstContact) => &[Verb::Reach, Verb::Progress, Verb::Report],
        State::InProgress if urgent(ClockKind::Interim) => &[Verb::Progress, Verb::Report, Verb::Assist],
        State::InProgress => &[Verb::Report, Verb::Progress, Verb::Assist],
        State::CaseConference => &[Verb::HoldConference, Verb::Progress],
        State::Deferred => &[Verb::ReviewDeferral, Verb::Resume],
        State::PendingReview => &[Verb::Close],
        State::Closed => &[Verb::FollowUp],
        State::Rectifying if runs(ClockKind::Contact) => &[Verb::Contact, Verb::Fix],
        State::Rectifying => &[Verb::Fix, Verb::Contact],
        State::FollowUp => &[Verb::Archive, Verb::Reopen],
        State::Reopened => &[Verb::Assign, Verb::SignFor, Verb::Progress],
        State::Archived | State::Withdrawn | State::Merged => &[],
    }
}
