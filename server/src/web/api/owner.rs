//! What a code opens, as JSON.

use actix_web::{
    HttpRequest, HttpResponse, delete, get,
    http::header,
    post,
    web::{Data, Json, Path, Query},
};
use qiyema_protocol::{
    board::{Board, Card},
    device::{CodeJwt, Device, NewDevice},
    keyring::Jwks,
    rating::{CalledBack, NewRating, Rated, RatingTags, Tier, Verdict},
    text::Text,
};
use serde::Deserialize;

use crate::{
    actions::{
        Refused, device,
        rate::{self as rating_deed, Rate, Stored, call_back, guard::Origin},
        scan::{self as reading, Scan},
    },
    clock::Ids,
    domain::text,
    secrets::{
        password::{Expected, Judged},
        token::opaque,
    },
    store::columns::moment,
    web::{
        callers::Sealed,
        origin,
        problem::{Code, Refusal},
        refusals::{Refusals, internal},
        shared::Shared,
    },
};

/// Which page of a board.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Page {
    /// From 1.
    #[param(minimum = 1, maximum = 100_000)]
    pub page: Option<u32>,
}

/// The board of the enterprise whose code was scanned. Changes nothing.
#[utoipa::path(tag = "owner", params(("seal" = String, Path, description = "122 base32 characters"), Page),
    security((), ("device" = [])),
    responses((status = 200, body = Board), Refusals))]
#[get("/api/v1/scans/{seal}")]
pub async fn scan(sealed: Sealed, page: Query<Page>, shared: Data<Shared>) -> Result<Json<Board>, Refusal> {
    Ok(Json(board(&shared, &sealed, page.page.unwrap_or(1)).await?))
}

/// The board, for the page and for its JSON twin.
pub async fn board(shared: &Data<Shared>, sealed: &Sealed, page: u32) -> Result<Board, Refusal> {
    let ask = Scan { seal: sealed.seal, device: sealed.device.clone(), page };
    let (rules, at) = (shared.rules(), shared.clock.now());
    let board: Result<Board, Refused> =
        shared.store.read(move |db| reading::scan(db, &ask, &rules, at)).await;
    let board = board?;
    shared.tally.note(&board.code.id);
    Ok(board)
}

/// One issue of that enterprise.
#[utoipa::path(tag = "owner", params(("seal" = String, Path), ("number" = String, Path)), security((), ("device" = [])),
    responses((status = 200, body = Card), Refusals))]
#[get("/api/v1/scans/{seal}/issues/{number}")]
pub async fn card(
    sealed: Sealed,
    path: Path<(String, String)>,
    shared: Data<Shared>,
) -> Result<Json<Card>, Refusal> {
    one(&shared, &sealed, path.into_inner().1).await.map(Json)
}

/// One issue, at the tier that the reader proved.
pub async fn one(shared: &Data<Shared>, sealed: &Sealed, number: String) -> Result<Card, Refusal> {
    let ask = Scan { seal: sealed.seal, device: sealed.device.clone(), page: 1 };
    let (rules, at) = (shared.rules(), shared.clock.now());
    let found: Result<Card, Refused> =
        shared.store.read(move |db| reading::card(db, &ask, &number, &rules, at)).await;
    Ok(found?)
}

/// Rate a closed issue. With an `Idempotency-Key`, a repetition gets the same answer.
#[utoipa::path(tag = "owner", request_body = NewRating,
    params(("seal" = String, Path), ("number" = String, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 128 printable characters")),
    security((), ("device" = [])),
    responses((status = 201, body = Rated), Refusals))]
#[post("/api/v1/scans/{seal}/issues/{number}/ratings")]
pub async fn rate(
    request: HttpRequest,
    sealed: Sealed,
    path: Path<(String, String)>,
    body: Json<NewRating>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let (key, origin) = (idempotency_key(&request)?, origin::of(&request, &shared)?.origin);
    let new = (body.into_inner(), key.as_deref());
    let rated = store_rating(&shared, &sealed, path.into_inner().1, new, origin).await?;
    let place = format!("/api/v1/scans/{}/issues/{}", sealed.segment, rated.issue);
    Ok(HttpResponse::Created().insert_header((header::LOCATION, place)).json(rated))
}

