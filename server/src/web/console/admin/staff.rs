//! People: the list, one person, and making one.

pub mod deeds;

use actix_web::{
    HttpResponse,
    web::{Path, Query},
};
use qiyema_protocol::{
    administration::{EditPerson, NewPerson, PersonView},
    directory::Directory,
    staff::Role,
};

use self::deeds::link_page;
use super::{Said, back, caller, changes, mailbox, on_the_form, refused};
use crate::{
    actions::{
        admin::{directory, people},
        rights::Area,
    },
    domain::roles,
    store::{self, columns::word},
    web::{
        api::admin::people as api,
        console::{ConsoleForm, ConsoleStaff},
        problem::Refusal,
        refusals::internal,
        view::console::{
            form::{Choice, Field, Form, Kind},
            sheet::{Cell, Part, Sheet, Table, Tone},
        },
        words::{console::frame::role, lang::Lang},
    },
};

const LIST: &str = "/console/admin/staff";

/// `GET /console/admin/staff`.
pub async fn list(staff: ConsoleStaff, said: Query<Said>) -> Result<HttpResponse, Refusal> {
    let lang = staff.lang;
    let (found, directory) = staff
        .read(|db, actor, rules, _| Ok((people::list(db, actor, rules)?, directory::show(db, actor)?)))
        .await?;
    let heads = [
        lang.pick("用户名", "User name"),
        lang.pick("姓名", "Name"),
        lang.pick("角色", "Roles"),
        lang.pick("单位", "Units"),
        lang.pick("状态", "State"),
    ];
    let rows = found.iter().map(|one| row(one, &directory, lang)).collect();
    let table = Table {
        heads: heads.map(ToOwned::to_owned).to_vec(),
        rows,
        empty: lang.pick("还没有人员。", "There is nobody yet.").to_owned(),
    };
    let mut sheet = Sheet::new(said.frame(&staff), lang.pick("人员", "People")).lead(lang.pick(
        "一个人可以有多个角色，也可以为多个单位办事。",
        "A person may hold several roles and act for several units.",
    ));
    if changes(&staff, Area::Staff) {
        sheet = sheet.button(format!("{LIST}/new"), lang.pick("新建人员", "New person"));
    }
    Ok(staff.page(sheet.with(Part::Table(table)).render()))
}

fn row(one: &PersonView, directory: &Directory, lang: Lang) -> Vec<Cell> {
    let names = one.roles.iter().map(|each| role(lang, *each)).collect::<Vec<_>>().join(" · ");
    let units = one.units.iter().map(|id| unit_name(directory, id, lang)).collect::<Vec<_>>().join("、");
    let mut state = match one.disabled_at {
        Some(_) => Cell::badge(lang.pick("已停用", "Disabled"), Tone::Bad),
        None if one.awaits_set_up => {
            let link = lang.pick("重新生成设置链接", "Make another set-up link");
            Cell::link(format!("{LIST}/{}#link", one.id), link)
                .and_badge(lang.pick("待设密码", "Awaiting set-up"), Tone::Plain)
        }
        None => Cell::badge(lang.pick("正常", "Enabled"), Tone::Good),
    };
    if one.second_factor {
        state = state.and_badge(lang.pick("两步验证", "Second factor"), Tone::On);
    } else if one.second_factor_required && !one.awaits_set_up {
        state = state.and_badge(lang.pick("待设两步验证", "No second factor yet"), Tone::Plain);
    }
    vec![
        Cell::link(format!("{LIST}/{}", one.id), &one.username),
        Cell::text(&one.name).small(&one.post),
        Cell::text(names),
        Cell::text(units),
        state,
    ]
}

fn unit_name(directory: &Directory, id: &str, lang: Lang) -> String {
    let unit = directory.units.iter().find(|unit| unit.id == id);
    unit.map_or_else(|| id.to_owned(), |unit| lang.say(&unit.name).to_owned())
}

/// `GET /console/admin/staff/new`.
pub async fn new_page(staff: ConsoleStaff) -> Result<HttpResponse, Refusal> {
    let directory = staff.read(|db, actor, _, _| directory::show(db, actor)).await?;
    let form = fields(new_form(&staff), &directory, &empty());
    Ok(staff.page(new_sheet(&staff, &form)))
}

