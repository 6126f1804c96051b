//! Wire types of intake: what comes in with an issue, what was asked before, what
//! channel systems send, files, and tables of many issues.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    board::{Outcome, State},
    text::Text,
};

/// Whose matter it is: town, county or city.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum IssueLevel {
    /// 镇街
    Town,
    /// 区县
    #[default]
    County,
    /// 市
    City,
}

/// Whom to call. Seen by staff who handle the issue, and by nobody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Name, up to 40 characters; may be empty.
    #[cfg_attr(feature = "openapi", schema(max_length = 40))]
    pub name: String,
    /// Telephone, 5 to 20 digits, blanks, `+`, `-`.
    #[cfg_attr(feature = "openapi", schema(min_length = 5, max_length = 20))]
    pub phone: String,
    /// E-mail address for the invitation to rate, if it is wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 254))]
    pub email: Option<String>,
}

/// What a category suggests for an issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Suggestion {
    /// Category id.
    pub category: String,
    /// Grade, as a word.
    pub grade: String,
    /// Limit in working days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub working_days: Option<u32>,
    /// Limit in hours on the clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<u32>,
    /// Unit that usually leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

/// An issue of the same enterprise that may be about the same matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SimilarIssue {
    /// Number.
    pub number: String,
    /// Subject.
    pub subject: String,
    /// Category id.
    pub category: String,
    /// State.
    pub state: State,
    /// The state in words.
    pub state_text: Text,
    /// Submitted (UTC).
    pub submitted_at: DateTime<Utc>,
    /// How alike, in per cent.
    pub likeness: u32,
}

/// Issues that may be about the same matter, the likest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SimilarList {
    /// At most ten.
    pub issues: Vec<SimilarIssue>,
}

/// Body of `POST /api/v1/channels/{channel}/issues`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChannelIssue {
    /// The channel's own number for it; the same one twice is one issue.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub reference: String,
    /// Unified social credit code of a registered enterprise.
    #[cfg_attr(feature = "openapi", schema(min_length = 18, max_length = 40))]
    pub uscc: String,
    /// Subject, 2 to 80 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 80))]
    pub subject: String,
    /// Full text, 2 to 4000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 4000))]
    pub body: String,
    /// Category id.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 40))]
    pub category: String,
    /// Town, county (the default) or city.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<IssueLevel>,
    /// Whom to call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
}

/// An issue as its channel's system may read it: no contact, no other channel's issues.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChannelStatus {
    /// The channel's own number.
    pub reference: String,
    /// Our number.
    pub number: String,
    /// State.
    pub state: State,
    /// The state in the words the owner reads.
    pub state_text: Text,
    /// Submitted (UTC).
    pub submitted_at: DateTime<Utc>,
    /// When the state changed last (UTC).
    pub changed_at: DateTime<Utc>,
    /// Lead unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Text>,
    /// Promised date; none while it is deferred.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<NaiveDate>,
    /// When a deferred issue is looked at again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_on: Option<NaiveDate>,
    /// What the enterprise is told with the state: what is asked for (need_info), why it is not accepted
    /// (rejected), why it has to wait (deferred). As it was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where a rejected issue belongs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right_channel: Option<String>,
    /// The date touches a year without an official calendar.
    pub provisional: bool,
    /// How it was closed; none of this while it is handled again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Outcome>,
    /// The reply given to the enterprise at closure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<String>,
    /// When it was closed (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<DateTime<Utc>>,
}

/// An enterprise as a system may read it: registered, and under which name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KnownEnterprise {
    /// Id, as webhooks name it.
    pub id: String,
    /// Unified social credit code.
    pub uscc: String,
    /// Registered name.
    pub name: String,
    /// When it was registered (UTC).
    pub registered_at: DateTime<Utc>,
}

/// A file of an issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttachmentView {
    /// Id.
    pub id: String,
    /// Name to show.
    pub name: String,
    /// Media type, by what the file holds.
    pub media_type: String,
    /// Bytes.
    pub size: u32,
    /// Whether the owner may see it; what staff attach for themselves is not for the owner.
    pub for_owner: bool,
    /// Whether the owner sent it.
    pub by_owner: bool,
    /// When (UTC).
    pub at: DateTime<Utc>,
}

/// Files of an issue, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttachmentList {
    /// The files.
    pub attachments: Vec<AttachmentView>,
}

/// Body of an upload: `multipart/form-data`, one or more files.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Upload {
    /// PNG, JPEG, WebP or PDF, up to 10 MiB each, up to five at once.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Binary))]
    pub file: Vec<u8>,
}

/// A cell of a table that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportFault {
    /// Row as Excel counts, the heading is 1.
    pub row: u32,
    /// Name of the column.
    pub column: String,
    /// What is wrong.
    pub what: Text,
    /// What to do about it.
    pub remedy: Text,
}

/// A row that became an issue, or had become one before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Imported {
    /// Row as Excel counts.
    pub row: u32,
    /// The channel's own number.
    pub reference: String,
    /// Our number.
    pub number: String,
    /// Whether this import made it; `false`: it was there before.
    pub made: bool,
}

/// Answer of `POST /api/v1/staff/issue-imports`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportReport {
    /// Nothing was written.
    pub dry_run: bool,
    /// Rows below the heading.
    pub rows: u32,
    /// Rows that can become, or became, new issues.
    pub fresh: u32,
    /// Rows whose reference is known already.
    pub known: u32,
    /// Rows that cannot be taken.
    pub bad: u32,
    /// Every fault, by row.
    pub faults: Vec<ImportFault>,
    /// Rows that are issues now; empty after a dry run.
    pub issues: Vec<Imported>,
    /// The first row that this request left to the next one, if it was asked for a part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_row: Option<u32>,
}
