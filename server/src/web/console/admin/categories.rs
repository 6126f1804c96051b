//! Categories: the tree, one category, and making one.

use actix_web::{
    HttpResponse,
    web::{Path, Query},
};
use qiyema_protocol::{
    administration::{EditCategory, Grade},
    directory::{CategoryView, Directory},
};

use super::{Said, back, button, changes, named, on_the_form, refused};
use crate::{
    actions::{
        admin::{category, directory},
        rights::Area,
    },
    domain::deadline::Limit,
    store::columns::word,
    web::{
        console::{ConsoleForm, ConsoleStaff},
        problem::{Code, Refusal},
        view::console::{
            form::{Choice, Field, Form, Kind},
            sheet::{Cell, Part, Sheet, Table, Tone},
        },
        words::lang::Lang,
    },
};

const LIST: &str = "/console/admin/categories";

async fn look(staff: &ConsoleStaff) -> Result<Directory, Refusal> {
    Ok(staff.read(|db, actor, _, _| directory::show(db, actor)).await?)
}

/// `GET /console/admin/categories`.
pub async fn list(staff: ConsoleStaff, said: Query<Said>) -> Result<HttpResponse, Refusal> {
    let directory = look(&staff).await?;
    let form = form(&staff, LIST, &directory, None);
    Ok(staff.page(sheet(&staff, &said, &directory, &form)))
}

fn sheet(
    staff: &ConsoleStaff,
    said: &Said,
    directory: &Directory,
    form: &Form,
) -> Result<String, askama::Error> {
    let lang = staff.lang;
    let rows = tree(&directory.categories)
        .into_iter()
        .map(|(level, one)| row(one, level, directory, lang))
        .collect();
    let table = Table {
        heads: [
            lang.pick("类别", "Category"),
            lang.pick("难度", "Grade"),
            lang.pick("办理时限", "Limit"),
            lang.pick("通常的牵头单位", "Unit that usually leads"),
            lang.pick("状态", "State"),
        ]
        .map(ToOwned::to_owned)
        .to_vec(),
        rows,
        empty: lang.pick("还没有类别。", "No category yet.").to_owned(),
    };
    let mut page = Sheet::new(said.frame(staff), lang.pick("问题类别与时限", "Categories and limits"))
        .lead(lang.pick(
            "改动时限只影响以后受理的问题，已作出的承诺不变。",
            "A changed limit holds for issues accepted from now on; promises stay.",
        ))
        .with(Part::Table(table));
    if changes(staff, Area::Directory) {
        page = page.form(lang.pick("添加类别", "Add a category"), "", form)?;
    }
    page.render()
}

/// Parents before their children, each with its level.
fn tree(all: &[CategoryView]) -> Vec<(usize, &CategoryView)> {
    fn below<'a>(
        all: &'a [CategoryView],
        parent: Option<&str>,
        level: usize,
        into: &mut Vec<(usize, &'a CategoryView)>,
    ) {
        for one in all.iter().filter(|one| one.parent.as_deref() == parent) {
            into.push((level, one));
            if level < 3 {
                below(all, Some(&one.id), level + 1, into);
            }
        }
    }
    let mut into = Vec::new();
    below(all, None, 0, &mut into);
    into
}

fn row(one: &CategoryView, level: usize, directory: &Directory, lang: Lang) -> Vec<Cell> {
    let unit = directory.units.iter().find(|unit| Some(&unit.id) == one.lead_unit.as_ref());
    let state = if one.retired_at.is_some() {
        Cell::badge(lang.pick("已停用", "Retired"), Tone::Plain)
    } else {
        Cell::badge(lang.pick("在用", "In use"), Tone::Good)
    };
    vec![
        Cell::link(format!("{LIST}/{}", one.id), lang.say(&one.name)).indent(level),
        Cell::text(grade(one.grade, lang)),
        Cell::text(limit(one, lang)),
        Cell::text(unit.map_or("", |unit| lang.say(&unit.name))),
        state,
    ]
}

fn limit(one: &CategoryView, lang: Lang) -> String {
    match (one.working_days, one.hours, lang) {
        (Some(days), _, Lang::Zh) => format!("{days}个工作日"),
        (Some(1), _, Lang::En) => "1 working day".to_owned(),
        (Some(days), _, Lang::En) => format!("{days} working days"),
        (None, Some(hours), Lang::Zh) => format!("{hours}小时"),
        (None, Some(hours), Lang::En) => format!("{hours} hours"),
        (None, None, _) => String::new(),
    }
}

