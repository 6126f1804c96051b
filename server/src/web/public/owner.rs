//! The owner's forms: a new issue, a word about an issue, and what it came to.
//! `GET` shows a form, `POST` does it and answers with 303; what was typed is
//! never lost to a fault.

use actix_multipart::Multipart;
use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Form, Payload, Query},
};
use qiyema_protocol::{
    board::{Card, Centre},
    intake::Contact,
    owner::NewOwnerIssue,
    verb::Verb,
};

use super::{field, notice, remember, see_other};
use crate::web::{
    api::{
        deeds::{self, With},
        owner as api,
    },
    callers::{self, Sealed},
    look::{Ask, View},
    pages::html,
    problem::{Code, Refusal},
    shared::Shared,
    uploads::{self, ATTACHMENTS, Sent},
    view::{
        called_back::CalledBackPage,
        owner::{DeedPage, DonePage, Frame, RaisePage, Typed},
    },
};

/// What the owner's forms are for; the other verbs have none.
const DEEDS: [Verb; 6] =
    [Verb::Supplement, Verb::Appeal, Verb::Object, Verb::Urge, Verb::AddFacts, Verb::Withdraw];

/// `GET /c/{seal}/issues/new`.
pub async fn new_issue(request: HttpRequest, ask: Query<Ask>, shared: Data<Shared>) -> HttpResponse {
    let page = Page::of(&request, &ask, &shared);
    let shown = async {
        let sealed = callers::open(&request)?;
        page.raise(&sealed, StatusCode::OK, Typed::default()).await
    };
    page.or_notice(shown.await)
}

/// `POST /c/{seal}/issues`.
pub async fn raise(
    request: HttpRequest,
    ask: Query<Ask>,
    payload: Payload,
    shared: Data<Shared>,
) -> HttpResponse {
    let page = Page::of(&request, &ask, &shared);
    let done = async {
        let sealed = callers::open(&request)?;
        deeds::admit(&shared, &sealed).await?;
        let sent = body(&request, payload, &shared).await?;
        let fields = sent.fields.clone();
        match try_raise(&shared, &sealed, sent).await {
            Ok(number) => Ok(see_other(&page.view.place(&request, &format!("/issues/{number}/received")))),
            Err(refusal) if refusal.code() == Code::InvalidInput => {
                let typed = Typed { fields: &fields, faults: refusal.faults() };
                page.raise(&sealed, StatusCode::UNPROCESSABLE_ENTITY, typed).await
            }
            Err(refusal) => Err(refusal),
        }
    };
    page.or_notice(done.await)
}

async fn try_raise(shared: &Data<Shared>, sealed: &Sealed, sent: Sent) -> Result<String, Refusal> {
    let text = |name: &str| field(&sent.fields, name).unwrap_or_default().to_owned();
    let contact = Contact {
        name: text("contact_name"),
        phone: text("contact_phone"),
        email: field(&sent.fields, "contact_email").map(ToOwned::to_owned),
    };
    let given = ["contact_name", "contact_phone", "contact_email"];
    let given =
        given.iter().any(|name| field(&sent.fields, name).is_some_and(|text| !text.trim().is_empty()));
    let new = NewOwnerIssue {
        category: text("category"),
        subject: text("subject"),
        body: text("body"),
        contact: given.then_some(contact),
    };
    let files = uploads::keep(shared, sent.files).await?;
    Ok(deeds::store_issue(shared, sealed, new, files).await?.number)
}

/// `GET /c/{seal}/issues/{number}/{noun}`.
pub async fn form(request: HttpRequest, ask: Query<Ask>, shared: Data<Shared>) -> HttpResponse {
    let page = Page::of(&request, &ask, &shared);
    let shown = async {
        let sealed = callers::open(&request)?;
        let verb = page.verb()?;
        let card = page.card(&sealed).await?;
        let legal = card.owner.as_ref().is_some_and(|owner| owner.deeds.contains(&verb));
        if !legal {
            return Err(Refusal::from(Code::TransitionRefused));
        }
        Ok(page.deed(verb, &card, StatusCode::OK, Typed::default()))
    };
    page.or_notice(shown.await)
}

/// `POST /c/{seal}/issues/{number}/{noun}`.
pub async fn act(
    request: HttpRequest,
    ask: Query<Ask>,
    payload: Payload,
    shared: Data<Shared>,
) -> HttpResponse {
    let page = Page::of(&request, &ask, &shared);
    let done = async {
        let sealed = callers::open(&request)?;
        let verb = page.verb()?;
        deeds::admit(&shared, &sealed).await?;
        let sent = body(&request, payload, &shared).await?;
        let fields = sent.fields.clone();
        match try_act(&shared, &sealed, page.number(), verb, sent).await {
            Ok(()) => {
                let received = format!("/issues/{}/received", page.number());
                let place = page.view.place(&request, &received);
                Ok(see_other(&format!("{place}&done={}", verb.noun())))
            }
            Err(refusal) if refusal.code() == Code::InvalidInput => {
                let card = page.card(&sealed).await?;
                let typed = Typed { fields: &fields, faults: refusal.faults() };
                Ok(page.deed(verb, &card, StatusCode::UNPROCESSABLE_ENTITY, typed))
            }
            Err(refusal) => Err(refusal),
        }
    };
    page.or_notice(done.await)
}

async fn try_act(
    shared: &Data<Shared>,
    sealed: &Sealed,
    number: String,
    verb: Verb,
    sent: Sent,
) -> Result<(), Refusal> {
    let text = field(&sent.fields, "text").map(ToOwned::to_owned);
    let files = uploads::keep(shared, sent.files).await?;
    deeds::act(shared, sealed, number, verb, With { text, files }).await.map(drop)
}

