//! Units, offices, categories and channels.

use actix_web::{
    HttpResponse, delete, get, post, put,
    web::{Data, Json, Path},
};
use qiyema_protocol::{
    administration::{EditCategory, EditChannel, EditOffice, EditUnit},
    directory::{CategoryView, ChannelView, Directory, OfficeView, UnitView},
};

use super::{clean, read, write};
use crate::{
    actions::admin::{category, channel, directory},
    web::{callers::Staff, problem::Refusal, refusals::Refusals, shared::Shared},
};

/// The whole directory, also what is closed or retired.
#[utoipa::path(tag = "administration", security(("staff" = [])), responses((status = 200, body = Directory), Refusals))]
#[get("/api/v1/admin/directory")]
pub async fn show(staff: Staff, shared: Data<Shared>) -> Result<Json<Directory>, Refusal> {
    Ok(Json(read(staff, &shared, |db, actor, _, _| directory::show(db, actor)).await?))
}

fn done() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

/// Make a unit.
#[utoipa::path(tag = "administration", request_body = EditUnit, security(("staff" = [])),
    responses((status = 201, body = UnitView), Refusals))]
#[post("/api/v1/admin/units")]
pub async fn make_unit(
    staff: Staff,
    body: Json<EditUnit>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let ask = body.into_inner();
    let made = write(staff, &shared, move |db, actor, _, at| directory::make_unit(db, actor, &ask, at));
    Ok(HttpResponse::Created().json(made.await?))
}

/// Rename a unit or move it.
#[utoipa::path(tag = "administration", params(("id" = String, Path)), request_body = EditUnit,
    security(("staff" = [])), responses((status = 204), Refusals))]
#[put("/api/v1/admin/units/{id}")]
pub async fn edit_unit(
    staff: Staff,
    id: Path<String>,
    body: Json<EditUnit>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let (id, ask) = (clean(id.into_inner())?, body.into_inner());
    write(staff, &shared, move |db, actor, _, at| directory::edit_unit(db, actor, &id, &ask, at)).await?;
    Ok(done())
}

/// Close a unit; refused while people or open issues are there.
#[utoipa::path(tag = "administration", params(("id" = String, Path)), security(("staff" = [])),
    responses((status = 204), Refusals))]
#[post("/api/v1/admin/units/{id}/closing")]
pub async fn close_unit(
    staff: Staff,
    id: Path<String>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let id = clean(id.into_inner())?;
    write(staff, &shared, move |db, actor, _, at| directory::close_unit(db, actor, &id, true, at)).await?;
    Ok(done())
}

/// Open a unit again.
#[utoipa::path(tag = "administration", params(("id" = String, Path)), security(("staff" = [])),
    responses((status = 204), Refusals))]
#[delete("/api/v1/admin/units/{id}/closing")]
pub async fn open_unit(
    staff: Staff,
    id: Path<String>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let id = clean(id.into_inner())?;
    write(staff, &shared, move |db, actor, _, at| directory::close_unit(db, actor, &id, false, at)).await?;
    Ok(done())
}

/// Make an office of a unit.
#[utoipa::path(tag = "administration", params(("id" = String, Path)), request_body = EditOffice,
    security(("staff" = [])), responses((status = 201, body = OfficeView), Refusals))]
#[post("/api/v1/admin/units/{id}/offices")]
pub async fn make_office(
    staff: Staff,
    id: Path<String>,
    body: Json<EditOffice>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let (id, ask) = (clean(id.into_inner())?, body.into_inner());
    let made =
        write(staff, &shared, move |db, actor, _, at| directory::make_office(db, actor, &id, &ask, at));
    Ok(HttpResponse::Created().json(made.await?))
}

/// Rename an office, move it, or change its telephone.
#[utoipa::path(tag = "administration", params(("id" = String, Path)), request_body = EditOffice,
    security(("staff" = [])), responses((status = 204), Refusals))]
#[put("/api/v1/admin/offices/{id}")]
pub async fn edit_office(
    staff: Staff,
    id: Path<String>,
    body: Json<EditOffice>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let (id, ask) = (clean(id.into_inner())?, body.into_inner());
    write(staff, &shared, move |db, actor, _, at| directory::edit_office(db, actor, &id, &ask, at)).await?;
    Ok(done())
}

/// Close an office; refused while people or open issues are there.
#[utoipa::path(tag = "administration", params(("id" = String, Path)), security(("staff" = [])),
    responses((status = 204), Refusals))]
