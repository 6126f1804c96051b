//! The room that carries messages out of the house: the only one that knows
//! reqwest and lettre. It is told what to send and where; it knows no issue.

pub mod guard;
pub mod hook;
pub mod mail;

use std::fmt;

/// Why a message did not arrive, as one word for the record and a sentence for
/// the log. Never what the other side answered: that is the other side's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undelivered {
    /// The target is an address this server does not send to.
    Forbidden,
    /// The name has no address.
    Unresolved,
    /// Nobody answered, or not in time.
    Unreachable,
    /// Answered, with this status of HTTP or SMTP.
    Answered(u16),
    /// The target cannot be read: not a URL, not an address.
    Malformed,
    /// There is nobody to send to any more.
    Gone,
    /// It would hold a link that this webhook may not carry.
    Barred,
}

impl fmt::Display for Undelivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Forbidden => f.write_str("forbidden_address"),
            Self::Unresolved => f.write_str("unresolved"),
            Self::Unreachable => f.write_str("unreachable"),
            Self::Answered(status) => write!(f, "answered_{status}"),
            Self::Malformed => f.write_str("malformed"),
            Self::Gone => f.write_str("gone"),
            Self::Barred => f.write_str("links_not_allowed"),
        }
    }
}

impl Undelivered {
    /// Whether trying again can help.
    #[must_use]
    pub const fn lasting(self) -> bool {
        matches!(self, Self::Gone | Self::Malformed | Self::Barred)
    }
}
