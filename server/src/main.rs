//! The binary: everything is in the library.

fn main() -> std::process::ExitCode {
    match qiyema_server::command::args::run() {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("qiyema-server: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}
