//! Who and what there is.

use super::dialect::Dialect;

/// Fifty units, a thousand people and enterprises, five leaders, thirty categories, twelve channels.
pub(crate) fn statements(d: Dialect) -> Vec<String> {
    let rows = |count: u32, into: &str, values: &str| {
        format!("INSERT INTO {into} SELECT {values} FROM {}", d.numbers(0, count))
    };
    let grade = "CASE i % 3 WHEN 0 THEN 'simple' WHEN 1 THEN 'general' ELSE 'complex' END";
    let person = |letter: char| {
        format!(
            "'{letter}' || i, '{letter}' || i, '人员' || i, '', '', {}",
            d.moment("2025-01-01 00:00:00", "0")
        )
    };
    vec![
        rows(50, "units (id, name_zh, name_en, position)", "'u' || i, '单位' || i, 'Unit ' || i, i"),
        rows(1000, "staff (id, username, name, post, password_hash, created_at)", &person('h')),
        rows(5, "staff (id, username, name, post, password_hash, created_at)", &person('l')),
        rows(12, "channels (id, name_zh, name_en, position)", "'c' || i, '渠道' || i, 'Channel ' || i, i"),
        rows(
            30,
            "categories (id, name_zh, name_en, grade, limit_working_days, position)",
            &format!("'k' || i, '类别' || i, 'Category ' || i, {grade}, 5, i"),
        ),
        rows(
            1000,
            "enterprises (id, uscc, name, search_key, registered_at, registered_by)",
            &format!("'e' || i, 'x' || i, '企业' || i, '', {}, ''", d.moment("2025-01-01 00:00:00", "0")),
        ),
    ]
}
