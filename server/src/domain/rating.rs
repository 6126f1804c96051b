//! Ratings (好差评): the tag catalogue and what makes a rating acceptable.

use std::collections::BTreeMap;

use qiyema_protocol::{
    problem::FieldProblem,
    rating::{Level, NewRating, RatingTag, RatingTags, Round, Solved, Verdict},
    text::Text,
};

use super::text::{Typed, problem};

/// Tags one rating may carry.
pub const MOST_TAGS: usize = 6;
/// Characters a comment may have.
pub const LONGEST_COMMENT: usize = 500;

/// The catalogues of tags, by their versions: the last one is offered, and each rating is read in the words of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalogues(BTreeMap<u32, Vec<RatingTag>>);

impl Catalogues {
    /// From tags with their versions, each version best first.
    pub fn new(tags: impl IntoIterator<Item = (u32, RatingTag)>) -> Self {
        let mut versions: BTreeMap<u32, Vec<RatingTag>> = BTreeMap::new();
        for (version, tag) in tags {
            versions.entry(version).or_default().push(tag);
        }
        Self(versions)
    }

    /// The catalogue that is offered.
    #[must_use]
    pub fn current(&self) -> RatingTags {
        let last = self.0.last_key_value();
        last.map_or_else(
            || RatingTags { version: 1, tags: Vec::new() },
            |(version, tags)| RatingTags { version: *version, tags: tags.clone() },
        )
    }

    /// All versions, latest first.
    pub fn versions(&self) -> impl Iterator<Item = (u32, &[RatingTag])> {
        self.0.iter().rev().map(|(version, tags)| (*version, tags.as_slice()))
    }

    /// The newest catalogue that has all of these tags, or else the one that is offered: a page that was open while
    /// tags were published anew still rates.
    #[must_use]
    pub fn holding(&self, ids: &[String], verdict: Verdict) -> RatingTags {
        let fits = |tag: &RatingTag, id: &String| tag.id == *id && side(tag) == verdict;
        let holds = |tags: &Vec<RatingTag>| ids.iter().all(|id| tags.iter().any(|tag| fits(tag, id)));
        match self.0.iter().rev().find(|(_, tags)| holds(tags)) {
            Some((version, tags)) => RatingTags { version: *version, tags: tags.clone() },
            None => self.current(),
        }
    }

    /// A tag of a version.
    #[must_use]
    pub fn find(&self, version: u32, id: &str) -> Option<&RatingTag> {
        self.0.get(&version)?.iter().find(|tag| tag.id == id)
    }

    /// The words of a stored rating's tags, in its own version's; what that has not is shown by its id.
    #[must_use]
    pub fn words(&self, version: i32, stored: &str) -> Vec<Text> {
        let ids: Vec<String> = serde_json::from_str(stored).unwrap_or_default();
        let version = u32::try_from(version).unwrap_or_default();
        let said = |id: String| match self.find(version, &id) {
            Some(tag) => tag.text.clone(),
            None => Text::new(id.clone(), id),
        };
        ids.into_iter().map(said).collect()
    }
}

/// A rating that may be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "as on the wire")]
pub struct Parsed {
    pub verdict: Verdict,
    pub level: Option<Level>,
    pub tags: Vec<String>,
    /// Of which version they are.
    pub tags_version: u32,
    pub comment: Option<String>,
    pub solved: Option<Solved>,
    pub round: Round,
}

/// Checks a rating: the level agrees with the verdict, tags are of this catalogue, distinct
/// and of the verdict's side, the comment is short. Names every fault at once.
pub fn parse(new: NewRating, tags: &RatingTags) -> Result<Parsed, Vec<FieldProblem>> {
    let mut faults = Vec::new();
    if new.level.is_some_and(|level| level.verdict() != new.verdict) {
        faults.push(problem("level", "满意度与好评/差评不一致", "the level contradicts the verdict"));
    }
    if let Err(fault) = check_tags(&new.tags, new.verdict, tags) {
        faults.push(fault);
    }
    let comment = match new.comment.as_deref().map(str::trim) {
        None | Some("") => None,
        Some(text) => match Typed::lines("comment", text, 1, LONGEST_COMMENT) {
            Ok(typed) => Some(typed.into()),
            Err(fault) => {
                faults.push(fault);
                None
            }
        },
    };
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Parsed {
        verdict: new.verdict,
        level: new.level,
        tags: new.tags,
        tags_version: tags.version,
        comment,
        solved: new.solved,
        round: new.round,
    })
}

