//! Who is calling, as a type: a handler that takes `Staff` cannot be reached
//! without a session, one that takes `Sealed` not without a true seal.

use std::{future::Future, net::IpAddr, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header, web::Data};
use qiyema_protocol::seal::Verified;

use super::{
    client, cookies,
    problem::{Code, Refusal},
    shared::Shared,
};
use crate::{
    actions::{Refused, admin::api_token, rights::Actor, session},
    secrets::token::{fingerprint, pseudonym},
};

/// A true seal, and the device token that came along.
#[derive(Debug, Clone)]
pub struct Sealed {
    /// The seal, verified.
    pub seal: Verified,
    /// The path segment as asked for.
    pub segment: String,
    /// SHA-256 of the device token.
    pub device: Option<String>,
    /// Pseudonym of the address.
    pub who: String,
}

impl FromRequest for Sealed {
    type Error = Refusal;
    type Future = std::future::Ready<Result<Self, Refusal>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(open(request))
    }
}

/// Verifies the seal of a request, before any database is asked.
pub fn open(request: &HttpRequest) -> Result<Sealed, Refusal> {
    let shared = shared(request)?;
    let segment = request.match_info().get("seal").unwrap_or_default();
    let seal = shared.trust.open(segment)?;
    let who = who(request, shared);
    shared.trust.scans.check(&format!("{}/{who}", seal.code()))?;
    let cookie = || cookies::read(request, shared, &device_cookie(seal));
    let token = bearer(request).map(ToOwned::to_owned).or_else(cookie);
    Ok(Sealed { seal, segment: segment.to_owned(), device: token.map(|token| fingerprint(&token)), who })
}

/// The cookie that remembers a device for one code.
pub fn device_cookie(seal: Verified) -> String {
    format!("qiyema_device_{}", seal.code())
}

/// A keyed pseudonym of the caller's address; of an IPv6 address, of its /64,
/// because whoever has one address there has all of them.
pub fn who(request: &HttpRequest, shared: &Shared) -> String {
    let address = client::address(request.head(), &shared.config.http.trusted_proxies);
    let address =
        address.map_or_else(|| "unknown".to_owned(), |address| client::household(address).to_string());
    pseudonym(&shared.trust.secret, &address)
}

/// The caller's address without its last parts, for the list of one's own sessions.
pub fn place(request: &HttpRequest, shared: &Shared) -> String {
    match client::address(request.head(), &shared.config.http.trusted_proxies) {
        None => String::new(),
        Some(IpAddr::V4(v4)) => {
            let [a, b, ..] = v4.octets();
            format!("{a}.{b}.*.*")
        }
        Some(IpAddr::V6(v6)) => {
            let [a, b, ..] = v6.segments();
            format!("{a:x}:{b:x}:*")
        }
    }
}

/// A member of staff with a session that stands.
pub struct Staff(pub Actor);

impl FromRequest for Staff {
    type Error = Refusal;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refusal>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let token = bearer(request).map(ToOwned::to_owned);
        let shared = shared(request).cloned();
        Box::pin(async move {
            let (shared, token) = (shared?, token.ok_or(Code::Unauthenticated)?);
            let at = shared.clock.now();
            let claims = shared.trust.tokens.read(&token, at).map_err(|_| Code::Unauthenticated)?;
            let rules = shared.rules();
            let known: Result<(Actor, bool), Refused> =
                shared.store.read(move |db| session::of_token(db, &claims.sid, &rules, at)).await;
            let (actor, note) = known?;
            if note {
                let session = actor.session.clone();
                let noted: Result<(), Refused> =
                    shared.store.write(move |db| session::seen(db, &session, at)).await;
                noted?;
            }
            Ok(Self(actor))
        })
    }
}

/// What every API token begins with, so that a leaked one is recognised.
pub const API_TOKEN_PREFIX: &str = "qyt_";

/// The API token of a channel system. What it may do is asked of the actor, as
/// with people; a route that takes `Machine` cannot be reached by people, nor
/// one that takes `Staff` by machines.
pub struct Machine(pub Actor);

impl FromRequest for Machine {
    type Error = Refusal;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refusal>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let token = bearer(request).filter(|token| token.starts_with(API_TOKEN_PREFIX)).map(fingerprint);
        let shared = shared(request).cloned();
        Box::pin(async move {
            let (shared, token) = (shared?, token.ok_or(Code::Unauthenticated)?);
            let (at, rules) = (shared.clock.now(), shared.rules());
            let known: Result<(Actor, bool), Refused> =
                shared.store.read(move |db| api_token::authenticate(db, &token, &rules, at)).await;
            let (actor, first_today) = known?;
            if first_today {
                let (used, rules) = (actor.clone(), shared.rules());
                let noted: Result<(), Refused> =
                    shared.store.write(move |db| api_token::used(db, &used, &rules, at)).await;
                noted?;
            }
            Ok(Self(actor))
        })
    }
}

fn shared(request: &HttpRequest) -> Result<&Shared, Refusal> {
    request.app_data::<Data<Shared>>().map(|data| &***data).ok_or_else(|| Code::Internal.into())
}

/// The token of `Authorization: Bearer …`.
pub fn bearer(request: &HttpRequest) -> Option<&str> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    value.strip_prefix("Bearer ").map(str::trim).filter(|token| !token.is_empty() && token.len() <= 2048)
}
