//! What an issue was when it was closed, and at the end of a day: category, channel and level as they were **then**. Its
//! row says what it is now: escalation raises the level of what is late, and what is taken up again may come into another
//! category. If figures went by the row, a late issue would leave the level that was late with it.

use std::collections::HashMap;

use chrono::NaiveDateTime;

use crate::store::{
    QueryResult,
    connection::Db,
    figures::{
        IssueFacts,
        history::{self, Step},
    },
};

/// The steps of those issues that once were something else than they are now; of all others their row tells.
#[derive(Debug, Default)]
pub(super) struct Kinds(HashMap<String, Vec<Step>>);

impl Kinds {
    /// Of these issues.
    pub(super) fn of(db: &mut Db, mut ids: Vec<String>) -> QueryResult<Self> {
        ids.sort_unstable();
        ids.dedup();
        let mut kinds: HashMap<String, Vec<Step>> = HashMap::new();
        let moved = history::moved(db, &ids)?;
        for step in history::steps(db, &moved)? {
            kinds.entry(step.issue_id.clone()).or_default().push(step);
        }
        Ok(Self(kinds))
    }

    /// What it was when a closure was made. One of before there were facts, that another closure has followed, is not
    /// among them: it is what its issue is now.
    pub(super) fn when_closed<'a>(
        &'a self,
        issue: &str,
        closure: &str,
        now: &'a IssueFacts,
    ) -> &'a IssueFacts {
        let mut steps = self.0.get(issue).into_iter().flatten();
        steps.find(|step| step.closure_id.as_deref() == Some(closure)).map_or(now, |step| &step.facts)
    }

    /// What it was at a moment; at the first step that is known, if that came later.
    pub(super) fn at<'a>(
        &'a self,
        issue: &str,
        moment: NaiveDateTime,
        now: &'a IssueFacts,
    ) -> &'a IssueFacts {
        let Some(steps) = self.0.get(issue) else { return now };
        let last = steps.iter().rfind(|step| step.last_at <= moment);
        last.or(steps.first()).map_or(now, |step| &step.facts)
    }
}

#[cfg(test)]
mod tests {
    use super::{IssueFacts, Kinds, Step};

    fn was(level: &str) -> IssueFacts {
        IssueFacts { category_id: "k".to_owned(), channel_id: "c".to_owned(), level: level.to_owned() }
    }

    #[test]
    fn it_is_what_it_was_then() {
        let step = |day: u32, closure: Option<&str>, level: &str| Step {
            issue_id: "i".to_owned(),
            last_at: format!("2026-11-{day:02}T01:00:00").parse().unwrap(),
            closure_id: closure.map(str::to_owned),
            facts: was(level),
        };
        let steps = vec![
            step(3, None, "town"),
            step(5, Some("a"), "town"),
            step(6, Some("a"), "county"),
            step(7, None, "county"),
            step(9, Some("b"), "city"),
        ];
        let kinds = Kinds([("i".to_owned(), steps)].into());
        let now = was("city");
        for (closure, level) in [("a", "town"), ("b", "city"), ("older", "city")] {
            assert_eq!(kinds.when_closed("i", closure, &now).level, level, "{closure}");
        }
        for (moment, level) in [
            ("2026-11-01T00:00:00", "town"),
            ("2026-11-06T00:59:59.999", "town"),
            ("2026-11-06T01:00:00", "county"),
            ("2026-11-30T00:00:00", "city"),
        ] {
            assert_eq!(kinds.at("i", moment.parse().unwrap(), &now).level, level, "{moment}");
        }
        assert_eq!(kinds.at("other", "2026-11-01T00:00:00".parse().unwrap(), &now).level, "city");
        assert_eq!(kinds.when_closed("other", "a", &now).level, "city");
    }
}
