//! Symbols of standing codes as files. Every file is read again by another
//! decoder before it is handed out; a size on paper is judged by the rule of
//! docs/seal.md, and nothing is sized for paper that leads to a trial address.

use actix_web::{
    HttpResponse, get,
    web::{Data, Path, Query},
};
use qiyema_protocol::seal::{CodeId, Host};
use serde::Deserialize;

use crate::{
    actions::{Refused, code, rights::Actor},
    domain::text::problem,
    picture::{
        self, check,
        png::Dots,
        symbol::{PictureError, Symbol},
    },
    secrets::keyset::Drawing,
    web::{
        callers::Staff,
        problem::{Code, Refusal},
        refusals::{Refusals, internal},
        shared::Shared,
    },
};

/// Pixels a module of a picture that is for screens.
const SCREEN: u8 = 8;

/// How large a symbol is printed.
#[derive(Debug, Clone, Copy, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Print {
    /// Width on paper in millimetres, with the quiet zone; refused when the modules would be
    /// below 0.4 mm. Without it, the picture is for screens.
    #[param(minimum = 10, maximum = 500)]
    pub mm: Option<f64>,
    /// Dots an inch of the printer, 300 unless said so; only with `mm`. A PNG has whole dots a
    /// module, so it is a little smaller than `mm` at most.
    #[param(minimum = 72, maximum = 2400)]
    pub dpi: Option<u16>,
    /// Print although the public address is plain http, for trying out.
    #[serde(default)]
    pub trial: bool,
}

/// The symbol of a standing code as PNG, with the host below it; for paper with `mm` and `dpi`.
#[utoipa::path(tag = "staff", params(("code" = String, Path), Print), security(("staff" = [])),
    responses((status = 200, content_type = "image/png", body = Vec<u8>), Refusals))]
#[get("/api/v1/staff/codes/{code}/symbol.png")]
pub async fn png(
    staff: Staff,
    code: Path<String>,
    print: Query<Print>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let file = png_file(staff.0, &code, *print, &shared).await?;
    Ok(HttpResponse::Ok().content_type("image/png").body(file))
}

/// The symbol of a standing code as SVG; with `mm`, it says its width on paper.
#[utoipa::path(tag = "staff", params(("code" = String, Path), Print), security(("staff" = [])),
    responses((status = 200, content_type = "image/svg+xml", body = String), Refusals))]
#[get("/api/v1/staff/codes/{code}/symbol.svg")]
pub async fn svg(
    staff: Staff,
    code: Path<String>,
    print: Query<Print>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let file = svg_file(staff.0, &code, *print, &shared).await?;
    Ok(HttpResponse::Ok().content_type("image/svg+xml").body(file))
}

/// The PNG of a standing code, for every front.
pub async fn png_file(actor: Actor, code: &str, print: Print, shared: &Shared) -> Result<Vec<u8>, Refusal> {
    let drawn = Drawn::of(actor, code, shared).await?;
    let dots = match print.width(&drawn)? {
        None => Dots { a_module: SCREEN, dpi: None },
        Some(mm) => Dots::on_paper(&drawn.symbol, mm, print.dpi.unwrap_or(300)).map_err(unfit)?,
    };
    let file = picture::png::png(&drawn.symbol, dots, Some(drawn.host.as_str())).map_err(unfit)?;
    check::png(&file, &drawn.text, drawn.symbol.width(), dots).map_err(unfit)?;
    Ok(file)
}

/// The SVG of a standing code, for every front.
pub async fn svg_file(actor: Actor, code: &str, print: Print, shared: &Shared) -> Result<String, Refusal> {
    let drawn = Drawn::of(actor, code, shared).await?;
    let mm = print.width(&drawn)?;
    if let Some(mm) = mm {
        drawn.symbol.module_mm(mm).map_err(unfit)?;
    }
    let file = picture::svg::svg(&drawn.symbol, drawn.host.as_str(), mm);
    check::svg(&file, &drawn.text, drawn.symbol.width(), mm).map_err(unfit)?;
    Ok(file)
}