/// The `Idempotency-Key` of a request, if one came along.
pub fn idempotency_key(request: &HttpRequest) -> Result<Option<String>, Refusal> {
    let Some(value) = request.headers().get("idempotency-key") else { return Ok(None) };
    let text = value.to_str().ok().filter(|text| (1..=128).contains(&text.len()));
    let refused = || {
        let says = ("应为1至128个可见字符", "needs 1 to 128 printable characters");
        Refusal::fields(vec![text::problem("Idempotency-Key", says.0, says.1)])
    };
    text.map(|text| Some(text.to_owned())).ok_or_else(refused)
}

/// Stores a rating and signs its receipt, for the page and the API.
pub async fn store_rating(
    shared: &Data<Shared>,
    sealed: &Sealed,
    number: String,
    (new, key): (NewRating, Option<&str>),
    origin: Origin,
) -> Result<Rated, Refusal> {
    shared.trust.ratings.check(&format!("{}/{}", sealed.seal.code(), sealed.who))?;
    let ask = Rate {
        seal: sealed.seal,
        device: sealed.device.clone(),
        number,
        rating: Rate::parse(new, &shared.rules()).map_err(Refusal::fields)?,
        key: key.map(ToOwned::to_owned),
        origin,
    };
    let (rules, at) = (shared.rules(), shared.clock.now());
    let host = shared.trust.host.as_str().to_owned();
    let stored: Result<Stored, Refused> =
        shared.store.write(move |db| rating_deed::rate(db, &ask, &host, &rules, at)).await;
    signed(shared, stored?)
}

/// What was stored, with its receipt signed.
pub(super) fn signed(shared: &Data<Shared>, stored: Stored) -> Result<Rated, Refusal> {
    let Stored { claims, at, .. } = stored;
    let receipt = shared.trust.keys.now().scribe.receipt(&claims).map_err(|error| internal(&error))?;
    let message = match claims.verdict {
        Verdict::Good => Text::new("感谢评价。", "Thank you for rating."),
        // Whoever only holds the code has proved nothing: nobody is called for it.
        Verdict::Bad if claims.tier == Tier::Unverified => Text::new(
            "您的评价已收到，单列显示，不启动整改。输入企业口令后可以评价并启动整改。",
            "Your rating was received and is shown apart; it opens no rectification. The enterprise's own does, after the PIN.",
        ),
        Verdict::Bad => Text::new(
            "您的评价已收到。我们将在1个工作日内与您联系核实。",
            "Your rating was received. We will contact you within one working day.",
        ),
    };
    Ok(Rated {
        rating: claims.sub,
        issue: claims.issue,
        tier: claims.tier,
        round: claims.round,
        verdict: claims.verdict,
        at,
        receipt,
        message,
    })
}

/// What was entered in the owner's name after a telephone call, with its receipt.
#[utoipa::path(tag = "owner", params(("seal" = String, Path), ("number" = String, Path)), security(("device" = [])),
    responses((status = 200, body = CalledBack), Refusals))]
#[get("/api/v1/scans/{seal}/issues/{number}/call-back-rating")]
pub async fn call_back_rating(
    sealed: Sealed,
    path: Path<(String, String)>,
    shared: Data<Shared>,
) -> Result<Json<CalledBack>, Refusal> {
    called_back(&shared, &sealed, path.into_inner().1).await.map(Json)
}

/// The same, for the page and the API.
pub async fn called_back(
    shared: &Data<Shared>,
    sealed: &Sealed,
    number: String,
) -> Result<CalledBack, Refusal> {
    let (seal, device) = (sealed.seal, sealed.device.clone());
    let (rules, at) = (shared.rules(), shared.clock.now());
    let host = shared.trust.host.as_str().to_owned();
    let found: Result<_, Refused> = shared
        .store
        .read(move |db| call_back::own(db, (seal, device.as_deref()), &number, &host, &rules, at))
        .await;
    let (said, claims) = found?;
    let receipt = shared.trust.keys.now().scribe.receipt(&claims).map_err(|error| internal(&error))?;
    Ok(CalledBack { receipt, ..said })
}

