//! `qiyema`: the command-line client. Everything is in the library, so that it can be tested.

use std::process::ExitCode;

fn main() -> ExitCode {
    qiyema_cli::run()
}
