//! The first page after signing in: what waits for this person, by role.

use std::collections::HashSet;

use actix_web::{HttpResponse, web::Query};
use qiyema_protocol::staff::Role;

use super::{first_steps::first_steps, issues::Find, staff::ConsoleStaff};
use crate::{
    actions::{
        Refused,
        desk::{self, Ask, Row},
        rights::{Actor, Deed},
    },
    store::desk::Order,
    web::{
        problem::Refusal,
        view::console::home::{HomePage, MOST, Tile, Waiting},
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
            own: Vec::new(),
            waiting: None,
            newest: Vec::new(),
        };
        return Ok(staff.page(page.render()));
    }
    let own = own(&staff.actor);
    let queries = with_everybodys(&own);
    let asks: Vec<Ask> = queries.iter().map(|query| asked(query)).collect();
    let most = i64::try_from(MOST).unwrap_or(i64::MAX);
    let mine = own.len();
    let (counts, lists, newest) = staff
        .read(move |db, actor, rules, at| {
            let counts = desk::counts(db, actor, &asks, most, rules, at)?;
            let waits = asks.iter().zip(&counts).take(mine);
            let lists = waits.map(|(ask, count)| match count {
                0 => Ok(Vec::new()),
                _ => Ok(desk::list(db, actor, ask, FEW, rules, at)?.rows),
            });
            let lists = lists.collect::<Result<Vec<_>, Refused>>()?;
            let newest = Ask { open: None, order: Order::Newest, ..Ask::default() };
            let newest = desk::list(db, actor, &newest, FEW, rules, at)?.rows;
            Ok((counts, lists, newest))
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
        own: own.iter().map(|query| name(query)).collect(),
        waiting: Some(waiting(own.iter().map(|query| (place(query), name(query))).zip(lists))),
        newest,
    };
    Ok(staff.page(page.render()))
}

/// The lists in which something waits; what stands in one does not stand in the next again.
fn waiting(lists: impl Iterator<Item = ((String, &'static str), Vec<Row>)>) -> Vec<Waiting> {
    let mut shown = HashSet::new();
    let lists = lists.map(|((href, name), mut rows)| {
        rows.retain(|row| shown.insert(row.number.clone()));
        Waiting { href, name, rows }
    });
    lists.filter(|one| !one.rows.is_empty()).collect()
}

fn place(query: &str) -> String {
    if query.is_empty() { "/console/issues".to_owned() } else { format!("/console/issues?{query}") }
}

/// What one of these queries asks for.
pub fn asked(query: &str) -> Ask {
    Query::<Find>::from_query(query).map(|find| find.ask()).unwrap_or_default()
}

/// What waits for a person, by the roles held: what the workflow lets nobody else do, first.
pub fn own(actor: &Actor) -> Vec<&'static str> {
    let mut all: Vec<&'static str> = Vec::new();
    for role in &actor.roles {
        let of: &[&'static str] = match role {
            Role::IntakeOfficer => &["state=submitted"],
            Role::Dispatcher => &["state=submitted", "state=accepted", "state=reopened", "waiting=1"],
            Role::Handler => &["state=assigned", "state=rectifying", "mine=1", "assisting=1"],
            Role::UnitAdministrator => &["state=assigned", "state=rectifying", "", "assisting=1"],
            Role::ClosureReviewer => &["state=pending_review"],
            Role::FollowUpOfficer => &["state=follow_up"],
            Role::Supervisor => &["waiting=1", "lamp=overdue"],
            Role::Leader => &["state=case_conference", "lamp=overdue"],
            _ => &[],
        };
        all.extend(of.iter().filter(|one| !all.contains(one)).copied().collect::<Vec<_>>());
    }
    all
}

/// And the saved filters that everybody has.
pub fn with_everybodys(own: &[&'static str]) -> Vec<&'static str> {
    let rest = ["lamp=red", "lamp=overdue", "lamp=yellow", ""].into_iter().filter(|one| !own.contains(one));
    own.iter().copied().chain(rest).collect()
}
