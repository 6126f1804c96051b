//! What was entered in the owner's name after a telephone call: every word of it, and
//! the receipt by which the owner can hold it against the log.

use askama::Template;
use qiyema_protocol::rating::{CalledBack, Verdict};

use super::{
    STYLE,
    owner::{Frame, Shell},
};
use crate::{store::columns::word, web::words::Words};

/// `GET /c/{seal}/issues/{number}/call-back-rating`.
#[derive(Debug)]
pub struct CalledBackPage<'a> {
    /// The frame.
    pub frame: Frame<'a>,
    /// What was entered.
    pub said: &'a CalledBack,
}

impl CalledBackPage<'_> {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        let (w, said) = (self.frame.words, self.said);
        let named = |choices: &[(&str, &'static str)], chosen: Option<String>| {
            let chosen = chosen?;
            choices.iter().find(|(id, _)| *id == chosen).map(|(_, name)| *name)
        };
        CalledBackHtml {
            w,
            style: STYLE,
            care: self.frame.care,
            shell: self.frame.shell(),
            said,
            verdict: match said.verdict {
                Verdict::Good => w.good,
                Verdict::Bad => w.bad,
            },
            level: named(&w.levels, said.level.and_then(|level| word(level).ok())),
            solved: named(&w.solved_choices, said.solved.and_then(|solved| word(solved).ok())),
            tags: said.tags.iter().map(|tag| w.say(tag)).collect(),
        }
        .render()
    }
}

#[derive(Template)]
#[template(path = "called_back.html")]
struct CalledBackHtml<'a> {
    w: &'static Words,
    style: &'static str,
    care: bool,
    shell: Shell<'a>,
    said: &'a CalledBack,
    verdict: &'static str,
    level: Option<&'static str>,
    solved: Option<&'static str>,
    tags: Vec<&'a str>,
}
