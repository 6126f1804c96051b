//! A new version of the tags (评价标签): what makes it acceptable, and what it changes.

use std::collections::BTreeSet;

use qiyema_protocol::{
    problem::FieldProblem,
    rating::{RatingTag, Verdict},
    text::Text,
};

use super::{
    rating::side,
    text::{Typed, problem},
};

/// Tags of a version at most.
pub const MOST: usize = 60;
/// Characters that the words of a tag may have, in either language.
pub const LONGEST: usize = 40;

/// Checks a version: ids of their own, known scores, words that nobody confuses, and something to tick on both sides.
/// Gives it as it is offered, best first. Names every fault at once: `tags.3.text.zh` is the fourth tag's.
pub fn parse(tags: &[RatingTag]) -> Result<Vec<RatingTag>, Vec<FieldProblem>> {
    let mut faults = Vec::new();
    if tags.len() > MOST {
        faults.push(problem(
            "tags",
            format!("标签最多{MOST}个，现为{}个，请停用一部分", tags.len()),
            format!("{MOST} tags at most, not {}; take some out", tags.len()),
        ));
    }
    // Praise and complaint are offered with equal effort.
    for (verdict, zh, en) in [
        (
            Verdict::Good,
            "好评没有标签，请至少保留一个分值为5或3的标签",
            "good ratings need a tag: keep one with the score 5 or 3",
        ),
        (
            Verdict::Bad,
            "差评没有标签，请至少保留一个分值为2或1的标签",
            "bad ratings need a tag: keep one with the score 2 or 1",
        ),
    ] {
        if !tags.iter().any(|tag| side(tag) == verdict) {
            faults.push(problem("tags", zh, en));
        }
    }
    let (mut ids, mut zh, mut en) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut parsed = Vec::new();
    for (place, tag) in tags.iter().enumerate() {
        let field = |name: &str| format!("tags.{place}.{name}");
        if !is_id(&tag.id) {
            faults.push(problem(
                &field("id"),
                "编号为2至40个小写字母、数字或下划线",
                "2 to 40 lower-case letters, digits and underscores",
            ));
        } else if !ids.insert(tag.id.clone()) {
            faults.push(problem(
                &field("id"),
                "编号与另一个标签相同，请换一个",
                "another tag has this id; choose one of its own",
            ));
        }
        if !matches!(tag.score, 5 | 3 | 2 | 1) {
            faults.push(problem(&field("score"), "请选择分值：5、3、2或1", "choose the score: 5, 3, 2 or 1"));
        }
        let mut words = |name: &str, text: &str, known: &mut BTreeSet<String>| {
            let field = field(name);
            let typed = Typed::line(&field, text, 1, LONGEST).map(String::from).and_then(|text| {
                if known.insert(text.clone()) {
                    Ok(text)
                } else {
                    Err(problem(
                        &field,
                        "与另一个标签的文字相同，请改写",
                        "another tag says the same; reword one of them",
                    ))
                }
            });
            typed.map_err(|fault| faults.push(fault)).unwrap_or_default()
        };
        let text =
            Text::new(words("text.zh", &tag.text.zh, &mut zh), words("text.en", &tag.text.en, &mut en));
        parsed.push(RatingTag { text, ..tag.clone() });
    }
    parsed.sort_by_key(|tag| std::cmp::Reverse(tag.score));
    if faults.is_empty() { Ok(parsed) } else { Err(faults) }
}

fn is_id(id: &str) -> bool {
    (2..=40).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// What a version changes of the one before it, for people to look at before it is published.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Offered from now on.
    pub added: Vec<RatingTag>,
    /// Offered no longer.
    pub gone: Vec<RatingTag>,
    /// The same tag in other words, or with another score: before and after.
    pub edited: Vec<(RatingTag, RatingTag)>,
    /// Tags that stay stand in another order.
    pub reordered: bool,
    /// Tags that stay as they are.
    pub kept: usize,
}

