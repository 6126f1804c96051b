//! Cookies of the pages. Under https their names begin with `__Host-`: browsers
//! then take them from this very host over https only, so that no neighbouring
//! host and no plain-http page can put one in.

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time::Duration},
};

use super::shared::Shared;

/// The value of a cookie that came along.
#[must_use]
pub fn read(request: &HttpRequest, shared: &Shared, name: &str) -> Option<String> {
    request.cookie(&full_name(shared, name)).map(|cookie| cookie.value().to_owned())
}

/// Sets a cookie; one that lasts no time is taken away.
pub fn keep(answer: &mut HttpResponse, shared: &Shared, name: &str, value: String, lasts: Duration) {
    set(answer, shared, full_name(shared, name), value, lasts);
}

/// Sets a cookie that holds no secret and is shared with the console.
pub fn keep_plain(answer: &mut HttpResponse, shared: &Shared, name: &str, value: String, lasts: Duration) {
    set(answer, shared, name.to_owned(), value, lasts);
}

fn full_name(shared: &Shared, name: &str) -> String {
    let prefix = if shared.trust.host.is_plain_http() { "" } else { "__Host-" };
    format!("{prefix}{name}")
}

fn set(answer: &mut HttpResponse, shared: &Shared, name: String, value: String, lasts: Duration) {
    let cookie = Cookie::build(name, value)
        .path("/")
        .http_only(true)
        .secure(!shared.trust.host.is_plain_http())
        .same_site(SameSite::Lax)
        .max_age(lasts)
        .finish();
    if let Err(error) = answer.add_cookie(&cookie) {
        tracing::error!(%error, "a cookie could not be set");
    }
}
