//! What was typed into the form of the tags: read, turned into a version, and put on top of a newer one.

use std::{cmp::Reverse, collections::BTreeSet};

use qiyema_protocol::{
    problem::FieldProblem,
    rating::{RatingTag, RatingTags},
    text::Text,
};

use crate::web::{
    console::ConsoleForm,
    view::console::{
        form::{Field, Form},
        tags::{Draft, Row},
    },
    words::{console::tags::TagWords, lang::Lang},
};

/// Rows to add tags in.
const EMPTY: usize = 4;
/// The fields of a row.
const FIELDS: [&str; 7] = ["id", "zh", "en", "score", "place", "out", "known"];

/// The form of a version, with empty rows to add tags in.
pub fn of(version: u32, tags: &[RatingTag]) -> Draft {
    let rows = tags.iter().enumerate().map(|(place, tag)| Row::of(tag, place)).collect();
    ready(Draft { version, rows, ..Draft::default() })
}

/// The form as it was sent. Rows are known by their numbers, not by their place: what is empty may not have come.
pub fn read(form: &ConsoleForm) -> Draft {
    let number = |name: &str| {
        let (field, number) = name.split_once('-')?;
        FIELDS.contains(&field).then_some(number)?.parse().ok()
    };
    let numbers: BTreeSet<usize> = form.0.iter().filter_map(|(name, _)| number(name)).collect();
    let row = |n: usize| {
        let text = |field: &str| form.text(&format!("{field}-{n}")).to_owned();
        let (out, known) = (text("out") == "yes", text("known") == "yes");
        Row {
            n,
            id: text("id"),
            zh: text("zh"),
            en: text("en"),
            score: text("score"),
            place: text("place"),
            out,
            known,
            faults: Vec::new(),
        }
    };
    Draft {
        version: form.number("version"),
        rows: numbers.into_iter().map(row).collect(),
        errors: Vec::new(),
    }
}

/// To be shown: numbered from the first, and with room for more.
pub fn ready(mut draft: Draft) -> Draft {
    draft.rows.retain(|row| !row.is_blank());
    draft.rows.extend(std::iter::repeat_n(Row::default(), EMPTY));
    for (n, row) in draft.rows.iter_mut().enumerate() {
        row.n = n;
    }
    draft
}

/// The same fields again, unseen, for the button that confirms.
pub fn carried(form: Form, draft: &Draft) -> Form {
    let mut form = form.with(Field::hidden("version", draft.version.to_string()));
    for row in draft.rows.iter().filter(|row| !row.is_blank()) {
        let yes = |is: bool| if is { "yes" } else { "" };
        let fields: [&str; 7] =
            [&row.id, &row.zh, &row.en, &row.score, &row.place, yes(row.out), yes(row.known)];
        for (name, value) in FIELDS.iter().zip(fields).filter(|(_, value)| !value.is_empty()) {
            form = form.with(Field::hidden(format!("{name}-{}", row.n), value));
        }
    }
    form
}

/// A version made of what was typed, and the row that each of its tags stands in.
pub struct Edited {
    /// The version.
    pub tags: RatingTags,
    rows: Vec<usize>,
}

/// The version that was typed; a place that is no number is named at its row.
pub fn edited(draft: &mut Draft, w: &TagWords) -> Option<Edited> {
    let mut places = Vec::new();
    for (at, row) in draft.rows.iter_mut().enumerate().filter(|(_, row)| !row.out && !row.is_blank()) {
        let place: Option<u16> =
            if row.place.is_empty() { Some(u16::MAX) } else { row.place.parse().ok().filter(|n| *n <= 9999) };
        match place {
            Some(place) => places.push((Reverse(row.score.parse::<u8>().unwrap_or_default()), place, at)),
            None => row.faults.push(("place", w.place_wrong.to_owned())),
        }
    }
    if draft.rows.iter().any(|row| !row.faults.is_empty()) {
        return None;
    }
    places.sort_unstable();
    let taken: BTreeSet<&str> = draft.rows.iter().map(|row| row.id.as_str()).collect();
    let next = draft.version.saturating_add(1);
    let mut free = (1..).map(|n| format!("v{next}_{n}")).filter(|id| !taken.contains(id.as_str()));
    let mut ids: Vec<Option<String>> = vec![None; draft.rows.len()];
    // In the order of the form, so that the preview and the confirmation make the same ones.
    for (id, row) in ids.iter_mut().zip(&draft.rows) {
        if row.id.is_empty() && !row.out && !row.is_blank() {
            *id = free.next();
        }
    }
    let rows: Vec<usize> = places.into_iter().map(|(.., at)| at).collect();
    let tag = |at: &usize| {
        let row = draft.rows.get(*at)?;
        let made = ids.get(*at).cloned().flatten();
        Some(RatingTag {
            id: made.unwrap_or_else(|| row.id.clone()),
            score: row.score.parse().unwrap_or_default(),
            text: Text::new(&row.zh, &row.en),
        })
    };
    let tags = rows.iter().filter_map(tag).collect();
    Some(Edited { tags: RatingTags { version: draft.version, tags }, rows })
}

