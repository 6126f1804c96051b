//! What units of the demo are asking for just now: asked through the actions
//! themselves, so that the centre finds something real to rule on.

use chrono::Days;
use qiyema_protocol::{
    board::{ExtensionReason, State},
    staff::{RequestDeferral, RequestExtension, Role},
    verb::Verb,
};

use super::{Handler, records::UNSOLVABLE};
use crate::{
    actions::{
        Rules,
        issue::{offered::offered, request_deferral::request_deferral, request_extension::request_extension},
        rights::Actor,
    },
    clock::Timestamp,
    store::{
        columns::word,
        connection::Db,
        desk::{self, Order, Wanted},
    },
};

/// Requests of each kind that wait.
const WAITING: usize = 2;

/// Asks for some extensions and some deferrals.
pub(super) fn ask(db: &mut Db, handlers: &[Handler], rules: &Rules, at: Timestamp) -> anyhow::Result<()> {
    let wanted = Wanted { states: vec![word(State::InProgress)?], ..Wanted::default() };
    let (mut extensions, mut deferrals) = (0, 0);
    for issue in desk::page(db, &wanted, Order::Newest, None, 200)? {
        let Some(handler) = handlers.iter().find(|one| Some(&one.id) == issue.handler_id.as_ref()) else {
            continue;
        };
        let actor = acting(handler);
        let may = offered(db, &actor, &issue, &[], rules, at)?;
        let version = issue.version;
        if extensions < WAITING && may.contains(&Verb::RequestExtension) {
            let reason = ExtensionReason::HigherAuthority;
            let note = Some("已报上级主管部门，待书面答复。".to_owned());
            let ask = RequestExtension { version, working_days: 5, reason, note };
            request_extension(db, &actor, &issue.number, &ask, rules, at)?;
            extensions += 1;
        } else if deferrals < WAITING && may.contains(&Verb::RequestDeferral) {
            let review_on = rules.day(at) + Days::new(60);
            let ask = RequestDeferral { version, reason: UNSOLVABLE.to_owned(), review_on };
            request_deferral(db, &actor, &issue.number, &ask, rules, at)?;
            deferrals += 1;
        }
    }
    Ok(())
}

fn acting(handler: &Handler) -> Actor {
    Actor {
        id: handler.id.clone(),
        username: handler.username.clone(),
        name: handler.username.clone(),
        roles: vec![Role::Handler],
        units: vec![handler.unit.clone()],
        session: String::new(),
        scopes: Vec::new(),
        channel: None,
    }
}
