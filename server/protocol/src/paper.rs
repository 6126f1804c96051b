//! Paper with codes on it: what kind of paper, which codes, and what a preview says.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A kind of paper and how codes lie on it. Lengths are millimetres.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PaperWish {
    /// A name of docs/codes.md (`a4-3x8`, `a4-3x7`, `roll-60x40`, `plaque-a5`, `letter-a4`, …), or `a4-CxR`
    /// for a plain grid of so many columns and rows.
    pub format: String,
    /// From the left edge of the page to the first label, where the format's own is not right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<f32>,
    /// From the top edge to the first label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top: Option<f32>,
    /// Between columns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap_x: Option<f32>,
    /// Between rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap_y: Option<f32>,
    /// Moves everything to the right (or left, below zero) when a printer draws its paper in askew; up to 10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift_x: Option<f32>,
    /// Moves everything down, or up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift_y: Option<f32>,
    /// Width of the symbol with its quiet zone; as large as looks well unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub symbol: Option<f32>,
    /// Labels of the first sheet that are used up already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skip: Option<u16>,
    /// Marks to cut along; plain grids have them unless told otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut_marks: Option<bool>,
}

/// Body of `POST /api/v1/staff/code-prints` and of its preview: which live codes, on what
/// paper. All that is said must hold of a code; up to 2,400 codes a file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PrintWish {
    /// The paper; a fault in it is told under the name of its field.
    pub paper: PaperWish,
    /// Ids of codes, or credit codes of enterprises; printed in this order.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 2400))]
    pub of: Vec<String>,
    /// Of enterprises found by this: part of a name, pinyin, initials, credit code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 80))]
    pub find: Option<String>,
    /// Issued on this local day or later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_from: Option<NaiveDate>,
    /// Print letters although some of these PINs were printed before.
    #[serde(default)]
    pub again: bool,
    /// Print although the public address is plain http, for trying out.
    #[serde(default)]
    pub trial: bool,
}

/// What a print would be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PrintPreview {
    /// Codes.
    pub codes: u32,
    /// Sheets of paper.
    pub pages: u32,
    /// What was named and is no live code, or whose key is gone.
    pub unknown: Vec<String>,
    /// Names with characters that the font lacks: 〓 is printed in their place.
    pub missing: Vec<MissingGlyphs>,
}

/// A name that does not print as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MissingGlyphs {
    /// The credit code of the enterprise.
    pub uscc: String,
    /// Its name.
    pub name: String,
    /// The characters that are not in the font.
    pub characters: String,
}

/// Body of `POST /api/v1/staff/code-runs/{id}/prints`: one part of a run on paper, as a ZIP of PDF files.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RunPrint {
    /// The part, from 1: 10,000 codes each.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub part: u32,
    /// The paper; used-up labels (`skip`) are those of the first sheet of the part.
    pub paper: PaperWish,
    /// Print letters although their PINs were printed before; without it those are left out.
    #[serde(default)]
    pub again: bool,
    /// Print although the public address is plain http, for trying out.
    #[serde(default)]
    pub trial: bool,
}
