//! Channels.

use actix_web::{
    HttpResponse,
    web::{Path, Query},
};
use qiyema_protocol::{administration::EditChannel, directory::ChannelView};

use super::{Said, back, button, changes, named, on_the_form, refused};
use crate::{
    actions::{
        admin::{channel, directory},
        rights::Area,
    },
    web::{
        console::{ConsoleForm, ConsoleStaff},
        problem::{Code, Refusal},
        view::console::{
            form::Form,
            sheet::{Cell, Part, Sheet, Table, Tone},
        },
    },
};

const LIST: &str = "/console/admin/channels";

async fn look(staff: &ConsoleStaff) -> Result<Vec<ChannelView>, Refusal> {
    Ok(staff.read(|db, actor, _, _| directory::show(db, actor)).await?.channels)
}

/// `GET /console/admin/channels`.
pub async fn list(staff: ConsoleStaff, said: Query<Said>) -> Result<HttpResponse, Refusal> {
    let channels = look(&staff).await?;
    let last =
        channels.iter().map(|one| one.position).max().map_or(0, |last| last.saturating_add(1).min(9999));
    let form = form(&staff, LIST, ("", "", last), true);
    Ok(staff.page(sheet(&staff, &said, &channels, &form)))
}

fn sheet(
    staff: &ConsoleStaff,
    said: &Said,
    channels: &[ChannelView],
    form: &Form,
) -> Result<String, askama::Error> {
    let lang = staff.lang;
    let row = |one: &ChannelView| {
        let state = if one.retired_at.is_some() {
            Cell::badge(lang.pick("已停用", "Retired"), Tone::Plain)
        } else {
            Cell::badge(lang.pick("在用", "In use"), Tone::Good)
        };
        vec![
            Cell::link(format!("{LIST}/{}", one.id), lang.say(&one.name)).small(&one.id),
            state,
            Cell::number(&one.position),
        ]
    };
    let table = Table {
        heads: [lang.pick("渠道", "Channel"), lang.pick("状态", "State"), lang.pick("排序", "Place")]
            .map(ToOwned::to_owned)
            .to_vec(),
        rows: channels.iter().map(row).collect(),
        empty: lang.pick("还没有渠道。", "No channel yet.").to_owned(),
    };
    let mut sheet = Sheet::new(said.frame(staff), lang.pick("受理渠道", "Channels"))
        .lead(lang.pick(
            "问题从哪里来。其他系统用接口令牌通过渠道报送问题。",
            "Where issues come from. Other systems send theirs with an API token of the channel.",
        ))
        .with(Part::Table(table));
    if changes(staff, Area::Directory) {
        sheet = sheet.form(lang.pick("添加渠道", "Add a channel"), "", form)?;
    }
    sheet.render()
}

fn form(staff: &ConsoleStaff, action: &str, (zh, en, position): (&str, &str, i32), new: bool) -> Form {
    let submit = if new { staff.lang.pick("添加", "Add") } else { staff.lang.pick("保存", "Save") };
    named(Form::new(staff.lang, &staff.csrf, action, submit), zh, en, position)
}

fn typed(form: &ConsoleForm) -> EditChannel {
    EditChannel {
        name_zh: form.text("name_zh").to_owned(),
        name_en: form.text("name_en").to_owned(),
        position: form.text("position").parse().unwrap_or(-1),
    }
}

/// `POST /console/admin/channels`.
pub async fn make(staff: ConsoleStaff, typed_form: ConsoleForm) -> Result<HttpResponse, Refusal> {
    let ask = typed(&typed_form);
    let made = staff.write(move |db, actor, _, at| channel::make(db, actor, &ask, at)).await;
    match made.map_err(Refusal::from) {
        Ok(_) => Ok(back(LIST)),
        Err(refusal) if on_the_form(&refusal) => {
            let channels = look(&staff).await?;
            let again = refused(form(&staff, LIST, ("", "", 0), true).typed(&typed_form.0), &refusal);
            Ok(staff.form_again(sheet(&staff, &Said::default(), &channels, &again)))
        }
        Err(refusal) => Err(refusal),
    }
}

async fn find(staff: &ConsoleStaff, id: &str) -> Result<ChannelView, Refusal> {
    look(staff).await?.into_iter().find(|one| one.id == id).ok_or_else(|| Code::NotFound.into())
}

fn one_sheet(
    staff: &ConsoleStaff,
    said: &Said,
    one: &ChannelView,
    form: &Form,
) -> Result<String, askama::Error> {
    let lang = staff.lang;
    let sheet =
        Sheet::new(said.frame(staff), lang.say(&one.name)).up(LIST, lang.pick("受理渠道", "Channels"));
    if !changes(staff, Area::Directory) {
        return sheet.render();
    }
    let retired = one.retired_at.is_some();
    let (deed, text) = if retired {
        ("restoring", lang.pick("恢复使用", "Use again"))
    } else {
        ("retirement", lang.pick("停用", "Retire"))
    };
    let ends = lang.pick(
        "停用后不能再从该渠道登记问题，绑定它的接口令牌随之失效；可以恢复使用。",
        "Nothing can be registered from it any more, and its API tokens open nothing; it can be used again.",
    );
    let ends = Some(ends).filter(|_| !retired);
    let retire = button(staff, format!("{LIST}/{}/{deed}", one.id), "retire".into(), text, ends);
    sheet
        .form("", "", form)?
        .form(text, lang.pick("已登记的问题不受影响。", "Issues that are registered keep it."), &retire)?
        .render()
}

/// `GET /console/admin/channels/{id}`.
pub async fn one(staff: ConsoleStaff, id: Path<String>, said: Query<Said>) -> Result<HttpResponse, Refusal> {
    let one = find(&staff, &id).await?;
    let form = form(&staff, &format!("{LIST}/{}", one.id), (&one.name.zh, &one.name.en, one.position), false);
    Ok(staff.page(one_sheet(&staff, &said, &one, &form)))
}

/// `POST /console/admin/channels/{id}`.
pub async fn edit(
    staff: ConsoleStaff,
    id: Path<String>,
    typed_form: ConsoleForm,
) -> Result<HttpResponse, Refusal> {
    let (id, ask) = (id.into_inner(), typed(&typed_form));
    let which = id.clone();
    let done = staff.write(move |db, actor, _, at| channel::edit(db, actor, &which, &ask, at)).await;
    match done.map_err(Refusal::from) {
        Ok(()) => Ok(back(&format!("{LIST}/{id}"))),
        Err(refusal) if on_the_form(&refusal) => {
            let one = find(&staff, &id).await?;
            let again = form(&staff, &format!("{LIST}/{id}"), ("", "", 0), false).typed(&typed_form.0);
            Ok(staff.form_again(one_sheet(&staff, &Said::default(), &one, &refused(again, &refusal))))
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
    staff.write(move |db, actor, _, at| channel::retire(db, actor, &id, retired, at)).await?;
    Ok(back(&place))
}
