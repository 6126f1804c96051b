//! The form of the tags: a row each, and some empty ones for new tags.

use askama::Template;
use qiyema_protocol::rating::{RatingTag, Verdict};

use super::frame::Frame;
use crate::web::words::{
    console::tags::{self as said, TagWords},
    lang::Lang,
};

/// The scores that a tag may have.
const SCORES: [u8; 4] = [5, 3, 2, 1];

/// A row of the form, as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns of the form")]
pub struct Row {
    /// Its number: the fields are `zh-3`, `en-3`, …
    pub n: usize,
    pub id: String,
    pub zh: String,
    pub en: String,
    pub score: String,
    pub place: String,
    /// Not to be offered any more.
    pub out: bool,
    /// The version that is edited has it: its id stays.
    pub known: bool,
    /// Fields, and what is wrong with each.
    pub faults: Vec<(&'static str, String)>,
}

impl Row {
    /// A tag of the version that is edited, at its place.
    #[must_use]
    pub fn of(tag: &RatingTag, place: usize) -> Self {
        Self {
            id: tag.id.clone(),
            zh: tag.text.zh.clone(),
            en: tag.text.en.clone(),
            score: tag.score.to_string(),
            // In tens, so that another one fits between two.
            place: (10 * (place + 1)).to_string(),
            known: true,
            ..Self::default()
        }
    }

    /// Nothing was typed.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        !self.known && [&self.id, &self.zh, &self.en].iter().all(|text| text.is_empty())
    }

    fn side(&self) -> Verdict {
        if matches!(self.score.as_str(), "5" | "3") { Verdict::Good } else { Verdict::Bad }
    }

    /// What its fields are told apart by when read aloud.
    fn name(&self, w: &TagWords) -> String {
        if self.known { self.id.clone() } else { format!("{} {}", w.new_row, self.n + 1) }
    }

    fn words(&self, w: &TagWords) -> [(&'static str, &'static str, &str); 2] {
        [("zh", w.zh, &self.zh), ("en", w.en, &self.en)]
    }

    fn fault(&self, field: &str) -> Option<&str> {
        self.faults.iter().find(|(name, _)| *name == field).map(|(_, said)| said.as_str())
    }
}

/// The form as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// The version that it was made from.
    pub version: u32,
    /// Its rows.
    pub rows: Vec<Row>,
    /// What is wrong with the whole.
    pub errors: Vec<String>,
}

/// The page of the form.
#[derive(Debug)]
pub struct TagsEdit<'a> {
    /// The frame.
    pub frame: Frame,
    /// What stands in it.
    pub draft: &'a Draft,
}

impl TagsEdit<'_> {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        let lang = self.frame.lang;
        let w = TagWords::of(lang);
        let known = |side: Verdict| self.draft.rows.iter().filter(move |row| row.known && row.side() == side);
        let new = self.draft.rows.iter().filter(|row| !row.known);
        TagsEditHtml {
            f: &self.frame,
            w,
            version: said::version(lang, self.draft.version),
            d: self.draft,
            scores: scores(lang),
            parts: vec![
                (said::side(lang, Verdict::Good), "", known(Verdict::Good).collect()),
                (said::side(lang, Verdict::Bad), "", known(Verdict::Bad).collect()),
                (w.new, w.new_lead, new.collect()),
            ],
        }
        .render()
    }
}

fn scores(lang: Lang) -> Vec<(String, &'static str)> {
    SCORES.map(|score| (score.to_string(), said::score(lang, score))).to_vec()
}

/// A part of the form: heading, what to know, rows.
type FormPart<'a> = (&'static str, &'static str, Vec<&'a Row>);

#[derive(Template)]
#[template(path = "console/tags_edit.html")]
struct TagsEditHtml<'a> {
    f: &'a Frame,
    w: &'static TagWords,
    version: String,
    d: &'a Draft,
    scores: Vec<(String, &'static str)>,
    parts: Vec<FormPart<'a>>,
}

#[cfg(test)]
mod tests {
    use qiyema_protocol::{rating::RatingTag, text::Text};

    use super::{Draft, Row, TagsEdit};
    use crate::web::{view::console::frame::Frame, words::lang::Lang};

    #[test]
    fn what_people_typed_is_never_markup_and_each_fault_stands_at_its_field() {
        let tag = RatingTag { id: "slow".into(), score: 2, text: Text::new("<b>慢", "Slow") };
        let mut row = Row::of(&tag, 0);
        row.faults.push(("en", "应为1至40个字符".into()));
        let draft = Draft { version: 3, rows: vec![row, Row { n: 1, ..Row::default() }], errors: vec![] };
        let page = TagsEdit { frame: Frame::sample(Lang::Zh, "/console/tags/edit"), draft: &draft };
        let html = page.render().unwrap();
        assert!(html.contains("value=\"&#60;b&#62;慢\"") && !html.contains("<b>慢"), "{html}");
        assert!(html.contains("name=\"en-0\" value=\"Slow\" maxlength=\"40\" autocomplete=\"off\" aria-label=\"英文 · slow\" aria-invalid=\"true\" aria-describedby=\"en-0-error\""), "{html}");
        assert!(html.contains("<option value=\"2\" selected>2 不满意</option>"), "{html}");
        for forbidden in ["<style", " style=", " onclick=", "<script>"] {
            assert!(!html.contains(forbidden), "{forbidden}");
        }
    }
}
