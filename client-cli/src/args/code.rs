//! Verbs about codes after they were issued.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use qiyema_protocol::codes::CodeReason;

use super::staff::wire;

/// Why.
#[derive(Debug, Args)]
pub struct Why {
    /// `lost`, `damaged`, `moved`, `renamed`, `closed`, `mistaken`, `compromised` or `other`.
    #[arg(long, value_parser = wire::<CodeReason>)]
    pub because: CodeReason,
    /// In words.
    #[arg(long)]
    pub reason: Option<String>,
}

/// What happens to codes after they were issued.
#[derive(Debug, Subcommand)]
pub enum Life {
    /// 暂停 Suspend a code until it is resumed.
    #[command(after_help = "Example: qiyema code suspend ABCDEFGH23456722 --because lost")]
    Suspend {
        /// Id of the code.
        code: String,
        /// Why.
        #[command(flatten)]
        why: Why,
    },
    /// 恢复 Resume a suspended code.
    #[command(after_help = "Example: qiyema code resume ABCDEFGH23456722")]
    Resume {
        /// Id of the code.
        code: String,
    },
    /// 换发 Replace a code by a new one with a new PIN.
    #[command(after_help = "Example: qiyema code replace ABCDEFGH23456722 --because moved")]
    Replace {
        /// Id of the code.
        code: String,
        /// Why.
        #[command(flatten)]
        why: Why,
    },
    /// 批量吊销 Revoke many codes: first a preview, then again with the number to confirm.
    #[command(
        after_help = "Without --confirm nothing is revoked: the number is printed. All that is said must hold of a code. The server goes on by itself with more than 200 that were not named one by one.\nExample: qiyema code revoke-many --run 0199e1a2-0000-7000-8000-000000000001 --because mistaken --reason 签发有误\n         qiyema code revoke-many --file lost.txt --because closed --reason 企业注销 --confirm 12"
    )]
    RevokeMany {
        /// Ids of codes or credit codes, one a line, up to 2,500; `-` reads standard input.
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
        /// Codes signed by this key.
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..))]
        kid: Option<u8>,
        /// Codes issued before this local day.
        #[arg(long, value_name = "YYYY-MM-DD")]
        issued_before: Option<chrono::NaiveDate>,
        /// Codes issued by this run.
        #[arg(long, value_name = "RUN")]
        run: Option<String>,
        /// Why; see `code suspend --help`.
        #[arg(long, value_parser = wire::<CodeReason>, default_value = "other")]
        because: CodeReason,
        /// In words.
        #[arg(long)]
        reason: String,
        /// How many the preview said.
        #[arg(long, value_name = "N")]
        confirm: Option<u32>,
    },
    /// 打印 Print live codes as PDF: label sheets, plaques or sealed letters, up to 2,400 codes a file.
    #[command(
        after_help = "Papers: a4-3x8 a4-3x7 a4-2x7 a4-2x5 a4-2x4 a4-4x10 roll-60x40 roll-70x50 roll-100x60 plaque-a5 plaque-a6 letter-a4 (sealed, with the PIN), or a4-CxR for a plain grid.\nPrint at 100 %, without margins; print one sheet and measure it before you print them all.\nExample: qiyema code print --format a4-3x8 --find 织里 --out labels.pdf"
    )]
    Print(Box<Print>),
    /// 扫码次数 How often codes are scanned: of one code by day, or of all standing codes.
    #[command(after_help = "Example: qiyema code scans --never --older-than-days 7")]
    Scans {
        /// Id of one code.
        code: Option<String>,
        /// Only codes that were never scanned.
        #[arg(long)]
        never: bool,
        /// Only codes issued at least so many days ago.
        #[arg(long, value_name = "N", default_value_t = 0)]
        older_than_days: u32,
    },
}

/// What is printed, and on which paper.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("which").args(["of", "file", "find", "issued_from"]).required(true).multiple(true))]
pub struct Print {
    /// Ids of codes or credit codes of enterprises; printed in this order.
    pub of: Vec<String>,
    /// The same, one a line; `-` reads standard input.
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Of enterprises found by this: part of the name, pinyin, initials, credit code.
    #[arg(long, value_name = "TEXT")]
    pub find: Option<String>,
    /// Issued on this local day or later.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub issued_from: Option<chrono::NaiveDate>,
    /// The paper; the list is at the end of this help.
    #[arg(long, value_name = "PAPER")]
    pub format: String,
    /// Where the PDF goes. Without it nothing is printed: the number of codes and sheets is told.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// How codes lie on the paper.
    #[command(flatten)]
    pub lay: Lay,
    /// Print letters although some of these PINs were printed before; it is recorded.
    #[arg(long)]
    pub again: bool,
    /// Print although the server's public address is plain http, for trying out.
    #[arg(long)]
    pub trial: bool,
}

/// How codes lie on the paper, where its own measures are not right.
#[derive(Debug, Args)]
pub struct Lay {
    /// Width of the symbol in millimetres, with the white around it.
    #[arg(long, value_name = "MM")]
    pub symbol: Option<f32>,
    /// Left margin in millimetres, where the paper's own is not right.
    #[arg(long, value_name = "MM")]
    pub left: Option<f32>,
    /// Top margin.
    #[arg(long, value_name = "MM")]
    pub top: Option<f32>,
    /// Between columns.
    #[arg(long, value_name = "MM")]
    pub gap_x: Option<f32>,
    /// Between rows.
    #[arg(long, value_name = "MM")]
    pub gap_y: Option<f32>,
    /// Move everything to the right, or left below zero.
    #[arg(long, value_name = "MM", allow_negative_numbers = true)]
    pub shift_x: Option<f32>,
    /// Move everything down, or up below zero.
    #[arg(long, value_name = "MM", allow_negative_numbers = true)]
    pub shift_y: Option<f32>,
    /// Labels of the first sheet that are used up.
    #[arg(long, value_name = "N")]
    pub skip: Option<u16>,
    /// Marks to cut along (plain grids have them).
    #[arg(long, value_name = "BOOL")]
    pub cut_marks: Option<bool>,
}
