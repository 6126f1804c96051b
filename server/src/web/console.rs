//! The staff console. Its URL map is on this page; every request passes the
//! door, which knows who is there, and what a handler refuses leaves as a page.

pub mod assets;
pub mod audit;
pub mod door;
pub mod enterprises;
pub mod export;
pub mod home;
pub mod inbox;
pub mod intake;
pub mod issue;
pub mod issues;
pub mod sign_in;
pub mod staff;
pub mod verbs;
pub mod webhooks;

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
        // issues
        .service(resource("/issues").route(get().to(issues::list)))
        .service(resource("/issues.csv").route(get().to(issues::csv)))
        .service(resource("/issues.xlsx").route(get().to(issues::xlsx)))
        .service(resource("/issues/bulk").route(post().to(issues::several)))
        .service(resource("/issues/{number}").route(get().to(issue::show)))
        .service(resource("/issues/{number}/{noun}").route(post().to(issue::act)))
        // intake, enterprises, codes
        .service(resource("/intake").route(get().to(intake::show)).route(post().to(intake::register)))
        .service(
            resource("/enterprises")
                .route(get().to(enterprises::list))
                .route(post().to(enterprises::register)),
        )
        .service(resource("/enterprises.json").route(get().to(enterprises::hits)))
        .service(resource("/enterprises/new").route(get().to(enterprises::new)))
        .service(resource("/enterprises/{id}").route(get().to(enterprises::one)))
        .service(resource("/enterprises/{id}/codes").route(post().to(enterprises::issue_code)))
        .service(resource("/enterprises/{id}/codes/{code}/revocation").route(post().to(enterprises::revoke)))
        .service(resource("/codes/{code}/symbol.png").route(get().to(enterprises::png)))
        .service(resource("/codes/{code}/symbol.svg").route(get().to(enterprises::svg)))
        // oversight
        .service(resource("/audit").route(get().to(audit::list)))
        .service(resource("/audit.csv").route(get().to(audit::csv)))
        .service(resource("/inbox").route(get().to(inbox::show)))
        .service(resource("/inbox/reading").route(post().to(inbox::clear)))
        .service(resource("/inbox/{id}/reading").route(post().to(inbox::open)))
        // administrators
        .service(resource("/webhooks").route(get().to(webhooks::show)).route(post().to(webhooks::add)))
        .service(resource("/webhooks/{id}/pause").route(post().to(webhooks::pause)))
        .service(resource("/webhooks/{id}/removal").route(post().to(webhooks::remove)))
        .default_service(to(door::nowhere))
        .wrap(from_fn(door::door));
    app.service(console);
}
