//! What the columns of each kind hold: an entry covers them all, and a test holds
//! this list against the schema, so that no new column is forgotten.

use super::kind::Kind;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Text.
    Text,
    /// A whole number.
    Number,
    /// Yes or no.
    Flag,
    /// A moment in UTC.
    Moment,
    /// A day.
    Day,
}

use Form::{Day, Flag, Moment, Number, Text};

/// The columns of a kind.
// A line a table, as in the schema.
#[rustfmt::skip]
#[must_use]
pub const fn columns(kind: Kind) -> &'static [(&'static str, Form)] {
    match kind {
        Kind::Openings => &[("kind", Text), ("at", Moment)],
        Kind::Events => &[("id", Text), ("enterprise_id", Text), ("subject_id", Text), ("seq", Number), ("kind", Text), ("state", Text), ("note", Text), ("detail", Text), ("at", Moment), ("by", Text)],
        Kind::Closures => &[("id", Text), ("enterprise_id", Text), ("issue_id", Text), ("result", Text), ("reply", Text), ("at", Moment), ("by", Text), ("unit_id", Text), ("handler_id", Text), ("first_due_on", Day), ("due_on", Day), ("rate_until", Day)],
        Kind::Ratings => &[("id", Text), ("enterprise_id", Text), ("issue_id", Text), ("closure_id", Text), ("tier", Text), ("round", Text), ("verdict", Text), ("level", Text), ("solved", Text), ("comment", Text), ("tags", Text), ("tags_version", Number), ("code_id", Text), ("at", Moment)],
        Kind::Flags => &[("id", Text), ("enterprise_id", Text), ("rating_id", Text), ("reason", Text), ("at", Moment)],
        Kind::Assignments => &[("id", Text), ("enterprise_id", Text), ("issue_id", Text), ("part", Text), ("unit_id", Text), ("office_id", Text), ("handler_id", Text), ("at", Moment), ("by", Text), ("due_at", Moment)],
        Kind::Extensions => &[("id", Text), ("enterprise_id", Text), ("issue_id", Text), ("from_on", Day), ("to_on", Day), ("reason", Text), ("note", Text), ("at", Moment), ("by", Text), ("round", Number)],
        Kind::Promises => &[("id", Text), ("enterprise_id", Text), ("issue_id", Text), ("from_on", Day), ("working_days", Number), ("due_on", Day), ("first_working_days", Number), ("at", Moment)],
        Kind::CallBacks => &[("id", Text), ("enterprise_id", Text), ("issue_id", Text), ("closure_id", Text), ("reached", Flag), ("contacted", Text), ("solved", Text), ("satisfaction", Text), ("note", Text), ("decision", Text), ("at", Moment), ("by", Text)],
        Kind::ClosureFacts => &[("closure_id", Text), ("enterprise_id", Text), ("grade", Text), ("leader_id", Text), ("at", Moment)],
        Kind::AssignmentFacts => &[("assignment_id", Text), ("enterprise_id", Text), ("grade", Text), ("leader_id", Text), ("at", Moment)],
        Kind::Appeals => &[("id", Text), ("enterprise_id", Text), ("rating_id", Text), ("ground", Text), ("reason", Text), ("at", Moment), ("by", Text)],
        Kind::Decisions => &[("id", Text), ("enterprise_id", Text), ("appeal_id", Text), ("place", Number), ("judgement", Text), ("reason", Text), ("at", Moment), ("by", Text)],
        Kind::Outcomes => &[("rating_id", Text), ("enterprise_id", Text), ("appeal_id", Text), ("judgement", Text), ("at", Moment)],
        Kind::Endings => &[("code_id", Text), ("enterprise_id", Text), ("kind", Text), ("at", Moment), ("by", Text), ("reason", Text), ("replaced_by", Text), ("reason_code", Text)],
        Kind::Suspensions => &[("id", Text), ("code_id", Text), ("enterprise_id", Text), ("at", Moment), ("by", Text), ("reason_code", Text), ("reason", Text)],
        Kind::Resumptions => &[("suspension_id", Text), ("code_id", Text), ("enterprise_id", Text), ("at", Moment), ("by", Text)],
        Kind::Administration => &[("id", Text), ("subject_kind", Text), ("subject_id", Text), ("kind", Text), ("detail", Text), ("at", Moment), ("by", Text)],
        Kind::Proofs => &[("rating_id", Text), ("enterprise_id", Text), ("proof", Text), ("invitation_id", Text), ("officer_id", Text), ("at", Moment), ("webhook_id", Text)],
        Kind::Invitations => &[("id", Text), ("enterprise_id", Text), ("issue_id", Text), ("closure_id", Text), ("until", Day), ("at", Moment)],
        Kind::Rectifications => &[("id", Text), ("enterprise_id", Text), ("issue_id", Text), ("closure_id", Text), ("rating_id", Text), ("unit_id", Text), ("handler_id", Text), ("at", Moment), ("by", Text)],
        Kind::RectificationSteps => &[("id", Text), ("enterprise_id", Text), ("rectification_id", Text), ("kind", Text), ("note", Text), ("at", Moment), ("by", Text)],
        Kind::RectificationLimits => &[("rectification_id", Text), ("enterprise_id", Text), ("working_days", Number), ("at", Moment)],
        Kind::Requests => &[("id", Text), ("enterprise_id", Text), ("issue_id", Text), ("kind", Text), ("unit_id", Text), ("reason", Text), ("working_days", Number), ("review_on", Day), ("suggested_unit_id", Text), ("note", Text), ("from_state", Text), ("at", Moment), ("by", Text), ("round", Number)],
        Kind::Rulings => &[("request_id", Text), ("enterprise_id", Text), ("issue_id", Text), ("decision", Text), ("note", Text), ("at", Moment), ("by", Text)],
        Kind::Deferrals => &[("id", Text), ("enterprise_id", Text), ("issue_id", Text), ("reason", Text), ("review_on", Day), ("working_days_left", Number), ("at", Moment), ("by", Text)],
        Kind::Continuations => &[("id", Text), ("enterprise_id", Text), ("issue_id", Text), ("from_on", Day), ("to_on", Day), ("at", Moment), ("by", Text)],
        Kind::Reports => &[("id", Text), ("enterprise_id", Text), ("issue_id", Text), ("result", Text), ("reply", Text), ("at", Moment), ("by", Text)],
        Kind::Supervisions => &[("id", Text), ("enterprise_id", Text), ("issue_id", Text), ("kind", Text), ("clock", Text), ("unit_id", Text), ("note", Text), ("at", Moment), ("by", Text), ("limit_at", Moment)],
        Kind::IssueFacts => ISSUE_FACTS,
        Kind::StateFacts => &[("id", Text), ("table_name", Text), ("row_key", Text), ("version", Number), ("fits", Flag), ("gone", Flag), ("content", Text)],
        Kind::Tags => &[("version", Number), ("position", Number), ("id", Text), ("score", Number), ("zh", Text), ("en", Text), ("at", Moment)],
        Kind::Codes => &[("id", Text), ("enterprise_id", Text), ("kid", Number), ("issued_at", Moment), ("issued_by", Text)],
    }
}

