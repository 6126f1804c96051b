//! What a deed says when it is done. The message stands in the address of the
//! page that follows (`?done=…`); a cookie of the very answer that leads there is
//! its proof, so that an address that somebody typed or sent says nothing.

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::time::Duration,
    http::{Method, StatusCode, header},
};
use data_encoding::BASE64URL_NOPAD;

use crate::web::{cookies, shared::Shared};

/// The cookie, and how long a browser has to follow.
const COOKIE: &str = "qiyema_done";
const LASTS: Duration = Duration::minutes(1);

fn says(query: &str) -> bool {
    query.split('&').any(|pair| pair.starts_with("done="))
}

/// Where a request leads that claims what no deed of this browser said: the same page without it.
#[must_use]
pub fn unproved(request: &HttpRequest, shared: &Shared) -> Option<String> {
    let query = request.query_string();
    if request.method() != Method::GET || !says(query) {
        return None;
    }
    let here = format!("{}?{query}", request.path());
    if cookies::read(request, shared, COOKIE) == Some(BASE64URL_NOPAD.encode(here.as_bytes())) {
        return None;
    }
    let rest: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("done=")).collect();
    let mark = if rest.is_empty() { "" } else { "?" };
    Some(format!("{}{mark}{}", request.path(), rest.join("&")))
}

/// Gives the proof with an answer that leads to a message, and takes it back once it was shown.
pub fn prove(request: &HttpRequest, answer: &mut HttpResponse, shared: &Shared) {
    let place = answer.headers().get(header::LOCATION).and_then(|place| place.to_str().ok());
    let says_so = place.filter(|place| place.split_once('?').is_some_and(|(_, query)| says(query)));
    let proof = says_so.map(|place| BASE64URL_NOPAD.encode(place.as_bytes()));
    match proof {
        Some(proof) if answer.status() == StatusCode::SEE_OTHER => {
            cookies::keep(answer, shared, COOKIE, proof, LASTS);
        }
        _ if says(request.query_string()) => {
            cookies::keep(answer, shared, COOKIE, String::new(), Duration::ZERO);
        }
        _ => {}
    }
}
