//! The nouns of staff: enterprise, rating and code.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use qiyema_protocol::{
    appeal::Ground,
    codes::CodeReason,
    exchange::Coding,
    rating::{Level, Solved},
};
use serde::de::DeserializeOwned;

/// Enterprise verbs.
#[derive(Debug, Subcommand)]
pub enum Enterprise {
    /// 登记企业 Register an enterprise.
    #[command(
        after_help = "Example: qiyema enterprise register --uscc 91330500MA2TEXT16M --name 湖州示例有限公司"
    )]
    Register {
        /// Unified social credit code.
        #[arg(long)]
        uscc: String,
        /// Registered name.
        #[arg(long)]
        name: String,
        /// The check character does not fit, and the code is right all the same.
        #[arg(long)]
        confirm_check_character: bool,
    },
    /// 查企业 List enterprises.
    #[command(after_help = "Example: qiyema enterprise list --query 示例")]
    List {
        /// Part of the name, or of the unified social credit code.
        #[arg(long)]
        query: Option<String>,
    },
    /// 批量导入 Import a table of enterprises: CSV (UTF-8 or GBK) or XLSX, up to 500,000 rows.
    #[command(
        after_help = "Columns: 统一社会信用代码 企业名称 (or in English: uscc name); a title may stand above them.\nThe server takes the rows by itself: if this is interrupted, run it again and it watches the same import.\nWhat is registered with the same data stays as it is, so a table may be imported again.\nExample: qiyema enterprise import city.xlsx --dry-run"
    )]
    Import {
        /// The table.
        file: PathBuf,
        /// Compare every row and write nothing.
        #[arg(long)]
        dry_run: bool,
        /// Take rows with a warning too: a check character that does not fit, an odd character in a name.
        #[arg(long)]
        confirm_warnings: bool,
        /// Where the report row by row goes; FILE.report.csv if rows were left out.
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
    },
    /// 导出企业名录 Save the whole register as CSV or XLSX; importing it again changes nothing.
    #[command(after_help = "Example: qiyema enterprise export city.xlsx")]
    Export {
        /// Where to; CSV unless it ends in .xlsx, and `-` writes CSV to standard output.
        file: PathBuf,
    },
    /// 重置企业口令 Give an enterprise another PIN; its code stays.
    #[command(after_help = "Example: qiyema enterprise reset-pin 91330500MA2TEXT16M")]
    ResetPin {
        /// Id or unified social credit code.
        enterprise: String,
    },
    /// 看一家企业 Show one and its codes.
    #[command(after_help = "Example: qiyema enterprise show 91330500MA2TEXT16M")]
    Show {
        /// Id or unified social credit code.
        enterprise: String,
    },
}

