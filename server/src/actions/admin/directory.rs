//! Units and offices: made, renamed, put in order, closed. Closing refuses while
//! people sit there or open issues lie there; nothing is ever deleted.

use qiyema_protocol::{
    administration::{EditOffice, EditUnit},
    directory::{ChannelView, Directory, OfficeView, UnitView},
    problem::FieldProblem,
    text::Text,
};

use super::{
    super::{
        Refused,
        rights::{Actor, Area, Deed},
    },
    Subject, category, record,
};
use crate::{
    clock::{Ids, Timestamp},
    domain::text::{Typed, problem},
    store::{
        admin_events,
        columns::{column, moment},
        connection::{Db, one_at_a_time},
        directory::{self, ChannelRow, OfficeRow, UnitRow, edit},
    },
};

/// The whole directory, also what is closed or retired.
pub fn show(db: &mut Db, actor: &Actor) -> Result<Directory, Refused> {
    actor.may(Deed::Inspect(Area::Directory))?;
    let offices: Vec<OfficeView> = edit::offices(db)?.into_iter().map(office_view).collect();
    let units = edit::units(db)?
        .into_iter()
        .map(|row| {
            let own = offices.iter().filter(|office| office.unit == row.id).cloned().collect();
            unit_view(row, own)
        })
        .collect();
    let categories = edit::categories(db)?.into_iter().map(category::view).collect::<Result<_, _>>()?;
    let channels = edit::channels(db)?.into_iter().map(channel_view).collect();
    Ok(Directory { units, categories, channels })
}

/// Makes a unit.
pub fn make_unit(db: &mut Db, actor: &Actor, ask: &EditUnit, at: Timestamp) -> Result<UnitView, Refused> {
    actor.may(Deed::Administer(Area::Directory))?;
    let (name_zh, name_en) = names(&ask.name_zh, &ask.name_en, ask.position)?;
    unborne(db, None, &name_zh)?;
    let row = UnitRow { id: Ids.row(), name_zh, name_en, position: ask.position, closed_at: None };
    directory::insert_unit(db, &row)?;
    record(
        db,
        Subject { kind: "unit", id: &row.id },
        "unit_made",
        &serde_json::json!({ "name": row.name_zh }),
        &actor.id,
        at,
    )?;
    Ok(unit_view(row, Vec::new()))
}

/// Renames a unit or moves it.
pub fn edit_unit(db: &mut Db, actor: &Actor, id: &str, ask: &EditUnit, at: Timestamp) -> Result<(), Refused> {
    actor.may(Deed::Administer(Area::Directory))?;
    let mut row = edit::unit(db, id)?.ok_or(Refused::NotThere)?;
    let before = row.name_zh.clone();
    (row.name_zh, row.name_en) = names(&ask.name_zh, english(&before, &ask.name_en), ask.position)?;
    if row.name_zh != before {
        unborne(db, Some(id), &row.name_zh)?;
    }
    row.position = ask.position;
    edit::write_unit(db, &row)?;
    let detail = serde_json::json!({ "from": before, "to": row.name_zh, "position": row.position });
    record(db, Subject { kind: "unit", id }, "unit_edited", &detail, &actor.id, at)
}

/// Closes a unit, or opens it again.
pub fn close_unit(db: &mut Db, actor: &Actor, id: &str, closed: bool, at: Timestamp) -> Result<(), Refused> {
    actor.may(Deed::Administer(Area::Directory))?;
    let mut row = edit::unit(db, id)?.ok_or(Refused::NotThere)?;
    if closed && edit::unit_in_use(db, id)? {
        return Err(Refused::InUse);
    }
    row.closed_at = closed.then(|| column(at));
    edit::write_unit(db, &row)?;
    let kind = if closed { "unit_closed" } else { "unit_reopened" };
    record(db, Subject { kind: "unit", id }, kind, &serde_json::json!({ "name": row.name_zh }), &actor.id, at)
}

/// Makes an office of a unit.
pub fn make_office(
    db: &mut Db,
    actor: &Actor,
    unit: &str,
    ask: &EditOffice,
    at: Timestamp,
) -> Result<OfficeView, Refused> {
    actor.may(Deed::Administer(Area::Directory))?;
    if !edit::unit_stands(db, unit)? {
        return Err(Refused::NotThere);
    }
    let (name_zh, name_en, phone) = office_fields(ask)?;
    let row = OfficeRow {
        id: Ids.row(),
        unit_id: unit.to_owned(),
        name_zh,
        name_en,
        phone,
        position: ask.position,
        closed_at: None,
    };
    directory::insert_office(db, &row)?;
    let detail = serde_json::json!({ "unit": unit, "name": row.name_zh });
    record(db, Subject { kind: "office", id: &row.id }, "office_made", &detail, &actor.id, at)?;
    Ok(office_view(row))
}

