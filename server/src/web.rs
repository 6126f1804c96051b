//! The only room that knows actix. The whole URL map is on this page, grouped by
//! who calls it; what a request passes on its way in stands in `startup`.

pub mod api;
pub mod bundle;
pub mod callers;
pub mod client;
pub mod console;
pub mod cookies;
pub mod extract;
pub mod look;
pub mod methods;
pub mod middleware;
pub mod operations;
pub mod origin;
pub mod pages;
pub mod press;
pub mod pressroom;
pub mod problem;
pub mod public;
pub mod refusals;
pub mod shared;
pub mod tables;
pub mod tally;
pub mod throttle;
pub mod told;
pub mod turnstile;
pub mod uploads;
pub mod view;
pub mod words;

use actix_web::web::Data;
use utoipa::{
    Modify, OpenApi,
    openapi::security::{Http, HttpAuthScheme, SecurityScheme},
};
use utoipa_actix_web::service_config::ServiceConfig;

pub use shared::Shared;

/// The document's head; the paths come from the map below.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Qiyema 企业码",
        description = "Scan an enterprise code; see who, how far, when; rate."
    ),
    components(schemas(qiyema_protocol::problem::Problem)),
    modifiers(&Tokens)
)]
pub struct Api;

/// The three bearer tokens.
struct Tokens;

impl Modify for Tokens {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let parts = document.components.get_or_insert_with(Default::default);
        for name in ["device", "staff", "token"] {
            parts.add_security_scheme(name, SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
        }
    }
}

/// The URL map.
pub fn map(shared: &Shared) -> impl FnOnce(&mut ServiceConfig) + use<> {
    let shared = Data::new(shared.clone());
    move |app| {
        app.app_data(shared);
        // machines that watch this one
        app.service(operations::healthz)
            .service(operations::readyz)
            .service(operations::version)
            .service(operations::metrics);
        // whoever holds a code
        app.service(api::owner::scan)
            .service(api::owner::card)
            .service(api::owner::rate)
            .service(api::owner::call_back_rating)
            .service(api::owner::new_device)
            .service(api::owner::forget_device)
            .service(api::owner::jwt)
            .service(api::owner::rating_tags)
            .service(api::invitations::asked)
            .service(api::invitations::rate_invited)
            .service(api::owner::jwks)
            .service(api::codes::revocations);
        // whoever watches the log
        app.service(api::ledger::checkpoint)
            .service(api::ledger::key)
            .service(api::ledger::tile)
            .service(api::ledger::inclusion)
            .service(api::ledger::receipt);
        // the owner, after the PIN
        app.service(api::deeds::categories)
            .service(api::deeds::raise)
            .service(api::deeds::supplement)
            .service(api::deeds::facts)
            .service(api::deeds::urging)
            .service(api::deeds::withdrawal)
            .service(api::deeds::objection)
            .service(api::deeds::appeal)
            .service(api::deeds::attach)
            .service(api::deeds::file);
        // systems of channels and of performance review, with an API token
        app.service(api::channels::post_issue)
            .service(api::channels::status)
            .service(api::systems::find_enterprise)
            .service(api::systems::register_enterprise)
            .service(api::systems::read_figures)
            .service(api::systems::exchanged);
        staff(app);
        verbs(app);
        administration(app);
    }
}

