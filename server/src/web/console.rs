//! The staff console. Its URL map is on this page; every request passes the
//! door, which knows who is there, and what a handler refuses leaves as a page.

pub mod assets;
pub mod door;
pub mod home;
pub mod sign_in;
pub mod staff;

use actix_web::{
    middleware::from_fn,
    web::{ServiceConfig, get, post, resource, scope, to},
};

pub use self::staff::{ConsoleForm, ConsoleStaff};

/// The console's addresses, grouped by noun.
pub fn map(app: &mut ServiceConfig) {
    let console = scope("/console")
        // whoever comes to the door
        .service(resource("/assets/{name}").route(get().to(assets::asset)))
        .service(resource("/sign-in").route(get().to(sign_in::show)).route(post().to(sign_in::sign_in)))
        .service(resource("/sign-out").route(post().to(sign_in::sign_out)))
        // everybody signed in
        .service(resource("").route(get().to(home::home)))
        .default_service(to(door::nowhere))
        .wrap(from_fn(door::door));
    app.service(console);
}
