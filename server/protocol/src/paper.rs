//! Paper with codes on it: what kind of paper, which codes, and what a preview says.

use serde::{Deserialize, Serialize};

/// A kind of paper and how codes lie on it. Lengths are millimetres.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PaperWish {
    /// A name of docs/codes.md (`a4-3x8`, `a4-3x7`, `roll-60x40`, `plaque-a5`, …), or `a4-CxR`
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
