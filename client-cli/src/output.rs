//! What is written: one JSON document a line, or text for people. A closed pipe is no error.

use std::io::Write as _;

use serde::Serialize;

use crate::exit::Failure;

/// Text to standard output.
pub fn line(text: &str) -> Result<(), Failure> {
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// One document on one line.
pub fn json(value: &impl Serialize) -> Result<(), Failure> {
    line(&serde_json::to_string(value)?)
}

/// Text to standard error; if even that is closed, nobody is reading.
pub fn people(text: &str) {
    drop(writeln!(std::io::stderr(), "{text}"));
}

/// Control characters from a server must not drive the terminal.
#[must_use]
pub fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

/// The same for a text of several lines.
#[must_use]
pub fn lines(text: &str) -> String {
    text.chars().filter(|c| *c == '\n' || !c.is_control()).collect()
}