/// Prove the PIN once; the token opens the owner's view.
#[utoipa::path(tag = "owner", request_body = NewDevice, params(("seal" = String, Path)),
    responses((status = 201, body = Device), Refusals))]
#[post("/api/v1/scans/{seal}/devices")]
pub async fn new_device(
    sealed: Sealed,
    body: Json<NewDevice>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let device = prove(&shared, &sealed, &body.pin).await?;
    Ok(HttpResponse::Created().json(device))
}

/// Judges a PIN and remembers the device, for the page and the API.
pub async fn prove(shared: &Data<Shared>, sealed: &Sealed, pin: &str) -> Result<Device, Refusal> {
    let pin = text::pin(pin).map_err(|fault| Refusal::fields(vec![fault]))?;
    let (rules, at) = (shared.rules(), shared.clock.now());
    shared.trust.guesses.check(&sealed.who)?;
    let Sealed { seal, who, device, .. } = sealed.clone();
    let guess: Result<device::Guess, Refused> =
        shared.store.write(move |db| device::guess(db, seal, &who, device.as_deref(), &rules, at)).await;
    let guess = guess?;
    let key = &shared.trust.pin_key;
    let expected = guess
        .pin
        .as_ref()
        .map_or(Expected::Nothing, |(row, kept)| key.expected(&guess.enterprise, row, kept));
    let hash = match shared.trust.gate.judge(pin, expected).await? {
        Judged::Wrong => return Err(Code::PinWrong.into()),
        Judged::Right => None,
        Judged::First(hash) => Some(hash),
    };
    let (token, kept) = opaque(Ids).map_err(|error| internal(&error))?;
    let rules = shared.rules();
    let expires: Result<crate::clock::Timestamp, Refused> =
        shared.store.write(move |db| device::remember(db, &guess, hash.as_deref(), &kept, &rules, at)).await;
    Ok(Device { token, expires_at: expires? })
}

/// Forget this device.
#[utoipa::path(tag = "owner", params(("seal" = String, Path)), security(("device" = [])),
    responses((status = 204), Refusals))]
#[delete("/api/v1/scans/{seal}/devices/current")]
pub async fn forget_device(sealed: Sealed, shared: Data<Shared>) -> Result<HttpResponse, Refusal> {
    forget(&shared, &sealed).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Forgets the device that asks, for the page and the API.
pub async fn forget(shared: &Data<Shared>, sealed: &Sealed) -> Result<(), Refusal> {
    let token = sealed.device.clone().ok_or(Code::DeviceUnknown)?;
    let (seal, at) = (sealed.seal, shared.clock.now());
    let done: Result<(), Refused> = shared.store.write(move |db| device::forget(db, seal, &token, at)).await;
    Ok(done?)
}

/// The facts of a seal as a JWT that any library can check.
#[utoipa::path(tag = "owner", params(("seal" = String, Path)),
    responses((status = 200, body = CodeJwt), Refusals))]
#[get("/api/v1/codes/{seal}/jwt")]
pub async fn jwt(sealed: Sealed, shared: Data<Shared>) -> Result<Json<CodeJwt>, Refusal> {
    let seal = sealed.seal;
    let opened: Result<_, Refused> = shared.store.read(move |db| reading::open(db, seal)).await;
    let opened = opened?;
    let issued = moment(opened.code.issued_at);
    let jwt = shared.trust.keys.now().scribe.code_jwt(
        &shared.trust.host,
        seal.code(),
        &opened.enterprise_name,
        issued,
    );
    Ok(Json(CodeJwt { jwt: jwt.map_err(|error| internal(&error))? }))
}

/// The tags a rating may carry.
#[utoipa::path(tag = "owner", responses((status = 200, body = RatingTags)))]
#[get("/api/v1/rating-tags")]
pub async fn rating_tags(shared: Data<Shared>) -> Json<RatingTags> {
    Json(shared.rules().tags.current())
}

/// The public keys (RFC 7517).
#[utoipa::path(tag = "owner", responses((status = 200, body = Jwks)))]
#[get("/.well-known/jwks.json")]
pub async fn jwks(shared: Data<Shared>) -> Json<Jwks> {
    Json(shared.trust.keys.now().jwks.clone())
}