/// Staff: who they are, enterprises, codes, intake, and the main line of an issue.
fn staff(app: &mut ServiceConfig) {
    app.service(api::sessions::sign_in)
        .service(api::sessions::begin_factor)
        .service(api::sessions::prove_factor)
        .service(api::sessions::renew)
        .service(api::sessions::leave)
        .service(api::sessions::me)
        .service(api::account::list)
        .service(api::account::end)
        .service(api::account::end_others)
        .service(api::account::change_password)
        .service(api::staff::choices)
        .service(api::registers::export_csv)
        .service(api::registers::export_xlsx)
        .service(api::registers::begin)
        .service(api::registers::list)
        .service(api::registers::one)
        .service(api::registers::what_became)
        .service(api::registers::confirm)
        .service(api::registers::cancel)
        .service(api::registers::report)
        .service(api::staff::enterprises)
        .service(api::staff::register)
        .service(api::staff::one)
        .service(api::staff::issue_code)
        .service(api::staff::revoke)
        .service(api::codes::suspend)
        .service(api::codes::resume)
        .service(api::codes::replace)
        .service(api::codes::new_pin)
        .service(api::codes::revoke_many)
        .service(api::codes::scanned)
        .service(api::codes::scans_of)
        .service(api::runs::begin)
        .service(api::runs::list)
        .service(api::runs::one)
        .service(api::runs::cancel)
        .service(api::runs::symbols)
        .service(api::runs::print_part)
        .service(api::prints::preview)
        .service(api::prints::paper_file)
        .service(api::symbols::png)
        .service(api::symbols::svg)
        .service(api::intake::similar)
        .service(api::intake::suggestion)
        .service(api::intake::attachments)
        .service(api::intake::attach)
        .service(api::intake::file)
        .service(api::imports::import_issues)
        .service(api::desk::list)
        .service(api::desk::csv)
        .service(api::desk::xlsx)
        .service(api::desk::waiting)
        .service(api::several::assignments)
        .service(api::several::reminders)
        .service(api::issues::one)
        .service(api::issues::events)
        .service(api::issues::register)
        .service(api::issues::acceptance)
        .service(api::issues::assignment)
        .service(api::issues::progress)
        .service(api::issues::extension)
        .service(api::issues::result)
        .service(api::issues::closure)
        .service(api::webhooks::notices)
        .service(api::webhooks::reading)
        .service(api::figures::read)
        .service(api::audit::list)
        .service(api::audit::csv)
        .service(api::audit::xlsx)
        .service(api::figures::board)
        .service(api::figures::behind)
        .service(api::ratings::list)
        .service(api::figures::exchanged)
        .service(api::ratings::one)
        .service(api::ratings::appeal_against)
        .service(api::ratings::decide)
        .service(api::ratings::rate_by_call);
}

/// Staff: the other verbs of an issue.
fn verbs(app: &mut ServiceConfig) {
    // the window, the units, the centre's rulings
    app.service(api::issues::window::rejection)
        .service(api::issues::window::supplement_request)
        .service(api::issues::window::reclassification)
        .service(api::issues::window::supplement)
        .service(api::issues::window::appeal)
        .service(api::issues::window::facts)
        .service(api::issues::window::urging)
        .service(api::issues::window::withdrawal)
        .service(api::issues::window::merger)
        .service(api::issues::unit::signature)
        .service(api::issues::unit::contact)
        .service(api::issues::unit::handover)
        .service(api::issues::unit::return_request)
        .service(api::issues::unit::extension_request)
        .service(api::issues::unit::assisting_unit)
        .service(api::issues::unit::assistance)
        .service(api::issues::rulings::return_ruling)
        .service(api::issues::rulings::extension_refusal);
    // conferences, deferral, urging, what comes after closing
    app.service(api::issues::joint::conference)
        .service(api::issues::joint::minutes)
        .service(api::issues::joint::sending_back)
        .service(api::issues::deferral::request_for)
        .service(api::issues::deferral::deferral)
        .service(api::issues::deferral::refusal)
        .service(api::issues::deferral::next_review)
        .service(api::issues::deferral::resumption)
        .service(api::issues::supervision::reminder)
        .service(api::issues::supervision::supervision)
        .service(api::issues::supervision::escalation)
        .service(api::issues::supervision::notice)
        .service(api::issues::aftercare::objection)
        .service(api::issues::aftercare::contacted)
        .service(api::issues::aftercare::fixed)
        .service(api::issues::aftercare::call_back)
        .service(api::issues::aftercare::call_attempt)
        .service(api::issues::aftercare::archiving)
        .service(api::issues::aftercare::reopening);
}

