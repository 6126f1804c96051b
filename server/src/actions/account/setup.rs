//! The first run: a link that works once and only while there is no
//! administrator, printed where the server was started.

use chrono::Duration;
use qiyema_protocol::problem::FieldProblem;

use crate::{
    actions::{
        Refused, Rules,
        admin::{Subject, people as admin, record},
    },
    clock::{Ids, Timestamp},
    domain::{password, text::Typed},
    store::{
        columns::column,
        connection::Db,
        links::{self, LinkRow},
        people,
        staff::{self, StaffRow},
    },
};

const PURPOSE: &str = "setup";

/// Who makes what is made before anybody is there.
const NOBODY: &str = "setup";

/// The first administrator, as typed.
#[derive(Debug, Clone, Default)]
pub struct First {
    /// Full name.
    pub name: String,
    /// User name.
    pub username: String,
    /// Password; never kept.
    pub password: String,
}

/// Makes a new link in place of any earlier one.
pub fn make_link(db: &mut Db, token_hash: &str, rules: &Rules, at: Timestamp) -> Result<Timestamp, Refused> {
    if people::administrators(db)? > 0 {
        return Err(Refused::LinkDead);
    }
    let expires_at = at + Duration::hours(i64::from(rules.sessions.link_hours.get()));
    links::put(
        db,
        &LinkRow {
            token_hash: token_hash.to_owned(),
            purpose: PURPOSE.to_owned(),
            staff_id: None,
            made_at: column(at),
            made_by: NOBODY.to_owned(),
            expires_at: column(expires_at),
            used_at: None,
        },
    )?;
    Ok(expires_at)
}

/// Whether a link works.
pub fn look(db: &mut Db, token_hash: &str, at: Timestamp) -> Result<(), Refused> {
    if people::administrators(db)? > 0 {
        return Err(Refused::LinkDead);
    }
    links::standing(db, token_hash, PURPOSE, column(at))?.map(drop).ok_or(Refused::LinkDead)
}

/// Checks what was typed, before a hash is made.
pub fn check(first: &First) -> Result<(), Vec<FieldProblem>> {
    let faults: Vec<FieldProblem> = [
        Typed::line("name", &first.name, 1, 40).err(),
        password::username("username", &first.username).err(),
        password::check("password", &first.password, first.username.trim()).err(),
    ]
    .into_iter()
    .flatten()
    .collect();
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// Makes the first administrator and uses the link up.
pub fn complete(
    db: &mut Db,
    token_hash: &str,
    first: &First,
    password_hash: &str,
    at: Timestamp,
) -> Result<String, Refused> {
    look(db, token_hash, at)?;
    if !links::take(db, token_hash, column(at))? {
        return Err(Refused::LinkDead);
    }
    let row = StaffRow {
        id: Ids.row(),
        username: password::username("username", &first.username)
            .map_err(|fault| Refused::Invalid(vec![fault]))?,
        name: first.name.trim().to_owned(),
        post: "系统管理员".to_owned(),
        password_hash: password_hash.to_owned(),
        office_id: None,
        created_at: column(at),
        disabled_at: None,
    };
    let roles = ["administrator".to_owned()];
    staff::insert(db, &row, &roles).map_err(admin::taken)?;
    let detail = serde_json::json!({ "username": row.username, "roles": roles });
    record(db, Subject { kind: "staff", id: &row.id }, "first_administrator_made", &detail, NOBODY, at)?;
    Ok(row.id)
}
