//! Carries commands out.

pub mod key;
pub mod owner;
pub mod source;
pub mod staff;

use clap::CommandFactory as _;

use crate::{
    api::Api,
    args::{Args, Command, Lang},
    exit::Failure,
    output,
};

/// What every command needs.
pub struct Context {
    /// Servers.
    pub api: Api,
    /// Language.
    pub lang: Lang,
    /// JSON wanted.
    pub json: bool,
}

/// Runs one command.
pub fn run(args: Args) -> Result<(), Failure> {
    let english = std::env::var("LANG").is_ok_and(|l| l.starts_with("en"));
    let lang = args.lang.unwrap_or(if english { Lang::En } else { Lang::Zh });
    let context = Context { api: Api::new(args.cacert.as_deref())?, lang, json: args.json };
    match args.command {
        Command::Scan { sources, offline, page, owner } => {
            owner::scan(&context, &sources, offline, page, owner)
        }
        Command::Verify { source } => owner::scan(&context, &[source], true, 1, false),
        Command::Rate(rate) => owner::rate(&context, &rate),
        Command::Receipt(crate::args::Receipt::Verify { receipt }) => owner::receipt(&context, &receipt),
        Command::Pin(pin) => owner::pin(&context, pin),
        Command::Keys(keys) => key::run(&context, keys),
        Command::Login { server, username, password_stdin } => {
            staff::login(&context, &server, username, password_stdin)
        }
        Command::Logout => staff::logout(&context),
        Command::Whoami => staff::show(&context, "me"),
        Command::Choices => staff::show(&context, "choices"),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Args::command(), "qiyema", &mut script);
            output::line(&String::from_utf8_lossy(&script))
        }
        Command::Man => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Args::command()).render(&mut page)?;
            output::line(&String::from_utf8_lossy(&page))
        }
    }
}