#[post("/api/v1/admin/offices/{id}/closing")]
pub async fn close_office(
    staff: Staff,
    id: Path<String>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let id = clean(id.into_inner())?;
    write(staff, &shared, move |db, actor, _, at| directory::close_office(db, actor, &id, true, at)).await?;
    Ok(done())
}

/// Make a category.
#[utoipa::path(tag = "administration", request_body = EditCategory, security(("staff" = [])),
    responses((status = 201, body = CategoryView), Refusals))]
#[post("/api/v1/admin/categories")]
pub async fn make_category(
    staff: Staff,
    body: Json<EditCategory>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let ask = body.into_inner();
    let made = write(staff, &shared, move |db, actor, rules, at| category::make(db, actor, &ask, rules, at));
    Ok(HttpResponse::Created().json(made.await?))
}

/// Edit a category.
#[utoipa::path(tag = "administration", params(("id" = String, Path)), request_body = EditCategory,
    security(("staff" = [])), responses((status = 200, body = CategoryView), Refusals))]
#[put("/api/v1/admin/categories/{id}")]
pub async fn edit_category(
    staff: Staff,
    id: Path<String>,
    body: Json<EditCategory>,
    shared: Data<Shared>,
) -> Result<Json<CategoryView>, Refusal> {
    let (id, ask) = (clean(id.into_inner())?, body.into_inner());
    let done =
        write(staff, &shared, move |db, actor, rules, at| category::edit(db, actor, &id, &ask, rules, at));
    Ok(Json(done.await?))
}

/// Retire a category; old issues keep theirs.
#[utoipa::path(tag = "administration", params(("id" = String, Path)), security(("staff" = [])),
    responses((status = 204), Refusals))]
#[post("/api/v1/admin/categories/{id}/retirement")]
pub async fn retire_category(
    staff: Staff,
    id: Path<String>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let id = clean(id.into_inner())?;
    write(staff, &shared, move |db, actor, _, at| category::retire(db, actor, &id, true, at)).await?;
    Ok(done())
}

/// Take a category into use again.
#[utoipa::path(tag = "administration", params(("id" = String, Path)), security(("staff" = [])),
    responses((status = 204), Refusals))]
#[delete("/api/v1/admin/categories/{id}/retirement")]
pub async fn restore_category(
    staff: Staff,
    id: Path<String>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let id = clean(id.into_inner())?;
    write(staff, &shared, move |db, actor, _, at| category::retire(db, actor, &id, false, at)).await?;
    Ok(done())
}

/// Make a channel.
#[utoipa::path(tag = "administration", request_body = EditChannel, security(("staff" = [])),
    responses((status = 201, body = ChannelView), Refusals))]
#[post("/api/v1/admin/channels")]
pub async fn make_channel(
    staff: Staff,
    body: Json<EditChannel>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let ask = body.into_inner();
    let made = write(staff, &shared, move |db, actor, _, at| channel::make(db, actor, &ask, at));
    Ok(HttpResponse::Created().json(made.await?))
}

/// Rename a channel or move it.
#[utoipa::path(tag = "administration", params(("id" = String, Path)), request_body = EditChannel,
    security(("staff" = [])), responses((status = 204), Refusals))]
#[put("/api/v1/admin/channels/{id}")]
pub async fn edit_channel(
    staff: Staff,
    id: Path<String>,
    body: Json<EditChannel>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let (id, ask) = (clean(id.into_inner())?, body.into_inner());
    write(staff, &shared, move |db, actor, _, at| channel::edit(db, actor, &id, &ask, at)).await?;
    Ok(done())
}

/// Retire a channel.
#[utoipa::path(tag = "administration", params(("id" = String, Path)), security(("staff" = [])),
    responses((status = 204), Refusals))]
#[post("/api/v1/admin/channels/{id}/retirement")]
pub async fn retire_channel(
    staff: Staff,
    id: Path<String>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let id = clean(id.into_inner())?;
    write(staff, &shared, move |db, actor, _, at| channel::retire(db, actor, &id, true, at)).await?;
    Ok(done())
}

/// Take a channel into use again.
#[utoipa::path(tag = "administration", params(("id" = String, Path)), security(("staff" = [])),
    responses((status = 204), Refusals))]
#[delete("/api/v1/admin/channels/{id}/retirement")]
pub async fn restore_channel(
    staff: Staff,
    id: Path<String>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let id = clean(id.into_inner())?;
    write(staff, &shared, move |db, actor, _, at| channel::retire(db, actor, &id, false, at)).await?;
    Ok(done())
}
