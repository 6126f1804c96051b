//! The fictitious centre of the demo: units, people, enterprises with codes,
//! and 200 issues spread over every state, channel, grade and lamp. Dates are
//! relative to now. Only an empty database is seeded.

mod asking;
mod history;
mod invited;
mod moments;
mod records;
mod said;

use std::collections::BTreeMap;

use qiyema_protocol::seal::CodeId;
use serde::Deserialize;

use crate::{
    actions::{
        admin::settings::{self, Key},
        figures::keep,
        rights::Actor,
    },
    clock::{Ids, Timestamp},
    domain::{search, uscc::Uscc},
    secrets::{password, token},
    store::{
        codes::{self, CodeRow},
        columns::column,
        connection::Db,
        directory::{self, OfficeRow, UnitRow},
        enterprises::{self, EnterpriseRow},
        owners::{self, PinRow},
        people,
        staff::{self, StaffRow},
    },
    web::Shared,
};

/// Issues of the demo.
const ISSUES: usize = 200;

/// Issues beside them that were settled weeks ago: they make the figures of three months.
const SETTLED: usize = 100;

/// Number of the first issue of the older past, which only the demo itself has: it makes the figures of a year.
const PAST: usize = ISSUES + SETTLED;

#[derive(Deserialize)]
struct Demo {
    units: Vec<Unit>,
    enterprises: Vec<Enterprise>,
    subjects: Vec<Subject>,
}

#[derive(Deserialize)]
struct Unit {
    id: String,
    name_zh: String,
    name_en: String,
    office_zh: String,
    office_en: String,
    phone: String,
    handler: String,
    handler_name: String,
    handler_post: String,
    categories: Vec<String>,
}

#[derive(Deserialize)]
struct Enterprise {
    uscc: String,
    name: String,
}

/// A matter that enterprises raise.
#[derive(Deserialize)]
struct Subject {
    category: String,
    title: String,
    body: String,
}

