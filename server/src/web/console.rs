//! The staff console. Its URL map is on this page; every request passes the
//! door, which knows who is there, and what a handler refuses leaves as a page.

pub mod account;
pub mod admin;
pub mod assets;
pub mod audit;
pub mod call_back;
pub mod codes;
pub mod desk;
pub mod door;
pub mod enterprises;
pub mod entrance;
pub mod export;
pub mod figures;
pub mod files;
mod first_steps;
pub mod home;
pub mod imports;
pub mod inbox;
pub mod intake;
pub mod issue;
pub mod issues;
pub mod ledger;
pub mod owing;
pub mod prints;
pub mod progress;
pub mod ratings;
pub mod registers;
pub mod runs;
pub mod sign_in;
pub mod staff;
pub mod tags;
pub mod unsent;
pub mod upload;
pub mod verbs;
pub mod webhooks;

use actix_web::{
    middleware::from_fn,
    web::{ServiceConfig, get, post, resource, scope, to},
};

pub use self::door::session_cookie;
pub use self::staff::{ConsoleForm, ConsoleStaff};

/// The console's addresses, grouped by noun.
pub fn map(app: &mut ServiceConfig) {
    let admin = scope("/admin").configure(administration);
    let console = scope("/console")
        // whoever comes to the door
        .service(resource("/assets/{name}").route(get().to(assets::asset)))
        .service(resource("/sign-in").route(get().to(sign_in::show)).route(post().to(sign_in::sign_in)))
        .service(resource("/sign-out").route(post().to(sign_in::sign_out)))
        .service(resource("/sign-in/code").route(get().to(owing::show)).route(post().to(owing::pay)))
        .service(resource("/sign-in/enrolment").route(get().to(owing::show)).route(post().to(owing::pay)))
        .service(
            resource("/setup/{token}")
                .route(get().to(entrance::setup_page))
                .route(post().to(entrance::set_up)),
        )
        .service(
            resource("/link/{token}").route(get().to(entrance::link_page)).route(post().to(entrance::redeem)),
        )
        // everybody signed in
        .service(resource("/account").route(get().to(account::show)))
        .service(resource("/account/password").route(post().to(account::change_password)))
        .service(resource("/account/mailbox").route(post().to(account::mail)))
        .service(resource("/account/sessions/end-others").route(post().to(account::end_others)))
        .service(resource("/account/sessions/{id}/end").route(post().to(account::end)))
        .service(
            resource("/account/second-factor")
                .route(get().to(account::factor))
                .route(post().to(account::begin)),
        )
        .service(resource("/account/second-factor/proof").route(post().to(account::prove)))
        .service(resource("/account/recovery-codes").route(post().to(account::recovery)))
        .service(resource("").route(get().to(home::home)))
        // issues
        .service(resource("/issues").route(get().to(issues::list)))
        .service(resource("/issues.csv").route(get().to(issues::csv)))
        .service(resource("/issues.xlsx").route(get().to(issues::xlsx)))
        .service(resource("/issues/bulk").route(post().to(issues::several)))
        .service(resource("/issues/{number}").route(get().to(issue::show)))
        .service(resource("/issues/{number}/attachments").route(post().to(files::add)))
        .service(resource("/issues/{number}/attachments/{id}").route(get().to(files::file)))
        .configure(rated)
        .service(resource("/issues/{number}/{noun}").route(post().to(issue::act)))
        // intake, enterprises, codes
        .service(resource("/intake").route(get().to(intake::show)).route(post().to(intake::register)))
        .service(resource("/intake/advice").route(get().to(intake::advice::piece)))
        .service(resource("/imports").route(get().to(imports::show)).route(post().to(imports::check)))
        .service(resource("/imports/template.csv").route(get().to(imports::template)))
        .service(resource("/imports/run").route(post().to(imports::run)))
        .service(
            resource("/enterprises")
                .route(get().to(enterprises::list))
                .route(post().to(enterprises::register)),
        )
        .service(resource("/enterprises.csv").route(get().to(registers::csv)))
        .service(resource("/enterprises.xlsx").route(get().to(registers::xlsx)))
        .service(
            resource("/enterprise-imports")
                .route(get().to(registers::list))
                .route(post().to(registers::send)),
        )
        .service(resource("/enterprise-imports/template.csv").route(get().to(registers::template)))
        .service(resource("/enterprise-imports/{id}").route(get().to(registers::one)))
        .service(resource("/enterprise-imports/{id}/report.csv").route(get().to(registers::report)))
        .service(resource("/enterprise-imports/{id}/confirmation").route(post().to(registers::confirm)))
        .service(resource("/enterprise-imports/{id}/cancellation").route(post().to(registers::cancel)))
        .service(resource("/enterprises.json").route(get().to(enterprises::hits)))
        .service(resource("/enterprises/new").route(get().to(enterprises::new)))
        .service(resource("/enterprises/{id}").route(get().to(enterprises::one)))
        .service(resource("/enterprises/{id}/codes").route(post().to(enterprises::issue_code)))
        .service(resource("/enterprises/{id}/codes/{code}/{noun}").route(post().to(codes::act)))
        .service(resource("/enterprises/{id}/pin").route(post().to(codes::pin)))
        .service(
            resource("/codes/revocations").route(get().to(codes::many)).route(post().to(codes::revoke_many)),
        )
        .service(resource("/codes/runs").route(get().to(runs::list)).route(post().to(runs::ask)))
        .service(resource("/codes/runs/{id}").route(get().to(runs::one)))
        .service(resource("/codes/runs/{id}/cancellation").route(post().to(runs::cancel)))
        .service(resource("/codes/runs/{id}/symbols/{part}.zip").route(get().to(runs::symbols)))
        .service(resource("/codes/runs/{id}/prints").route(post().to(runs::files::print)))
        .service(resource("/codes/scans").route(get().to(codes::scanned)))
        .service(resource("/codes/prints").route(get().to(prints::ask)).route(post().to(prints::preview)))
        .service(resource("/codes/prints/pdf").route(post().to(prints::pdf)))
        .service(resource("/codes/prints/sheet").route(post().to(prints::sheet)))
        .service(resource("/codes/{code}/symbol.png").route(get().to(enterprises::png)))
        .service(resource("/codes/{code}/symbol.svg").route(get().to(enterprises::svg)))
        // oversight
        .service(resource("/audit").route(get().to(audit::list)))
        .service(resource("/audit.csv").route(get().to(audit::csv)))
        .service(resource("/audit.xlsx").route(get().to(audit::xlsx)))
        .service(resource("/ledger").route(get().to(ledger::show)))
        .service(resource("/figures").route(get().to(figures::show)))
        .service(resource("/figures/report").route(get().to(figures::report)))
        .service(resource("/figures/closures").route(get().to(figures::closures)))
        .service(resource("/figures/ratings.json").route(get().to(figures::ratings)))
        .service(resource("/figures.csv").route(get().to(figures::csv)))
        .service(resource("/figures.xlsx").route(get().to(figures::xlsx)))
        .service(resource("/inbox").route(get().to(inbox::show)))
        .service(resource("/inbox/reading").route(post().to(inbox::clear)))
        .service(resource("/inbox/{id}/reading").route(post().to(inbox::open)))
        // administrators
        .configure(told)
        .service(resource("/tags").route(get().to(tags::show)).route(post().to(tags::publish)))
        .service(resource("/tags/edit").route(get().to(tags::edit)))
        .service(resource("/tags/preview").route(post().to(tags::preview)))
        .service(admin)
        .default_service(to(door::nowhere))
        .wrap(from_fn(door::door));
    app.service(console);
}

