//! People: made with a one-time link, edited, disabled, enabled. Nobody changes
//! his own roles, so that a role of oversight is always given by somebody else;
//! the last administrator stays; every change is an event.

use qiyema_protocol::{
    administration::{EditPerson, NewPerson, PersonView},
    problem::FieldProblem,
    staff::Role,
};

use super::{
    super::{
        Refused, Rules,
        account::second_factor,
        rights::{Actor, Area, Deed},
    },
    Subject, record,
};
use crate::{
    clock::{Ids, Timestamp},
    domain::{
        password, roles,
        text::{Typed, problem},
    },
    store::{
        QueryError, QueryResult,
        columns::{column, moment, unword, word},
        connection::Db,
        directory::edit as directory,
        people, second_factor as factors,
        staff::{self, Person, StaffRow},
    },
};

/// A hash no password has: a new person gets in by the link only.
pub const NO_PASSWORD: &str = "-";

/// Everybody.
pub fn list(db: &mut Db, actor: &Actor, rules: &Rules) -> Result<Vec<PersonView>, Refused> {
    actor.may(Deed::Inspect(Area::Staff))?;
    let enrolled = factors::enrolled(db)?;
    people::all(db)?.into_iter().map(|person| view(person, &enrolled, rules)).collect()
}

/// One person.
pub fn show(db: &mut Db, actor: &Actor, id: &str, rules: &Rules) -> Result<PersonView, Refused> {
    actor.may(Deed::Inspect(Area::Staff))?;
    let person = people::find(db, id)?.ok_or(Refused::NotThere)?;
    let enrolled = factors::enrolled(db)?;
    view(person, &enrolled, rules)
}

/// Makes a person without a password.
pub fn create(
    db: &mut Db,
    actor: &Actor,
    new: &NewPerson,
    rules: &Rules,
    at: Timestamp,
) -> Result<PersonView, Refused> {
    actor.may(Deed::Administer(Area::Staff))?;
    let mut faults = Vec::new();
    let username = password::username("username", &new.username).map_err(|fault| faults.push(fault)).ok();
    let parsed = parse(db, &new.person, &mut faults)?;
    let (Some(username), true) = (username, faults.is_empty()) else { return Err(Refused::Invalid(faults)) };
    let row = StaffRow {
        id: Ids.row(),
        username,
        name: parsed.name,
        post: parsed.post,
        password_hash: NO_PASSWORD.to_owned(),
        office_id: new.person.office.clone(),
        created_at: column(at),
        disabled_at: None,
    };
    staff::insert(db, &row, &parsed.roles).map_err(taken)?;
    people::set_units(db, &row.id, &parsed.units)?;
    let detail = serde_json::json!({
        "username": row.username, "name": row.name, "post": row.post, "roles": parsed.roles,
        "office": new.person.office, "units": parsed.units,
    });
    record(db, Subject { kind: "staff", id: &row.id }, "person_made", &detail, &actor.id, at)?;
    show(db, actor, &row.id, rules)
}

/// Edits a person. Changed roles hold from the next request on; where one of them needs a second factor that
/// the person has not, the person signs in anew and enrols.
pub fn edit(
    db: &mut Db,
    actor: &Actor,
    id: &str,
    ask: &EditPerson,
    rules: &Rules,
    at: Timestamp,
) -> Result<PersonView, Refused> {
    actor.may(Deed::Administer(Area::Staff))?;
    people::hold_administrators(db)?;
    let before = people::find(db, id)?.ok_or(Refused::NotThere)?;
    let mut faults = Vec::new();
    let parsed = parse(db, ask, &mut faults)?;
    if !faults.is_empty() {
        return Err(Refused::Invalid(faults));
    }
    let mut held = before.roles.clone();
    held.sort_unstable();
    if held != parsed.roles && actor.id == id {
        return Err(Refused::OwnAccount);
    }
    people::edit(db, id, &parsed.name, &parsed.post, ask.office.as_deref())?;
    people::set_roles(db, id, &parsed.roles)?;
    people::set_units(db, id, &parsed.units)?;
    keep_one(db, &before)?;
    let proves = held != parsed.roles && second_factor::needed(&parsed.roles, rules)?;
    let ended = if proves { second_factor::end_unproved(db, &[id.to_owned()], at)? } else { 0 };
    let detail = serde_json::json!({
        "from": { "name": before.row.name, "post": before.row.post, "roles": held,
            "office": before.row.office_id, "units": before.units },
        "to": { "name": parsed.name, "post": parsed.post, "roles": parsed.roles,
            "office": ask.office, "units": parsed.units },
        "sessions_ended": Some(ended).filter(|ended| *ended > 0),
    });
    record(db, Subject { kind: "staff", id }, "person_edited", &detail, &actor.id, at)?;
    show(db, actor, id, rules)
}

