//! Sentences that a centre may put in its own words. Only such as advise or
//! thank: what an issue's state, a date or a rating says is the product's word to
//! the owner, and nobody rewords it; nor the sentence that rating is voluntary.

use qiyema_protocol::text::Text;

/// The sentences in force; defaults stand in `config/default.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// Below the name on the front page of the host.
    pub home_lead: Text,
    /// On the board of an enterprise that has no issue: what to do.
    pub board_empty: Text,
    /// Beside the question for the PIN: what it opens.
    pub pin_why: Text,
    /// After a rating of the owner.
    pub thanks: Text,
    /// After a bad one: what happens next.
    pub thanks_bad: Text,
    /// Last line of a letter; may be empty.
    pub mail_closing: Text,
}
