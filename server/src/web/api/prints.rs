//! Codes on paper: a preview, and the file. What is printed was read again by
//! another decoder, and stands in the audit trail of each enterprise.

use actix_web::{
    HttpResponse,
    http::header,
    post,
    web::{Data, Json},
};
use qiyema_protocol::paper::{MissingGlyphs, PaperWish, PrintPreview, PrintWish};

use crate::{
    actions::{
        Refused,
        code::{
            pins::{self, Letter},
            print::{self, Print},
        },
        rights::{Actor, Deed},
    },
    clock::Ids,
    domain::text::problem,
    picture::{
        paper::{self, Issuer, Label, Laid, PaperError, format::Paper, pdf, svg},
        symbol::PictureError,
    },
    secrets::keyset::Drawing,
    store::{code_life::Standing, codes::CodeRow},
    web::{
        callers::Staff,
        pressroom::Place,
        problem::{Code, Refusal},
        refusals::{Refusals, internal},
        shared::Shared,
    },
};

/// What a print would be: how many codes on how many sheets, and what will not print as it is written.
#[utoipa::path(tag = "staff", request_body = PrintWish, security(("staff" = [])),
    responses((status = 200, body = PrintPreview), Refusals))]
#[post("/api/v1/staff/code-print-previews")]
pub async fn preview(
    staff: Staff,
    body: Json<PrintWish>,
    shared: Data<Shared>,
) -> Result<Json<PrintPreview>, Refusal> {
    Ok(Json(prepared(&shared, staff.0, body.into_inner()).await?.preview()))
}

/// Print live codes as PDF, up to 2,400: label sheets, plaques, sealed letters. Each symbol of the file was read again.
#[utoipa::path(tag = "staff", request_body = PrintWish, security(("staff" = [])),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), Refusals))]
#[post("/api/v1/staff/code-prints")]
pub async fn paper_file(
    staff: Staff,
    body: Json<PrintWish>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    pdf_file(&shared, staff.0, body.into_inner()).await
}

/// The PDF, for every front.
pub async fn pdf_file(shared: &Shared, actor: Actor, wish: PrintWish) -> Result<HttpResponse, Refusal> {
    let name = format!("codes-{}.pdf", wish.paper.format);
    let (again, form) = (wish.again, wish.paper.clone());
    let Prepared { place, mut laid, lines, mut labels, paper, .. } =
        prepared(shared, actor.clone(), wish).await?;
    if paper.is_letter() {
        let of: Vec<String> = lines.iter().map(|line| line.code.enterprise_id.clone()).collect();
        for (label, pin) in labels.iter_mut().zip(sealed(shared, &actor, of, again).await?) {
            label.pin = Some(pin.into());
        }
        let (centre, host) = (shared.rules().centre.name.zh.clone(), shared.trust.host.clone());
        // Letters bear no emblem.
        laid = on_the_press(shared, move || {
            paper::lay(&paper, Issuer { centre: &centre, host: host.as_str(), logo: None }, &labels)
        })
        .await?;
    }
    let file = on_the_press(shared, move || pdf::pdf(&laid, "企业码 Enterprise codes")).await?;
    drop(place);
    recorded(shared, actor, lines, form).await?;
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(file))
}

/// The sheets as SVG for the browser's own printing; recorded as printed.
pub async fn sheets(shared: &Shared, actor: Actor, wish: PrintWish) -> Result<Vec<String>, Refusal> {
    let form = wish.paper.clone();
    let Prepared { place, laid, lines, paper, .. } = prepared(shared, actor.clone(), wish).await?;
    if paper.is_letter() {
        return Err(Refusal::fields(vec![problem(
            "format",
            "企业口令信只提供PDF",
            "letters with PINs are to be had as PDF only",
        )]));
    }
    let sheets = on_the_press(shared, move || svg::svg(&laid)).await?;
    drop(place);
    recorded(shared, actor, lines, form).await?;
    Ok(sheets)
}

/// The PINs of letters, recorded some at a time. All are judged first, so that one that may not be
/// printed refuses the file before anything is recorded; only a letter that somebody else prints at the
/// same moment refuses it later.
async fn sealed(
    shared: &Shared,
    actor: &Actor,
    of: Vec<String>,
    again: bool,
) -> Result<Vec<String>, Refusal> {
    let (key, who, all) = (shared.trust.pin_key.clone(), actor.clone(), of.clone());
    let may: Result<(), Refused> =
        shared.store.read(move |db| pins::may_be_printed(db, &who, &key, &all, again)).await;
    may?;
    let (letter, mut texts) = (Letter { again, run: None, letters: of.len() }, Vec::with_capacity(of.len()));
    for some in of.chunks(print::BATCH) {
        let (key, who, some) = (shared.trust.pin_key.clone(), actor.clone(), some.to_vec());
        let at = shared.clock.now();
        let pins: Result<Vec<(String, String)>, Refused> =
            shared.store.write(move |db| pins::for_letters(db, &who, &key, &some, letter, at)).await;
        texts.extend(pins?.into_iter().map(|(_, pin)| pin));
    }
    Ok(texts)
}

