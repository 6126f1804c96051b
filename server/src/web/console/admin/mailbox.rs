//! Where notices reach a person by mail: on the page of the person, and on the
//! page of one's own account.

use actix_web::{
    HttpResponse,
    web::{Path, Query},
};
use qiyema_protocol::administration::PersonView;

use super::{Said, back, changes, on_the_form, refused, staff as person_page};
use crate::{
    actions::{
        admin::{mailbox, people},
        rights::Area,
    },
    web::{
        console::{ConsoleForm, ConsoleStaff},
        problem::Refusal,
        refusals::internal,
        view::console::{
            form::{Field, Form},
            sheet::Sheet,
        },
    },
};

/// The heading over the form.
pub fn heading(staff: &ConsoleStaff) -> &'static str {
    staff.lang.pick("通知邮箱", "Mail for notices")
}

/// The form; an empty address ends the mail.
pub fn form(staff: &ConsoleStaff, action: String, address: Option<String>) -> Form {
    let lang = staff.lang;
    Form::new(lang, &staff.csrf, action, lang.pick("保存邮箱", "Save the address")).id("mailbox").with(
        Field::line("address", lang.pick("电子邮箱", "E-mail address"))
            .value(address.unwrap_or_default())
            .most(254)
            .optional()
            .help(if staff.shared.config.mail.host.is_empty() {
                lang.pick(
                    "邮件尚未启用（服务器设置 mail.host）；启用前，待办和到期提醒只在“消息”中查看。",
                    "Mail is not in use yet (mail.host on the server); until then notices are in the inbox only.",
                )
            } else {
                lang.pick(
                    "待办和到期提醒也会发到这里；留空则只在“消息”中查看。",
                    "Notices are sent here as well; empty: they are in the inbox only.",
                )
            }),
    )
}

/// The page of a person with this panel below, for who administers people.
pub async fn below(
    staff: &ConsoleStaff,
    sheet: Sheet,
    person: &PersonView,
    again: Option<Form>,
) -> Result<Sheet, Refusal> {
    if !changes(staff, Area::Staff) || person.disabled_at.is_some() {
        return Ok(sheet);
    }
    let id = person.id.clone();
    let address = staff.read(move |db, actor, _, _| mailbox::show(db, actor, &id)).await?;
    let action = format!("/console/admin/staff/{}/mailbox", person.id);
    let form = again.unwrap_or_else(|| form(staff, action, address));
    sheet.form(heading(staff), "", &form).map_err(|error| internal(&error))
}

/// `POST /console/admin/staff/{id}/mailbox`.
pub async fn set(staff: ConsoleStaff, id: Path<String>, typed: ConsoleForm) -> Result<HttpResponse, Refusal> {
    let (id, address) = (id.into_inner(), typed.filled("address"));
    let place = format!("/console/admin/staff/{id}");
    let whom = id.clone();
    let done = staff.write(move |db, actor, rules, at| {
        let person = people::show(db, actor, &whom, rules)?;
        mailbox::set(db, actor, &person.username, address.as_deref(), at)
    });
    match done.await.map_err(Refusal::from) {
        Ok(()) => Ok(back(&place)),
        Err(refusal) if on_the_form(&refusal) => {
            let again = form(&staff, format!("{place}/mailbox"), None).typed(&typed.0);
            let again = refused(again, &refusal);
            let sheet = person_page::drawn(&staff, id, &Query(Said::default()), Some(again)).await?;
            Ok(staff.form_again(sheet.render()))
        }
        Err(refusal) => Err(refusal),
    }
}