/// `GET /c/{seal}/issues/{number}/received`.
pub async fn received(request: HttpRequest, ask: Query<Ask>, shared: Data<Shared>) -> HttpResponse {
    let page = Page::of(&request, &ask, &shared);
    let shown = async {
        let sealed = callers::open(&request)?;
        let card = page.card(&sealed).await?;
        let noun = ask.done.as_deref();
        let verb = DEEDS.into_iter().find(|verb| Some(verb.noun()) == noun);
        let (seal_path, here) = (page.seal_path(), format!("/issues/{}/received", card.number));
        let rules = shared.rules();
        let frame = page.frame(&rules.centre, &seal_path, &here);
        Ok(html(StatusCode::OK, DonePage { frame, verb, card: &card }.render()))
    };
    page.or_notice(shown.await)
}

/// `GET /c/{seal}/issues/{number}/call-back-rating`.
pub async fn called_back(request: HttpRequest, ask: Query<Ask>, shared: Data<Shared>) -> HttpResponse {
    let page = Page::of(&request, &ask, &shared);
    let shown = async {
        let sealed = callers::open(&request)?;
        let said = api::called_back(&shared, &sealed, page.number()).await?;
        let (seal_path, here) = (page.seal_path(), format!("/issues/{}/call-back-rating", said.issue));
        let rules = shared.rules();
        let frame = page.frame(&rules.centre, &seal_path, &here);
        Ok(html(StatusCode::OK, CalledBackPage { frame, said: &said }.render()))
    };
    page.or_notice(shown.await)
}

/// `GET /c/{seal}/issues/{number}/attachments/{id}`.
pub async fn file(request: HttpRequest, ask: Query<Ask>, shared: Data<Shared>) -> HttpResponse {
    let page = Page::of(&request, &ask, &shared);
    let found = async {
        let sealed = callers::open(&request)?;
        let id = request.match_info().get("id").unwrap_or_default().to_owned();
        deeds::fetch(&shared, &sealed, page.number(), id).await
    };
    page.or_notice(found.await)
}

/// A form's body: with files it streams to the disk, without it was read already.
async fn body(request: &HttpRequest, payload: Payload, shared: &Shared) -> Result<Sent, Refusal> {
    let mut payload = payload.into_inner();
    if uploads::takes(request.head()) {
        let form = Multipart::from_request(request, &mut payload).await.map_err(|_| Code::MalformedBody)?;
        return uploads::receive(form, shared, ATTACHMENTS).await;
    }
    let form = Form::<Vec<(String, String)>>::from_request(request, &mut payload).await;
    let fields = form
        .map_err(|error| error.as_error::<Refusal>().cloned().unwrap_or_else(|| Code::MalformedBody.into()))?
        .into_inner();
    if fields.iter().any(|(key, value)| key.contains('\0') || value.contains('\0')) {
        return Err(Code::MalformedBody.into());
    }
    Ok(Sent { fields, ..Sent::default() })
}

/// A request for one of these pages.
struct Page<'a> {
    request: &'a HttpRequest,
    ask: &'a Ask,
    view: View,
    shared: &'a Data<Shared>,
}

impl<'a> Page<'a> {
    fn of(request: &'a HttpRequest, ask: &'a Ask, shared: &'a Data<Shared>) -> Self {
        Self { request, ask, view: View::of(request, ask), shared }
    }

    fn number(&self) -> String {
        self.request.match_info().get("number").unwrap_or_default().to_owned()
    }

    fn verb(&self) -> Result<Verb, Refusal> {
        let noun = self.request.match_info().get("noun").unwrap_or_default();
        DEEDS.into_iter().find(|verb| verb.noun() == noun).ok_or_else(|| Code::NotFound.into())
    }

    fn seal_path(&self) -> String {
        format!("/c/{}", self.request.match_info().get("seal").unwrap_or_default())
    }

    fn frame<'f>(&self, centre: &'f Centre, seal_path: &'f str, here: &'f str) -> Frame<'f> {
        Frame { words: self.view.words, care: self.view.care, centre, seal_path, here }
    }

    /// The issue, if the device proved the PIN.
    async fn card(&self, sealed: &Sealed) -> Result<Card, Refusal> {
        let card = api::one(self.shared, sealed, self.number()).await?;
        if card.owner.is_none() {
            return Err(Code::DeviceUnknown.into());
        }
        Ok(card)
    }

    async fn raise(
        &self,
        sealed: &Sealed,
        status: StatusCode,
        typed: Typed<'_>,
    ) -> Result<HttpResponse, Refusal> {
        let offered = deeds::offered(self.shared, sealed).await?;
        let seal_path = self.seal_path();
        let rules = self.shared.rules();
        let frame = self.frame(&rules.centre, &seal_path, "/issues/new");
        Ok(html(status, RaisePage { frame, categories: &offered.categories, typed }.render()))
    }

    fn deed(&self, verb: Verb, card: &Card, status: StatusCode, typed: Typed<'_>) -> HttpResponse {
        let (seal_path, here) = (self.seal_path(), format!("/issues/{}/{}", card.number, verb.noun()));
        let rules = self.shared.rules();
        let frame = self.frame(&rules.centre, &seal_path, &here);
        html(status, DeedPage { frame, verb, card, typed }.render())
    }

    /// The page, or the refusal as a page.
    fn or_notice(&self, shown: Result<HttpResponse, Refusal>) -> HttpResponse {
        let mut answer = match shown {
            Ok(answer) => answer,
            Err(refusal) => {
                let back = Some(self.view.path(self.request));
                return notice(self.request, self.view, &refusal, back);
            }
        };
        remember(&mut answer, self.shared, self.ask, self.view);
        answer
    }
}