/// Rating verbs.
#[derive(Debug, Subcommand)]
pub enum Rating {
    /// 查评价 List ratings, newest first; never who rated.
    #[command(after_help = "Example: qiyema rating list --show waiting")]
    List {
        /// All, those with an appeal, those to be decided, those that are flagged, or those given with a link that
        /// a webhook carried.
        #[arg(long, default_value = "all", value_parser = ["all", "appealed", "waiting", "flagged", "by_webhook"])]
        show: String,
        /// `next` of the page before.
        #[arg(long, value_name = "NEXT")]
        before: Option<String>,
    },
    /// 看一条评价 Show a rating and the appeal against it.
    #[command(after_help = "Example: qiyema rating show 0199e1a2-0000-7000-8000-000000000001")]
    Show {
        /// Id of the rating.
        rating: String,
    },
    /// 登记电话回访评价 Enter what an enterprise said on the telephone; it is marked as such, with your name.
    #[command(
        after_help = "Example: qiyema rating call-back Q20261124-0007 --good --solved yes --comment 已通电"
    )]
    #[command(group = clap::ArgGroup::new("said").required(true).args(["good", "bad"]))]
    CallBack {
        /// Number of the closed issue.
        number: String,
        /// 好评
        #[arg(long)]
        good: bool,
        /// 差评
        #[arg(long)]
        bad: bool,
        /// One of the five levels, for example `satisfied`.
        #[arg(long, value_parser = wire::<Level>)]
        level: Option<Level>,
        /// Was it solved: `yes`, `partly` or `no`.
        #[arg(long, value_parser = wire::<Solved>)]
        solved: Option<Solved>,
        /// Id of a tag, may be repeated.
        #[arg(long = "tag", value_name = "TAG")]
        tags: Vec<String>,
        /// What was said.
        #[arg(long)]
        comment: Option<String>,
    },
    /// 申诉 Appeal against a rating of your unit; a reviewer asks for the review of a flagged one.
    #[command(
        after_help = "Example: qiyema rating appeal 0199e1a2-0000-7000-8000-000000000001 --ground mistaken --reason 企业来电说明按错了"
    )]
    Appeal {
        /// Id of the rating.
        rating: String,
        /// mistaken or malicious; suspect for a flagged one.
        #[arg(long, value_parser = wire::<Ground>)]
        ground: Ground,
        /// Why, 10 to 1000 characters.
        #[arg(long)]
        reason: String,
    },
    /// 评价交换数据 The ratings of a period in one of the two national codings, which number the levels in opposite directions.
    #[command(
        after_help = "interface: 5 = 非常满意; gbt39046 (GB/T 39046-2020): 1 = 非常满意. The document says which it is and what each number means.\nA program may use an API token with the scope ratings:export (QIYEMA_SERVER, QIYEMA_TOKEN).\nExample: qiyema rating exchange --coding interface --period 2026-10 --save ratings.json"
    )]
    Exchange {
        /// `interface` or `gbt39046`.
        #[arg(long, value_parser = wire::<Coding>)]
        coding: Coding,
        /// A month (2026-10), quarter (2026-Q4) or year (2026) of the centre, or `last12`: twelve whole months.
        #[arg(long, value_name = "PERIOD", conflicts_with_all = ["from", "to"])]
        period: Option<String>,
        /// First day (local); the first of this month, if absent.
        #[arg(long, value_name = "YYYY-MM-DD")]
        from: Option<chrono::NaiveDate>,
        /// Last day; today, if absent.
        #[arg(long, value_name = "YYYY-MM-DD")]
        to: Option<chrono::NaiveDate>,
        /// Where the document goes; standard output, if absent.
        #[arg(long, value_name = "FILE")]
        save: Option<PathBuf>,
    },
    /// 复核 Decide on an appeal of another unit.
    #[command(
        after_help = "Example: qiyema rating decide 0199e1a2-0000-7000-8000-000000000001 --accept --reason 录音核实为误评"
    )]
    #[command(group = clap::ArgGroup::new("judgement").required(true).args(["accept", "reject"]))]
    Decide {
        /// Id of the rating.
        rating: String,
        /// The rating is left out of the figures.
        #[arg(long)]
        accept: bool,
        /// The rating stands.
        #[arg(long)]
        reject: bool,
        /// Why, 4 to 500 characters; the owner and the unit read it.
        #[arg(long)]
        reason: String,
    },
}

/// Code verbs.
#[derive(Debug, Subcommand)]
pub enum Code {
    /// 发码 Issue a code and a PIN; replaces the enterprise's earlier ones. With --all, for all without one.
    #[command(
        after_help = "With --all the server issues by itself; their PINs are printed on letters only, never shown.\nExample: qiyema code issue 91330500MA2TEXT16M --png code.png\n          qiyema code issue --all --division 3305 --yes --as a4-3x8 --into print"
    )]
    Issue(super::code_run::Issue),
    /// 批量签发 Runs that issue codes for many, and their files.
    #[command(subcommand)]
    Run(super::code_run::Run),
    /// 重绘 Draw a standing code again, for a screen or in a size for paper.
    #[command(after_help = "Example: qiyema code draw ABCDEFGH23456722 --png code.png --mm 30 --dpi 300")]
    Draw(Draw),
    /// 吊销 Revoke a code.
    #[command(after_help = "Example: qiyema code revoke ABCDEFGH23456722 --reason 标牌遗失")]
    Revoke {
        /// Id of the code.
        code: String,
        /// Why.
        #[arg(long)]
        reason: String,
        /// Why, as one of a list; see `code suspend --help`.
        #[arg(long, value_parser = wire::<CodeReason>, default_value = "other")]
        because: CodeReason,
    },
    /// The others.
    #[command(flatten)]
    Life(super::code::Life),
}

/// How a code is drawn.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("into").args(["png", "svg"]).required(true).multiple(true))]
pub struct Draw {
    /// Id of the code.
    pub code: String,
    /// Save the symbol as PNG.
    #[arg(long, value_name = "FILE")]
    pub png: Option<PathBuf>,
    /// Save the symbol as SVG.
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
    /// Width on paper in millimetres, with the white around it; refused where it would be too small to scan.
    #[arg(long, value_name = "N")]
    pub mm: Option<f64>,
    /// Dots an inch of the printer (300 unless said so).
    #[arg(long, value_name = "N", requires = "mm")]
    pub dpi: Option<u16>,
    /// Print although the server's public address is plain http, for trying out.
    #[arg(long, requires = "mm")]
    pub trial: bool,
}

/// Reads a value by its name on the wire; an unknown one is answered with all names.
pub fn wire<T: DeserializeOwned>(name: &str) -> Result<T, String> {
    serde_json::from_value(serde_json::Value::from(name)).map_err(|e| e.to_string())
}

/// `KEY=VALUE`.
pub fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() && key != "version" => Ok((key.to_owned(), value.to_owned())),
        _ => Err("write it as KEY=VALUE; the version has a flag of its own".to_owned()),
    }
}
