//! The tags that ratings carry: what is offered and what was, and publishing the next version after looking at what it
//! changes, because none can be taken back.

mod typed;

use actix_web::{HttpResponse, http::StatusCode, web::Query};
use chrono_tz::Tz;
use qiyema_protocol::{
    rating::{RatingTag, RatingTags, Verdict},
    tags::TagVersion,
};
use serde::Deserialize;

use super::{
    admin::caller,
    door::{self, see_other},
    staff::{ConsoleForm, ConsoleStaff},
};
use crate::{
    actions::{
        admin::tags,
        rights::{Area, Deed},
    },
    domain::{rating::side, tags::Changes},
    web::{
        api::admin::tags as api,
        problem::{Code, Refusal},
        view::console::{
            form::Form,
            sheet::{Cell, Part, Sheet, Table, Tone},
            tags::{Draft, TagsEdit},
        },
        words::{
            console::{
                facts,
                tags::{self as said, TagWords},
            },
            lang::Lang,
        },
    },
};

const PLACE: &str = "/console/tags";

/// What the page was asked to say.
#[derive(Debug, Default, Deserialize)]
pub struct Said {
    done: Option<String>,
}

/// `GET /console/tags`.
pub async fn show(staff: ConsoleStaff, ask: Query<Said>) -> Result<HttpResponse, Refusal> {
    let versions = staff.read(|db, actor, _, _| tags::list(db, actor)).await?.versions;
    let (lang, zone) = (staff.lang, staff.shared.rules().zone);
    let w = TagWords::of(lang);
    let frame = match ask.done.as_deref() {
        Some("published") => staff.frame_saying(true, w.published),
        _ => staff.frame(),
    };
    let mut sheet = Sheet::new(frame, w.title).lead(w.lead);
    if staff.actor.may(Deed::Administer(Area::Directory)).is_ok() {
        sheet = sheet.button(format!("{PLACE}/edit"), w.edit);
    }
    let mut versions = versions.iter();
    if let Some(offered) = versions.next() {
        let (at, by) = published(lang, zone, offered);
        let facts = [
            (w.offered, said::version(lang, offered.version)),
            (w.at, at),
            (w.by, by),
            (w.count, offered.tags.len().to_string()),
        ];
        sheet = sheet.with(Part::Facts(facts.map(|(name, text)| (name.to_owned(), text)).to_vec()));
        sheet = offer(sheet, lang, &offered.tags);
    }
    sheet = sheet.with(Part::Heading(w.earlier.to_owned()));
    let empty = versions.len() == 0;
    sheet = sheet.with(Part::Note(if empty { w.no_earlier } else { w.earlier_lead }.to_owned()));
    for one in versions {
        let (at, by) = published(lang, zone, one);
        let number = said::version(lang, one.version);
        let told = if by == at { at } else { format!("{at} · {by}") };
        sheet =
            sheet.with(Part::Fold(format!("{number} · {told} · {}", one.tags.len()), table(lang, &one.tags)));
    }
    Ok(staff.page(sheet.render()))
}

/// When a version was published, and by whom.
fn published(lang: Lang, zone: Tz, one: &TagVersion) -> (String, String) {
    let w = TagWords::of(lang);
    let Some(at) = one.at else { return (w.built_in.to_owned(), w.built_in.to_owned()) };
    let by = one.by.as_deref().map_or(w.unknown, |by| facts::writer(lang, by));
    (at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string(), by.to_owned())
}

/// The tags as owners are offered them: good ones, and bad ones.
fn offer(mut sheet: Sheet, lang: Lang, tags: &[RatingTag]) -> Sheet {
    for verdict in [Verdict::Good, Verdict::Bad] {
        let own: Vec<RatingTag> = tags.iter().filter(|tag| side(tag) == verdict).cloned().collect();
        sheet = sheet
            .with(Part::Heading(said::side(lang, verdict).to_owned()))
            .with(Part::Table(table(lang, &own)));
    }
    sheet
}

fn table(lang: Lang, tags: &[RatingTag]) -> Table {
    let w = TagWords::of(lang);
    let row = |(place, tag): (usize, &RatingTag)| {
        let tone = if side(tag) == Verdict::Good { Tone::Good } else { Tone::Bad };
        vec![
            Cell::number(&(place + 1)),
            Cell::badge(said::side(lang, side(tag)), tone),
            Cell::text(&tag.text.zh),
            Cell::text(&tag.text.en),
            Cell::text(said::score(lang, tag.score)),
            Cell::text(&tag.id),
        ]
    };
    Table {
        heads: [w.place, w.side, w.zh, w.en, w.score, w.id].map(ToOwned::to_owned).to_vec(),
        rows: tags.iter().enumerate().map(row).collect(),
        empty: w.none.to_owned(),
    }
}

/// `GET /console/tags/edit`.
pub async fn edit(staff: ConsoleStaff) -> Result<HttpResponse, Refusal> {
    staff.actor.may(Deed::Administer(Area::Directory))?;
    let offered = staff.read(|db, actor, _, _| tags::current(db, actor)).await?;
    let draft = typed::of(offered.version, &offered.tags);
    Ok(form(&staff, StatusCode::OK, &draft))
}

fn form(staff: &ConsoleStaff, status: StatusCode, draft: &Draft) -> HttpResponse {
    door::page(status, TagsEdit { frame: staff.frame(), draft }.render())
}