/// `POST /console/admin/staff/new`.
pub async fn create(staff: ConsoleStaff, form: ConsoleForm) -> Result<HttpResponse, Refusal> {
    let new = NewPerson { username: form.text("username").to_owned(), person: typed(&form) };
    match api::make(&staff.shared, caller(&staff), new).await {
        Ok(link) => Ok(staff.page(link_page(&staff, &link))),
        Err(refusal) if on_the_form(&refusal) => {
            let directory = staff.read(|db, actor, _, _| directory::show(db, actor)).await?;
            let again = fields(new_form(&staff), &directory, &empty()).typed(&form.0);
            Ok(staff.form_again(new_sheet(&staff, &refused(again, &refusal))))
        }
        Err(refusal) => Err(refusal),
    }
}

fn new_form(staff: &ConsoleStaff) -> Form {
    let lang = staff.lang;
    Form::new(lang, &staff.csrf, format!("{LIST}/new"), lang.pick("创建并生成链接", "Create and make a link"))
        .with(
            Field::line("username", lang.pick("用户名", "User name"))
                .most(64)
                .help(lang.pick(
                    "字母、数字、点、横线或下划线，以后不能更改。",
                    "Letters, digits, dots, hyphens; it never changes.",
                ))
                .first(),
        )
}

fn new_sheet(staff: &ConsoleStaff, form: &Form) -> Result<String, askama::Error> {
    let lang = staff.lang;
    Sheet::new(staff.frame(), lang.pick("新建人员", "New person"))
        .up(LIST, lang.pick("人员", "People"))
        .lead(lang.pick(
            "创建后得到一个一次性链接，本人用它设置密码。",
            "You get a one-time link by which the person sets a password.",
        ))
        .form("", "", form)?
        .render()
}

fn empty() -> EditPerson {
    EditPerson {
        name: String::new(),
        post: String::new(),
        roles: Vec::new(),
        office: None,
        units: Vec::new(),
    }
}

/// The fields of a person. Only what stands can be chosen.
fn fields(form: Form, directory: &Directory, now: &EditPerson) -> Form {
    let lang = form.lang;
    let held = now.roles.iter().filter_map(|one| word(one).ok()).collect::<Vec<_>>().join(",");
    let offices = directory.units.iter().filter(|unit| unit.closed_at.is_none()).flat_map(|unit| {
        let open = unit.offices.iter().filter(|office| office.closed_at.is_none());
        open.map(|office| Choice::new(&office.id, lang.say(&office.name)).under(lang.say(&unit.name)))
    });
    let units = directory.units.iter().filter(|unit| unit.closed_at.is_none());
    let units: Vec<Choice> = units.map(|unit| Choice::new(&unit.id, lang.say(&unit.name))).collect();
    let roles = roles::ALL.into_iter().filter_map(|one| Some(Choice::new(word(one).ok()?, label(one, lang))));
    let mut form = form
        .with(Field::line("name", lang.pick("姓名", "Full name")).value(&now.name).most(40))
        .with(Field::line("post", lang.pick("职务", "Post")).value(&now.post).most(40).help(
            lang.pick("如“科长”。扫码的企业会看到姓氏和职务。", "Owners who scan see surname and post."),
        ))
        .with(Field {
            choices: roles.collect(),
            ..Field::new(Kind::Checks, "roles", lang.pick("角色", "Roles")).value(held)
        })
        .with(
            Field::select("office", lang.pick("科室", "Office"), offices.collect())
                .value(now.office.clone().unwrap_or_default())
                .optional()
                .help(lang.pick(
                    "经办人和单位管理员须有科室或单位。",
                    "Handlers and unit administrators need an office or a unit.",
                )),
        );
    if !units.is_empty() {
        let field =
            Field::new(Kind::Checks, "units", lang.pick("还为这些单位办事", "Also acts for these units"));
        form = form.with(Field { choices: units, ..field.value(now.units.join(",")) });
    }
    form
}

fn label(one: Role, lang: Lang) -> String {
    format!("{} — {}", role(lang, one), lang.say(&roles::meaning(one)))
}

fn typed(form: &ConsoleForm) -> EditPerson {
    let role = |word: String| serde_json::from_value::<Role>(word.into()).ok();
    EditPerson {
        name: form.text("name").to_owned(),
        post: form.text("post").to_owned(),
        roles: form.all("roles").into_iter().filter_map(role).collect(),
        office: form.filled("office"),
        units: form.all("units"),
    }
}

