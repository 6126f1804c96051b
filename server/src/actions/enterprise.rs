//! Registering and finding enterprises.

use qiyema_protocol::{
    intake::KnownEnterprise,
    problem::FieldProblem,
    seal::CodeId,
    staff::{CodeStatus, CodeView, EnterpriseView, NewEnterprise},
};

use super::{
    Deed, Refused, Rules, record,
    rights::{self, Actor},
};
use crate::{
    clock::{Ids, Timestamp},
    domain::{
        event::Kind,
        search,
        text::Typed,
        uscc::{CheckCharacter, Uscc},
    },
    store::{
        codes::{self, CodeRow},
        columns::{column, moment},
        connection::Db,
        enterprises::{self, EnterpriseRow},
    },
};

/// Enterprises in one answer.
const MOST: i64 = 50;

/// Registers an enterprise.
pub fn register(
    db: &mut Db,
    actor: &Actor,
    new: &NewEnterprise,
    at: Timestamp,
) -> Result<EnterpriseView, Refused> {
    actor.may(rights::Deed::RegisterEnterprise)?;
    let name = Typed::line("name", &new.name, 2, 100).map_err(|fault| Refused::Invalid(vec![fault]))?;
    let (uscc, check) = Uscc::parse(&new.uscc).map_err(|error| {
        Refused::Invalid(vec![FieldProblem { field: "uscc".to_owned(), detail: error.words() }])
    })?;
    if let (CheckCharacter::Differs { expected }, false) = (check, new.confirm_check_character) {
        return Err(Refused::UsccUnconfirmed { expected });
    }
    let row = EnterpriseRow {
        id: Ids.row(),
        uscc: uscc.as_str().to_owned(),
        search_key: search::key(name.as_str(), uscc.as_str()),
        name: name.into(),
        registered_at: column(at),
        registered_by: actor.id.clone(),
    };
    enterprises::insert(db, &row).map_err(|error| {
        if crate::store::is_duplicate(&error) { Refused::EnterpriseExists } else { error.into() }
    })?;
    record(
        db,
        &Deed {
            enterprise: &row.id,
            subject: &row.id,
            kind: Kind::EnterpriseRegistered,
            state: None,
            note: None,
            detail: serde_json::json!({ "uscc": row.uscc, "name": row.name }),
            by: &actor.id,
            at,
        },
    )?;
    Ok(view(row, Vec::new()))
}

/// Registers an enterprise for a system, which may ask again: under the name that is registered it is the
/// one that is there, and nothing is made. Under another name it is refused: the code may be mistyped, and
/// what is sent next would go to a stranger.
pub fn register_once(
    db: &mut Db,
    actor: &Actor,
    new: &NewEnterprise,
    at: Timestamp,
) -> Result<(KnownEnterprise, bool), Refused> {
    actor.may(rights::Deed::RegisterEnterprise)?;
    let there = match Uscc::parse(&new.uscc) {
        Ok((uscc, _)) => enterprises::by_uscc(db, uscc.as_str())?,
        Err(_) => None,
    };
    match there {
        Some(row) if search::query(&row.name) == search::query(&new.name) => Ok((known(row), false)),
        Some(_) => Err(Refused::EnterpriseExists),
        None => {
            let EnterpriseView { id, uscc, name, registered_at, .. } = register(db, actor, new, at)?;
            Ok((KnownEnterprise { id, uscc, name, registered_at }, true))
        }
    }
}

/// The enterprise of a code, for a system.
pub fn by_uscc(db: &mut Db, actor: &Actor, uscc: &str) -> Result<KnownEnterprise, Refused> {
    actor.may(rights::Deed::ReadEnterprises)?;
    let (uscc, _) = Uscc::parse(uscc).map_err(|error| {
        Refused::Invalid(vec![FieldProblem { field: "uscc".to_owned(), detail: error.words() }])
    })?;
    Ok(known(enterprises::by_uscc(db, uscc.as_str())?.ok_or(Refused::EnterpriseUnknown)?))
}

fn known(row: EnterpriseRow) -> KnownEnterprise {
    let EnterpriseRow { id, uscc, name, registered_at, .. } = row;
    KnownEnterprise { id, uscc, name, registered_at: moment(registered_at) }
}

/// One enterprise with its codes.
pub fn show(db: &mut Db, actor: &Actor, id: &str, rules: &Rules) -> Result<EnterpriseView, Refused> {
    actor.may(rights::Deed::ReadEnterprises)?;
    let row = enterprises::find(db, id)?.ok_or(Refused::EnterpriseUnknown)?;
    with_codes(db, vec![row], rules)?.pop().ok_or(Refused::EnterpriseUnknown)
}

/// Enterprises by a piece of the name, by pinyin, initials or USCC, the likeliest first.
pub fn search(db: &mut Db, actor: &Actor, text: &str, rules: &Rules) -> Result<Vec<EnterpriseView>, Refused> {
    actor.may(rights::Deed::ReadEnterprises)?;
    let rows = enterprises::search(db, &search::query(text), MOST)?;
    with_codes(db, rows, rules)
}

fn with_codes(db: &mut Db, rows: Vec<EnterpriseRow>, rules: &Rules) -> Result<Vec<EnterpriseView>, Refused> {
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    let codes = codes::of_enterprises(db, &ids)?;
    let of = |id: &str| {
        let own = codes.iter().filter(|(code, _)| code.enterprise_id == id);
        own.map(|code| code_view(code, &rules.void_keys)).collect()
    };
    Ok(rows
        .into_iter()
        .map(|row| {
            let codes = of(&row.id);
            view(row, codes)
        })
        .collect())
}

fn view(row: EnterpriseRow, codes: Vec<CodeView>) -> EnterpriseView {
    EnterpriseView {
        id: row.id,
        uscc: row.uscc,
        name: row.name,
        registered_at: moment(row.registered_at),
        codes,
    }
}

/// A code as staff see it, where codes of these keys are void.
pub(super) fn code_view((code, ending): &(CodeRow, Option<String>), void: &[i32]) -> CodeView {
    CodeView {
        id: code.id.parse::<CodeId>().map_or_else(|_| code.id.clone(), |id| id.to_string()),
        kid: u8::try_from(code.kid).unwrap_or_default(),
        issued_at: moment(code.issued_at),
        status: match ending.as_deref() {
            None if void.contains(&code.kid) => CodeStatus::KeyRetired,
            None => CodeStatus::Live,
            Some("replaced") => CodeStatus::Replaced,
            Some("suspended") => CodeStatus::Suspended,
            Some(_) => CodeStatus::Revoked,
        },
    }
}