/// `POST /console/tags/preview`: shows, and saves nothing.
pub async fn preview(staff: ConsoleStaff, sent: ConsoleForm) -> Result<HttpResponse, Refusal> {
    staff.actor.may(Deed::Administer(Area::Directory))?;
    let mut draft = typed::ready(typed::read(&sent));
    let Some(edited) = typed::edited(&mut draft, TagWords::of(staff.lang)) else {
        return Ok(form(&staff, StatusCode::UNPROCESSABLE_ENTITY, &draft));
    };
    let asked = edited.tags.clone();
    match staff.read(move |db, actor, _, _| tags::preview(db, actor, &asked)).await.map_err(Refusal::from) {
        Ok((next, changes)) => Ok(staff.page(look(&staff, &draft, &next, &changes))),
        Err(refusal) => again(&staff, draft, &edited, &refusal).await,
    }
}

/// `POST /console/tags`: publishes, or goes back to the form with what was typed.
pub async fn publish(staff: ConsoleStaff, sent: ConsoleForm) -> Result<HttpResponse, Refusal> {
    staff.actor.may(Deed::Administer(Area::Directory))?;
    let mut draft = typed::ready(typed::read(&sent));
    if sent.filled("back").is_some() {
        return Ok(form(&staff, StatusCode::OK, &draft));
    }
    let Some(edited) = typed::edited(&mut draft, TagWords::of(staff.lang)) else {
        return Ok(form(&staff, StatusCode::UNPROCESSABLE_ENTITY, &draft));
    };
    match api::publish_version(&staff.shared, caller(&staff), edited.tags.clone()).await {
        Ok(_) => Ok(done()),
        Err(refusal) => again(&staff, draft, &edited, &refusal).await,
    }
}

fn done() -> HttpResponse {
    see_other(&format!("{PLACE}?done=published"))
}

/// The form once more, with what was typed beside what is wrong with it; on top of the newest version, if somebody
/// published meanwhile.
async fn again(
    staff: &ConsoleStaff,
    mut draft: Draft,
    edited: &typed::Edited,
    refusal: &Refusal,
) -> Result<HttpResponse, Refusal> {
    match refusal.code() {
        Code::InvalidInput => {
            typed::blame(&mut draft, edited, refusal.faults(), staff.lang);
            Ok(form(staff, StatusCode::UNPROCESSABLE_ENTITY, &draft))
        }
        Code::VersionConflict => {
            let versions = staff.read(|db, actor, _, _| tags::list(db, actor)).await?.versions;
            let Some(now) = versions.first() else { return Err(refusal.clone()) };
            // Whoever pressed twice has what he wanted.
            if now.tags == edited.tags.tags {
                return Ok(done());
            }
            let base = versions.iter().find(|one| one.version == draft.version);
            let base = base.map_or(&[][..], |one| &one.tags);
            let mut draft = typed::rebase(&draft, base, (now.version, &now.tags));
            let told = staff.lang.say(&refusal.problem(None).detail).to_owned();
            draft.errors.push(said::overtaken(staff.lang, &told, now.version));
            Ok(form(staff, StatusCode::CONFLICT, &draft))
        }
        _ => Err(refusal.clone()),
    }
}

/// What would change, what owners would see, and the button.
fn look(
    staff: &ConsoleStaff,
    draft: &Draft,
    next: &RatingTags,
    changes: &Changes,
) -> Result<String, askama::Error> {
    let (lang, w) = (staff.lang, TagWords::of(staff.lang));
    let sum = said::sum(lang, changes.added.len(), changes.gone.len(), changes.edited.len(), changes.kept);
    let cell = |tag: &RatingTag| {
        Cell::text(&tag.text.zh).small(format!("{} · {}", tag.text.en, said::score(lang, tag.score)))
    };
    let nothing = || Cell::text("—");
    let mut rows = Vec::new();
    for tag in &changes.added {
        rows.push(vec![Cell::badge(w.added, Tone::Good), Cell::text(&tag.id), nothing(), cell(tag)]);
    }
    for tag in &changes.gone {
        rows.push(vec![Cell::badge(w.gone, Tone::Bad), Cell::text(&tag.id), cell(tag), nothing()]);
    }
    for (old, new) in &changes.edited {
        let mut what = Cell::default();
        for (is, text) in [(old.text != new.text, w.reworded), (old.score != new.score, w.rescored)] {
            what = if is { what.and_badge(text, Tone::On) } else { what };
        }
        rows.push(vec![what, Cell::text(&new.id), cell(old), cell(new)]);
    }
    let mut sheet = Sheet::new(staff.frame(), w.preview).up(PLACE, w.title).lead(sum);
    if !rows.is_empty() {
        let heads = [w.change, w.id, w.before, w.after].map(ToOwned::to_owned).to_vec();
        sheet = sheet.with(Part::Table(Table { heads, rows, empty: String::new() }));
    }
    if changes.reordered {
        sheet = sheet.with(Part::Note(w.reordered.to_owned()));
    }
    sheet = offer(sheet.with(Part::Heading(w.will_offer.to_owned())), lang, &next.tags);
    let button = said::publish(lang, next.version);
    let form = Form {
        warning: w.for_ever.to_owned(),
        beside: Some(("back", w.back)),
        ..Form::new(lang, &staff.csrf, PLACE, &button)
    };
    let confirm = typed::carried(form, draft);
    sheet.form(button, "", &confirm)?.render()
}
