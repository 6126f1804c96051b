//! Categories: a tree, each with a grade, a limit and a suggested lead unit. A
//! changed limit holds for issues accepted from now on; promises stay.

use qiyema_protocol::{
    administration::{EditCategory, Grade},
    directory::CategoryView,
    text::Text,
};

use super::{
    super::{
        Refused, Rules,
        rights::{Actor, Area, Deed},
    },
    Subject, directory, record,
};
use crate::{
    clock::{Ids, Timestamp},
    domain::{deadline::Limit, text::problem},
    store::{
        columns::{column, moment, unword, word},
        connection::Db,
        directory::{self as rows, CategoryRow, edit},
    },
};

/// Levels of the tree.
const DEEPEST: usize = 4;

/// Makes a category.
pub fn make(
    db: &mut Db,
    actor: &Actor,
    ask: &EditCategory,
    rules: &Rules,
    at: Timestamp,
) -> Result<CategoryView, Refused> {
    actor.may(Deed::Administer(Area::Directory))?;
    let row = fill(db, Ids.row(), ask, rules)?;
    rows::insert_category(db, &row)?;
    let detail = serde_json::json!({ "name": row.name_zh, "grade": row.grade,
        "working_days": row.limit_working_days, "hours": row.limit_hours });
    record(db, Subject { kind: "category", id: &row.id }, "category_made", &detail, &actor.id, at)?;
    view(row)
}

/// Edits a category.
pub fn edit(
    db: &mut Db,
    actor: &Actor,
    id: &str,
    ask: &EditCategory,
    rules: &Rules,
    at: Timestamp,
) -> Result<CategoryView, Refused> {
    actor.may(Deed::Administer(Area::Directory))?;
    let before = rows::category(db, id)?.ok_or(Refused::NotThere)?;
    let ask =
        EditCategory { name_en: directory::english(&before.name_zh, &ask.name_en).to_owned(), ..ask.clone() };
    let mut row = fill(db, id.to_owned(), &ask, rules)?;
    row.retired_at = before.retired_at;
    edit::write_category(db, &row)?;
    let facts = |row: &CategoryRow| {
        serde_json::json!({ "name": row.name_zh, "parent": row.parent_id, "grade": row.grade,
            "working_days": row.limit_working_days, "hours": row.limit_hours, "lead_unit": row.lead_unit_id })
    };
    let detail = serde_json::json!({ "from": facts(&before), "to": facts(&row) });
    record(db, Subject { kind: "category", id }, "category_edited", &detail, &actor.id, at)?;
    view(row)
}

/// Retires a category, or takes it into use again. Old issues keep theirs.
pub fn retire(db: &mut Db, actor: &Actor, id: &str, retired: bool, at: Timestamp) -> Result<(), Refused> {
    actor.may(Deed::Administer(Area::Directory))?;
    let mut row = rows::category(db, id)?.ok_or(Refused::NotThere)?;
    if retired && edit::has_children(db, id)? {
        return Err(Refused::InUse);
    }
    row.retired_at = retired.then(|| column(at));
    edit::write_category(db, &row)?;
    let kind = if retired { "category_retired" } else { "category_restored" };
    record(
        db,
        Subject { kind: "category", id },
        kind,
        &serde_json::json!({ "name": row.name_zh }),
        &actor.id,
        at,
    )
}

fn fill(db: &mut Db, id: String, ask: &EditCategory, rules: &Rules) -> Result<CategoryRow, Refused> {
    let (name_zh, name_en) = directory::names(&ask.name_zh, &ask.name_en, ask.position)?;
    let (limit_working_days, limit_hours) = limits(ask, rules)?;
    if let Some(parent) = &ask.parent {
        climbs(db, &id, parent)?;
    }
    if let Some(unit) = &ask.lead_unit
        && (unit.contains('\0') || !edit::unit_stands(db, unit)?)
    {
        return Err(Refused::Invalid(vec![problem("lead_unit", "没有这个单位，或已停用", "no such unit")]));
    }
    Ok(CategoryRow {
        id,
        name_zh,
        name_en,
        grade: word(ask.grade)?,
        limit_working_days,
        limit_hours,
        lead_unit_id: ask.lead_unit.clone(),
        position: ask.position,
        parent_id: ask.parent.clone(),
        retired_at: None,
    })
}

/// The limit as asked for, or the grade's own. Urgent grades count hours, all others days.
fn limits(ask: &EditCategory, rules: &Rules) -> Result<(Option<i32>, Option<i32>), Refused> {
    let wrong = |field: &str, zh: &str, en: &str| Err(Refused::Invalid(vec![problem(field, zh, en)]));
    match rules.grades.of(ask.grade) {
        Limit::WorkingDays(days) => {
            if ask.hours.is_some() {
                return wrong("hours", "此类别按工作日计时限", "this grade counts working days");
            }
            let days = ask.working_days.or_else(|| i32::try_from(days).ok());
            match days {
                Some(days) if (1..=250).contains(&days) => Ok((Some(days), None)),
                _ => wrong("working_days", "应为1至250个工作日", "1 to 250 working days"),
            }
        }
        Limit::Hours(hours) => {
            if ask.working_days.is_some() {
                return wrong("working_days", "紧急类别按小时计时限", "urgent grades count hours");
            }
            match ask.hours.or_else(|| i32::try_from(hours).ok()) {
                Some(hours) if (1..=240).contains(&hours) => Ok((None, Some(hours))),
                _ => wrong("hours", "应为1至240小时", "1 to 240 hours"),
            }
        }
    }
}

/// A parent must be in use, not below the category itself, and not too deep.
fn climbs(db: &mut Db, id: &str, parent: &str) -> Result<(), Refused> {
    let wrong = |zh: &str, en: &str| Refused::Invalid(vec![problem("parent", zh, en)]);
    let mut next = Some(parent.to_owned());
    for _ in 1..DEEPEST {
        let Some(above) = next.filter(|above| !above.contains('\0')) else { return Ok(()) };
        if above == id {
            return Err(wrong("上级类别不能是自己或自己的下级", "a category cannot stand below itself"));
        }
        let row = rows::category(db, &above)?.filter(|row| row.retired_at.is_none());
        next = row.ok_or_else(|| wrong("没有这个类别，或已停用", "there is no such category"))?.parent_id;
    }
    if next.is_some() { Err(wrong("类别最多四级", "four levels at most")) } else { Ok(()) }
}

/// A category as shown.
pub(super) fn view(row: CategoryRow) -> Result<CategoryView, Refused> {
    let grade: Grade = unword(&row.grade)?;
    Ok(CategoryView {
        id: row.id,
        name: Text::new(row.name_zh, row.name_en),
        parent: row.parent_id,
        grade,
        working_days: row.limit_working_days,
        hours: row.limit_hours,
        lead_unit: row.lead_unit_id,
        position: row.position,
        retired_at: row.retired_at.map(moment),
    })
}
