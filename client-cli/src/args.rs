//! The command line: `noun verb`, with an example for every command.

pub mod code;
pub mod code_run;
pub mod issue;
pub mod staff;
pub mod witness;

use std::path::PathBuf;

use clap::{Args as Group, Parser, Subcommand, ValueEnum};

/// 企业码 · read, verify and rate enterprise codes.
#[derive(Debug, Parser)]
#[command(name = "qiyema", version, about, arg_required_else_help = true)]
pub struct Args {
    /// Language of the text (default: from LANG, else zh).
    #[arg(long, global = true, value_enum)]
    pub lang: Option<Lang>,
    /// One JSON document (a line) on standard output.
    #[arg(long, global = true)]
    pub json: bool,
    /// Extra certificate authority (PEM).
    #[arg(long, global = true, value_name = "FILE")]
    pub cacert: Option<PathBuf>,
    /// Accept plain http for a host that is not this machine.
    #[arg(long, global = true)]
    pub insecure: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// 中文
    Zh,
    /// English
    En,
}

impl Lang {
    /// Picks one of two texts.
    #[must_use]
    pub const fn of<'t>(self, zh: &'t str, en: &'t str) -> &'t str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// 扫码看办理情况 Read photos, verify offline, show the board.
    #[command(after_help = "Example: qiyema scan photo.jpg")]
    Scan {
        /// Photos, `-` for standard input, or the text of a code.
        #[arg(required = true)]
        sources: Vec<String>,
        /// Verify only; ask no server.
        #[arg(long)]
        offline: bool,
        /// Page of the board.
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
        page: u32,
        /// Use the device token remembered by `pin enter`.
        #[arg(long)]
        owner: bool,
    },
    /// 离线验码 Verify offline.
    #[command(after_help = "Example: qiyema verify photo.jpg")]
    Verify {
        /// Photos, `-`, or text.
        #[arg(required = true)]
        sources: Vec<String>,
    },
    /// 好差评 Rate a closed issue.
    #[command(after_help = "Example: qiyema rate photo.jpg --issue Q20261124-0007 --good --receipt r.jws")]
    Rate(Rate),
    /// 核验评价回执 Receipts.
    #[command(subcommand)]
    Receipt(Receipt),
    /// 企业口令 Prove the enterprise's PIN.
    #[command(subcommand)]
    Pin(Pin),
    /// 信任的网址和密钥 Trusted hosts and their keys.
    #[command(subcommand)]
    Keys(Keys),
    /// 登录 Sign in as staff; asks for the code of an authenticator app where one is enrolled.
    #[command(after_help = "Example: qiyema login --server https://qy.example.cn --username zhang
  qiyema login --server https://qy.example.cn --username zhang --totp 123456 --password-stdin < password.txt")]
    Login {
        /// Server.
        #[arg(long, env = "QIYEMA_SERVER")]
        server: String,
        /// User name.
        #[arg(long)]
        username: String,
        /// Read the password from standard input.
        #[arg(long)]
        password_stdin: bool,
        /// Code of the authenticator app, or a recovery code; asked for on a terminal if it is needed.
        #[arg(long, value_name = "CODE")]
        totp: Option<String>,
    },
    /// 退出登录 Sign out.
    #[command(after_help = "Example: qiyema logout")]
    Logout,
    /// 我是谁 Who is signed in.
    #[command(after_help = "Example: qiyema whoami")]
    Whoami,
    /// 可选项 Units, handlers, categories and channels.
    #[command(after_help = "Example: qiyema choices --json")]
    Choices,
    /// 直接调用接口 Ask any route of the API as whoever is signed in: administration, webhooks, settings.
    #[command(
        after_help = "Example: qiyema api admin/webhooks\n         qiyema api admin/settings/centre_phone --method PUT --set value=0572-2398600\n         qiyema api admin/units --method POST --body unit.json\nRoutes and bodies: SERVER/docs"
    )]
    Api(Api),
    /// 见证防篡改日志 Witness the tamper-evident log of a server, from another office.
    #[command(subcommand)]
    Witness(witness::Witness),
    /// 审计日志 Read the audit trail, or save it as CSV or XLSX.
    #[command(
        after_help = "Example: qiyema audit --number Q20261124-0007\n         qiyema audit --day 2026-11-24 --save trail.xlsx\n         qiyema audit --administration --json"
    )]
    Audit(Audit),
    /// 考核数据 Figures for performance review.
    #[command(after_help = "Example: qiyema figures --from 2026-10-01 --to 2026-12-31 --by unit")]
    Figures(Figures),
    /// 企业 Register and list enterprises.
    #[command(subcommand)]
    Enterprise(staff::Enterprise),
    /// 企业码 Issue and revoke codes.
    #[command(subcommand)]
    Code(staff::Code),
    /// 涉企问题 Register issues and carry them on.
    #[command(subcommand)]
    Issue(issue::Issue),
    /// 评价与申诉 Read ratings and decide on appeals.
    #[command(subcommand)]
    Rating(staff::Rating),
    /// Shell completions.
    #[command(after_help = "Example: qiyema completions bash > qiyema.bash")]
    Completions {
        /// Shell.
        shell: clap_complete::Shell,
    },
    /// Manual page.
    #[command(after_help = "Example: qiyema man | man -l -")]
    Man,
}

