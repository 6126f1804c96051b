//! What a dossier says of whose turn it is, of what was asked for, and of the issues it goes with.

use qiyema_protocol::clocks::ClockKind;

use super::records::sent_back;
use crate::{
    actions::issue::dossier::Dossier,
    domain::event::Kind,
    web::words::{console::turn::Standing, lang::Lang},
};

/// Whose turn it is.
#[must_use]
pub fn standing(lang: Lang, d: &Dossier) -> Standing<'_> {
    let records = d.view.records.as_ref();
    Standing {
        state: d.view.state,
        unit: d.unit.as_ref().map(|unit| lang.say(unit)),
        handler: d.handler.as_deref(),
        handler_gone: d.handler_gone,
        contact_owed: d.view.clocks.iter().any(|clock| clock.kind == ClockKind::FirstContact),
        asked: records
            .and_then(|all| all.requests.iter().rfind(|one| one.decision.is_none()))
            .map(|one| one.kind),
        sent_back: records.and_then(|all| sent_back(all.reports.last(), d.view.round)).map(|(_, why)| why),
    }
}

/// What was asked for last.
pub(super) fn asked(d: &Dossier) -> Option<&str> {
    d.entries.iter().rfind(|entry| entry.kind == Kind::SupplementAsked)?.note.as_deref()
}

/// The issue that it follows, and those that follow it.
pub(super) fn family(d: &Dossier, lang: Lang) -> Vec<(&'static str, &[String])> {
    let Some(records) = &d.view.records else { return Vec::new() };
    let all = [
        (lang.pick("已并入", "Merged into"), records.parent.as_slice()),
        (lang.pick("并入本问题的", "Merged into this one"), records.children.as_slice()),
    ];
    all.into_iter().filter(|(_, numbers)| !numbers.is_empty()).collect()
}