/// What the demo prints.
#[derive(Debug, Clone)]
pub struct Seeded {
    /// Code of the enterprise to look at first.
    pub code: CodeId,
    /// Its name.
    pub enterprise: String,
    /// Its PIN.
    pub pin: String,
    /// Role and user name of people who can sign in.
    pub staff: Vec<(&'static str, String)>,
    /// The password they share.
    pub password: String,
}

/// People of the centre: user name, name, post, roles. The first role is the one printed.
const CENTRE: [(&str, &str, &str, &[&str]); 10] = [
    ("code_issuer", "吴晓燕", "发码员", &["code_issuer"]),
    ("intake_officer", "徐丽", "受理员", &["intake_officer"]),
    ("dispatcher", "郑强", "分派员", &["dispatcher"]),
    ("closure_reviewer", "孙慧", "审核员", &["closure_reviewer"]),
    ("supervisor", "高峰", "督办员", &["supervisor"]),
    ("auditor", "朱明", "审计员", &["auditor"]),
    ("leader", "林涛", "分管领导", &["leader"]),
    ("follow_up_officer", "许静", "回访员", &["follow_up_officer"]),
    ("performance_reviewer", "曹阳", "考核员", &["performance_reviewer"]),
    ("administrator", "沈立", "系统管理员", &["administrator"]),
];

/// More people of units: user name, name, post, role, unit.
const COLLEAGUES: [(&str, &str, &str, &str, &str); 3] = [
    ("hanxue", "韩雪", "办公室主任", "unit_administrator", "gdj"),
    ("hewei", "何伟", "办公室主任", "unit_administrator", "jxj"),
    ("sunyue", "孙悦", "营销专责", "handler", "gdj"),
];

/// Beside the centre's leader there is another one: each is in charge of half of the units.
const OTHER_LEADER: (&str, &str, &str) = ("zhouhong", "周红", "分管领导");

fn in_charge(db: &mut Db, clerks: &Clerks, units: &[Unit], hash: &str, at: Timestamp) -> anyhow::Result<()> {
    let other = person(db, OTHER_LEADER, &["leader"], None, hash, at)?;
    let (half, rest) = units.split_at(units.len() / 2);
    for (leader, units) in [(clerks.get("leader"), half), (Some(&other), rest)] {
        let ids: Vec<String> = units.iter().map(|unit| unit.id.clone()).collect();
        if let Some(leader) = leader {
            people::set_units(db, leader, &ids)?;
        }
    }
    Ok(())
}

/// The unit that handles a category leads it usually.
fn usual(db: &mut Db, units: &[Unit]) -> crate::store::QueryResult<()> {
    for mut row in directory::categories(db)? {
        let unit = units.iter().find(|unit| unit.categories.contains(&row.id));
        row.lead_unit_id = unit.map(|unit| unit.id.clone());
        directory::edit::write_category(db, &row)?;
    }
    Ok(())
}

/// Fills an empty database.
pub fn fill(shared: &Shared, at: Timestamp) -> anyhow::Result<Seeded> {
    fill_with(shared, at, 0)
}

/// Fills an empty database, with so many more issues of the last twelve months.
pub fn fill_with(shared: &Shared, at: Timestamp, past: usize) -> anyhow::Result<Seeded> {
    let demo: Demo = toml::from_str(include_str!("../../../seed/demo.toml"))?;
    let mut db = shared.store.connection()?;
    anyhow::ensure!(
        staff::count(&mut db)? == 0,
        "this folder holds data already; the demo fills an empty one only (choose another --data-dir)"
    );
    super::directory(&mut db)?;
    let password: String =
        token::opaque(Ids)?.0.chars().filter(char::is_ascii_alphanumeric).take(14).collect();
    let hash = password::hash(&password)?;
    let rules = shared.rules();
    let seeded = crate::store::transaction(&mut db, |db| {
        // Trying it out must not need an authenticator app; an administrator can switch it on.
        settings::set(
            db,
            &Actor::at_the_machine(),
            Key::SecondFactorRoles,
            Some(""),
            (&rules, shared.live.base()),
            at,
        )?;
        let (mut known, clerks) = centre(db, &hash, at)?;
        let handlers = units(db, &demo.units, &hash, at)?;
        in_charge(db, &clerks, &demo.units, &hash, at)?;
        known.extend(handlers.iter().take(2).map(|handler| ("handler", handler.username.clone())));
        for (username, name, post, role, unit) in COLLEAGUES {
            person(db, (username, name, post), &[role], Some(&format!("{unit}-1")), &hash, at)?;
            if role != "handler" {
                known.push((role, username.to_owned()));
            }
        }
        let enterprises = register(db, &demo.enterprises, shared, at)?;
        let channels = directory::channels(db)?;
        usual(db, &demo.units)?;
        let categories = directory::categories(db)?;
        let world = history::World {
            enterprises: &enterprises,
            handlers: &handlers,
            subjects: &demo.subjects,
            channels: &channels,
            categories: &categories,
            clerks: &clerks,
            rules: &rules,
            now: at,
        };
        for index in 0..PAST + past {
            history::write(db, &world, index, index >= ISSUES)?;
        }
        asking::ask(db, &handlers, &rules, at)?;
        let first = enterprises.first().ok_or_else(|| anyhow::anyhow!("the demo names no enterprise"))?;
        Ok::<_, anyhow::Error>(Seeded {
            code: first.code,
            enterprise: first.name.clone(),
            pin: first.pin.clone(),
            staff: known,
            password: password.clone(),
        })
    })?;
    let rules = settings::in_force(&mut db, shared.live.base())?;
    keep::rebuild(&mut db, &rules, at)?;
    shared.live.set(rules);
    Ok(seeded)
}

/// A handler of the demo.
struct Handler {
    id: String,
    username: String,
    unit: String,
    office: String,
    categories: Vec<String>,
}

/// An enterprise of the demo with its code.
struct Registered {
    id: String,
    name: String,
    code: CodeId,
    pin: String,
}

/// Ids of the centre's people by user name: whoever did what in the demo's past.
type Clerks = BTreeMap<&'static str, String>;

fn centre(db: &mut Db, hash: &str, at: Timestamp) -> anyhow::Result<(Vec<(&'static str, String)>, Clerks)> {
    let mut clerks = Clerks::new();
    for (username, name, post, roles) in CENTRE {
        clerks.insert(username, person(db, (username, name, post), roles, None, hash, at)?);
    }
    Ok((CENTRE.iter().map(|(username, ..)| (*username, (*username).to_owned())).collect(), clerks))
}

fn person(
    db: &mut Db,
    (username, name, post): (&str, &str, &str),
    roles: &[&str],
    office: Option<&str>,
    hash: &str,
    at: Timestamp,
) -> anyhow::Result<String> {
    let row = StaffRow {
        id: Ids.row(),
        username: username.to_owned(),
        name: name.to_owned(),
        post: post.to_owned(),
        password_hash: hash.to_owned(),
        office_id: office.map(ToOwned::to_owned),
        created_at: column(at),
        disabled_at: None,
    };
    let roles: Vec<String> = roles.iter().map(|role| (*role).to_owned()).collect();
    staff::insert(db, &row, &roles)?;
    Ok(row.id)
}

fn units(db: &mut Db, units: &[Unit], hash: &str, at: Timestamp) -> anyhow::Result<Vec<Handler>> {
    let mut handlers = Vec::new();
    for (position, unit) in (0..).zip(units) {
        let row = UnitRow {
            id: unit.id.clone(),
            name_zh: unit.name_zh.clone(),
            name_en: unit.name_en.clone(),
            position,
            closed_at: None,
        };
        directory::insert_unit(db, &row)?;
        let office = format!("{}-1", unit.id);
        directory::insert_office(
            db,
            &OfficeRow {
                id: office.clone(),
                unit_id: unit.id.clone(),
                name_zh: unit.office_zh.clone(),
                name_en: unit.office_en.clone(),
                phone: unit.phone.clone(),
                position: 0,
                closed_at: None,
            },
        )?;
        let who = (unit.handler.as_str(), unit.handler_name.as_str(), unit.handler_post.as_str());
        let id = person(db, who, &["handler"], Some(&office), hash, at)?;
        handlers.push(Handler {
            id,
            username: unit.handler.clone(),
            unit: unit.id.clone(),
            office,
            categories: unit.categories.clone(),
        });
    }
    Ok(handlers)
}

fn register(
    db: &mut Db,
    enterprises: &[Enterprise],
    shared: &Shared,
    at: Timestamp,
) -> anyhow::Result<Vec<Registered>> {
    let mut registered = Vec::new();
    for enterprise in enterprises {
        let (uscc, _) = Uscc::parse(&enterprise.uscc)?;
        let row = EnterpriseRow {
            id: Ids.row(),
            uscc: uscc.as_str().to_owned(),
            search_key: search::key(&enterprise.name, uscc.as_str()),
            name: enterprise.name.clone(),
            registered_at: column(at),
            registered_by: "demo".to_owned(),
        };
        enterprises::insert(db, &row)?;
        let code = CodeId(Ids.bytes()?);
        codes::insert(
            db,
            &CodeRow {
                id: code.to_string(),
                enterprise_id: row.id.clone(),
                kid: i32::from(shared.trust.keys.now().signer.kid()),
                issued_at: column(at),
                issued_by: "demo".to_owned(),
            },
        )?;
        let (key, pin_row) = (&shared.trust.pin_key, Ids.row());
        let pin = key.derive(&row.id, &pin_row);
        owners::set_pin(
            db,
            &PinRow {
                id: pin_row,
                enterprise_id: row.id.clone(),
                hash: key.mark().to_owned(),
                set_at: column(at),
                set_by: "demo".to_owned(),
            },
        )?;
        registered.push(Registered { id: row.id, name: row.name, code, pin });
    }
    Ok(registered)
}
