//! Publishing a version of the tags (评价标签): whole, after the one that is offered. What was rated before keeps its words.

use std::collections::HashMap;

use qiyema_protocol::{
    problem::Change,
    rating::RatingTags,
    tags::{TagVersion, TagVersions},
    text::Text,
};

use super::{
    super::{
        Refused,
        rights::{Actor, Area, Deed},
    },
    Subject, record,
};
use crate::{
    clock::Timestamp,
    domain::{
        tags::{Changes, parse},
        text::problem,
    },
    store::{
        admin_events,
        columns::{column, moment},
        connection::{Db, one_at_a_time},
        desk, tags,
    },
};

/// What records of the tags are about.
const KIND: &str = "tags";
/// What publishing is called in the trail.
const PUBLISHED: &str = "tags_published";

/// The version that is offered.
pub fn current(db: &mut Db, actor: &Actor) -> Result<RatingTags, Refused> {
    actor.may(Deed::ReadTags)?;
    Ok(tags::all(db)?.current())
}

/// Every version, with when it was published and by whom.
pub fn list(db: &mut Db, actor: &Actor) -> Result<TagVersions, Refused> {
    actor.may(Deed::ReadTags)?;
    let published = published(db)?;
    let moments: HashMap<u32, Timestamp> = tags::moments(db)?.into_iter().collect();
    let view = |(version, tags): (u32, &[_])| {
        let told = published.iter().find(|one| one.version == version);
        // The moment of the first is that of the migration that brought it: nobody published it.
        let added = moments.get(&version).copied().filter(|_| version > 1);
        let at = told.map(|one| one.at).or(added);
        TagVersion { version, at, by: told.map(|one| one.by.clone()), tags: tags.to_vec() }
    };
    Ok(TagVersions { versions: tags::all(db)?.versions().map(view).collect() })
}

/// What an edited version would change; nothing is saved.
pub fn preview(db: &mut Db, actor: &Actor, edited: &RatingTags) -> Result<(RatingTags, Changes), Refused> {
    actor.may(Deed::Administer(Area::Directory))?;
    next(db, edited)
}

/// Publishes the next version; `edited.version` is the one that it was made from. Gives what is offered from now on.
pub fn publish(
    db: &mut Db,
    actor: &Actor,
    edited: &RatingTags,
    at: Timestamp,
) -> Result<RatingTags, Refused> {
    actor.may(Deed::Administer(Area::Directory))?;
    // Two that share no id would otherwise both become the next version, in one.
    one_at_a_time(db, KIND)?;
    let (new, _) = next(db, edited)?;
    tags::add(db, &new, column(at))?;
    let version = new.version.to_string();
    let detail = serde_json::json!({ "from": edited.version, "to": new.version, "tags": new.tags.len() });
    record(db, Subject { kind: KIND, id: &version }, PUBLISHED, &detail, &actor.id, at)?;
    Ok(new)
}

/// The version that would come after the one that is offered.
fn next(db: &mut Db, edited: &RatingTags) -> Result<(RatingTags, Changes), Refused> {
    let before = tags::all(db)?.current();
    let wrong = |field: &str, zh: String, en: String| Refused::Invalid(vec![problem(field, zh, en)]);
    if edited.version > before.version {
        let (named, known) = (edited.version, before.version);
        return Err(wrong(
            "version",
            format!("没有第{named}版，请在第{known}版上修改"),
            format!("there is no version {named}; edit version {known}"),
        ));
    }
    if edited.version < before.version {
        return Err(faster(db, edited.version, before.version)?);
    }
    let tags = parse(&edited.tags).map_err(Refused::Invalid)?;
    if tags == before.tags {
        return Err(wrong(
            "tags",
            "没有任何改动，与现在提供的版本相同".to_owned(),
            "nothing was changed: this is the version that is offered".to_owned(),
        ));
    }
    let changes = Changes::between(&before.tags, &tags);
    Ok((RatingTags { version: before.version + 1, tags }, changes))
}

/// Somebody published meanwhile: who, when, and which.
fn faster(db: &mut Db, seen: u32, current: u32) -> Result<Refused, Refused> {
    let mut missed = published(db)?;
    missed.retain(|one| one.version > seen);
    missed.sort_by_key(|one| one.version);
    let change = |one: Published| Change {
        kind: PUBLISHED.to_owned(),
        what: Text::new(
            format!("发布评价标签第{}版", one.version),
            format!("version {} of the tags published", one.version),
        ),
        by: one.by,
        at: one.at,
    };
    let current = i32::try_from(current).unwrap_or(i32::MAX);
    Ok(Refused::VersionConflict { current, changes: missed.into_iter().map(change).collect() })
}

/// What the trail says of a version.
struct Published {
    version: u32,
    by: String,
    at: Timestamp,
}

fn published(db: &mut Db) -> Result<Vec<Published>, Refused> {
    let mut rows = admin_events::about(db, KIND)?;
    rows.retain(|row| row.kind == PUBLISHED);
    let names: HashMap<String, String> =
        desk::staff_names(db, rows.iter().map(|row| row.by.clone()).collect())?.into_iter().collect();
    let one = |row: admin_events::AdminEventRow| {
        let by = names.get(&row.by).cloned().unwrap_or(row.by);
        Some(Published { version: row.subject_id.parse().ok()?, by, at: moment(row.at) })
    };
    Ok(rows.into_iter().filter_map(one).collect())
}
