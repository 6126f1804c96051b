//! Channels: the twelve that are shipped, and whatever a centre adds.

use qiyema_protocol::{administration::EditChannel, directory::ChannelView, text::Text};

use super::{
    super::{
        Refused,
        owner::raise,
        rights::{Actor, Area, Deed},
    },
    Subject, directory, record,
};
use crate::{
    clock::{Ids, Timestamp},
    store::{
        columns::column,
        connection::Db,
        directory::{self as rows, ChannelRow, edit},
    },
};

/// Makes a channel.
pub fn make(db: &mut Db, actor: &Actor, ask: &EditChannel, at: Timestamp) -> Result<ChannelView, Refused> {
    actor.may(Deed::Administer(Area::Directory))?;
    let (name_zh, name_en) = directory::names(&ask.name_zh, &ask.name_en, ask.position)?;
    let row = ChannelRow { id: Ids.row(), name_zh, name_en, position: ask.position, retired_at: None };
    rows::insert_channel(db, &row)?;
    let detail = serde_json::json!({ "name": row.name_zh });
    record(db, Subject { kind: "channel", id: &row.id }, "channel_made", &detail, &actor.id, at)?;
    Ok(directory::channel_view(row))
}

/// Renames a channel or moves it.
pub fn edit(db: &mut Db, actor: &Actor, id: &str, ask: &EditChannel, at: Timestamp) -> Result<(), Refused> {
    actor.may(Deed::Administer(Area::Directory))?;
    let mut row = edit::channel(db, id)?.ok_or(Refused::NotThere)?;
    let before = row.name_zh.clone();
    (row.name_zh, row.name_en) =
        directory::names(&ask.name_zh, directory::english(&before, &ask.name_en), ask.position)?;
    row.position = ask.position;
    edit::write_channel(db, &row)?;
    let detail = serde_json::json!({ "from": before, "to": row.name_zh, "position": row.position });
    record(db, Subject { kind: "channel", id }, "channel_edited", &detail, &actor.id, at)
}

/// Retires a channel, or takes it into use again. Its tokens open nothing meanwhile.
pub fn retire(db: &mut Db, actor: &Actor, id: &str, retired: bool, at: Timestamp) -> Result<(), Refused> {
    actor.may(Deed::Administer(Area::Directory))?;
    let mut row = edit::channel(db, id)?.ok_or(Refused::NotThere)?;
    if retired && id == raise::CHANNEL {
        return Err(Refused::Unmet(Text::new(
            "企业通过企业码反映问题时使用这个渠道，不能停用。",
            "What enterprises raise through their code comes by this channel; it cannot be retired.",
        )));
    }
    row.retired_at = retired.then(|| column(at));
    edit::write_channel(db, &row)?;
    let kind = if retired { "channel_retired" } else { "channel_restored" };
    record(
        db,
        Subject { kind: "channel", id },
        kind,
        &serde_json::json!({ "name": row.name_zh }),
        &actor.id,
        at,
    )
}
