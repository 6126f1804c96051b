//! Where a rating comes from, as far as it is kept: keyed hashes of network and
//! device. A browser in which staff signed in rates nothing.

use actix_web::{HttpRequest, HttpResponse, cookie::time};
use chrono::TimeDelta;

use super::{
    callers, client, console, cookies,
    problem::{Code, Refusal},
    refusals::internal,
    shared::Shared,
};
use crate::{
    actions::rate::guard::Origin,
    clock::Ids,
    secrets::{
        devices::{is_staff_mark, staff_mark, traces},
        token::{TokenError, opaque},
    },
};

/// The cookie by which ratings of one browser are known to be so. It names nobody.
const DEVICE: &str = "qiyema_rater";
/// The cookie of a browser in which staff signed in.
const STAFF: &str = "qiyema_staff_device";
/// Browsers keep no cookie longer.
const STAFF_DAYS: i64 = 400;
/// Characters of a device's cookie; ours has 43.
const LONGEST: usize = 64;

/// Where a rating comes from, and what its browser should keep.
pub struct Sender {
    /// For the books.
    pub origin: Origin,
    fresh: Option<String>,
    days: i64,
}

impl Sender {
    /// Lets the browser keep what tells it from others, if it has nothing yet.
    pub fn keep(self, answer: &mut HttpResponse, shared: &Shared) {
        if let Some(token) = self.fresh {
            cookies::keep(answer, shared, DEVICE, token, time::Duration::days(self.days));
        }
    }
}

/// Where a rating comes from; refused if it comes from a device of staff.
pub fn of(request: &HttpRequest, shared: &Shared) -> Result<Sender, Refusal> {
    not_of_staff(request, shared)?;
    let at = shared.clock.now();
    let days = i64::from(shared.config.retention.trace_days.get());
    let traced =
        |kind: &str, value: &str| traces(&shared.trust.secret, kind, value, at, TimeDelta::days(days));
    let address = client::address(request.head(), &shared.config.http.trusted_proxies);
    let network =
        address.map_or_else(|| "unknown".to_owned(), |address| client::household(address).to_string());
    let office = address.is_some_and(|one| shared.rules().offices.iter().any(|net| net.holds(one)));
    let known = cookies::read(request, shared, DEVICE)
        .filter(|token| !token.is_empty() && token.len() <= LONGEST)
        .or_else(|| callers::bearer(request).map(ToOwned::to_owned));
    let (device, fresh) = if let Some(token) = known {
        (token, None)
    } else {
        let (token, _) = opaque(Ids).map_err(|error| internal(&error))?;
        (token.clone(), Some(token))
    };
    let origin =
        Origin { network: traced("network", &network), device: Some(traced("device", &device)), office };
    Ok(Sender { origin, fresh, days })
}

/// Refuses a browser in which staff signed in, now or before, and a session of staff.
pub fn not_of_staff(request: &HttpRequest, shared: &Shared) -> Result<(), Refusal> {
    let marked = || {
        cookies::read(request, shared, STAFF).is_some_and(|mark| is_staff_mark(&shared.trust.secret, &mark))
    };
    let signed_in =
        || request.cookie(console::session_cookie(shared)).is_some_and(|one| !one.value().is_empty());
    let session = || {
        let token = callers::bearer(request)?;
        let read = shared.trust.tokens.read(token, shared.clock.now());
        matches!(read, Ok(_) | Err(TokenError::Expired)).then_some(())
    };
    if marked() || signed_in() || session().is_some() {
        tracing::warn!("a rating from a device of staff was refused");
        return Err(Code::StaffDevice.into());
    }
    Ok(())
}

/// Marks a browser in which staff sign in.
pub fn mark_staff(answer: &mut HttpResponse, shared: &Shared) {
    let mark = staff_mark(&shared.trust.secret, shared.clock.now());
    cookies::keep(answer, shared, STAFF, mark, time::Duration::days(STAFF_DAYS));
}
