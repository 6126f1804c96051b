//! What the form is told while it is filled in: what the category brings, and what
//! the enterprise asked before. With JavaScript the page asks for it as one types;
//! without, a second button of the form does.

use actix_web::{HttpResponse, web::Query};
use qiyema_protocol::intake::SimilarIssue;
use serde::Deserialize;

use super::{
    super::{issues::Choices, staff::ConsoleStaff},
    fields,
};
use crate::{
    actions::{
        Refused, Rules,
        intake::similar::similar,
        issue::accept,
        rights::{Actor, Deed},
    },
    clock::Timestamp,
    domain::deadline,
    store::{connection::Db, directory::CategoryRow},
    web::{
        problem::Refusal,
        view::console::intake::{Advice, Suggested},
        words::{Words, console::terms, lang::Lang},
    },
};

/// Issues shown below the subject; who has more alike has other troubles.
const SHOWN: usize = 5;
/// Characters before a subject is compared.
const ENOUGH: usize = 2;

/// What the form holds by now.
#[derive(Debug, Clone, Default, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct About {
    #[serde(default)]
    pub enterprise: String,
    #[serde(default)]
    pub category: String,
    #[serde(default)]
    pub subject: String,
}

/// `GET /console/intake/advice`: a piece of the page that is open.
pub async fn piece(staff: ConsoleStaff, about: Query<About>) -> Result<HttpResponse, Refusal> {
    staff.actor.may(Deed::RegisterIssue)?;
    let (about, lang) = (about.into_inner(), staff.lang);
    let advice = staff
        .read(move |db, actor, rules, at| {
            let choices = Choices::read(db)?;
            advise(db, actor, (&about, &choices), lang, rules, at)
        })
        .await?;
    Ok(staff.page(advice.piece(lang)))
}

/// What there is to say.
pub fn advise(
    db: &mut Db,
    actor: &Actor,
    (about, choices): (&About, &Choices),
    lang: Lang,
    rules: &Rules,
    at: Timestamp,
) -> Result<Advice, Refused> {
    let row = choices.categories.iter().find(|row| row.id == about.category);
    let suggested = row.map(|row| suggested(row, choices, lang, rules, at));
    Ok(Advice { suggested, alike: alike(db, actor, about, at)?, looked: false })
}

/// What may be the same matter, the likest first.
pub fn alike(db: &mut Db, actor: &Actor, about: &About, at: Timestamp) -> Result<Vec<SimilarIssue>, Refused> {
    let untold = [&about.enterprise, &about.subject, &about.category].iter().any(|text| text.contains('\0'));
    if untold || about.subject.trim().chars().count() < ENOUGH {
        return Ok(Vec::new());
    }
    let matter = (about.subject.trim(), Some(&*about.category));
    let mut issues = similar(db, actor, &about.enterprise, matter, at)?.issues;
    issues.truncate(SHOWN);
    Ok(issues)
}

fn suggested(row: &CategoryRow, choices: &Choices, lang: Lang, rules: &Rules, at: Timestamp) -> Suggested {
    let promised = deadline::promise(at, accept::limit(row), &rules.calendar, rules.zone);
    let day = (Words::of(lang.code()).day)(promised.due_on);
    let hour = promised.due_at.with_timezone(&rules.zone).format(" %H:%M").to_string();
    Suggested {
        grade: terms::grade(lang, &row.grade),
        limit: fields::limit(lang, row),
        unit: fields::unit(lang, row, choices).unwrap_or_default().to_owned(),
        promise: if row.limit_hours.is_some() { day + &hour } else { day },
        provisional: promised.provisional,
    }
}
