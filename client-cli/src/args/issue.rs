//! The verbs of an issue, and which issues a list is of.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use qiyema_protocol::{
    administration::Grade,
    board::{ExtensionReason, Lamp, Outcome, State},
    intake::IssueLevel,
    verb::Verb,
};

use super::staff::{pair, wire};

/// The issue a verb is about.
#[derive(Debug, Args)]
pub struct Which {
    /// Number of the issue.
    pub number: String,
    /// Version as read earlier; refused (exit 7) if somebody was faster. Default: read now.
    #[arg(long, value_name = "N")]
    pub version: Option<i32>,
}

/// Which issues.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Filter {
    /// Settled ones too.
    #[arg(long)]
    pub all: bool,
    /// Those that you handle.
    #[arg(long)]
    pub mine: bool,
    /// Those with which your unit assists.
    #[arg(long)]
    pub assisting: bool,
    /// Those with a request that waits for a ruling.
    #[arg(long)]
    pub waiting: bool,
    /// State, for example `in_progress`.
    #[arg(long, value_parser = wire::<State>)]
    pub state: Option<State>,
    /// `green`, `yellow`, `red` or `overdue`: of the first limit that runs.
    #[arg(long, value_parser = wire::<Lamp>)]
    pub lamp: Option<Lamp>,
    /// Lead unit id.
    #[arg(long)]
    pub unit: Option<String>,
    /// Handler's user name.
    #[arg(long)]
    pub handler: Option<String>,
    /// Category id.
    #[arg(long)]
    pub category: Option<String>,
    /// Channel id.
    #[arg(long)]
    pub channel: Option<String>,
    /// Grade, for example `complex`.
    #[arg(long, value_parser = wire::<Grade>)]
    pub grade: Option<Grade>,
    /// `town`, `county` or `city`.
    #[arg(long, value_parser = wire::<IssueLevel>)]
    pub level: Option<IssueLevel>,
    /// Id or unified social credit code of the enterprise.
    #[arg(long)]
    pub enterprise: Option<String>,
    /// Part of number, subject or enterprise.
    #[arg(long)]
    pub query: Option<String>,
    /// Newest first.
    #[arg(long)]
    pub newest: bool,
}