/// Ratings, appeals against them, and what is said on the telephone.
fn rated(app: &mut ServiceConfig) {
    app.service(resource("/ratings").route(get().to(ratings::list)))
        .service(resource("/ratings/{rating}").route(get().to(ratings::one)))
        .service(resource("/ratings/{rating}/appeal").route(post().to(ratings::file)))
        .service(resource("/ratings/{rating}/decisions").route(post().to(ratings::decide)))
        .service(
            resource("/issues/{number}/call-back-rating")
                .route(get().to(call_back::show))
                .route(post().to(call_back::enter)),
        );
}

/// Systems that are told what happens.
fn told(app: &mut ServiceConfig) {
    app.service(resource("/webhooks").route(get().to(webhooks::show)).route(post().to(webhooks::add)))
        .service(resource("/webhooks/{id}").route(get().to(webhooks::one)))
        .service(resource("/webhooks/{id}/tests").route(post().to(webhooks::test)))
        .service(resource("/webhooks/{id}/deliveries/{message}/retry").route(post().to(webhooks::again)))
        .service(resource("/webhooks/{id}/links").route(post().to(webhooks::links)))
        .service(resource("/webhooks/{id}/secret").route(post().to(webhooks::renew)))
        .service(resource("/webhooks/{id}/pause").route(post().to(webhooks::pause)))
        .service(resource("/webhooks/{id}/removal").route(post().to(webhooks::remove)));
}