/// Disables a person: every session ends with this commit. Open issues stay with
/// their unit, which assigns them anew; their number is in the event.
pub fn disable(
    db: &mut Db,
    actor: &Actor,
    id: &str,
    rules: &Rules,
    at: Timestamp,
) -> Result<PersonView, Refused> {
    actor.may(Deed::Administer(Area::Staff))?;
    if actor.id == id {
        return Err(Refused::OwnAccount);
    }
    people::hold_administrators(db)?;
    let before = people::find(db, id)?.ok_or(Refused::NotThere)?;
    if before.row.disabled_at.is_none() {
        people::set_disabled(db, id, Some(column(at)))?;
        keep_one(db, &before)?;
        let ended = people::end_sessions(db, id, None, column(at))?;
        let open = people::open_issues(db, id)?;
        let detail = serde_json::json!({ "sessions_ended": ended, "open_issues": open });
        record(db, Subject { kind: "staff", id }, "person_disabled", &detail, &actor.id, at)?;
    }
    show(db, actor, id, rules)
}

/// Enables a person again.
pub fn enable(
    db: &mut Db,
    actor: &Actor,
    id: &str,
    rules: &Rules,
    at: Timestamp,
) -> Result<PersonView, Refused> {
    actor.may(Deed::Administer(Area::Staff))?;
    let before = people::find(db, id)?.ok_or(Refused::NotThere)?;
    if before.row.disabled_at.is_some() {
        people::set_disabled(db, id, None)?;
        let detail = serde_json::json!({});
        record(db, Subject { kind: "staff", id }, "person_enabled", &detail, &actor.id, at)?;
    }
    show(db, actor, id, rules)
}

/// A taken user name is a named refusal.
pub fn taken(error: QueryError) -> Refused {
    if crate::store::is_duplicate(&error) { Refused::UsernameTaken } else { error.into() }
}

/// Refuses a change after which nobody could administer.
fn keep_one(db: &mut Db, before: &Person) -> Result<(), Refused> {
    let was = before.row.disabled_at.is_none() && before.roles.iter().any(|role| role == "administrator");
    if was && people::administrators(db)? == 0 { Err(Refused::LastAdministrator) } else { Ok(()) }
}

struct Parsed {
    name: String,
    post: String,
    roles: Vec<String>,
    units: Vec<String>,
}

fn parse(db: &mut Db, ask: &EditPerson, faults: &mut Vec<FieldProblem>) -> Result<Parsed, Refused> {
    let mut line = |field: &str, text: &str| match Typed::line(field, text, 1, 40) {
        Ok(typed) => String::from(typed),
        Err(fault) => {
            faults.push(fault);
            String::new()
        }
    };
    let (name, post) = (line("name", &ask.name), line("post", &ask.post));
    let mut held = ask.roles.clone();
    held.dedup();
    if held.is_empty() {
        faults.push(problem("roles", "请至少选择一个角色", "choose at least one role"));
    } else if !roles::go_together(&held) {
        faults.push(problem(
            "roles",
            "审计员不得兼任其他角色；系统管理员只可兼任发码员",
            "an auditor holds no other role; an administrator may be a code issuer besides",
        ));
    }
    let known = |db: &mut Db, id: &str, unit: bool| -> Result<bool, Refused> {
        if id.contains('\0') {
            return Ok(false);
        }
        Ok(if unit { directory::unit_stands(db, id)? } else { directory::office_stands(db, id)? })
    };
    if let Some(office) = &ask.office
        && !known(db, office, false)?
    {
        faults.push(problem("office", "没有这个科室，或已停用", "there is no such office, or it is closed"));
    }
    for unit in &ask.units {
        if !known(db, unit, true)? {
            faults.push(problem("units", "没有这个单位，或已停用", "there is no such unit, or it is closed"));
        }
    }
    if ask.office.is_none() && ask.units.is_empty() && held.iter().any(|role| roles::needs_unit(*role)) {
        faults.push(problem(
            "office",
            "经办人和单位管理员须有科室或单位",
            "handlers need an office or a unit",
        ));
    }
    let mut words = held.iter().map(word).collect::<QueryResult<Vec<_>>>()?;
    words.sort_unstable();
    words.dedup();
    let mut units = ask.units.clone();
    units.sort_unstable();
    units.dedup();
    Ok(Parsed { name, post, roles: words, units })
}

fn view(person: Person, enrolled: &[String], rules: &Rules) -> Result<PersonView, Refused> {
    let held = person.roles.iter().map(|role| unword(role)).collect::<QueryResult<Vec<Role>>>()?;
    Ok(PersonView {
        awaits_set_up: person.row.password_hash == NO_PASSWORD,
        second_factor: enrolled.contains(&person.row.id),
        second_factor_required: second_factor::needed(&person.roles, rules)?,
        id: person.row.id,
        username: person.row.username,
        name: person.row.name,
        post: person.row.post,
        roles: held,
        office: person.row.office_id,
        units: person.units,
        created_at: moment(person.row.created_at),
        disabled_at: person.row.disabled_at.map(moment),
    })
}
