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
    /// The server's problem code, if it was the server that refused.
    pub code: Option<String>,
}

impl Failure {
    /// 1: failed.
    pub fn failed(message: impl fmt::Display) -> Self {
        Self::new(1, message)
    }

    /// Any code.
    pub fn new(exit: u8, message: impl fmt::Display) -> Self {
        Self { exit, message: message.to_string(), code: None }
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
            // The code may well be genuine: a program that cannot tell must not call it false.
            SealError::Unsupported(..) => {
                return Self::failed(format!("无法核验 / cannot be checked: {error} (--features gm)"));
            }
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
            "code_not_suspended" => 7,
            code if code.starts_with("seal_") || code.starts_with("code_") => 6,
            "unauthenticated" | "forbidden" | "device_unknown" | "pin_wrong" => 4,
            "issue_unknown" | "not_found" => 5,
            "version_conflict"
            | "transition_refused"
            | "enterprise_exists"
            | "uscc_unconfirmed"
            | "already_rated"
            | "rating_closed"
            | "rating_not_open"
            | "public_url_unset"
            | "signing_key_absent"
            | "idempotency_key_reused" => 7,
            _ => match problem.status {
                401 | 403 => 4,
                404 => 5,
                409 => 7,
                _ => 1,
            },
        };
        let mut message = format!("{} / {} ({})", problem.detail.zh, problem.detail.en, problem.code);
        for field in problem.errors {
            let line = ["\n  ", &field.field, ": ", &field.detail.zh, " / ", &field.detail.en];
            message.push_str(&line.concat());
        }
        if let Some(seconds) = problem.retry_after {
            message
                .push_str(&["\n  请稍候（秒）再试 / try again in seconds: ", &seconds.to_string()].concat());
        }
        if problem.code == "unauthenticated" {
            message.push_str("\n  登录 / sign in: qiyema login");
        }
        if problem.code == "second_factor_required" {
            message.push_str("\n  加上动态码 / add the code: qiyema login --totp 123456 …");
        }
        if problem.code == "enrolment_required" {
            message.push_str(
                "\n  先在工作台登录并登记身份验证器 / sign in at the console and enrol an app first",
            );
        }
        if problem.code == "device_unknown" {
            message.push_str("\n  重新验证 / prove the PIN again: qiyema pin enter PHOTO");
        }
        Self { exit, message: crate::output::lines(&message), code: Some(problem.code) }
    }
}

#[cfg(test)]
mod tests {
    use qiyema_protocol::{problem::Problem, text::Text};

    use super::Failure;

    #[test]
    fn every_problem_code_has_the_exit_code_that_scripts_rely_on() {
        let cases = [
            ("seal_malformed", 6),
            ("seal_signature_false", 6),
            ("code_revoked", 6),
            ("code_replaced", 6),
            ("code_suspended", 6),
            ("code_not_suspended", 7),
            ("unauthenticated", 4),
            ("forbidden", 4),
            ("device_unknown", 4),
            ("pin_wrong", 4),
            ("issue_unknown", 5),
            ("not_found", 5),
            ("version_conflict", 7),
            ("transition_refused", 7),
            ("enterprise_exists", 7),
            ("already_rated", 7),
            ("rating_closed", 7),
            ("public_url_unset", 7),
            ("signing_key_absent", 7),
            ("rate_limited", 1),
            ("invalid_input", 1),
            ("busy", 1),
            ("internal", 1),
        ];
        for (code, exit) in cases {
            let problem = Problem {
                kind: format!("urn:qiyema:problem:{code}"),
                title: code.to_owned(),
                status: 400,
                code: code.to_owned(),
                detail: Text::new("说明", "detail"),
                request_id: None,
                errors: Vec::new(),
                retry_after: None,
                legal: Vec::new(),
                version: None,
                changes: Vec::new(),
            };
            assert_eq!(Failure::from(problem).exit, exit, "{code}");
        }
    }
}
