//! The sign-in page.

use askama::Template;

use super::{
    form::{Field, Form, Kind},
    frame::Frame,
};
use crate::web::words::lang::Lang;

/// The page.
#[derive(Debug, Clone)]
pub struct SignInPage {
    /// The frame.
    pub frame: Frame,
    /// What was typed.
    pub username: String,
    /// Where to go afterwards; a path of our own.
    pub next: String,
    /// A form that was not sent, sealed; empty: none.
    pub kept: String,
    /// What went wrong.
    pub error: Option<String>,
}

impl SignInPage {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        let w = self.frame.w;
        let username =
            Field::line("username", w.username).value(&self.username).complete("username").most(64);
        let password =
            Field::new(Kind::Password, "password", w.password).complete("current-password").most(128);
        // After a wrong guess the password is what has to be typed again.
        let (username, password) = if self.username.is_empty() {
            (username.first(), password)
        } else {
            (username, password.first())
        };
        let mut form = Form::new(self.frame.lang, "", "/console/sign-in", w.sign_in)
            .with(username)
            .with(password)
            .with(Field::hidden("next", &self.next));
        if !self.kept.is_empty() {
            form = form.with(Field::hidden("kept", &self.kept));
        }
        form.error.clone_from(&self.error);
        SignInHtml { f: &self.frame, form: form.html()? }.render()
    }

    /// A page to look at.
    #[must_use]
    pub fn sample(lang: Lang) -> Self {
        let centre = lang.pick("湖州市企业综合服务中心", "Huzhou Enterprise Service Centre");
        let frame = Frame::new(lang, centre, None, "", "/console/sign-in");
        let error = Some(frame.w.wrong.to_owned());
        Self { frame, username: "xuli".into(), next: "/console".into(), kept: String::new(), error }
    }
}

#[derive(Template)]
#[template(path = "console/sign_in.html")]
struct SignInHtml<'a> {
    f: &'a Frame,
    form: String,
}
