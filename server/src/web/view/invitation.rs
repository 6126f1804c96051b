//! What whoever rated by an invitation reads: thanks, what happens next, the receipt.

use askama::Template;
use qiyema_protocol::rating::Verdict;

use super::{
    STYLE,
    owner::{Frame, Shell},
};
use crate::{domain::wording::Wording, web::words::Words};

/// Thanks.
#[derive(Debug)]
pub struct ThanksPage<'a> {
    /// The frame.
    pub frame: Frame<'a>,
    /// The centre's own words.
    pub wording: &'a Wording,
    /// What was said.
    pub verdict: Verdict,
    /// The signed receipt.
    pub receipt: &'a str,
}

impl ThanksPage<'_> {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        let w = self.frame.words;
        let text = match self.verdict {
            Verdict::Good => &self.wording.thanks,
            Verdict::Bad => &self.wording.thanks_bad,
        };
        ThanksHtml {
            w,
            style: STYLE,
            care: self.frame.care,
            shell: self.frame.shell(),
            text: w.say(text),
            receipt: self.receipt,
        }
        .render()
    }
}

#[derive(Template)]
#[template(path = "rated.html")]
struct ThanksHtml<'a> {
    w: &'static Words,
    style: &'static str,
    care: bool,
    shell: Shell<'a>,
    text: &'a str,
    receipt: &'a str,
}
