//! Units and their offices.

use actix_web::{
    HttpResponse,
    web::{Path, Query},
};
use qiyema_protocol::{
    administration::{EditOffice, EditUnit},
    directory::{Directory, OfficeView, UnitView},
};

use super::{Said, back, button, changes, named, on_the_form, refused};
use crate::{
    actions::{admin::directory, rights::Area},
    web::{
        console::{ConsoleForm, ConsoleStaff},
        problem::{Code, Refusal},
        refusals::internal,
        view::console::{
            form::{Field, Form},
            sheet::{Cell, Part, Sheet, Table, Tone},
        },
        words::lang::Lang,
    },
};

const LIST: &str = "/console/admin/units";

async fn look(staff: &ConsoleStaff) -> Result<Directory, Refusal> {
    Ok(staff.read(|db, actor, _, _| directory::show(db, actor)).await?)
}

/// `GET /console/admin/units`.
pub async fn list(staff: ConsoleStaff, said: Query<Said>) -> Result<HttpResponse, Refusal> {
    let directory = look(&staff).await?;
    let form = unit_form(&staff, LIST, "", "", next_place(&directory), true);
    Ok(staff.page(list_sheet(&staff, &said, &directory, &form)))
}

fn next_place(directory: &Directory) -> i32 {
    directory.units.iter().map(|unit| unit.position).max().map_or(0, |last| last.saturating_add(10).min(9999))
}

fn list_sheet(
    staff: &ConsoleStaff,
    said: &Said,
    directory: &Directory,
    form: &Form,
) -> Result<String, askama::Error> {
    let lang = staff.lang;
    let row = |unit: &UnitView| {
        let offices = unit.offices.iter().filter(|office| office.closed_at.is_none());
        let names: Vec<&str> = offices.map(|office| lang.say(&office.name)).collect();
        vec![
            Cell::link(format!("{LIST}/{}", unit.id), lang.say(&unit.name)),
            Cell::text(names.join("、")),
            state(unit.closed_at.is_some(), lang),
            Cell::number(&unit.position),
        ]
    };
    let table = Table {
        heads: [
            lang.pick("单位", "Unit"),
            lang.pick("科室", "Offices"),
            lang.pick("状态", "State"),
            lang.pick("排序", "Place"),
        ]
        .map(ToOwned::to_owned)
        .to_vec(),
        rows: directory.units.iter().map(row).collect(),
        empty: lang
            .pick(
                "还没有单位。先添加承办问题的单位，再为它添加科室和人员。",
                "No unit yet. Add the units that handle issues, then their offices and people.",
            )
            .to_owned(),
    };
    let mut sheet =
        Sheet::new(said.frame(staff), lang.pick("单位与科室", "Units and offices")).with(Part::Table(table));
    if changes(staff, Area::Directory) {
        sheet = sheet.form(lang.pick("添加单位", "Add a unit"), "", form)?;
    }
    sheet.render()
}

fn state(closed: bool, lang: Lang) -> Cell {
    if closed {
        Cell::badge(lang.pick("已关闭", "Closed"), Tone::Plain)
    } else {
        Cell::badge(lang.pick("在用", "In use"), Tone::Good)
    }
}

fn unit_form(staff: &ConsoleStaff, action: &str, zh: &str, en: &str, position: i32, new: bool) -> Form {
    let submit = if new { staff.lang.pick("添加", "Add") } else { staff.lang.pick("保存", "Save") };
    named(Form::new(staff.lang, &staff.csrf, action, submit).id("unit"), zh, en, position)
}

fn unit_typed(form: &ConsoleForm) -> EditUnit {
    EditUnit {
        name_zh: form.text("name_zh").to_owned(),
        name_en: form.text("name_en").to_owned(),
        position: form.text("position").parse().unwrap_or(-1),
    }
}

/// `POST /console/admin/units`.
pub async fn make(staff: ConsoleStaff, form: ConsoleForm) -> Result<HttpResponse, Refusal> {
    let ask = unit_typed(&form);
    let made = staff.write(move |db, actor, _, at| directory::make_unit(db, actor, &ask, at)).await;
    match made.map_err(Refusal::from) {
        Ok(unit) => Ok(back(&format!("{LIST}/{}", unit.id))),
        Err(refusal) if on_the_form(&refusal) => {
            let directory = look(&staff).await?;
            let again = refused(unit_form(&staff, LIST, "", "", 0, true).typed(&form.0), &refusal);
            Ok(staff.form_again(list_sheet(&staff, &Said::default(), &directory, &again)))
        }
        Err(refusal) => Err(refusal),
    }
}

async fn find(staff: &ConsoleStaff, id: &str) -> Result<UnitView, Refusal> {
    let unit = look(staff).await?.units.into_iter().find(|unit| unit.id == id);
    unit.ok_or_else(|| Code::NotFound.into())
}

/// `GET /console/admin/units/{id}`.
pub async fn one(staff: ConsoleStaff, id: Path<String>, said: Query<Said>) -> Result<HttpResponse, Refusal> {
    let unit = find(&staff, &id).await?;
    Ok(staff.page(unit_sheet(&staff, &said, &unit, None, None)))
}

