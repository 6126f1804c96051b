//! People.

use actix_web::{
    HttpResponse, delete, get,
    http::header,
    post, put,
    web::{Data, Json, Path},
};
use qiyema_protocol::administration::{EditPerson, NewPerson, OneTimeLink, PersonList, PersonView};

use super::{clean, read, write};
use crate::{
    actions::{
        account::{link, second_factor},
        admin::people,
    },
    clock::Ids,
    secrets::token::opaque,
    web::{
        callers::Staff,
        problem::Refusal,
        refusals::{Refusals, internal},
        shared::Shared,
    },
};

/// Everybody, also who is disabled.
#[utoipa::path(tag = "administration", security(("staff" = [])), responses((status = 200, body = PersonList), Refusals))]
#[get("/api/v1/admin/staff")]
pub async fn list(staff: Staff, shared: Data<Shared>) -> Result<Json<PersonList>, Refusal> {
    let people = read(staff, &shared, |db, actor, rules, _| people::list(db, actor, rules)).await?;
    Ok(Json(PersonList { people }))
}

/// One person.
#[utoipa::path(tag = "administration", params(("id" = String, Path)), security(("staff" = [])),
    responses((status = 200, body = PersonView), Refusals))]
#[get("/api/v1/admin/staff/{id}")]
pub async fn one(staff: Staff, id: Path<String>, shared: Data<Shared>) -> Result<Json<PersonView>, Refusal> {
    let id = clean(id.into_inner())?;
    Ok(Json(read(staff, &shared, move |db, actor, rules, _| people::show(db, actor, &id, rules)).await?))
}

/// Make a person; the answer holds a link by which the password is set, once.
#[utoipa::path(tag = "administration", request_body = NewPerson, security(("staff" = [])),
    responses((status = 201, body = OneTimeLink), Refusals))]
#[post("/api/v1/admin/staff")]
pub async fn create(
    staff: Staff,
    body: Json<NewPerson>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let made = make(&shared, staff, body.into_inner()).await?;
    let place = format!("/api/v1/admin/staff/{}", made.person.id);
    Ok(HttpResponse::Created().insert_header((header::LOCATION, place)).json(made))
}

/// Makes a person and the first link, in one transaction; for the console as well.
pub async fn make(shared: &Data<Shared>, staff: Staff, new: NewPerson) -> Result<OneTimeLink, Refusal> {
    let (token, kept) = opaque(Ids).map_err(|error| internal(&error))?;
    let (person, expires_at) = write(staff, shared, move |db, actor, rules, at| {
        let made = people::create(db, actor, &new, rules, at)?;
        link::make(db, actor, &made.id, &kept, rules, at)
    })
    .await?;
    Ok(OneTimeLink { url: url(shared, &token), expires_at, person })
}

/// Edit a person; changed roles hold from the next request on.
#[utoipa::path(tag = "administration", params(("id" = String, Path)), request_body = EditPerson,
    security(("staff" = [])), responses((status = 200, body = PersonView), Refusals))]
#[put("/api/v1/admin/staff/{id}")]
pub async fn edit(
    staff: Staff,
    id: Path<String>,
    body: Json<EditPerson>,
    shared: Data<Shared>,
) -> Result<Json<PersonView>, Refusal> {
    let (id, ask) = (clean(id.into_inner())?, body.into_inner());
    let done =
        write(staff, &shared, move |db, actor, rules, at| people::edit(db, actor, &id, &ask, rules, at));
    Ok(Json(done.await?))
}

/// Disable: every session ends at once.
#[utoipa::path(tag = "administration", params(("id" = String, Path)), security(("staff" = [])),
    responses((status = 201, body = PersonView), Refusals))]
#[post("/api/v1/admin/staff/{id}/disabling")]
pub async fn disable(staff: Staff, id: Path<String>, shared: Data<Shared>) -> Result<HttpResponse, Refusal> {
    let id = clean(id.into_inner())?;
    let done = write(staff, &shared, move |db, actor, rules, at| people::disable(db, actor, &id, rules, at));
    Ok(HttpResponse::Created().json(done.await?))
}

/// Enable again.
#[utoipa::path(tag = "administration", params(("id" = String, Path)), security(("staff" = [])),
    responses((status = 200, body = PersonView), Refusals))]
#[delete("/api/v1/admin/staff/{id}/disabling")]
pub async fn enable(
    staff: Staff,
    id: Path<String>,
    shared: Data<Shared>,
) -> Result<Json<PersonView>, Refusal> {
    let id = clean(id.into_inner())?;
    let done = write(staff, &shared, move |db, actor, rules, at| people::enable(db, actor, &id, rules, at));
    Ok(Json(done.await?))
}

/// A new link to set the password, once.
#[utoipa::path(tag = "administration", params(("id" = String, Path)), security(("staff" = [])),
    responses((status = 201, body = OneTimeLink), Refusals))]
#[post("/api/v1/admin/staff/{id}/password-links")]
pub async fn new_link(staff: Staff, id: Path<String>, shared: Data<Shared>) -> Result<HttpResponse, Refusal> {
    Ok(HttpResponse::Created().json(relink(&shared, staff, clean(id.into_inner())?).await?))
}

/// A new link; for the console as well.
pub async fn relink(shared: &Data<Shared>, staff: Staff, id: String) -> Result<OneTimeLink, Refusal> {
    let (token, kept) = opaque(Ids).map_err(|error| internal(&error))?;
    let made = write(staff, shared, move |db, actor, rules, at| link::make(db, actor, &id, &kept, rules, at));
    let (person, expires_at) = made.await?;
    Ok(OneTimeLink { url: url(shared, &token), expires_at, person })
}

/// Forget the second factor of somebody who lost it.
#[utoipa::path(tag = "administration", params(("id" = String, Path)), security(("staff" = [])),
    responses((status = 204), Refusals))]
#[delete("/api/v1/admin/staff/{id}/second-factor")]
pub async fn forget_factor(
    staff: Staff,
    id: Path<String>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let id = clean(id.into_inner())?;
    write(staff, &shared, move |db, actor, _, at| second_factor::reset(db, actor, &id, at)).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn url(shared: &Shared, token: &str) -> String {
    format!("{}/console/link/{token}", shared.trust.host.origin())
}
