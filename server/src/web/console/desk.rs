//! What a browser keeps after a first sign-in. It opens nothing: it only tells the
//! ladder of waits that this browser was right before, so that a stranger's
//! guesses make nobody wait at his own desk.

use actix_web::{
    HttpRequest,
    cookie::{Cookie, time},
    web::Data,
};

use super::door;
use crate::{
    actions::{Refused, console},
    clock::Ids,
    secrets::token::{fingerprint, opaque},
    web::{problem::Refusal, refusals::internal, shared::Shared},
};

const NAME: &str = "qiyema_desk";

/// The fingerprint of what the browser brought along.
pub fn of(request: &HttpRequest) -> Option<String> {
    request.cookie(NAME).map(|cookie| fingerprint(cookie.value()))
}

/// Remembers a browser and gives what it should keep.
pub async fn remember(shared: &Data<Shared>, staff: String) -> Result<String, Refusal> {
    let (token, kept) = opaque(Ids).map_err(|error| internal(&error))?;
    let (rules, at) = (shared.rules(), shared.clock.now());
    let done: Result<(), Refused> =
        shared.store.write(move |db| console::remember(db, &kept, &staff, &rules, at)).await;
    done?;
    Ok(token)
}

/// As a cookie.
pub fn cookie(shared: &Shared, token: String) -> Cookie<'static> {
    let age = time::Duration::days(i64::from(shared.rules().device_days));
    door::cookie(shared, NAME, token, Some(age))
}