/// Issue verbs.
#[derive(Debug, Subcommand)]
pub enum Issue {
    /// 登记问题 Register an issue.
    #[command(
        after_help = "Example: qiyema issue register 91330500MA2TEXT16M --subject 用电容量不足 --body - --category power --channel window --contact-name 张三 --contact-phone 13812348000 < text.txt\nIds: qiyema choices"
    )]
    Register {
        /// Id or unified social credit code of the enterprise.
        enterprise: String,
        /// Subject.
        #[arg(long)]
        subject: String,
        /// Full text; `-` reads standard input.
        #[arg(long)]
        body: String,
        /// Category id.
        #[arg(long)]
        category: String,
        /// Channel id.
        #[arg(long)]
        channel: String,
        /// The channel's own number for it.
        #[arg(long)]
        reference: Option<String>,
        /// `town`, `county` (the default) or `city`.
        #[arg(long, value_parser = wire::<IssueLevel>)]
        level: Option<IssueLevel>,
        /// Whom to call.
        #[arg(long, value_name = "NAME", requires = "contact_phone")]
        contact_name: Option<String>,
        /// Their telephone.
        #[arg(long, value_name = "PHONE", requires = "contact_name")]
        contact_phone: Option<String>,
        /// Their e-mail address, for the invitation to rate.
        #[arg(long, value_name = "ADDRESS", requires = "contact_name")]
        contact_email: Option<String>,
    },
    /// 批量导入 Import a table of issues: CSV (UTF-8 or GBK) or XLSX.
    #[command(
        after_help = "Columns: 渠道编号 统一社会信用代码 类别 主题 内容, and 层级 联系人 联系电话 if you like (or in English: reference uscc category subject body level contact_name contact_phone).\nA row whose reference is known makes nothing new: an import that broke off is simply run again.\nExample: qiyema issue import july.xlsx --channel hotline12345 --dry-run"
    )]
    Import {
        /// The table.
        file: PathBuf,
        /// Channel id.
        #[arg(long)]
        channel: String,
        /// Check every row and write nothing.
        #[arg(long)]
        dry_run: bool,
        /// Where rows that could not be taken are listed; FILE.failures.csv unless said otherwise.
        #[arg(long, value_name = "FILE")]
        failures: Option<PathBuf>,
    },
    /// 查问题 List issues: the open ones, most urgent first, unless asked otherwise.
    #[command(
        after_help = "The filters are those of the console.\nExample: qiyema issue list --lamp overdue --unit gdj\n         qiyema issue list --all --newest --query 用电"
    )]
    List {
        /// Which.
        #[command(flatten)]
        filter: Filter,
        /// Continue after this one.
        #[arg(long, value_name = "KEY")]
        after: Option<String>,
    },
    /// 导出问题 Save all issues of a filter as CSV or XLSX.
    #[command(after_help = "Example: qiyema issue export overdue.xlsx --lamp overdue")]
    Export {
        /// Where to; CSV unless it ends in .xlsx, and `-` writes CSV to standard output.
        file: PathBuf,
        /// Which.
        #[command(flatten)]
        filter: Filter,
    },
    /// 我的工作台 How much waits for you: the lists of the console's first page.
    #[command(after_help = "Example: qiyema issue desk")]
    Desk,
    /// 批量交办 Assign several issues to one unit; what is refused stops none of the others.
    #[command(
        after_help = "Exit 1 if one was refused; what became of each is printed.\nExample: qiyema issue assign-many Q20261124-0007 Q20261124-0008 --unit gdj"
    )]
    AssignMany {
        /// Numbers.
        #[arg(required = true)]
        numbers: Vec<String>,
        /// Unit id.
        #[arg(long)]
        unit: String,
        /// Handler's user name; without it the unit names one when it signs.
        #[arg(long)]
        handler: Option<String>,
        /// Assisting unit id, may be repeated.
        #[arg(long)]
        assisting: Vec<String>,
    },
    /// 批量催办 Remind those responsible for several issues.
    #[command(
        after_help = "Example: qiyema issue remind-many Q20261124-0007 Q20261124-0008 --note 请今日答复企业"
    )]
    RemindMany {
        /// Numbers.
        #[arg(required = true)]
        numbers: Vec<String>,
        /// What is to be done, for staff.
        #[arg(long)]
        note: Option<String>,
    },
    /// 上传附件 Attach files: PNG, JPEG, WebP or PDF, 10 MiB each.
    #[command(
        after_help = "Each file is sent by itself; one that is refused stops none of the others (exit code of the first refusal).\nExample: qiyema issue attach Q20261124-0007 现场.jpg 批复.pdf --for-owner"
    )]
    Attach {
        /// Number of the issue.
        number: String,
        /// The files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The owner may see them.
        #[arg(long)]
        for_owner: bool,
    },
    /// 查附件 List the files of an issue, or save them.
    #[command(after_help = "Example: qiyema issue files Q20261124-0007 --save folder")]
    Files {
        /// Number of the issue.
        number: String,
        /// Save them in this folder; what is there is not written over.
        #[arg(long, value_name = "FOLDER")]
        save: Option<PathBuf>,
    },
    /// 看一个问题 Show one.
    #[command(after_help = "Example: qiyema issue show Q20261124-0007")]
    Show {
        /// Number of the issue.
        number: String,
    },
    /// 受理 Accept.
    #[command(after_help = "Example: qiyema issue accept Q20261124-0007")]
    Accept(Which),
    /// 交办 Assign to a unit and a handler.
    #[command(
        after_help = "Example: qiyema issue assign Q20261124-0007 --unit power --handler li\nIds: qiyema choices"
    )]
    Assign {
        /// Which.
        #[command(flatten)]
        which: Which,
        /// Unit id.
        #[arg(long)]
        unit: String,
        /// Handler's user name; without it the unit names one when it signs.
        #[arg(long)]
        handler: Option<String>,
        /// Assisting unit id, may be repeated.
        #[arg(long)]
        assisting: Vec<String>,
    },
    /// 记进展 Say what was done; the owner reads it.
    #[command(after_help = "Example: qiyema issue progress Q20261124-0007 --note 已到现场勘查")]
    Progress {
        /// Which.
        #[command(flatten)]
        which: Which,
        /// What was done; `-` reads standard input.
        #[arg(long)]
        note: String,
    },
    /// 延期 Move the promise.
    #[command(after_help = "Example: qiyema issue extend Q20261124-0007 --days 5 --reason field_work")]
    Extend {
        /// Which.
        #[command(flatten)]
        which: Which,
        /// Working days to add; how many at most is a setting of the server.
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
        days: u32,
        /// `higher_authority`, `cross_department`, `field_work`, `expert_review`, `legal_procedure` or `force_majeure`.
        #[arg(long, value_parser = wire::<ExtensionReason>)]
        reason: ExtensionReason,
        /// Details; only the owner reads them.
        #[arg(long)]
        note: Option<String>,
    },
    /// 其他各步 Any verb of the workflow: reject, sign_for, request_return, defer, send_back, remind …
    #[command(
        after_help = "What may be done now, and what a verb asks for: qiyema issue show NUMBER --json (`verbs`), and /docs.\nA value that is JSON is sent as JSON (3, true, [\"a\",\"b\"]); anything else as text, and `-` reads standard input.\nExamples: qiyema issue step Q20261124-0007 sign_for\n          qiyema issue step Q20261124-0007 request_return --set reason=不属于本单位职责 --set unit=gdj\n          qiyema issue step Q20261124-0007 defer --set reason=待上级政策 --set review_on=2027-01-15"
    )]
    Step {
        /// Which.
        #[command(flatten)]
        which: Which,
        /// The verb, for example `send_back`.
        #[arg(value_parser = wire::<Verb>)]
        verb: Verb,
        /// A field of the verb, may be repeated.
        #[arg(long = "set", value_name = "KEY=VALUE", value_parser = pair)]
        set: Vec<(String, String)>,
    },
    /// 报结果 Report the result and ask for review.
    #[command(
        after_help = "Example: qiyema issue report Q20261124-0007 --result resolved --reply 已增容，请查收"
    )]
    Report {
        /// Which.
        #[command(flatten)]
        which: Which,
        /// `resolved`, `partly_resolved`, `explained`, `planned`, `unfounded` or `withdrawn`.
        #[arg(long, value_parser = wire::<Outcome>)]
        result: Outcome,
        /// Reply to the owner; `-` reads standard input.
        #[arg(long)]
        reply: String,
    },
    /// 办结 Close (a reviewer, not the handler).
    #[command(after_help = "Example: qiyema issue close Q20261124-0007")]
    Close(Which),
}
