//! Ratings (好差评): the tag catalogue and what makes a rating acceptable.

use qiyema_protocol::{
    problem::FieldProblem,
    rating::{Level, NewRating, RatingTag, RatingTags, Round, Solved, Verdict},
    text::Text,
};

use super::text::{Typed, problem};

/// Version of the catalogue below; a stored rating names the version it used.
pub const TAGS_VERSION: u32 = 1;
/// Tags one rating may carry.
pub const MOST_TAGS: usize = 6;
/// Characters a comment may have.
pub const LONGEST_COMMENT: usize = 500;

/// Score (5 stands for 5 and 4), id, Chinese, English.
const TAGS: [(u8, &str, &str, &str); 22] = [
    (5, "prompt_response", "响应及时", "Prompt response"),
    (5, "fully_solved", "问题彻底解决", "Problem fully solved"),
    (5, "came_to_us", "主动上门服务", "Came to us"),
    (5, "good_coordination", "跨部门协调有力", "Departments well coordinated"),
    (5, "clear_explanation", "解释清楚易懂", "Clear explanation"),
    (5, "good_manner", "服务态度好", "Friendly service"),
    (3, "mostly_solved", "基本解决", "Mostly solved"),
    (3, "closed_on_time", "按承诺时间办结", "Closed as promised"),
    (3, "traceable", "过程可查", "Progress could be followed"),
    (3, "needs_follow_up", "仍需跟进", "Needs following up"),
    (2, "not_really_solved", "问题未真正解决", "Not really solved"),
    (2, "promise_missed", "未在承诺时间内办结", "Promised date missed"),
    (2, "nobody_contacted_me", "没有人联系我", "Nobody contacted me"),
    (2, "late_updates", "进度更新不及时", "Progress updated late"),
    (2, "vague_answer", "答复笼统不明确", "Vague answer"),
    (2, "stiff_manner", "服务态度生硬", "Stiff manner"),
    (1, "closed_unsolved", "问题未解决却被办结", "Closed although unsolved"),
    (1, "passed_around", "部门之间推诿", "Passed from department to department"),
    (1, "nobody_handled", "长期无人处理", "Nobody handled it for long"),
    (1, "asked_for_good", "要求我给好评", "I was asked for a good rating"),
    (1, "leaked_my_data", "泄露我的信息", "My data was leaked"),
    (1, "bad_manner", "服务态度差效率低", "Bad manner, slow"),
];

/// The catalogue, best first.
pub fn tags() -> RatingTags {
    let tag = |(score, id, zh, en): (u8, &str, &str, &str)| RatingTag {
        id: id.to_owned(),
        score,
        text: Text::new(zh, en),
    };
    RatingTags { version: TAGS_VERSION, tags: TAGS.into_iter().map(tag).collect() }
}

/// The words of a stored rating's tags; one that the catalogue no longer has is shown by its id.
#[must_use]
pub fn tag_words(stored: &str) -> Vec<Text> {
    let ids: Vec<String> = serde_json::from_str(stored).unwrap_or_default();
    let said = |id: String| match TAGS.into_iter().find(|tag| tag.1 == id) {
        Some((_, _, zh, en)) => Text::new(zh, en),
        None => Text::new(id.clone(), id),
    };
    ids.into_iter().map(said).collect()
}

/// A rating that may be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "as on the wire")]
pub struct Parsed {
    pub verdict: Verdict,
    pub level: Option<Level>,
    pub tags: Vec<String>,
    pub comment: Option<String>,
    pub solved: Option<Solved>,
    pub round: Round,
}

/// Checks a rating: the level agrees with the verdict, tags are known, distinct
/// and of the verdict's side, the comment is short. Names every fault at once.
pub fn parse(new: NewRating) -> Result<Parsed, Vec<FieldProblem>> {
    let mut faults = Vec::new();
    if new.level.is_some_and(|level| level.verdict() != new.verdict) {
        faults.push(problem("level", "满意度与好评/差评不一致", "the level contradicts the verdict"));
    }
    if let Err(fault) = check_tags(&new.tags, new.verdict) {
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
        comment,
        solved: new.solved,
        round: new.round,
    })
}

fn check_tags(ids: &[String], verdict: Verdict) -> Result<(), FieldProblem> {
    if ids.len() > MOST_TAGS {
        return Err(problem("tags", "标签最多选6个", "choose at most 6 tags"));
    }
    for (index, id) in ids.iter().enumerate() {
        let Some((score, ..)) = TAGS.into_iter().find(|tag| tag.1 == id) else {
            return Err(problem("tags", "标签不存在", "unknown tag; see /api/v1/rating-tags"));
        };
        let side = if score >= 3 { Verdict::Good } else { Verdict::Bad };
        if side != verdict {
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
    use qiyema_protocol::rating::{Level, NewRating, Round, Verdict};

    use super::{parse, tags};

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
        let parsed = parse(good()).unwrap();
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
        let fields: Vec<String> = parse(bad).unwrap_err().into_iter().map(|fault| fault.field).collect();
        assert_eq!(fields, ["level", "tags", "comment"]);
    }

    #[test]
    fn tags_are_known_distinct_and_few() {
        for tags in [vec!["nonsense"], vec!["fully_solved", "fully_solved"], vec!["traceable"; 7]] {
            let rating = NewRating { tags: tags.into_iter().map(Into::into).collect(), ..good() };
            assert_eq!(parse(rating).unwrap_err()[0].field, "tags");
        }
        assert_eq!(tags().tags.len(), 22);
    }
}