/// `GET /console/admin/staff/{id}`.
pub async fn one(staff: ConsoleStaff, id: Path<String>, said: Query<Said>) -> Result<HttpResponse, Refusal> {
    let sheet = drawn(&staff, id.into_inner(), &said, None).await?;
    Ok(staff.page(sheet.render()))
}

/// The whole page, with the mailbox as it was sent, if it was refused.
pub(super) async fn drawn(
    staff: &ConsoleStaff,
    id: String,
    said: &Said,
    mail: Option<Form>,
) -> Result<Sheet, Refusal> {
    let (person, directory, open) = look(staff, id).await?;
    let sheet = sheet(staff, said, (&person, open), &directory, None).map_err(|error| internal(&error))?;
    mailbox::below(staff, sheet, &person, mail).await
}

/// A person, the directory, and how many open issues are in that person's name.
async fn look(staff: &ConsoleStaff, id: String) -> Result<(PersonView, Directory, i64), Refusal> {
    let found = staff.read(move |db, actor, rules, _| {
        let person = people::show(db, actor, &id, rules)?;
        Ok((person, directory::show(db, actor)?, store::people::open_issues(db, &id)?))
    });
    Ok(found.await?)
}

/// `POST /console/admin/staff/{id}`.
pub async fn edit(staff: ConsoleStaff, id: Path<String>, form: ConsoleForm) -> Result<HttpResponse, Refusal> {
    let (id, ask) = (id.into_inner(), typed(&form));
    let whom = id.clone();
    let done = staff.write(move |db, actor, rules, at| people::edit(db, actor, &whom, &ask, rules, at));
    match done.await.map_err(Refusal::from) {
        Ok(_) => Ok(back(&format!("{LIST}/{id}"))),
        Err(refusal) if on_the_form(&refusal) => {
            let (person, directory, open) = look(&staff, id).await?;
            let again = edit_form(&staff, &person, &directory).typed(&form.0);
            let again = refused(again, &refusal);
            let sheet = sheet(&staff, &Said::default(), (&person, open), &directory, Some(again));
            Ok(staff.form_again(sheet.and_then(|sheet| sheet.render())))
        }
        Err(refusal) => Err(refusal),
    }
}

fn edit_form(staff: &ConsoleStaff, person: &PersonView, directory: &Directory) -> Form {
    let desk = directory
        .units
        .iter()
        .find(|unit| unit.offices.iter().any(|office| Some(&office.id) == person.office.as_ref()))
        .map(|unit| unit.id.clone());
    let now = EditPerson {
        name: person.name.clone(),
        post: person.post.clone(),
        roles: person.roles.clone(),
        office: person.office.clone(),
        units: person.units.iter().filter(|unit| Some(*unit) != desk.as_ref()).cloned().collect(),
    };
    let form =
        Form::new(staff.lang, &staff.csrf, format!("{LIST}/{}", person.id), staff.lang.pick("保存", "Save"));
    fields(form, directory, &now)
}

fn sheet(
    staff: &ConsoleStaff,
    said: &Said,
    (person, open): (&PersonView, i64),
    directory: &Directory,
    again: Option<Form>,
) -> Result<Sheet, askama::Error> {
    let lang = staff.lang;
    let sheet = Sheet::new(said.frame(staff), lang.bracketed(&person.name, &person.username))
        .up(LIST, lang.pick("人员", "People"));
    let state = row(person, directory, lang).pop().unwrap_or_default();
    let sheet = sheet.with(Part::Table(Table {
        heads: vec![lang.pick("状态", "State").to_owned(), lang.pick("单位", "Units").to_owned()],
        rows: vec![vec![
            state,
            Cell::text(
                person.units.iter().map(|id| unit_name(directory, id, lang)).collect::<Vec<_>>().join("、"),
            ),
        ]],
        empty: String::new(),
    }));
    if !changes(staff, Area::Staff) {
        return Ok(sheet);
    }
    let form = again.unwrap_or_else(|| edit_form(staff, person, directory));
    let sheet = sheet.form(lang.pick("资料与角色", "Details and roles"), "", &form)?;
    deeds::below(staff, person, open, sheet)
}