impl Changes {
    /// Between two versions.
    #[must_use]
    pub fn between(before: &[RatingTag], after: &[RatingTag]) -> Self {
        let find = |tags: &[RatingTag], id: &str| tags.iter().find(|tag| tag.id == id).cloned();
        let only = |these: &[RatingTag], those: &[RatingTag]| {
            these.iter().filter(|tag| find(those, &tag.id).is_none()).cloned().collect::<Vec<_>>()
        };
        let pairs: Vec<(RatingTag, RatingTag)> =
            after.iter().filter_map(|tag| Some((find(before, &tag.id)?, tag.clone()))).collect();
        let (kept, edited): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(old, new)| old == new);
        // A tag with another score stands elsewhere anyway: the order is that of the others.
        let staying = |tags: &[RatingTag]| {
            let stays = |tag: &&RatingTag| {
                find(before, &tag.id)
                    .zip(find(after, &tag.id))
                    .is_some_and(|(old, new)| old.score == new.score)
            };
            tags.iter().filter(stays).map(|tag| tag.id.clone()).collect::<Vec<_>>()
        };
        Self {
            added: only(after, before),
            gone: only(before, after),
            reordered: staying(before) != staying(after),
            edited,
            kept: kept.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use qiyema_protocol::{rating::RatingTag, text::Text};

    use super::{Changes, MOST, parse};

    fn tag(score: u8, id: &str, zh: &str) -> RatingTag {
        RatingTag { id: id.to_owned(), score, text: Text::new(zh, id) }
    }

    #[test]
    fn a_version_is_offered_best_first_in_the_order_given() {
        let typed = [tag(1, "bad", " 差 "), tag(5, "one", "一"), tag(3, "mid", "中"), tag(5, "two", "二")];
        let ids: Vec<String> = parse(&typed).unwrap().into_iter().map(|tag| tag.id).collect();
        assert_eq!(ids, ["one", "two", "mid", "bad"]);
        assert_eq!(parse(&typed).unwrap()[3].text.zh, "差");
    }

    #[test]
    fn every_fault_is_named_by_its_field() {
        let fields = |tags: &[RatingTag]| -> Vec<String> {
            parse(tags).unwrap_err().into_iter().map(|fault| fault.field).collect()
        };
        let wrong =
            [tag(5, "Good", "好"), tag(4, "ok", ""), tag(2, "ok", "好"), tag(1, "x", &"差".repeat(41))];
        assert_eq!(
            fields(&wrong),
            [
                "tags.0.id",
                "tags.1.score",
                "tags.1.text.zh",
                "tags.2.id",
                "tags.2.text.zh",
                "tags.2.text.en",
                "tags.3.id",
                "tags.3.text.zh"
            ]
        );
        assert_eq!(fields(&[tag(5, "good", "好")]), ["tags"], "praise and complaint alike");
        assert_eq!(fields(&[]), ["tags", "tags"]);
        let many: Vec<RatingTag> = (0..=MOST)
            .map(|n| tag(if n == 0 { 5 } else { 1 }, &format!("t{n}_"), &format!("第{n}")))
            .collect();
        assert_eq!(fields(&many), ["tags"]);
        assert!(parse(&many[..MOST]).is_ok());
    }

    #[test]
    fn what_is_new_gone_reworded_and_moved_is_told_apart() {
        let before = [tag(5, "one", "一"), tag(5, "two", "二"), tag(3, "mid", "中"), tag(1, "bad", "差")];
        let after = [tag(5, "two", "二"), tag(5, "one", "壹"), tag(2, "new", "新"), tag(2, "bad", "差")];
        let changes = Changes::between(&before, &after);
        assert_eq!((changes.added, changes.gone), (vec![after[2].clone()], vec![before[2].clone()]));
        assert_eq!(changes.edited.iter().map(|(_, new)| &*new.id).collect::<Vec<_>>(), ["one", "bad"]);
        assert_eq!((changes.reordered, changes.kept), (true, 1));
        assert!(!Changes::between(&before, &[tag(1, "one", "一"), before[1].clone()]).reordered);
        let same = Changes::between(&before, &before);
        assert_eq!(same, Changes { kept: 4, ..Changes::default() });
    }
}
