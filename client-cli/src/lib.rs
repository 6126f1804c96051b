//! The command-line client: reads codes, checks their seal offline, asks the
//! server that the reader trusts (and no other), rates, and does staff work.

pub mod api;
pub mod args;
pub mod board;
pub mod clock;
pub mod command;
pub mod credentials;
pub mod exit;
pub mod keys;
pub mod output;
pub mod photo;
pub mod revocations;
pub mod witness;

use std::process::ExitCode;

use clap::Parser as _;

/// Runs the program; the exit code tells scripts what happened.
#[must_use]
pub fn run() -> ExitCode {
    let args = args::Args::parse();
    match command::run(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::people(&failure.to_string());
            ExitCode::from(failure.exit)
        }
    }
}
