//! The form of a rating with all that may be said besides. It stands apart from
//! the board, where two buttons suffice, so that the board stays light.

use askama::Template;
use qiyema_protocol::{
    board::{Card, ClosureView},
    rating::RatingTags,
};

use super::{
    STYLE,
    owner::{Frame, Shell, Typed},
};
use crate::web::words::Words;

/// The form of a rating.
#[derive(Debug)]
pub struct RatingPage<'a> {
    /// The frame.
    pub frame: Frame<'a>,
    /// The issue.
    pub card: &'a Card,
    /// Its closure, which can be rated.
    pub closure: &'a ClosureView,
    /// Tags offered.
    pub tags: &'a RatingTags,
    /// What was typed before.
    pub typed: Typed<'a>,
    /// Where the form goes, below the frame's address.
    pub below: &'a str,
    /// Whether it will count as the owner's.
    pub counts: bool,
    /// Whether there is a board to go back to.
    pub board: bool,
}

impl RatingPage<'_> {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        let w = self.frame.words;
        let further = further(w, self.closure).filter(|_| !self.closure.rateable);
        let tags = |wanted: fn(u8) -> bool| {
            let tags = self.tags.tags.iter().filter(|tag| wanted(tag.score));
            tags.map(|tag| (tag.id.as_str(), w.say(&tag.text))).collect()
        };
        RatingHtml {
            w,
            style: STYLE,
            care: self.frame.care,
            shell: self.frame.shell(),
            counts: self.counts,
            action: format!("{}{}{}", self.frame.seal_path, self.below, self.frame.shell().keep),
            board: self.board,
            number: &self.card.number,
            category: w.say(&self.card.category),
            state: w.say(&self.card.state_text),
            round: further.as_ref().map(|(round, _)| *round),
            until: self.closure.rateable.then(|| (w.day)(self.closure.rate_until)),
            asks: further.map_or_else(|| w.rate.to_owned(), |(_, asks)| asks),
            good_tags: tags(|score| score >= 3),
            bad_tags: tags(|score| score < 3),
            faults: self.typed.faults.iter().map(|fault| w.say(&fault.detail)).collect(),
            comment: self.typed.value("comment"),
            typed: &self.typed,
        }
        .render()
    }
}

/// A further rating that the reader may give: its round, and what is asked.
#[must_use]
pub fn further(w: &'static Words, closure: &ClosureView) -> Option<(&'static str, String)> {
    if closure.rectification_rateable {
        return Some(("rectification", w.rate_rectification.to_owned()));
    }
    closure.second_until.map(|until| ("second", (w.rate_again)(&(w.day)(until))))
}

#[derive(Template)]
#[template(path = "rating.html")]
struct RatingHtml<'a> {
    w: &'static Words,
    style: &'static str,
    care: bool,
    shell: Shell<'a>,
    counts: bool,
    action: String,
    board: bool,
    number: &'a str,
    category: &'a str,
    state: &'a str,
    round: Option<&'static str>,
    until: Option<String>,
    asks: String,
    good_tags: Vec<(&'a str, &'a str)>,
    bad_tags: Vec<(&'a str, &'a str)>,
    faults: Vec<&'a str>,
    comment: &'a str,
    typed: &'a Typed<'a>,
}

impl RatingHtml<'_> {
    /// Whether this was chosen before; nothing is chosen for the owner.
    fn chosen(&self, name: &str, value: &str) -> bool {
        self.typed.fields.iter().any(|(key, typed)| key == name && typed == value)
    }
}