/// What is written down of an issue after each step.
const ISSUE_FACTS: &[(&str, Form)] = &[
    ("id", Text),
    ("enterprise_id", Text),
    ("issue_id", Text),
    ("version", Number),
    ("fits", Flag),
    ("words", Text),
    ("category_id", Text),
    ("channel_id", Text),
    ("level", Text),
    ("state", Text),
    ("is_open", Flag),
    ("submitted_at", Moment),
    ("submitted_by", Text),
    ("accepted_at", Moment),
    ("lead_unit_id", Text),
    ("office_id", Text),
    ("handler_id", Text),
    ("first_due_on", Day),
    ("due_on", Day),
    ("due_at", Moment),
    ("provisional", Flag),
    ("last_kind", Text),
    ("last_at", Moment),
    ("closure_id", Text),
    ("state_at", Moment),
    ("replied_at", Moment),
    ("review_on", Day),
    ("supervision", Text),
    ("merged_into", Text),
    ("round", Number),
];

/// What the row of an issue itself says of it, in the same order: all but what only a fact has.
const ISSUES: &[(&str, Form)] = &[
    ("id", Text),
    ("number", Text),
    ("subject", Text),
    ("body", Text),
    ("enterprise_id", Text),
    ("version", Number),
    ("category_id", Text),
    ("channel_id", Text),
    ("level", Text),
    ("state", Text),
    ("is_open", Flag),
    ("submitted_at", Moment),
    ("submitted_by", Text),
    ("accepted_at", Moment),
    ("lead_unit_id", Text),
    ("office_id", Text),
    ("handler_id", Text),
    ("first_due_on", Day),
    ("due_on", Day),
    ("due_at", Moment),
    ("provisional", Flag),
    ("last_kind", Text),
    ("last_at", Moment),
    ("closure_id", Text),
    ("state_at", Moment),
    ("replied_at", Moment),
    ("review_on", Day),
    ("supervision", Text),
    ("merged_into", Text),
    ("round", Number),
];

/// The columns of an issue that are held against its newest fact.
#[must_use]
pub const fn of_issues() -> &'static [(&'static str, Form)] {
    ISSUES
}