impl Print {
    /// Millimetres wide, if it is for paper and may be.
    fn width(self, drawn: &Drawn) -> Result<Option<f64>, Refusal> {
        self.mm.map(|mm| on_paper(mm, self.dpi, self.trial, &drawn.host)).transpose()
    }
}

/// Millimetres wide on paper, if they may be: a size that there is, and no address of a trial.
pub fn on_paper(mm: f64, dpi: Option<u16>, trial: bool, host: &Host) -> Result<f64, Refusal> {
    let mut faults = Vec::new();
    if !(10.0..=500.0).contains(&mm) {
        faults.push(problem("mm", "请填写10至500之间的毫米数", "between 10 and 500 millimetres"));
    }
    if dpi.is_some_and(|dpi| !(72..=2400).contains(&dpi)) {
        faults.push(problem("dpi", "请填写72至2400之间的分辨率", "between 72 and 2400 dots an inch"));
    }
    if !faults.is_empty() {
        return Err(Refusal::fields(faults));
    }
    // A wrong host on paper is for ever.
    if host.is_plain_http() && !trial {
        return Err(Code::PublicUrlUnset.into());
    }
    Ok(mm)
}

/// What the caller can mend names its field; the rest is ours.
pub fn unfit(error: PictureError) -> Refusal {
    match error {
        PictureError::Small { module_mm, least_mm, .. } => {
            // In tenths, and not a hair too little.
            let least = (least_mm * 10.0 - 1e-6).ceil() / 10.0;
            Refusal::fields(vec![problem(
                "mm",
                format!("每个模块只有{module_mm:.2}毫米，小于0.4毫米，打印后难以扫描；请至少{least:.1}毫米"),
                format!(
                    "each module would be {module_mm:.2} mm; at least 0.4 mm scan well: print it {least:.1} mm wide or more"
                ),
            )])
        }
        PictureError::Coarse { dpi } => Refusal::fields(vec![problem(
            "dpi",
            format!("{dpi}点每英寸太粗，这一宽度下每个模块的整数点数不足0.4毫米；请提高分辨率或加大宽度"),
            format!(
                "{dpi} dots an inch are too coarse: whole dots would leave modules below 0.4 mm; raise dpi or mm"
            ),
        )]),
        PictureError::Size(_) => Refusal::fields(vec![problem(
            "dpi",
            "图片过大（每个模块最多64点）；请降低分辨率或改用SVG",
            "the picture would be too large (64 dots a module at most): lower dpi, or take the SVG",
        )]),
        other => internal(&other),
    }
}

/// A symbol, and what it says.
struct Drawn {
    symbol: Symbol,
    text: String,
    host: Host,
}

impl Drawn {
    /// Ed25519 is deterministic: the symbol drawn again, with the key that signed it
    /// at first, is the symbol on paper.
    async fn of(actor: Actor, code: &str, shared: &Shared) -> Result<Self, Refusal> {
        let id: CodeId = code.parse().map_err(|_| Code::CodeUnknown)?;
        let wanted = code.to_owned();
        let row: Result<_, Refused> = shared.store.read(move |db| code::standing(db, &actor, &wanted)).await;
        let (kid, keys, host) = (row?.kid, shared.trust.keys.now(), shared.trust.host.clone());
        let seal = match keys.drawing(kid) {
            Drawing::With(signer) => signer.seal(&host, id).map_err(|error| internal(&error))?,
            Drawing::Retired => return Err(Code::SealKeyRetired.into()),
            Drawing::Absent => return Err(Code::SealKeyAbsent.into()),
        };
        let text = seal.text(&host);
        let symbol = picture::symbol::symbol(&text).map_err(|error| internal(&error))?;
        Ok(Self { symbol, text, host })
    }
}
