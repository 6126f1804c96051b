//! What a deed says when it is done, at the console and on the phone page. The message
//! stands in the address of the page that follows (`?done=…`); a cookie of the very answer that leads there is
//! its proof, so that an address that somebody typed or sent says nothing.

use actix_web::{
    Error, HttpRequest, HttpResponse,
    body::{BoxBody, MessageBody},
    cookie::time::Duration,
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, StatusCode, header},
    middleware::Next,
    web::Data,
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

/// The middleware of the phone page: a message that no deed of this browser gave is left out.
pub async fn proved(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(shared) = request.app_data::<Data<Shared>>().cloned() else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    if let Some(place) = unproved(request.request(), &shared) {
        let mut away = HttpResponse::SeeOther().insert_header((header::LOCATION, place)).finish();
        if request.path().starts_with("/r/") {
            let silent = header::HeaderValue::from_static("no-referrer");
            away.headers_mut().insert(header::REFERRER_POLICY, silent);
        }
        return Ok(request.into_response(away));
    }
    let mut answer = next.call(request).await?.map_into_boxed_body();
    let asked = answer.request().clone();
    prove(&asked, answer.response_mut(), &shared);
    Ok(answer)
}
