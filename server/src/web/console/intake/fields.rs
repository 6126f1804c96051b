//! The fields of the form, and the tree of categories as a list to choose from.

use super::super::{files, issues::Choices, staff::ConsoleStaff};
use crate::{
    store::directory::CategoryRow,
    web::{
        view::console::form::{Choice, Field, Form},
        words::{
            console::{files::FileWords, intake::IntakeWords, registers::RegisterWords, terms},
            lang::Lang,
        },
    },
};

/// The channel of most that is typed in here.
const WINDOW: &str = "window";
/// Levels of the tree, and one more for good measure: a list that is read must end.
const DEEPEST: usize = 5;
/// What the second button sends.
pub const LOOK: &str = "look";

/// The form, empty.
pub fn form(staff: &ConsoleStaff, choices: &Choices) -> Form {
    let (lang, w) = (staff.lang, RegisterWords::of(staff.lang));
    let files = FileWords::of(lang);
    let channels =
        choices.channels.iter().map(|row| Choice::new(&row.id, name(lang, &row.name_zh, &row.name_en)));
    let mut form = Form::new(lang, &staff.csrf, "/console/intake", w.save)
        .with(Field::select("channel", w.channel, channels.collect()).value(WINDOW))
        .with(
            Field::select("category", w.category, tree(lang, choices))
                .help(w.category_help)
                .first()
                .below(""),
        )
        .with(Field::line("subject", w.subject).most(80).below(""))
        .with(Field::lines("body", w.body).help(w.body_help).most(4000))
        .with(Field::line("contact_name", w.contact_name).most(40).optional())
        .with(Field::line("contact_phone", w.contact_phone).help(w.contact_help).most(20).optional())
        .with(Field::line("contact_email", w.contact_email).help(w.contact_email_help).most(254).optional())
        .with(Field::line("reference", w.reference).help(w.reference_help).most(64).optional())
        .with(files::field(files).optional())
        .with(files::audience(files));
    form.beside = Some((LOOK, IntakeWords::of(lang).look));
    form
}

/// The categories: below their roots where the centre has made a tree, else by grade.
fn tree(lang: Lang, choices: &Choices) -> Vec<Choice> {
    let all = &choices.categories;
    if all.iter().all(|row| row.parent_id.is_none()) {
        let mut sorted: Vec<&CategoryRow> = all.iter().collect();
        let place = |grade: &str| terms::grades(lang).iter().position(|(word, _)| *word == grade);
        sorted.sort_by_key(|row| place(&row.grade));
        let by_grade = |row: &CategoryRow| {
            let said = text(lang, named(lang, row), row, choices);
            Choice::new(&row.id, said).under(terms::grade(lang, &row.grade))
        };
        return sorted.into_iter().map(by_grade).collect();
    }
    let mut into = Vec::new();
    // Whose parent is not in use any more stands as a root.
    let is_root = |row: &&CategoryRow| !all.iter().any(|one| Some(&one.id) == row.parent_id.as_ref());
    for root in all.iter().filter(is_root) {
        let heading = if all.iter().any(|one| one.parent_id.as_ref() == Some(&root.id)) {
            named(lang, root)
        } else {
            ""
        };
        below(lang, choices, root, &mut vec![named(lang, root)], heading, &mut into);
    }
    into
}

fn below<'a>(
    lang: Lang,
    choices: &'a Choices,
    row: &'a CategoryRow,
    path: &mut Vec<&'a str>,
    heading: &str,
    into: &mut Vec<Choice>,
) {
    // The heading says where the path begins.
    let said = if path.len() > 1 { path.get(1..).unwrap_or_default().join(" › ") } else { path.concat() };
    into.push(Choice::new(&row.id, text(lang, &said, row, choices)).under(heading));
    if path.len() > DEEPEST {
        return;
    }
    for child in choices.categories.iter().filter(|one| one.parent_id.as_ref() == Some(&row.id)) {
        path.push(named(lang, child));
        below(lang, choices, child, path, heading, into);
        path.pop();
    }
}

/// A category says its limit and who usually leads.
fn text(lang: Lang, named: &str, row: &CategoryRow, choices: &Choices) -> String {
    let unit = unit(lang, row, choices).map(|unit| format!(" · {unit}"));
    format!("{named} · {}{}", limit(lang, row), unit.unwrap_or_default())
}

/// The unit that usually leads, if it still stands.
pub fn unit<'a>(lang: Lang, row: &CategoryRow, choices: &'a Choices) -> Option<&'a str> {
    let unit = choices.units.iter().find(|(id, ..)| Some(id) == row.lead_unit_id.as_ref())?;
    Some(name(lang, &unit.1, &unit.2))
}

/// A limit in words.
pub fn limit(lang: Lang, row: &CategoryRow) -> String {
    match (row.limit_hours, row.limit_working_days) {
        (Some(hours), _) => format!("{hours} {}", lang.pick("小时", "h")),
        (None, Some(days)) => format!("{days} {}", lang.pick("个工作日", "working days")),
        (None, None) => String::new(),
    }
}

fn named(lang: Lang, row: &CategoryRow) -> &str {
    name(lang, &row.name_zh, &row.name_en)
}

fn name<'a>(lang: Lang, zh: &'a str, en: &'a str) -> &'a str {
    if lang == Lang::Zh { zh } else { en }
}
