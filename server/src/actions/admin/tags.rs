//! Publishing a version of the tags (评价标签): whole, after the one that is offered. What was rated before keeps its words.

use std::collections::BTreeSet;

use qiyema_protocol::{
    rating::{RatingTag, RatingTags},
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
    domain::text::{Typed, problem},
    store::{columns::column, connection::Db, tags},
};

/// Tags of a version at most.
const MOST: usize = 60;

/// The version that is offered.
pub fn current(db: &mut Db, actor: &Actor) -> Result<RatingTags, Refused> {
    actor.may(Deed::Inspect(Area::Directory))?;
    Ok(tags::all(db)?.current())
}

/// Publishes the next version; `edited.version` is the one that it was made from. Gives its number.
pub fn publish(db: &mut Db, actor: &Actor, edited: &RatingTags, at: Timestamp) -> Result<u32, Refused> {
    actor.may(Deed::Administer(Area::Directory))?;
    let before = tags::all(db)?.current();
    let wrong = |zh: &str, en: &str| Refused::Invalid(vec![problem("tags", zh, en)]);
    if edited.version != before.version {
        return Err(wrong("标签已有新版本，请在最新版本上修改", "there is a newer version: edit that one"));
    }
    if edited.tags == before.tags {
        return Err(wrong("与现有版本相同", "this is the version that is offered"));
    }
    let known = |tag: &&RatingTag| matches!(tag.score, 5 | 3 | 2 | 1) && is_id(&tag.id);
    let ids: BTreeSet<&str> = edited.tags.iter().filter(known).map(|tag| &*tag.id).collect();
    if ids.len() != edited.tags.len() || ids.len() > MOST {
        return Err(wrong(
            "每个标签须有不同的id（小写字母、数字、下划线，2至40个字符）和分值5、3、2或1，最多60个",
            "each tag has an id of its own (2 to 40 lower-case letters, digits, underscores) and the score 5, 3, 2 or 1; 60 at most",
        ));
    }
    // Praise and complaint are offered with equal effort.
    if !edited.tags.iter().any(|tag| tag.score >= 3) || !edited.tags.iter().any(|tag| tag.score < 3) {
        return Err(wrong("好评和差评都须有标签", "good and bad ratings both need tags"));
    }
    let line = |text: &str| {
        Typed::line("tags", text, 1, 40).map(String::from).map_err(|fault| Refused::Invalid(vec![fault]))
    };
    let tag = |tag: &RatingTag| {
        let text = Text::new(line(&tag.text.zh)?, line(&tag.text.en)?);
        Ok(RatingTag { text, ..tag.clone() })
    };
    let mut next = edited.tags.iter().map(tag).collect::<Result<Vec<_>, Refused>>()?;
    next.sort_by_key(|tag| std::cmp::Reverse(tag.score));
    let new = RatingTags { version: before.version + 1, tags: next };
    tags::add(db, &new, column(at))?;
    let version = new.version.to_string();
    let detail = serde_json::json!({ "from": before.version, "to": new.version, "tags": new.tags.len() });
    record(db, Subject { kind: "tags", id: &version }, "tags_published", &detail, &actor.id, at)?;
    Ok(new.version)
}

fn is_id(id: &str) -> bool {
    (2..=40).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}