/// Who administers.
fn administration(app: &mut ServiceConfig) {
    // messages to other systems, and mail
    app.service(api::webhooks::list)
        .service(api::webhooks::add)
        .service(api::webhooks::renewed)
        .service(api::webhooks::pause)
        .service(api::webhooks::links)
        .service(api::webhooks::remove)
        .service(api::webhooks::deliveries)
        .service(api::webhooks::again)
        .service(api::webhooks::test)
        .service(api::webhooks::mail);
    // people, the directory, the calendar, settings, tags, tokens
    app.service(api::admin::people::list)
        .service(api::admin::people::one)
        .service(api::admin::people::create)
        .service(api::admin::people::edit)
        .service(api::admin::people::disable)
        .service(api::admin::people::enable)
        .service(api::admin::people::new_link)
        .service(api::admin::people::forget_factor)
        .service(api::admin::directory::show)
        .service(api::admin::directory::make_unit)
        .service(api::admin::directory::edit_unit)
        .service(api::admin::directory::close_unit)
        .service(api::admin::directory::open_unit)
        .service(api::admin::directory::make_office)
        .service(api::admin::directory::edit_office)
        .service(api::admin::directory::close_office)
        .service(api::admin::directory::make_category)
        .service(api::admin::directory::edit_category)
        .service(api::admin::directory::retire_category)
        .service(api::admin::directory::restore_category)
        .service(api::admin::directory::make_channel)
        .service(api::admin::directory::edit_channel)
        .service(api::admin::directory::retire_channel)
        .service(api::admin::directory::restore_channel)
        .service(api::admin::calendar::years)
        .service(api::admin::calendar::preview)
        .service(api::admin::calendar::take)
        .service(api::admin::settings::list)
        .service(api::admin::settings::set)
        .service(api::admin::settings::unset)
        .service(api::admin::settings::events)
        .service(api::audit::events_csv)
        .service(api::audit::events_xlsx)
        .service(api::admin::tags::list)
        .service(api::admin::tags::publish)
        .service(api::admin::tokens::list)
        .service(api::admin::tokens::create)
        .service(api::admin::tokens::revoke);
}

/// The pages: HTML, so not in the OpenAPI document.
pub fn pages(app: &mut actix_web::web::ServiceConfig) {
    use actix_web::{
        middleware::from_fn,
        web::{get, post, resource},
    };
    app.service(resource("/").route(get().to(public::home)))
        .service(resource("/receipts").route(get().to(public::receipt::show)))
        .service(
            resource("/r/{token}")
                .wrap(from_fn(told::proved))
                .route(get().to(public::invitation::form))
                .route(post().to(public::invitation::rate)),
        )
        .service(resource("/{c:[cC]}/{seal}").wrap(from_fn(told::proved)).route(get().to(public::board)))
        .service(
            resource("/{c:[cC]}/{seal}/issues/{number}/ratings")
                .wrap(from_fn(told::proved))
                .route(get().to(public::rating::form))
                .route(post().to(public::rating::rate)),
        )
        .service(
            resource("/{c:[cC]}/{seal}/issues/new")
                .wrap(from_fn(told::proved))
                .route(get().to(public::owner::new_issue)),
        )
        .service(
            resource("/{c:[cC]}/{seal}/issues")
                .wrap(from_fn(told::proved))
                .route(post().to(public::owner::raise)),
        )
        .service(
            resource("/{c:[cC]}/{seal}/issues/{number}/received")
                .wrap(from_fn(told::proved))
                .route(get().to(public::owner::received)),
        )
        .service(
            resource("/{c:[cC]}/{seal}/issues/{number}/call-back-rating")
                .wrap(from_fn(told::proved))
                .route(get().to(public::owner::called_back)),
        )
        .service(
            resource("/{c:[cC]}/{seal}/issues/{number}/attachments/{id}")
                .wrap(from_fn(told::proved))
                .route(get().to(public::owner::file)),
        )
        .service(
            resource("/{c:[cC]}/{seal}/issues/{number}/{noun}")
                .wrap(from_fn(told::proved))
                .route(get().to(public::owner::form))
                .route(post().to(public::owner::act)),
        )
        .service(
            resource("/{c:[cC]}/{seal}/device")
                .wrap(from_fn(told::proved))
                .route(get().to(public::back))
                .route(post().to(public::prove)),
        )
        .service(
            resource("/{c:[cC]}/{seal}/device/removal")
                .wrap(from_fn(told::proved))
                .route(get().to(public::back))
                .route(post().to(public::forget)),
        );
    console::map(app);
}