fn unit_sheet(
    staff: &ConsoleStaff,
    said: &Said,
    unit: &UnitView,
    unit_again: Option<Form>,
    office_again: Option<Form>,
) -> Result<String, askama::Error> {
    let lang = staff.lang;
    let (place, closed) = (format!("{LIST}/{}", unit.id), unit.closed_at.is_some());
    let row = |office: &OfficeView| {
        vec![
            Cell::link(format!("/console/admin/offices/{}", office.id), lang.say(&office.name)),
            Cell::text(&office.phone),
            state(office.closed_at.is_some(), lang),
        ]
    };
    let table = Table {
        heads: [lang.pick("科室", "Office"), lang.pick("电话", "Telephone"), lang.pick("状态", "State")]
            .map(ToOwned::to_owned)
            .to_vec(),
        rows: unit.offices.iter().map(row).collect(),
        empty: lang
            .pick(
                "还没有科室。企业看到的联系电话来自科室。",
                "No office yet. The telephone that owners see is the office's.",
            )
            .to_owned(),
    };
    let mut sheet = Sheet::new(said.frame(staff), lang.say(&unit.name))
        .up(LIST, lang.pick("单位与科室", "Units and offices"))
        .with(Part::Table(table));
    if !changes(staff, Area::Directory) {
        return sheet.render();
    }
    if unit.offices.iter().any(|office| office.closed_at.is_none()) {
        sheet = sheet.button("/console/admin/staff/new", lang.pick("新建人员", "New person"));
    }
    if !closed {
        let form = office_again.unwrap_or_else(|| office_form(staff, &format!("{place}/offices"), None));
        sheet = sheet.form(lang.pick("添加科室", "Add an office"), "", &form)?;
    }
    let form = unit_again
        .unwrap_or_else(|| unit_form(staff, &place, &unit.name.zh, &unit.name.en, unit.position, false));
    sheet = sheet.form(lang.pick("单位资料", "The unit"), "", &form)?;
    let (deed, text) = if closed {
        ("opening", lang.pick("重新启用单位", "Open again"))
    } else {
        ("closing", lang.pick("关闭单位", "Close the unit"))
    };
    let ends = lang.pick(
        "关闭后不能再向该单位交办问题，也不能把人员放在该单位；可以重新启用。",
        "No issue can be assigned to it and nobody placed in it any more; it can be opened again.",
    );
    let form = button(staff, format!("{place}/{deed}"), "close".into(), text, Some(ends).filter(|_| !closed));
    sheet
        .form(
            text,
            lang.pick(
                "关闭前，人员和在办问题须先调整到其他单位；历史记录保留。",
                "People and open issues must be moved first; history stays.",
            ),
            &form,
        )?
        .render()
}

/// `POST /console/admin/units/{id}`.
pub async fn edit(staff: ConsoleStaff, id: Path<String>, form: ConsoleForm) -> Result<HttpResponse, Refusal> {
    let (id, ask) = (id.into_inner(), unit_typed(&form));
    let which = id.clone();
    let done = staff.write(move |db, actor, _, at| directory::edit_unit(db, actor, &which, &ask, at)).await;
    match done.map_err(Refusal::from) {
        Ok(()) => Ok(back(&format!("{LIST}/{id}"))),
        Err(refusal) if on_the_form(&refusal) => {
            let unit = find(&staff, &id).await?;
            let again = unit_form(&staff, &format!("{LIST}/{id}"), "", "", 0, false).typed(&form.0);
            Ok(staff.form_again(unit_sheet(
                &staff,
                &Said::default(),
                &unit,
                Some(refused(again, &refusal)),
                None,
            )))
        }
        Err(refusal) => Err(refusal),
    }
}

/// `POST …/closing` and `…/opening`.
pub async fn close(
    staff: ConsoleStaff,
    path: Path<(String, String)>,
    _form: ConsoleForm,
) -> Result<HttpResponse, Refusal> {
    let (id, deed) = path.into_inner();
    let place = format!("{LIST}/{id}");
    let closed = closing(&deed)?;
    staff.write(move |db, actor, _, at| directory::close_unit(db, actor, &id, closed, at)).await?;
    Ok(back(&place))
}

fn closing(deed: &str) -> Result<bool, Refusal> {
    match deed {
        "closing" => Ok(true),
        "opening" => Ok(false),
        _ => Err(Code::NotFound.into()),
    }
}

fn office_form(staff: &ConsoleStaff, action: &str, office: Option<&OfficeView>) -> Form {
    let lang = staff.lang;
    let submit = if office.is_some() { lang.pick("保存", "Save") } else { lang.pick("添加", "Add") };
    let form = Form::new(lang, &staff.csrf, action, submit).id("office");
    let (zh, en, phone, position) = office.map_or(("", "", "", 0), |office| {
        (&*office.name.zh, &*office.name.en, &*office.phone, office.position)
    });
    named(form, zh, en, position).with(
        Field::line("phone", lang.pick("办公电话", "Office telephone"))
            .value(phone)
            .most(40)
            .help(lang.pick("扫码的企业会看到。", "Owners who scan see it.")),
    )
}

