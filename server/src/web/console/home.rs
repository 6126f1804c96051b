//! The first page after signing in: what waits for this person, by role.

use actix_web::{HttpResponse, web::Query};
use qiyema_protocol::staff::Role;

use super::{first_steps::first_steps, issues::Find, staff::ConsoleStaff};
use crate::{
    actions::{
        desk::{self, Ask},
        rights::{Actor, Deed},
    },
    store::desk::Order,
    web::{
        problem::Refusal,
        view::console::home::{HomePage, MOST, Tile},
        words::console::list::ListWords,
    },
};

/// Rows of a short list.
const FEW: usize = 8;

/// `GET /console`.
pub async fn home(staff: ConsoleStaff) -> Result<HttpResponse, Refusal> {
    if staff.actor.may(Deed::ReadIssues).is_err() {
        let page = HomePage {
            frame: staff.frame(),
            steps: first_steps(&staff).await?,
            tiles: Vec::new(),
            urgent: None,
            newest: Vec::new(),
            more: String::new(),
        };
        return Ok(staff.page(page.render()));
    }
    let queries = queues(&staff.actor);
    let asks: Vec<Ask> = queries.iter().map(|query| asked(query)).collect();
    let first = queries.first().copied().unwrap_or_default();
    let most = i64::try_from(MOST).unwrap_or(i64::MAX);
    let (counts, urgent, newest) = staff
        .read(move |db, actor, rules, at| {
            let counts = desk::counts(db, actor, &asks, most, rules, at)?;
            let urgent = asks.first().cloned().unwrap_or_default();
            let urgent = desk::list(db, actor, &urgent, FEW, rules, at)?.rows;
            let newest = Ask { open: None, order: Order::Newest, ..Ask::default() };
            let newest = desk::list(db, actor, &newest, FEW, rules, at)?.rows;
            Ok((counts, urgent, newest))
        })
        .await?;
    let tabs = ListWords::of(staff.lang).tabs;
    let name = |query: &str| tabs.iter().find(|(tab, _)| *tab == query).map_or("", |(_, name)| *name);
    let tiles = queries.iter().zip(counts).map(|(query, count)| Tile {
        href: place(query),
        name: name(query),
        count,
        red: query.contains("overdue") || query.contains("lamp=red"),
    });
    let page = HomePage {
        frame: staff.frame(),
        steps: Vec::new(),
        tiles: tiles.collect(),
        urgent: Some(urgent),
        newest,
        more: place(first),
    };
    Ok(staff.page(page.render()))
}

fn place(query: &str) -> String {
    if query.is_empty() { "/console/issues".to_owned() } else { format!("/console/issues?{query}") }
}

fn asked(query: &str) -> Ask {
    Query::<Find>::from_query(query).map(|find| find.ask()).unwrap_or_default()
}

/// The saved filters that matter to a person, the own queue first.
fn queues(actor: &Actor) -> Vec<&'static str> {
    let mut all: Vec<&'static str> = Vec::new();
    for role in &actor.roles {
        let of: &[&'static str] = match role {
            Role::IntakeOfficer => &["state=submitted"],
            Role::Dispatcher => &["state=accepted", "waiting=1"],
            Role::Handler => &["mine=1", "assisting=1"],
            Role::UnitAdministrator => &["", "assisting=1"],
            Role::ClosureReviewer => &["state=pending_review"],
            Role::FollowUpOfficer => &["state=rectifying"],
            Role::Supervisor => &["waiting=1", "lamp=overdue"],
            Role::Leader => &["state=case_conference", "lamp=overdue"],
            _ => &[],
        };
        all.extend(of.iter().filter(|one| !all.contains(one)).copied().collect::<Vec<_>>());
    }
    for everybody in ["lamp=red", "lamp=overdue", "lamp=yellow", ""] {
        if !all.contains(&everybody) {
            all.push(everybody);
        }
    }
    all
}