/// What a tag goes with.
#[must_use]
pub const fn side(tag: &RatingTag) -> Verdict {
    if tag.score >= 3 { Verdict::Good } else { Verdict::Bad }
}

fn check_tags(ids: &[String], verdict: Verdict, offered: &RatingTags) -> Result<(), FieldProblem> {
    if ids.len() > MOST_TAGS {
        return Err(problem("tags", "标签最多选6个", "choose at most 6 tags"));
    }
    for (index, id) in ids.iter().enumerate() {
        let Some(tag) = offered.tags.iter().find(|tag| tag.id == *id) else {
            return Err(problem("tags", "标签不存在", "unknown tag; see /api/v1/rating-tags"));
        };
        if side(tag) != verdict {
            return Err(problem("tags", "标签与好评/差评不一致", "a tag contradicts the verdict"));
        }
        if ids.iter().take(index).any(|earlier| earlier == id) {
            return Err(problem("tags", "标签重复", "a tag appears twice"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use qiyema_protocol::{
        rating::{Level, NewRating, RatingTag, RatingTags, Round, Verdict},
        text::Text,
    };

    use super::{Catalogues, parse};

    fn tag(score: u8, id: &str, zh: &str) -> RatingTag {
        RatingTag { id: id.to_owned(), score, text: Text::new(zh, id) }
    }

    fn tags() -> RatingTags {
        let tags = vec![
            tag(5, "fully_solved", "问题彻底解决"),
            tag(3, "traceable", "过程可查"),
            tag(1, "passed_around", "推诿"),
        ];
        RatingTags { version: 2, tags }
    }

    fn good() -> NewRating {
        NewRating {
            verdict: Verdict::Good,
            level: None,
            tags: vec![],
            comment: None,
            solved: None,
            round: Round::First,
        }
    }

    #[test]
    fn a_bare_verdict_suffices_and_nothing_is_filled_in() {
        let parsed = parse(good(), &tags()).unwrap();
        assert_eq!((parsed.level, parsed.comment, parsed.solved), (None, None, None));
    }

    #[test]
    fn contradictions_are_named_by_field() {
        let bad = NewRating {
            level: Some(Level::Dissatisfied),
            tags: vec!["passed_around".into()],
            comment: Some("评".repeat(501)),
            ..good()
        };
        let fields: Vec<String> =
            parse(bad, &tags()).unwrap_err().into_iter().map(|fault| fault.field).collect();
        assert_eq!(fields, ["level", "tags", "comment"]);
    }

    #[test]
    fn tags_are_known_distinct_and_few() {
        for names in [vec!["nonsense"], vec!["fully_solved", "fully_solved"], vec!["traceable"; 7]] {
            let rating = NewRating { tags: names.into_iter().map(Into::into).collect(), ..good() };
            assert_eq!(parse(rating, &tags()).unwrap_err()[0].field, "tags");
        }
    }

    #[test]
    fn a_page_that_was_open_while_tags_were_published_still_rates() {
        let all = Catalogues::new([
            (1, tag(1, "old", "旧")),
            (1, tag(1, "both", "两版")),
            (2, tag(1, "both", "两版")),
            (2, tag(1, "new", "新")),
        ]);
        let version = |ids: &[&str]| {
            all.holding(&ids.iter().map(ToString::to_string).collect::<Vec<_>>(), Verdict::Bad).version
        };
        assert_eq!((version(&["both"]), version(&["both", "old"]), version(&[])), (2, 1, 2));
        // No catalogue ever offered these together: the one that is offered refuses them.
        assert_eq!((version(&["old", "new"]), version(&["none"])), (2, 2));
    }

    #[test]
    fn each_rating_is_read_in_the_words_of_its_own_version() {
        let old = tag(1, "passed_around", "部门之间推诿");
        let all = Catalogues::new(
            [(1, old), (1, tag(3, "gone", "取消"))]
                .into_iter()
                .chain(tags().tags.into_iter().map(|tag| (2, tag))),
        );
        assert_eq!(all.current(), tags(), "the last one is offered");
        let words = |version| all.words(version, "[\"passed_around\",\"gone\"]");
        assert_eq!(words(1).iter().map(|text| &*text.zh).collect::<Vec<_>>(), ["部门之间推诿", "取消"]);
        assert_eq!(words(2).iter().map(|text| &*text.zh).collect::<Vec<_>>(), ["推诿", "gone"]);
    }
}
