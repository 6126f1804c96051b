//! What a dossier says of whose turn it is.

use qiyema_protocol::clocks::ClockKind;

use crate::{
    actions::issue::dossier::Dossier,
    web::words::{console::turn::Standing, lang::Lang},
};

/// Whose turn it is.
#[must_use]
pub fn standing(lang: Lang, d: &Dossier) -> Standing<'_> {
    Standing {
        state: d.view.state,
        unit: d.unit.as_ref().map(|unit| lang.say(unit)),
        handler: d.handler.as_deref(),
        contact_owed: d.view.clocks.iter().any(|clock| clock.kind == ClockKind::FirstContact),
    }
}
