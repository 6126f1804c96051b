//! Deeds on the register and on codes that were issued, and the roles that may;
//! walked by `rights_http` with the others.

use qiyema_protocol::staff::Role;
use serde_json::{Value, json};

#[rustfmt::skip]
pub const MORE: [(&str, &str, &[Role]); 19] = {
    use Role::{Administrator, Auditor, CodeIssuer, Dispatcher, IntakeOfficer, PerformanceReviewer, Supervisor};
    const ISSUES: &[Role] = &[IntakeOfficer, Dispatcher, Role::UnitAdministrator, Role::Handler, Role::ClosureReviewer,
        Role::FollowUpOfficer, Supervisor, Role::Leader, PerformanceReviewer, Auditor];
    const READERS: &[Role] = &[CodeIssuer, IntakeOfficer, Dispatcher, Supervisor, Administrator, Auditor];
    [
        ("GET", "staff/enterprise-imports", READERS),
        ("POST", "staff/enterprise-imports/{id}/confirmation", &[CodeIssuer, Administrator]),
        ("POST", "staff/enterprise-imports/{id}/cancellation", &[CodeIssuer, Administrator]),
        ("POST", "staff/codes/{code}/suspension", &[CodeIssuer]),
        ("POST", "staff/codes/{code}/resumption", &[CodeIssuer]),
        ("POST", "staff/codes/{code}/replacement", &[CodeIssuer]),
        ("POST", "staff/enterprises/{id}/pin", &[CodeIssuer]),
        ("POST", "staff/code-revocations", &[CodeIssuer]),
        ("GET", "staff/code-scans", READERS),
        ("GET", "staff/enterprises.csv", READERS),
        ("GET", "staff/issues.csv", ISSUES),
        ("GET", "staff/issues.xlsx", ISSUES),
        ("GET", "staff/desk", ISSUES),
        ("POST", "staff/issues/assignments", &[Dispatcher]),
        ("POST", "staff/issues/reminders", &[Dispatcher, Supervisor, Role::Leader]),
        ("GET", "admin/webhooks", &[Administrator, Auditor, PerformanceReviewer, Supervisor]),
        ("POST", "admin/webhooks/none/links", &[PerformanceReviewer, Supervisor]),
        ("GET", "admin/tags", &[Administrator, Auditor, PerformanceReviewer]),
        ("POST", "admin/tags", &[Administrator]),
    ]
};

/// What such a route is told.
pub fn body(path: &str) -> Value {
    match path {
        "staff/code-revocations" => json!({ "of": ["none"], "reason": "x" }),
        "staff/issues/assignments" => json!({ "issues": [], "unit": "gdj" }),
        "staff/issues/reminders" => json!({ "issues": [] }),
        "admin/tags" => json!({ "version": 1, "tags": [] }),
        _ if path.ends_with("/links") => json!({ "allowed": true }),
        _ if path.ends_with("/confirmation") => json!({}),
        _ if path.ends_with("/suspension") || path.ends_with("/replacement") => {
            json!({ "reason_code": "lost" })
        }
        _ => Value::Null,
    }
}
