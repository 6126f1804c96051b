//! Wire types of webhooks (`/api/v1/admin/webhooks`) and of the inbox.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::text::Text;

/// Body of `POST /api/v1/admin/webhooks`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewWebhook {
    /// Which system it is, 2 to 60 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 60))]
    pub name: String,
    /// Where to: https, or http inside an allowed network.
    #[cfg_attr(feature = "openapi", schema(min_length = 8, max_length = 500))]
    pub url: String,
    /// Kinds of events, without `issue.`; empty: all but `rating_invited`, `rating_reminded` and
    /// `rectification_invited`, which hold a link to rate, have to be named, and are sent once somebody allowed it.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 60))]
    pub kinds: Vec<String>,
}

/// A webhook as listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookView {
    /// Id.
    pub id: String,
    /// Which system it is.
    pub name: String,
    /// Where to.
    pub url: String,
    /// Kinds of events; empty: all that hold no link to rate.
    pub kinds: Vec<String>,
    /// Full name of who set it up.
    pub made_by: String,
    /// Its kinds ask for links to rate.
    pub wants_links: bool,
    /// The latest word on that; absent: nobody has allowed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub links: Option<LinksView>,
    /// Since when.
    pub made_at: DateTime<Utc>,
    /// Paused since then: nothing new is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paused_at: Option<DateTime<Utc>>,
    /// Messages that wait or are tried again.
    pub waiting: u32,
    /// Messages that were given up.
    pub given_up: u32,
    /// The latest message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest: Option<DeliveryView>,
}

/// Somebody's word on whether a webhook carries links to rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LinksView {
    /// It carries them.
    pub allowed: bool,
    /// Full name of who said so.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Body of `POST /api/v1/admin/webhooks/{id}/links`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AllowLinks {
    /// true lets it carry links to rate; false takes that back, and ends those it carried.
    pub allowed: bool,
}

/// A new webhook, or one with a new secret (201). The secret is shown once.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookSecret {
    /// The webhook.
    pub webhook: WebhookView,
    /// `whsec_…`, for any library of Standard Webhooks.
    pub secret: String,
}

/// All webhooks.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookList {
    /// In the order they were made.
    pub webhooks: Vec<WebhookView>,
}

/// Body of `POST /api/v1/admin/webhooks/{id}/pause`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PauseWebhook {
    /// true pauses, false resumes.
    pub paused: bool,
}

/// A message to a webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeliveryView {
    /// `webhook-id` of every try.
    pub id: String,
    /// Kind of the event.
    pub kind: String,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Tries so far.
    pub tries: u32,
    /// Arrived then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<DateTime<Utc>>,
    /// Given up then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_up_at: Option<DateTime<Utc>>,
    /// Tried again then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_try_at: Option<DateTime<Utc>>,
    /// Why the last try failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
}

/// The latest messages to one webhook.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeliveryList {
    /// The newest first.
    pub deliveries: Vec<DeliveryView>,
}

/// Body of `POST /api/v1/admin/staff/{username}/mailbox`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Mailbox {
    /// Where notices are sent besides the inbox; absent: nowhere.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 254))]
    pub address: Option<String>,
}

/// A notice of the inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NoticeView {
    /// Id.
    pub id: String,
    /// Number of the issue.
    pub number: String,
    /// What the issue is about.
    pub subject: String,
    /// Kind of the event.
    pub kind: String,
    /// What happened and what to do.
    pub words: Text,
    /// When.
    pub at: DateTime<Utc>,
    /// Not read yet.
    pub unread: bool,
}

/// A page of the inbox.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Inbox {
    /// The newest first.
    pub notices: Vec<NoticeView>,
    /// How many in all are unread.
    pub unread: u32,
    /// `before` of the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
