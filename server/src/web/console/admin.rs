//! The pages of administration. Each calls the same action as the JSON API; the
//! auditor reads them all and finds no form that would do anything for him.

pub mod calendar;
pub mod categories;
pub mod channels;
pub mod mailbox;
pub mod settings;
pub mod staff;
pub mod tokens;
pub mod trail;
pub mod units;

use actix_web::HttpResponse;

use super::{ConsoleStaff, door::see_other};
use crate::{
    actions::rights::{Area, Deed},
    web::{
        callers::Staff,
        problem::{Code, Refusal},
        view::console::form::{Field, Form, Kind},
    },
};

/// The caller as the JSON API's handlers take him.
pub(super) fn caller(staff: &ConsoleStaff) -> Staff {
    Staff(staff.actor.clone())
}

/// Whether this person changes this part, or only looks at it.
fn changes(staff: &ConsoleStaff, area: Area) -> bool {
    staff.actor.may(Deed::Administer(area)).is_ok()
}

/// A form with what was refused: faults at their fields, all else on top.
pub(super) fn refused(form: Form, refusal: &Refusal) -> Form {
    let problem = refusal.problem(None);
    let mut form = form.faults(&problem.errors);
    if problem.errors.is_empty() {
        form.error = Some(form.lang.say(&problem.detail).to_owned());
    }
    form
}

/// Whether a refusal belongs on the form again, or on a page of its own.
fn on_the_form(refusal: &Refusal) -> bool {
    matches!(
        refusal.code(),
        Code::InvalidInput
            | Code::UsernameTaken
            | Code::InUse
            | Code::LastAdministrator
            | Code::OwnAccount
            | Code::UnknownReference
            | Code::PresentPasswordWrong
            | Code::SecondFactorWrong
            | Code::TooManyAttempts
    )
}

/// A button that posts and carries nothing but the token. One that ends something says what, and asks first.
fn button(staff: &ConsoleStaff, action: String, id: String, text: &str, ends: Option<&str>) -> Form {
    let form = Form::new(staff.lang, &staff.csrf, action, text).id(id);
    match ends {
        Some(what) => form.asks(what),
        None => form,
    }
}

/// The names of a thing in both languages, and its place.
fn named(form: Form, zh: &str, en: &str, position: i32) -> Form {
    let lang = form.lang;
    form.with(Field::line("name_zh", lang.pick("名称", "Chinese name")).value(zh).most(60))
        .with(
            Field::line("name_en", lang.pick("英文名称", "English name"))
                .value(en)
                .most(120)
                .optional()
                .help(lang.pick("不填则与中文名称相同。", "Empty: the Chinese name.")),
        )
        .with(
            Field::new(Kind::Line, "position", lang.pick("排序号", "Place in lists"))
                .value(position.to_string())
                .most(4)
                .help(lang.pick("数字小的排在前面。", "Lower numbers come first.")),
        )
}

/// Back to a page with a word that it turns into a sentence.
fn back(place: &str) -> HttpResponse {
    see_other(&format!("{place}?done=saved"))
}

/// What a page was asked to say.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Said {
    done: Option<String>,
}

impl Said {
    /// The frame, with the sentence.
    fn frame(&self, staff: &ConsoleStaff) -> crate::web::view::console::frame::Frame {
        match self.done.as_deref() {
            Some("saved") => staff.frame_saying(true, staff.lang.pick("已保存。", "Saved.")),
            _ => staff.frame(),
        }
    }
}