/// A request of one's own.
#[derive(Debug, clap::Args)]
pub struct Api {
    /// Route below /api/v1/, beginning with staff/ or admin/.
    pub path: String,
    /// GET, POST, PUT or DELETE; without it GET, or POST where something is sent.
    #[arg(long, value_parser = ["GET", "POST", "PUT", "DELETE"])]
    pub method: Option<String>,
    /// A file with the JSON to send; `-` reads standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "set")]
    pub body: Option<PathBuf>,
    /// A field to send, may be repeated: JSON where it is JSON, else text.
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = staff::pair)]
    pub set: Vec<(String, String)>,
}

/// Which deeds.
#[derive(Debug, clap::Args)]
pub struct Audit {
    /// Of this issue.
    #[arg(long)]
    pub number: Option<String>,
    /// By the person of this user name.
    #[arg(long)]
    pub username: Option<String>,
    /// Of this kind, for example `closed`.
    #[arg(long)]
    pub kind: Option<String>,
    /// Of this day (local).
    #[arg(long, value_name = "YYYY-MM-DD", conflicts_with_all = ["from", "to"])]
    pub day: Option<chrono::NaiveDate>,
    /// From this day on (local).
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub from: Option<chrono::NaiveDate>,
    /// Up to this day, which is included.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub to: Option<chrono::NaiveDate>,
    /// Who changed people, directory, calendar, settings and tokens, instead of issues.
    #[arg(long, conflicts_with_all = ["number", "username", "kind", "day", "from", "to"])]
    pub administration: bool,
    /// Save all of it: XLSX if the file ends so, CSV otherwise, and `-` is CSV on standard output.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["after"])]
    pub save: Option<PathBuf>,
    /// What the page before ended with.
    #[arg(long, value_name = "KEY")]
    pub after: Option<String>,
}

/// Which figures.
#[derive(Debug, clap::Args)]
pub struct Figures {
    /// A month (2026-10), quarter (2026-Q4) or year (2026) of the centre, or `last12`: twelve whole months.
    #[arg(long, value_name = "PERIOD", conflicts_with_all = ["from", "to"])]
    pub period: Option<String>,
    /// First day (local); the first of this month, if absent.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub from: Option<chrono::NaiveDate>,
    /// Last day; today, if absent.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub to: Option<chrono::NaiveDate>,
    /// Grouping.
    #[arg(long, default_value = "unit", value_parser = ["unit", "handler", "leader", "category", "channel", "level", "grade"])]
    pub by: String,
}

/// A rating.
#[derive(Debug, Group)]
#[command(group = clap::ArgGroup::new("verdict").required(true).args(["good", "bad"]))]
pub struct Rate {
    /// Photo, `-`, or text.
    pub source: String,
    /// Number of the issue.
    #[arg(long)]
    pub issue: String,
    /// 好评
    #[arg(long)]
    pub good: bool,
    /// 差评
    #[arg(long)]
    pub bad: bool,
    /// Level, for example `very_satisfied`.
    #[arg(long, value_parser = ["very_satisfied", "satisfied", "basically_satisfied", "dissatisfied", "very_dissatisfied"])]
    pub level: Option<String>,
    /// Tag id; may be repeated.
    #[arg(long)]
    pub tag: Vec<String>,
    /// Comment.
    #[arg(long)]
    pub comment: Option<String>,
    /// Was it solved?
    #[arg(long, value_parser = ["yes", "partly", "no"])]
    pub solved: Option<String>,
    /// Save the receipt here.
    #[arg(long)]
    pub receipt: Option<PathBuf>,
}

/// Receipt verbs.
#[derive(Debug, Subcommand)]
pub enum Receipt {
    /// Verify offline; or ask its host whether the rating still stands.
    #[command(after_help = "Example: qiyema receipt verify r.jws --online")]
    Verify {
        /// File or compact JWS.
        receipt: String,
        /// Ask the host that gave it, and check the proof that it is in the log; exit 6 if the rating was altered or is gone.
        #[arg(long)]
        online: bool,
    },
}

/// PIN verbs.
#[derive(Debug, Subcommand)]
pub enum Pin {
    /// Prove the PIN; this device is remembered.
    #[command(after_help = "Example: qiyema pin enter photo.jpg")]
    Enter {
        /// Photo, `-`, or text.
        source: String,
        /// Read the PIN from standard input.
        #[arg(long)]
        pin_stdin: bool,
    },
    /// Take this device off the server's list and forget it here.
    #[command(after_help = "Example: qiyema pin forget")]
    Forget {
        /// Only this code's: photo, `-`, or text. Default: all.
        source: Option<String>,
    },
}

/// Key verbs.
#[derive(Debug, Subcommand)]
pub enum Keys {
    /// Refresh the keys of all trusted hosts.
    #[command(after_help = "Example: qiyema keys fetch")]
    Fetch,
    /// List trusted hosts.
    #[command(after_help = "Example: qiyema keys list")]
    List,
    /// Trust a host.
    #[command(after_help = "Example: qiyema keys trust https://qy.example.cn")]
    Trust {
        /// Origin.
        url: String,
        /// Keys from a file, not from the host.
        #[arg(long)]
        jwks: Option<PathBuf>,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
    /// Trust a host no longer.
    #[command(after_help = "Example: qiyema keys forget https://qy.example.cn")]
    Forget {
        /// Origin.
        url: String,
    },
}
