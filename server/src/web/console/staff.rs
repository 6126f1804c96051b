//! Who sits at the console, as a type, and the forms they send. The door makes
//! the one, and only a form that carries this session's token becomes the other.

use std::{future::Future, pin::Pin};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest, HttpResponse,
    dev::Payload,
    http::StatusCode,
    web::{Data, Form},
};
use subtle::ConstantTimeEq;

use super::door;
use crate::{
    actions::{
        Refused, Rules,
        calendar::show,
        rights::{Actor, Area, Deed},
    },
    clock::Timestamp,
    store::connection::Db,
    web::{
        problem::{Code, Refusal},
        shared::Shared,
        view::console::frame::{Flash, Frame},
        words::lang::Lang,
    },
};

/// A member of staff at the console.
#[derive(Clone)]
pub struct ConsoleStaff {
    /// Who.
    pub actor: Actor,
    /// The token that each form carries.
    pub csrf: String,
    /// Language.
    pub lang: Lang,
    /// Path and query of the request.
    pub here: String,
    /// Whether a form was sent.
    pub posted: bool,
    /// Now.
    pub at: Timestamp,
    /// Pseudonym of the address.
    pub who: String,
    /// Notices that are not read.
    pub unread: u32,
    /// What every handler may ask for.
    pub shared: Data<Shared>,
}

impl ConsoleStaff {
    /// The frame of this person's pages.
    #[must_use]
    pub fn frame(&self) -> Frame {
        let rules = self.shared.rules();
        let centre = self.lang.say(&rules.centre.name);
        let person = Some((&*self.actor.name, &*self.actor.roles));
        let frame = Frame::new(self.lang, centre, person, &self.csrf, &self.here);
        Frame { care: self.care(&rules), ..frame }.noting(self.unread).answering(self.posted)
    }

    /// Who keeps the calendar is told while a year that matters is missing.
    fn care(&self, rules: &Rules) -> Option<(String, &'static str)> {
        self.actor.may(Deed::Administer(Area::Calendar)).ok()?;
        let year = show::missing(rules, rules.day(self.at))?;
        let text = match self.lang {
            Lang::Zh => format!("{year}年放假安排尚未导入，跨年的承诺时间只能显示为预计。"),
            Lang::En => {
                format!("The calendar of {year} is missing: promises that reach into it stay provisional.")
            }
        };
        Some((text, "/console/admin/calendar"))
    }

    /// The frame with a message on top.
    #[must_use]
    pub fn frame_saying(&self, good: bool, text: impl Into<String>) -> Frame {
        self.frame().saying(Some(Flash { text: text.into(), good }))
    }

    /// Reads, on a pooled connection.
    pub async fn read<T, F>(&self, ask: F) -> Result<T, Refused>
    where
        T: Send + 'static,
        F: FnOnce(&mut Db, &Actor, &Rules, Timestamp) -> Result<T, Refused> + Send + 'static,
    {
        let (actor, rules, at) = (self.actor.clone(), self.shared.rules(), self.at);
        self.shared.store.read(move |db| ask(db, &actor, &rules, at)).await
    }

    /// Acts, in a transaction of its own.
    pub async fn write<T, F>(&self, mut deed: F) -> Result<T, Refused>
    where
        T: Send + 'static,
        F: FnMut(&mut Db, &Actor, &Rules, Timestamp) -> Result<T, Refused> + Send + 'static,
    {
        let (actor, rules, at) = (self.actor.clone(), self.shared.rules(), self.at);
        self.shared.store.write(move |db| deed(db, &actor, &rules, at)).await
    }

    /// A page.
    pub fn page(&self, html: Result<String, askama::Error>) -> HttpResponse {
        door::page(StatusCode::OK, html)
    }

    /// A form shown again with what is wrong with it.
    pub fn form_again(&self, html: Result<String, askama::Error>) -> HttpResponse {
        door::page(StatusCode::UNPROCESSABLE_ENTITY, html)
    }

    /// Whether a form carries this session's token.
    #[must_use]
    pub fn owns(&self, token: &str) -> bool {
        self.csrf.as_bytes().ct_eq(token.as_bytes()).into()
    }
}

impl FromRequest for ConsoleStaff {
    type Error = Refusal;
    type Future = std::future::Ready<Result<Self, Refusal>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let staff = request.extensions().get::<Self>().cloned();
        std::future::ready(staff.ok_or_else(|| Code::Unauthenticated.into()))
    }
}

/// The fields of a form that this session's own page sent, in their order.
#[derive(Debug, Clone)]
pub struct ConsoleForm(pub Vec<(String, String)>);

impl ConsoleForm {
    /// The first value of a field, trimmed; empty if there is none.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// The value of a field that is filled in.
    #[must_use]
    pub fn filled(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|value| !value.is_empty()).map(ToOwned::to_owned)
    }

    /// All values of a field.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect()
    }

    /// A number, or zero, which no field of ours accepts.
    #[must_use]
    pub fn number<N: std::str::FromStr + Default>(&self, name: &str) -> N {
        self.text(name).parse().unwrap_or_default()
    }

    /// An enum by its word.
    #[must_use]
    pub fn word<T: serde::de::DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_value(self.text(name).into()).ok()
    }
}

impl FromRequest for ConsoleForm {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, actix_web::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let staff = request.extensions().get::<ConsoleStaff>().cloned();
        let form = Form::<Vec<(String, String)>>::from_request(request, payload);
        Box::pin(async move {
            let staff = staff.ok_or_else(|| Refusal::from(Code::Unauthenticated))?;
            let form = Self(form.await?.into_inner());
            if form.0.iter().any(|(key, value)| key.contains('\0') || value.contains('\0')) {
                // PostgreSQL stores no NUL; no browser types one.
                return Err(Refusal::from(Code::MalformedBody).into());
            }
            if !staff.owns(form.text("csrf")) {
                return Err(Refusal::from(Code::OriginRefused).into());
            }
            Ok(form)
        })
    }
}
