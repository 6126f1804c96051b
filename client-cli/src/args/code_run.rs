//! Issuing codes for many enterprises: the wish, and verbs about runs.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::code::Lay;

/// For whom a code is issued.
#[derive(Debug, Args)]
pub struct Issue {
    /// Id or unified social credit code.
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    pub enterprise: Option<String>,
    /// Save the symbol as PNG.
    #[arg(long, value_name = "FILE", conflicts_with = "all")]
    pub png: Option<PathBuf>,
    /// Save the symbol as SVG.
    #[arg(long, value_name = "FILE", conflicts_with = "all")]
    pub svg: Option<PathBuf>,
    /// For every enterprise without a code, but none that closed down.
    #[arg(long)]
    pub all: bool,
    /// Narrower.
    #[command(flatten)]
    pub many: Many,
}

/// Which of all.
#[derive(Debug, Args)]
pub struct Many {
    /// Only those whose name, its reading or credit code has this in it.
    #[arg(long, requires = "all")]
    pub query: Option<String>,
    /// Only those of this administrative division: 2 to 6 digits of its code.
    #[arg(long, value_name = "DIGITS", requires = "all")]
    pub division: Option<String>,
    /// Only those registered here on this local day or later.
    #[arg(long, value_name = "YYYY-MM-DD", requires = "all")]
    pub registered_since: Option<chrono::NaiveDate>,
    /// Only those registered here before this local day.
    #[arg(long, value_name = "YYYY-MM-DD", requires = "all")]
    pub registered_before: Option<chrono::NaiveDate>,
    /// Do not ask whether it may begin.
    #[arg(long, requires = "all")]
    pub yes: bool,
    /// Do not watch: the server issues by itself, see `code run show`.
    #[arg(long, requires = "all")]
    pub no_wait: bool,
    /// Then save the codes as svg, png or on paper: `code run download --help` names the papers.
    #[arg(long = "as", value_name = "KIND", requires = "all", requires = "into", conflicts_with = "no_wait")]
    pub kind: Option<String>,
    /// Folder for these files.
    #[arg(long, value_name = "FOLDER", requires = "kind")]
    pub into: Option<PathBuf>,
    /// Print although the server's public address is plain http, for trying out.
    #[arg(long, requires = "kind")]
    pub trial: bool,
}

/// Verbs about runs.
#[derive(Debug, Subcommand)]
pub enum Run {
    /// 查批次 List runs, newest first.
    #[command(after_help = "Example: qiyema code run list")]
    List,
    /// 看一个批次 Show how far a run is.
    #[command(after_help = "Example: qiyema code run show 0199e1a2-0000-7000-8000-000000000001")]
    Show {
        /// Id of the run.
        run: String,
    },
    /// 停止 Stop a run; what was issued stands.
    #[command(after_help = "Example: qiyema code run cancel 0199e1a2-0000-7000-8000-000000000001")]
    Cancel {
        /// Id of the run.
        run: String,
    },
    /// 下载 Save the codes of a run, as symbols or on paper: a ZIP for each 10,000 codes, with a list of them.
    #[command(
        after_help = "Kinds: svg png, or a paper as PDF files: a4-3x8 a4-3x7 a4-2x7 a4-2x5 a4-2x4 a4-4x10 roll-60x40 roll-70x50 roll-100x60 plaque-a5 plaque-a6 letter-a4 (sealed, with the PIN; each once), or a4-CxR for a plain grid.\nWhat was saved whole is not fetched again: interrupted, run it again; letters of a part that broke off count as printed, so they need --again.\nExample: qiyema code run download 0199e1a2-0000-7000-8000-000000000001 print --as a4-3x8\n         qiyema code run download 0199e1a2-0000-7000-8000-000000000001 print --as png --mm 30 --dpi 300"
    )]
    Download(Box<Download>),
}

/// Which files, and where to.
#[derive(Debug, Args)]
pub struct Download {
    /// Id of the run.
    pub run: String,
    /// Folder for the files.
    pub folder: PathBuf,
    /// svg, png, or a paper; the list is at the end of this help.
    #[arg(long = "as", value_name = "KIND", default_value = "svg", alias = "format")]
    pub kind: String,
    /// Width of a symbol's file in millimetres, with the white around it; refused where it would be too small to scan.
    #[arg(long, value_name = "N", default_value_t = 30.0)]
    pub mm: f64,
    /// Dots an inch of the printer, for png.
    #[arg(long, value_name = "N", default_value_t = 300)]
    pub dpi: u16,
    /// How codes lie on the paper.
    #[command(flatten)]
    pub lay: Lay,
    /// Print letters although their PINs were printed before; it is recorded. Without it those are left out.
    #[arg(long)]
    pub again: bool,
    /// Print although the server's public address is plain http, for trying out.
    #[arg(long)]
    pub trial: bool,
}