/// Puts what was refused at its field, and the rest on top.
pub fn blame(draft: &mut Draft, edited: &Edited, faults: &[FieldProblem], lang: Lang) {
    for fault in faults {
        let said = lang.say(&fault.detail).to_owned();
        let place = fault.field.strip_prefix("tags.").and_then(|rest| rest.split_once('.'));
        let found = place.and_then(|(index, name)| {
            let row = draft.rows.get_mut(*edited.rows.get(index.parse::<usize>().ok()?)?)?;
            let field = FIELDS
                .into_iter()
                .find(|field| name == *field || name.strip_prefix("text.") == Some(field))?;
            Some((row, field))
        });
        match found {
            Some((row, field)) => row.faults.push((field, said)),
            None => draft.errors.push(said),
        }
    }
}

/// What was changed of `base`, on top of `now`, which others published meanwhile: rows that were left as they were
/// follow `now`, and what it has besides is added.
pub fn rebase(draft: &Draft, base: &[RatingTag], now: (u32, &[RatingTag])) -> Draft {
    let find = |tags: &[RatingTag], id: &str| {
        let at = tags.iter().position(|tag| tag.id == id)?;
        Some(Row::of(tags.get(at)?, at))
    };
    let follow = |row: &Row| {
        let (then, new) = (find(base, &row.id), find(now.1, &row.id));
        let left = then.is_some_and(|then| Row { n: 0, faults: Vec::new(), ..row.clone() } == then);
        if left { new } else { Some(Row { known: new.is_some(), faults: Vec::new(), ..row.clone() }) }
    };
    let mut rows: Vec<Row> = draft.rows.iter().filter_map(follow).collect();
    for tag in now.1 {
        if !rows.iter().any(|row| row.id == tag.id) {
            rows.extend(find(now.1, &tag.id));
        }
    }
    ready(Draft { version: now.0, rows, errors: Vec::new() })
}

#[cfg(test)]
mod tests {
    use qiyema_protocol::{rating::RatingTag, text::Text};

    use super::{blame, edited, of, read, rebase};
    use crate::{
        domain::text::problem,
        web::{
            console::ConsoleForm,
            words::{console::tags::TagWords, lang::Lang},
        },
    };

    const W: &TagWords = TagWords::of(Lang::En);

    fn tag(score: u8, id: &str) -> RatingTag {
        RatingTag { id: id.to_owned(), score, text: Text::new(id, id) }
    }

    fn form(fields: &[(&str, &str)]) -> ConsoleForm {
        ConsoleForm(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn tags_stand_by_score_and_place_and_a_new_one_gets_an_id() {
        let mut draft = read(&form(&[
            ("version", "4"),
            ("id-0", "a"),
            ("known-0", "yes"),
            ("zh-0", "甲"),
            ("en-0", "A"),
            ("score-0", "2"),
            ("place-0", "20"),
            ("id-1", "b"),
            ("known-1", "yes"),
            ("zh-1", "乙"),
            ("en-1", "B"),
            ("score-1", "2"),
            ("place-1", "10"),
            ("id-2", "c"),
            ("known-2", "yes"),
            ("out-2", "yes"),
            ("score-2", "5"),
            ("place-2", "x"),
            ("zh-7", "丁"),
            ("en-7", "D"),
            ("score-7", "5"),
            ("zh-9", ""),
            ("place-9", ""),
        ]));
        let made = edited(&mut draft, W).unwrap();
        let ids: Vec<&str> = made.tags.tags.iter().map(|tag| &*tag.id).collect();
        assert_eq!((made.tags.version, ids), (4, vec!["v5_1", "b", "a"]));
        blame(
            &mut draft,
            &made,
            &[problem("tags.0.text.en", "x", "too long"), problem("tags", "x", "all")],
            Lang::En,
        );
        assert_eq!(draft.rows[3].faults, [("en", "too long".to_owned())]);
        assert_eq!(draft.errors, ["all"]);
    }

    #[test]
    fn a_place_that_is_no_number_is_named() {
        let mut draft = read(&form(&[("id-0", "a"), ("known-0", "yes"), ("place-0", "-1")]));
        assert!(edited(&mut draft, W).is_none());
        assert_eq!(draft.rows[0].faults[0].0, "place");
    }

    #[test]
    fn changes_are_put_on_top_of_what_others_published() {
        let base = [tag(5, "same"), tag(5, "mine"), tag(2, "gone"), tag(2, "theirs")];
        let mut theirs = tag(2, "theirs");
        theirs.text.zh = "改过".to_owned();
        let now = [tag(5, "same"), tag(5, "mine"), theirs, tag(1, "added")];
        let mut draft = of(1, &base);
        draft.rows[1].zh = "我的".to_owned();
        draft.rows[4].zh = "新的".to_owned();
        let mut on_top = rebase(&draft, &base, (2, &now));
        on_top.rows.retain(|row| !row.is_blank());
        let rows: Vec<(&str, &str)> = on_top.rows.iter().map(|row| (&*row.id, &*row.zh)).collect();
        let expected =
            [("same", "same"), ("mine", "我的"), ("theirs", "改过"), ("", "新的"), ("added", "added")];
        assert_eq!((on_top.version, rows), (2, expected.to_vec()));
    }
}