fn office_typed(form: &ConsoleForm) -> EditOffice {
    let EditUnit { name_zh, name_en, position } = unit_typed(form);
    EditOffice { name_zh, name_en, position, phone: form.text("phone").to_owned() }
}

/// `POST /console/admin/units/{id}/offices`.
pub async fn make_office(
    staff: ConsoleStaff,
    id: Path<String>,
    form: ConsoleForm,
) -> Result<HttpResponse, Refusal> {
    let (id, ask) = (id.into_inner(), office_typed(&form));
    let unit = id.clone();
    let made = staff.write(move |db, actor, _, at| directory::make_office(db, actor, &unit, &ask, at)).await;
    match made.map_err(Refusal::from) {
        Ok(_) => Ok(back(&format!("{LIST}/{id}"))),
        Err(refusal) if on_the_form(&refusal) => {
            let unit = find(&staff, &id).await?;
            let again = office_form(&staff, &format!("{LIST}/{id}/offices"), None).typed(&form.0);
            Ok(staff.form_again(unit_sheet(
                &staff,
                &Said::default(),
                &unit,
                None,
                Some(refused(again, &refusal)),
            )))
        }
        Err(refusal) => Err(refusal),
    }
}

async fn find_office(staff: &ConsoleStaff, id: &str) -> Result<(UnitView, OfficeView), Refusal> {
    for unit in look(staff).await?.units {
        if let Some(office) = unit.offices.iter().find(|office| office.id == id).cloned() {
            return Ok((unit, office));
        }
    }
    Err(Code::NotFound.into())
}

/// `GET /console/admin/offices/{id}`.
pub async fn office(
    staff: ConsoleStaff,
    id: Path<String>,
    said: Query<Said>,
) -> Result<HttpResponse, Refusal> {
    let (unit, office) = find_office(&staff, &id).await?;
    let form = office_form(&staff, &format!("/console/admin/offices/{}", office.id), Some(&office));
    let sheet = office_sheet(&staff, &said, &unit, &office, &form).map_err(|error| internal(&error))?;
    Ok(staff.page(Ok(sheet)))
}

fn office_sheet(
    staff: &ConsoleStaff,
    said: &Said,
    unit: &UnitView,
    office: &OfficeView,
    form: &Form,
) -> Result<String, askama::Error> {
    let lang = staff.lang;
    let sheet = Sheet::new(said.frame(staff), lang.say(&office.name))
        .up(format!("{LIST}/{}", unit.id), lang.say(&unit.name));
    if !changes(staff, Area::Directory) {
        return sheet.with(Part::Note(office.phone.clone())).render();
    }
    let closed = office.closed_at.is_some();
    let (deed, text) = if closed {
        ("opening", lang.pick("重新启用科室", "Open again"))
    } else {
        ("closing", lang.pick("关闭科室", "Close the office"))
    };
    let action = format!("/console/admin/offices/{}/{deed}", office.id);
    let ends = lang.pick(
        "关闭后不能再把人员放在该科室；可以重新启用。",
        "Nobody can be placed in it any more; it can be opened again.",
    );
    let close = button(staff, action, "close".into(), text, Some(ends).filter(|_| !closed));
    sheet.form(lang.pick("科室资料", "The office"), "", form)?.form(text, "", &close)?.render()
}

/// `POST /console/admin/offices/{id}`.
pub async fn edit_office(
    staff: ConsoleStaff,
    id: Path<String>,
    form: ConsoleForm,
) -> Result<HttpResponse, Refusal> {
    let (id, ask) = (id.into_inner(), office_typed(&form));
    let which = id.clone();
    let done = staff.write(move |db, actor, _, at| directory::edit_office(db, actor, &which, &ask, at)).await;
    match done.map_err(Refusal::from) {
        Ok(()) => Ok(back(&format!("/console/admin/offices/{id}"))),
        Err(refusal) if on_the_form(&refusal) => {
            let (unit, office) = find_office(&staff, &id).await?;
            let again =
                office_form(&staff, &format!("/console/admin/offices/{id}"), Some(&office)).typed(&form.0);
            let again = refused(again, &refusal);
            Ok(staff.form_again(office_sheet(&staff, &Said::default(), &unit, &office, &again)))
        }
        Err(refusal) => Err(refusal),
    }
}

/// `POST /console/admin/offices/{id}/closing` and `…/opening`.
pub async fn close_office(
    staff: ConsoleStaff,
    path: Path<(String, String)>,
    _form: ConsoleForm,
) -> Result<HttpResponse, Refusal> {
    let (id, deed) = path.into_inner();
    let place = format!("/console/admin/offices/{id}");
    let closed = closing(&deed)?;
    staff.write(move |db, actor, _, at| directory::close_office(db, actor, &id, closed, at)).await?;
    Ok(back(&place))
}