/// Renames an office, moves it, or changes its telephone.
pub fn edit_office(
    db: &mut Db,
    actor: &Actor,
    id: &str,
    ask: &EditOffice,
    at: Timestamp,
) -> Result<(), Refused> {
    actor.may(Deed::Administer(Area::Directory))?;
    let mut row = edit::office(db, id)?.ok_or(Refused::NotThere)?;
    let before = serde_json::json!({ "name": row.name_zh, "phone": row.phone });
    let ask = EditOffice { name_en: english(&row.name_zh, &ask.name_en).to_owned(), ..ask.clone() };
    (row.name_zh, row.name_en, row.phone) = office_fields(&ask)?;
    row.position = ask.position;
    edit::write_office(db, &row)?;
    let detail = serde_json::json!({ "from": before, "to": { "name": row.name_zh, "phone": row.phone } });
    record(db, Subject { kind: "office", id }, "office_edited", &detail, &actor.id, at)
}

/// Closes an office, or opens it again.
pub fn close_office(
    db: &mut Db,
    actor: &Actor,
    id: &str,
    closed: bool,
    at: Timestamp,
) -> Result<(), Refused> {
    actor.may(Deed::Administer(Area::Directory))?;
    let mut row = edit::office(db, id)?.ok_or(Refused::NotThere)?;
    if closed && edit::office_in_use(db, id)? {
        return Err(Refused::InUse);
    }
    row.closed_at = closed.then(|| column(at));
    edit::write_office(db, &row)?;
    let kind = if closed { "office_closed" } else { "office_reopened" };
    record(
        db,
        Subject { kind: "office", id },
        kind,
        &serde_json::json!({ "name": row.name_zh }),
        &actor.id,
        at,
    )
}

/// Refuses a name that another unit bears or bore: figures are read by names, so that two units that swapped theirs would
/// have swapped their whole past.
fn unborne(db: &mut Db, own: Option<&str>, name: &str) -> Result<(), Refused> {
    // Two who give the same name at once would both find it free.
    one_at_a_time(db, "units")?;
    let other = |id: &str| own != Some(id);
    let used = edit::units(db)?.iter().any(|row| other(&row.id) && row.name_zh == name);
    let had = |detail: &str| {
        let detail: serde_json::Value = serde_json::from_str(detail).unwrap_or_default();
        ["name", "from", "to"]
            .iter()
            .any(|part| detail.get(part).and_then(|part| part.as_str()) == Some(name))
    };
    let deeds = if used { Vec::new() } else { admin_events::about(db, "unit")? };
    if used || deeds.iter().any(|deed| other(&deed.subject_id) && had(&deed.detail)) {
        return Err(Refused::Invalid(vec![problem(
            "name_zh",
            "另一单位正在使用或曾经使用这个名称，请换一个：考核数据按名称查看，不能混淆",
            "another unit bears or bore this name; choose another one: figures are read by names",
        )]));
    }
    Ok(())
}

/// An English name that was typed; one that was only the Chinese one before it was changed is none.
pub(super) fn english<'a>(chinese_before: &str, typed: &'a str) -> &'a str {
    if typed.trim() == chinese_before { "" } else { typed }
}

/// Both names and the place; the English one may be missing.
pub(super) fn names(zh: &str, en: &str, position: i32) -> Result<(String, String), Refused> {
    let mut faults = Vec::new();
    let zh = part(&mut faults, "name_zh", zh, 2, 60);
    let en = part(&mut faults, "name_en", en, 0, 120);
    if !(0..=9999).contains(&position) {
        faults.push(problem("position", "应为0至9999", "0 to 9999"));
    }
    if !faults.is_empty() {
        return Err(Refused::Invalid(faults));
    }
    let en = if en.is_empty() { zh.clone() } else { en };
    Ok((zh, en))
}

fn office_fields(ask: &EditOffice) -> Result<(String, String, String), Refused> {
    let mut faults = Vec::new();
    let phone = part(&mut faults, "phone", &ask.phone, 3, 40);
    if phone.chars().any(|c| !(c.is_ascii_digit() || "+-() ,;；转".contains(c))) {
        faults.push(problem("phone", "电话只含数字和连接号", "digits and hyphens only"));
    }
    match names(&ask.name_zh, &ask.name_en, ask.position) {
        Ok((zh, en)) if faults.is_empty() => Ok((zh, en, phone)),
        Ok(_) => Err(Refused::Invalid(faults)),
        Err(Refused::Invalid(mut others)) => {
            others.append(&mut faults);
            Err(Refused::Invalid(others))
        }
        Err(other) => Err(other),
    }
}

fn part(faults: &mut Vec<FieldProblem>, field: &str, text: &str, least: usize, most: usize) -> String {
    Typed::line(field, text, least, most).map_or_else(
        |fault| {
            faults.push(fault);
            String::new()
        },
        String::from,
    )
}

fn unit_view(row: UnitRow, offices: Vec<OfficeView>) -> UnitView {
    UnitView {
        id: row.id,
        name: Text::new(row.name_zh, row.name_en),
        position: row.position,
        closed_at: row.closed_at.map(moment),
        offices,
    }
}

fn office_view(row: OfficeRow) -> OfficeView {
    OfficeView {
        id: row.id,
        unit: row.unit_id,
        name: Text::new(row.name_zh, row.name_en),
        phone: row.phone,
        position: row.position,
        closed_at: row.closed_at.map(moment),
    }
}

/// A channel as shown.
pub(super) fn channel_view(row: ChannelRow) -> ChannelView {
    ChannelView {
        id: row.id,
        name: Text::new(row.name_zh, row.name_en),
        position: row.position,
        retired_at: row.retired_at.map(moment),
    }
}
