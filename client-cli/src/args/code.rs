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
        after_help = "Without --confirm nothing is revoked: the number is printed. All that is said must hold of a code.\nExample: qiyema code revoke-many --file lost.txt --because closed --reason 企业注销 --confirm 12"
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