const fn grade(grade: Grade, lang: Lang) -> &'static str {
    match grade {
        Grade::Immediate => lang.pick("即办", "Immediate"),
        Grade::Simple => lang.pick("简易", "Simple"),
        Grade::General => lang.pick("一般", "General"),
        Grade::Complex => lang.pick("复杂", "Complex"),
        Grade::CrossDepartment => lang.pick("疑难跨部门", "Cross-department"),
        Grade::Urgent2h => lang.pick("紧急（2小时）", "Urgent, 2 hours"),
        Grade::Urgent24h => lang.pick("紧急（24小时）", "Urgent, 24 hours"),
    }
}

fn form(staff: &ConsoleStaff, action: &str, directory: &Directory, now: Option<&CategoryView>) -> Form {
    let lang = staff.lang;
    let rules = staff.shared.rules();
    let submit = if now.is_some() { lang.pick("保存", "Save") } else { lang.pick("添加", "Add") };
    let above = tree(&directory.categories)
        .into_iter()
        .filter(|(_, one)| one.retired_at.is_none() && now.is_none_or(|now| now.id != one.id));
    let above = above
        .map(|(level, one)| Choice::new(&one.id, format!("{}{}", "  ".repeat(level), lang.say(&one.name))));
    let grades = Grade::ALL.into_iter().filter_map(|one| {
        let usual = match (rules.grades.of(one), lang) {
            (Limit::WorkingDays(days), Lang::Zh) => format!("{days}个工作日"),
            (Limit::WorkingDays(days), Lang::En) => format!("{days} working days"),
            (Limit::Hours(hours), Lang::Zh) => format!("{hours}小时"),
            (Limit::Hours(hours), Lang::En) => format!("{hours} hours"),
        };
        Some(Choice::new(word(one).ok()?, format!("{} · {usual}", grade(one, lang))))
    });
    let units = directory.units.iter().filter(|unit| unit.closed_at.is_none());
    let units = units.map(|unit| Choice::new(&unit.id, lang.say(&unit.name))).collect();
    let (zh, en, position) = now.map_or(("", "", 0), |now| (&*now.name.zh, &*now.name.en, now.position));
    let of = |text: Option<&String>| text.cloned().unwrap_or_default();
    let days = now.and_then(|now| now.working_days.or(now.hours)).map_or(String::new(), |n| n.to_string());
    named(Form::new(lang, &staff.csrf, action, submit), zh, en, position)
        .with(
            Field::select("parent", lang.pick("上级类别", "Category above"), above.collect())
                .value(of(now.and_then(|now| now.parent.as_ref())))
                .optional(),
        )
        .with(
            Field::select("grade", lang.pick("难度", "Grade"), grades.collect())
                .value(now.and_then(|now| word(now.grade).ok()).unwrap_or_default()),
        )
        .with(
            Field::new(Kind::Number, "limit", lang.pick("办理时限", "Limit"))
                .value(days)
                .most(250)
                .optional()
                .help(lang.pick(
                    "工作日；紧急类别为小时。不填按难度的通常时限。",
                    "Working days; hours for urgent grades. Empty: the grade's own.",
                )),
        )
        .with(
            Field::select("lead_unit", lang.pick("通常的牵头单位", "Unit that usually leads"), units)
                .value(of(now.and_then(|now| now.lead_unit.as_ref())))
                .optional(),
        )
}

fn typed(form: &ConsoleForm) -> Result<EditCategory, Refusal> {
    let missing =
        || Refusal::fields(vec![crate::domain::text::problem("grade", "请选择难度", "choose a grade")]);
    let grade: Grade = form.word("grade").ok_or_else(missing)?;
    let urgent = matches!(grade, Grade::Urgent2h | Grade::Urgent24h);
    let limit = form.filled("limit").map(|text| text.parse().unwrap_or(-1));
    Ok(EditCategory {
        name_zh: form.text("name_zh").to_owned(),
        name_en: form.text("name_en").to_owned(),
        parent: form.filled("parent"),
        grade,
        working_days: limit.filter(|_| !urgent),
        hours: limit.filter(|_| urgent),
        lead_unit: form.filled("lead_unit"),
        position: form.text("position").parse().unwrap_or(-1),
    })
}