async fn recorded(
    shared: &Shared,
    actor: Actor,
    lines: Vec<Standing>,
    paper: PaperWish,
) -> Result<(), Refusal> {
    let codes: Vec<CodeRow> = lines.into_iter().map(|line| line.code).collect();
    let print = Print { format: paper.format, file: Ids.row(), run: None };
    for some in codes.chunks(print::BATCH) {
        let (actor, some, print) = (actor.clone(), some.to_vec(), print.clone());
        let at = shared.clock.now();
        let done: Result<(), Refused> =
            shared.store.write(move |db| print::printed(db, &actor, &some, &print, at)).await;
        done?;
    }
    Ok(())
}

/// Codes laid out.
pub struct Prepared {
    place: Place,
    paper: Paper,
    lines: Vec<Standing>,
    labels: Vec<Label>,
    laid: Laid,
    unknown: Vec<String>,
}

impl Prepared {
    /// What it would be.
    #[must_use]
    pub fn preview(&self) -> PrintPreview {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let missing = self.laid.missing.iter().map(|one| MissingGlyphs {
            uscc: one.uscc.clone(),
            name: one.name.clone(),
            characters: one.characters.iter().collect(),
        });
        PrintPreview {
            codes: count(self.lines.len()),
            pages: count(self.laid.pages.len()),
            unknown: self.unknown.clone(),
            missing: missing.collect(),
        }
    }

    /// The first sheet, as it will be.
    pub fn first_sheet(mut self) -> Result<Option<String>, Refusal> {
        self.laid.pages.truncate(1);
        Ok(svg::svg(&self.laid).map_err(|error| unfit(&error))?.pop())
    }
}

/// Judges the wish, signs the seals again and lays the codes out; nothing is recorded yet.
pub async fn prepared(shared: &Shared, actor: Actor, wish: PrintWish) -> Result<Prepared, Refusal> {
    actor.may(Deed::IssueCode)?;
    let paper = Paper::of(&wish.paper).map_err(Refusal::fields)?;
    let place = shared.presses.enter()?;
    // A wrong host on paper is for ever.
    if shared.trust.host.is_plain_http() && !wish.trial {
        return Err(Code::PublicUrlUnset.into());
    }
    let rules = shared.rules();
    let picked: Result<_, Refused> =
        shared.store.read(move |db| print::picked(db, &actor, &wish, &rules)).await;
    let (found, mut unknown) = picked?;
    let (keys, host) = (shared.trust.keys.now(), shared.trust.host.clone());
    let (centre, logo) = (shared.rules().centre.name.zh.clone(), shared.logo.clone());
    let laid = on_the_press(shared, move || {
        let (mut lines, mut labels) = (Vec::new(), Vec::new());
        for line in found {
            let id = line.code.id.parse().ok();
            // Ed25519 is deterministic: the key that signed it makes the symbol of the older paper.
            let seal = match (keys.drawing(line.code.kid), id) {
                (Drawing::With(signer), Some(id)) => signer.seal(&host, id).ok(),
                _ => None,
            };
            let Some(seal) = seal else {
                unknown.push(line.code.id);
                continue;
            };
            labels.push(Label {
                seal: seal.text(&host),
                code: line.code.id.clone(),
                name: line.name.clone(),
                uscc: line.uscc.clone(),
                // A preview shows no PIN.
                pin: paper.is_letter().then(|| "●●●●●●".into()),
            });
            lines.push(line);
        }
        let issuer = Issuer { centre: &centre, host: host.as_str(), logo: logo.as_ref() };
        let laid = paper::lay(&paper, issuer, &labels)?;
        Ok(Prepared { place, paper, lines, labels, laid, unknown })
    })
    .await?;
    if laid.lines.is_empty() {
        return Err(Refusal::fields(vec![problem(
            "of",
            "没有符合条件的有效企业码",
            "no live code fits what was asked for",
        )]));
    }
    Ok(laid)
}

/// Drawing takes time: it must not hold up the requests of others, and takes its turn.
async fn on_the_press<T: Send + 'static>(
    shared: &Shared,
    work: impl FnOnce() -> Result<T, PaperError> + Send + 'static,
) -> Result<T, Refusal> {
    let done = shared.presses.turn(work).await.map_err(|error| internal(&error))?;
    done.map_err(|error| unfit(&error))
}

/// What the caller can mend names its field; the rest is ours.
pub fn unfit(error: &PaperError) -> Refusal {
    let fault = match error {
        PaperError::Picture(PictureError::Small { module_mm, least_mm, .. }) => problem(
            "symbol",
            format!(
                "每个模块只有{module_mm:.2}毫米，小于0.4毫米，打印后难以扫描；二维码请至少{least_mm:.1}毫米"
            ),
            format!(
                "each module would be {module_mm:.2} mm; at least 0.4 mm scan well: the symbol needs {least_mm:.1} mm or more"
            ),
        ),
        PaperError::Long { uscc } => problem(
            "format",
            format!("企业{uscc}的名称在这种标签上放不下，请换大一些的标签"),
            format!(
                "the name of {uscc} does not fit this label in letters that can be read: take a larger one"
            ),
        ),
        other => return internal(other),
    };
    Refusal::fields(vec![fault])
}
