//! Carries commands out.

pub mod any;
mod audit;
pub mod code;
mod code_run;
mod download;
pub mod enterprise;
mod figures;
pub mod import;
mod issue;
pub mod key;
mod life;
mod manifest;
mod names;
pub mod owner;
pub mod pin;
mod print;
pub mod rating;
pub mod receipt;
mod register;
mod run_files;
pub mod source;
pub mod staff;
mod witness;

use std::io::IsTerminal as _;

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
    /// Plain http accepted for any host.
    pub insecure: bool,
}

/// Runs one command.
pub fn run(args: Args) -> Result<(), Failure> {
    let lang = args.lang.unwrap_or_else(language);
    let api = Api::new(args.cacert.as_deref())?;
    let c = Context { api, lang, json: args.json, insecure: args.insecure };
    match args.command {
        Command::Scan { sources, offline, page, owner } => {
            owner::scan(&c, &sources, &owner::Wish { offline, page, owner })
        }
        Command::Verify { sources } => {
            owner::scan(&c, &sources, &owner::Wish { offline: true, page: 1, owner: false })
        }
        Command::Rate(rate) => owner::rate(&c, &rate),
        Command::Receipt(crate::args::Receipt::Verify { receipt, online }) => {
            receipt::verify(&c, &receipt, online)
        }
        Command::Pin(verb) => pin::run(&c, verb),
        Command::Keys(verb) => key::run(&c, verb),
        Command::Login { server, username, password_stdin, totp } => {
            staff::login(&c, &server, username, password_stdin, totp)
        }
        Command::Logout => staff::logout(&c),
        Command::Whoami => staff::whoami(&c),
        Command::Choices => staff::choices(&c),
        Command::Api(wish) => any::run(&c, wish),
        Command::Witness(verb) => witness::run(&c, verb),
        Command::Audit(wish) => audit::run(&c, &wish),
        Command::Figures(wish) => figures::run(&c, &wish),
        Command::Enterprise(verb) => enterprise::run(&c, verb),
        Command::Code(verb) => code::run(&c, verb),
        Command::Rating(verb) => rating::run(&c, verb),
        Command::Issue(verb) => issue::run(&c, verb),
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

fn language() -> Lang {
    let set = |name| std::env::var(name).ok().filter(|v| !v.is_empty());
    let locale = set("LC_ALL").or_else(|| set("LC_MESSAGES")).or_else(|| set("LANG"));
    if locale.is_some_and(|l| l.starts_with("en")) { Lang::En } else { Lang::Zh }
}

/// Reads a secret, never from an argument.
pub fn secret(stdin: bool, flag: &str, prompt: &str) -> Result<String, Failure> {
    if stdin {
        let mut text = String::new();
        std::io::stdin().read_line(&mut text)?;
        return Ok(text.trim_end_matches(['\r', '\n']).to_owned());
    }
    if !std::io::stdin().is_terminal() {
        return Err(Failure::new(2, format!("不是终端 / not a terminal: add {flag}")));
    }
    Ok(rpassword::prompt_password(prompt)?)
}

/// A value that goes into a path: nothing in it may turn the request elsewhere.
pub fn segment<'v>(name: &str, value: &'v str) -> Result<&'v str, Failure> {
    let plain = !value.is_empty() && value.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if plain {
        Ok(value)
    } else {
        let hint = "只用字母、数字和 - / letters, digits and - only";
        Err(Failure::new(2, format!("{name}: {hint}: {value}")))
    }
}

/// A path with its query; empty values are left out.
fn with_query(path: &str, values: &[(&str, &str)]) -> Result<String, Failure> {
    let given: Vec<_> = values.iter().filter(|(_, value)| !value.is_empty()).collect();
    if given.is_empty() {
        return Ok(path.to_owned());
    }
    let mut url = reqwest::Url::parse("http://localhost/").map_err(Failure::failed)?;
    url.query_pairs_mut().extend_pairs(given.into_iter().copied());
    Ok([path, "?", url.query().unwrap_or_default()].concat())
}

/// Rows for people.
fn table(head: &[&str], rows: Vec<Vec<String>>) -> Result<(), Failure> {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING).set_header(head);
    for row in rows {
        table.add_row(row.iter().map(|cell| output::clean(cell)));
    }
    output::line(&table.to_string())
}

#[cfg(test)]
mod tests {
    use super::{segment, with_query};

    #[test]
    fn what_goes_into_a_path_cannot_leave_it() {
        assert!(segment("NUMBER", "Q20261124-0007").is_ok());
        for odd in ["", "..", "a/b", "a?b", "a#b", "a%2fb", "号"] {
            assert_eq!(segment("NUMBER", odd).unwrap_err().exit, 2, "{odd}");
        }
    }

    #[test]
    fn a_query_is_escaped_and_empty_values_left_out() {
        let asked = with_query("issues", &[("state", ""), ("q", "码&a=b")]).unwrap();
        assert_eq!(asked, "issues?q=%E7%A0%81%26a%3Db");
        assert_eq!(with_query("issues", &[("q", "")]).unwrap(), "issues");
    }
}