/// `POST /console/admin/categories`.
pub async fn make(staff: ConsoleStaff, typed_form: ConsoleForm) -> Result<HttpResponse, Refusal> {
    let done = async {
        let ask = typed(&typed_form)?;
        let made = staff.write(move |db, actor, rules, at| category::make(db, actor, &ask, rules, at));
        made.await.map_err(Refusal::from)
    };
    match done.await {
        Ok(_) => Ok(back(LIST)),
        Err(refusal) if on_the_form(&refusal) => {
            let directory = look(&staff).await?;
            let again = refused(form(&staff, LIST, &directory, None).typed(&typed_form.0), &renamed(refusal));
            Ok(staff.form_again(sheet(&staff, &Said::default(), &directory, &again)))
        }
        Err(refusal) => Err(refusal),
    }
}

/// The two limits are one field here.
fn renamed(refusal: Refusal) -> Refusal {
    let mut faults = refusal.problem(None).errors;
    if faults.is_empty() {
        return refusal;
    }
    for fault in &mut faults {
        if fault.field == "working_days" || fault.field == "hours" {
            "limit".clone_into(&mut fault.field);
        }
    }
    Refusal::fields(faults)
}

fn find(directory: &Directory, id: &str) -> Result<CategoryView, Refusal> {
    directory.categories.iter().find(|one| one.id == id).cloned().ok_or_else(|| Code::NotFound.into())
}

fn one_sheet(
    staff: &ConsoleStaff,
    said: &Said,
    one: &CategoryView,
    form: &Form,
) -> Result<String, askama::Error> {
    let lang = staff.lang;
    let sheet = Sheet::new(said.frame(staff), lang.say(&one.name))
        .up(LIST, lang.pick("问题类别与时限", "Categories and limits"));
    if !changes(staff, Area::Directory) {
        return sheet.with(Part::Note(limit(one, lang))).render();
    }
    let retired = one.retired_at.is_some();
    let (deed, text) = if retired {
        ("restoring", lang.pick("恢复使用", "Use again"))
    } else {
        ("retirement", lang.pick("停用", "Retire"))
    };
    let ends = lang.pick(
        "停用后不能再按该类别登记问题；可以恢复使用。",
        "Nothing can be registered under it any more; it can be used again.",
    );
    let ends = Some(ends).filter(|_| !retired);
    let retire = button(staff, format!("{LIST}/{}/{deed}", one.id), "retire".into(), text, ends);
    sheet
        .form("", "", form)?
        .form(text, lang.pick("已登记的问题不受影响。", "Issues that are registered keep it."), &retire)?
        .render()
}

/// `GET /console/admin/categories/{id}`.
pub async fn one(staff: ConsoleStaff, id: Path<String>, said: Query<Said>) -> Result<HttpResponse, Refusal> {
    let directory = look(&staff).await?;
    let one = find(&directory, &id)?;
    let form = form(&staff, &format!("{LIST}/{}", one.id), &directory, Some(&one));
    Ok(staff.page(one_sheet(&staff, &said, &one, &form)))
}

/// `POST /console/admin/categories/{id}`.
pub async fn edit(
    staff: ConsoleStaff,
    id: Path<String>,
    typed_form: ConsoleForm,
) -> Result<HttpResponse, Refusal> {
    let id = id.into_inner();
    let done = async {
        let (ask, which) = (typed(&typed_form)?, id.clone());
        let edited =
            staff.write(move |db, actor, rules, at| category::edit(db, actor, &which, &ask, rules, at));
        edited.await.map_err(Refusal::from)
    };
    match done.await {
        Ok(_) => Ok(back(&format!("{LIST}/{id}"))),
        Err(refusal) if on_the_form(&refusal) => {
            let directory = look(&staff).await?;
            let one = find(&directory, &id)?;
            let again = form(&staff, &format!("{LIST}/{id}"), &directory, Some(&one)).typed(&typed_form.0);
            let again = refused(again, &renamed(refusal));
            Ok(staff.form_again(one_sheet(&staff, &Said::default(), &one, &again)))
        }
        Err(refusal) => Err(refusal),
    }
}

/// `POST …/retirement` and `…/restoring`.
pub async fn retire(
    staff: ConsoleStaff,
    path: Path<(String, String)>,
    _form: ConsoleForm,
) -> Result<HttpResponse, Refusal> {
    let (id, deed) = path.into_inner();
    let retired = match deed.as_str() {
        "retirement" => true,
        "restoring" => false,
        _ => return Err(Code::NotFound.into()),
    };
    let place = format!("{LIST}/{id}");
    staff.write(move |db, actor, _, at| category::retire(db, actor, &id, retired, at)).await?;
    Ok(back(&place))
}