/// What administrators change and auditors look at.
fn administration(app: &mut ServiceConfig) {
    use admin::{calendar, categories, channels, mailbox, settings, staff, tokens, trail, units};
    app.service(resource("/staff").route(get().to(staff::list)))
        .service(resource("/staff/new").route(get().to(staff::new_page)).route(post().to(staff::create)))
        .service(resource("/staff/{id}").route(get().to(staff::one)).route(post().to(staff::edit)))
        .service(resource("/staff/{id}/mailbox").route(post().to(mailbox::set)))
        .service(resource("/staff/{id}/password-link").route(post().to(staff::deeds::new_link)))
        .service(resource("/staff/{id}/disabling").route(post().to(staff::deeds::disable)))
        .service(resource("/staff/{id}/enabling").route(post().to(staff::deeds::enable)))
        .service(resource("/staff/{id}/second-factor-removal").route(post().to(staff::deeds::forget_factor)))
        .service(resource("/units").route(get().to(units::list)).route(post().to(units::make)))
        .service(resource("/units/{id}").route(get().to(units::one)).route(post().to(units::edit)))
        .service(resource("/units/{id}/offices").route(post().to(units::make_office)))
        .service(resource("/units/{id}/{deed}").route(post().to(units::close)))
        .service(
            resource("/offices/{id}").route(get().to(units::office)).route(post().to(units::edit_office)),
        )
        .service(resource("/offices/{id}/{deed}").route(post().to(units::close_office)))
        .service(resource("/categories").route(get().to(categories::list)).route(post().to(categories::make)))
        .service(
            resource("/categories/{id}").route(get().to(categories::one)).route(post().to(categories::edit)),
        )
        .service(resource("/categories/{id}/{deed}").route(post().to(categories::retire)))
        .service(resource("/channels").route(get().to(channels::list)).route(post().to(channels::make)))
        .service(resource("/channels/{id}").route(get().to(channels::one)).route(post().to(channels::edit)))
        .service(resource("/channels/{id}/{deed}").route(post().to(channels::retire)))
        .service(resource("/calendar").route(get().to(calendar::show)))
        .service(resource("/calendar/template.csv").route(get().to(calendar::template::template)))
        .service(resource("/calendar/preview").route(post().to(calendar::preview)))
        .service(resource("/calendar/imports").route(post().to(calendar::take)))
        .service(resource("/settings").route(get().to(settings::show)).route(post().to(settings::save)))
        .service(resource("/tokens").route(get().to(tokens::list)).route(post().to(tokens::make)))
        .service(resource("/tokens/{id}/revocation").route(post().to(tokens::revoke)))
        .service(resource("/trail").route(get().to(trail::show)))
        .service(resource("/trail.csv").route(get().to(trail::csv)))
        .service(resource("/trail.xlsx").route(get().to(trail::xlsx)));
}
