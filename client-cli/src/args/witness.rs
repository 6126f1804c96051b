//! The verbs of a witness.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Where a witness keeps what it has seen.
#[derive(Debug, Args)]
pub struct Kept {
    /// Folder of the heads (default: `witness` in the configuration folder).
    #[arg(long, value_name = "FOLDER", env = "QIYEMA_WITNESS_DIR")]
    pub folder: Option<PathBuf>,
}

/// Witness verbs.
#[derive(Debug, Subcommand)]
pub enum Witness {
    /// 开始见证一个日志 Begin to witness the log of a server.
    #[command(
        after_help = "Example: qiyema witness follow https://qy.example.cn --key 'qy.example.cn/ledger+1a2b3c4d+AaBb…'\nThe key is what `qiyema-server ledger key` prints: have it told by telephone or on paper."
    )]
    Follow {
        /// Origin of the server.
        url: String,
        /// The log's key, had from somewhere else; without it the server's own word is taken.
        #[arg(long, value_name = "KEY")]
        key: Option<String>,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
        /// Where to keep it.
        #[command(flatten)]
        kept: Kept,
    },
    /// 取最新日志头，核对它延续以往各头 Fetch the latest head; refuse a fork or a rollback. For a timer.
    #[command(after_help = "Example: qiyema witness check
  */10 * * * * qiyema witness check --json >> witness.log      # exit 6: the log was rewritten or turned back")]
    Check {
        /// Where it is kept.
        #[command(flatten)]
        kept: Kept,
    },
    /// 列出见证的日志 The logs that are witnessed, and how far.
    #[command(after_help = "Example: qiyema witness list --json")]
    List {
        /// Where it is kept.
        #[command(flatten)]
        kept: Kept,
    },
    /// 核对回执所指的评价仍在日志中 Check that the rating of a receipt is in the witnessed log.
    #[command(after_help = "Example: qiyema witness receipt r.jws")]
    Receipt {
        /// File or compact JWS.
        receipt: String,
        /// Where it is kept.
        #[command(flatten)]
        kept: Kept,
    },
}
