//! Failures with their exit code: scripts read the number, people the message.

use std::fmt;

use qiyema_protocol::{problem::Problem, seal::SealError};

/// Something went wrong; says what to do about it.
#[derive(Debug)]
pub struct Failure {
    /// Exit code of the process.
    pub exit: u8,
    /// For people.
    pub message: String,
}

impl Failure {
    /// 1: failed.
    pub fn failed(message: impl fmt::Display) -> Self {
        Self::new(1, message)
    }

    /// Any code.
    pub fn new(exit: u8, message: impl fmt::Display) -> Self {
        Self { exit, message: message.to_string() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<SealError> for Failure {
    fn from(error: SealError) -> Self {
        let hint = match error {
            SealError::UnknownKey(_) => " — 更新密钥 / refresh the keys: qiyema keys fetch",
            _ => "",
        };
        Self::new(6, format!("码无效 / code invalid: {error}{hint}"))
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::failed(error)
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::failed(error)
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        let exit = match problem.code.as_str() {
            code if code.starts_with("seal_") || code.starts_with("code_") => 6,
            "unauthenticated" | "forbidden" | "device_unknown" | "pin_wrong" => 4,
            "issue_unknown" | "not_found" => 5,
            "version_conflict" | "transition_refused" | "enterprise_exists" | "uscc_unconfirmed"
            | "already_rated" | "rating_closed" | "rating_not_open" => 7,
            _ => 1,
        };
        let mut message = format!("{} / {} ({})", problem.detail.zh, problem.detail.en, problem.code);
        for field in problem.errors {
            message.push_str(&format!("\n  {}: {} / {}", field.field, field.detail.zh, field.detail.en));
        }
        if problem.code == "unauthenticated" {
            message.push_str("\n  登录 / sign in: qiyema login");
        }
        Self::new(exit, message)
    }
}
