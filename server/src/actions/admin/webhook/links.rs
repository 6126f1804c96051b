//! Whether a webhook carries the links of invitations. Whoever receives one rates as the
//! owner, and whoever sets a webhook up is an administrator, who touches no rating: so
//! somebody who answers for the ratings says yes, and is named with it.

use qiyema_protocol::{
    staff::Role,
    text::Text,
    webhooks::{LinksView, WebhookView},
};

use super::super::super::{
    Refused,
    rights::{Actor, Deed},
};
use crate::{
    clock::{Ids, Timestamp},
    domain::notice::WITH_LINK,
    store::{
        columns::{column, moment, word},
        connection::Db,
        webhooks::{self, ALLOWED, LinksRow, WITHDRAWN},
    },
};

/// Lets a webhook carry links to rate, or takes that back: then what it carried is dead too.
pub fn say(
    db: &mut Db,
    actor: &Actor,
    id: &str,
    allowed: bool,
    at: Timestamp,
) -> Result<WebhookView, Refused> {
    actor.may(Deed::AllowLinks)?;
    let row = super::find(db, id)?;
    outside(actor, &row.made_by)?;
    if allowed && !wanted(&row.kinds) {
        return Err(Refused::Unmet(Text::new(
            "该系统没有订阅“邀请评价”或“提醒评价”，不会收到评价链接，无需批准。",
            "This system does not ask for invitations to rate or their reminders, so it gets no link.",
        )));
    }
    if webhooks::carries_links(db, id)? != allowed {
        let deed = if allowed { ALLOWED } else { WITHDRAWN };
        let said = LinksRow {
            id: Ids.row(),
            webhook_id: row.id.clone(),
            deed: deed.to_owned(),
            at: column(at),
            by: actor.id.clone(),
        };
        webhooks::say_links(db, &said)?;
        let kind = if allowed { "webhook_links_allowed" } else { "webhook_links_withdrawn" };
        let detail = serde_json::json!({ "name": row.name, "url": row.url });
        super::note(db, id, kind, &detail, actor, at)?;
    }
    super::view(db, row)
}

/// Whoever set the webhook up does not say yes to it, whatever his roles are by now, and
/// nobody who is rated does.
pub(crate) fn outside(actor: &Actor, made_by: &str) -> Result<(), Refused> {
    if actor.id == made_by {
        return Err(Refused::OwnWork(Text::new(
            "该系统由您添加，须由其他人员批准。",
            "You added this system; somebody else has to allow it.",
        )));
    }
    if actor.roles.iter().any(|role| matches!(role, Role::Handler | Role::UnitAdministrator)) {
        return Err(Refused::OwnWork(Text::new(
            "您在承办单位任职，会被评价，须由承办单位以外的人员批准。",
            "You work for a unit that is rated; somebody outside the units has to allow it.",
        )));
    }
    Ok(())
}

/// Whether these kinds ask for links.
pub(super) fn wanted(kinds: &str) -> bool {
    kinds.split(' ').any(|kind| WITH_LINK.iter().any(|with| word(*with).is_ok_and(|with| with == kind)))
}

/// The latest word on a webhook's links.
pub(super) fn latest(db: &mut Db, id: &str) -> Result<Option<LinksView>, Refused> {
    let said = webhooks::links(db, id)?;
    Ok(said.map(|(row, by)| LinksView { allowed: row.deed == ALLOWED, by, at: moment(row.at) }))
}
