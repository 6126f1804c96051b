//! The lists of ratings. Each is read in the order of one index, a page at a time; of what the filter asks for beside
//! that, so much is looked through for a page, and where that was not all, the page says where it goes on.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate};
use qiyema_protocol::{
    appeal::{RatingList, Show},
    rating::Verdict,
    text::Text,
};

use super::{
    super::{
        Refused, Rules,
        figures::in_order,
        rights::{Actor, Deed},
    },
    own, views,
};
use crate::{
    clock::Timestamp,
    domain::{text::problem, window},
    store::{
        appeals::{
            self, Listed, Wanted,
            order::{self, Brief, Key, Order, Seen},
        },
        columns::{column, word},
        connection::Db,
    },
};

/// Ratings on one page, at most.
pub const PAGE: usize = 50;
/// Places of the order read first: what is not picked over is found among them.
const FIRST: i64 = 200;
/// Places read at once after that.
const STEP: i64 = 2_000;
/// Places looked at for a page.
const LOOKED_AT: usize = 10_000;

/// Which ratings are asked for.
#[derive(Debug, Clone, Default)]
pub struct Find {
    /// With or without an appeal, or those that count.
    pub show: Show,
    /// Good or bad ones only.
    pub verdict: Option<Verdict>,
    /// Those of closures of this unit only.
    pub unit: Option<String>,
    /// First day of the closures, as in the figures.
    pub from: Option<NaiveDate>,
    /// Last day of the closures.
    pub to: Option<NaiveDate>,
    /// Those with this tag only: its id, or a version of the catalogue and its id (`1/passed_around`) for those who chose
    /// it in the words of that version.
    pub tag: Option<String>,
    /// Where the page before ended.
    pub before: Option<String>,
}

/// A page of ratings, newest first. People of units see those of their closures.
pub fn list(
    db: &mut Db,
    actor: &Actor,
    find: &Find,
    rules: &Rules,
    at: Timestamp,
) -> Result<RatingList, Refused> {
    actor.may(Deed::ReadRatings)?;
    if find.show == Show::Flagged && actor.confined_to().is_some() {
        // Where a rating came from says something about who gave it.
        return Err(Refused::Forbidden);
    }
    in_order(find.from, find.to)?;
    let pick = Pick::of(actor, find, rules)?;
    let after = find.before.as_deref().map(|text| read(&pick.order, text).ok_or_else(no_such_page));
    let (rows, next) = page(db, &pick, after.transpose()?, rules)?;
    let next = next.map(|key| text(&pick.order, &key));
    Ok(RatingList { ratings: views(db, actor, rows, rules, at)?, next })
}

/// A tag, in any words or in those of a version.
struct Tagged {
    id: String,
    words: Words,
}

enum Words {
    Any,
    These(Text),
    /// There is no such version, or the tag is not in it: nobody chose it.
    Unknown,
}

impl Tagged {
    fn of(text: &str, rules: &Rules) -> Self {
        let Some((version, id)) = text.split_once('/') else {
            return Self { id: text.to_owned(), words: Words::Any };
        };
        let tag = version.parse().ok().and_then(|version| rules.tags.find(version, id));
        Self { id: id.to_owned(), words: tag.map_or(Words::Unknown, |tag| Words::These(tag.text.clone())) }
    }

    fn is_of(&self, rating: &Brief, rules: &Rules) -> bool {
        let chosen =
            serde_json::from_str::<Vec<String>>(&rating.tags).is_ok_and(|tags| tags.contains(&self.id));
        let version = u32::try_from(rating.tags_version).unwrap_or(0);
        chosen
            && match &self.words {
                Words::Any => true,
                Words::These(words) => {
                    rules.tags.find(version, &self.id).is_some_and(|tag| tag.text == *words)
                }
                Words::Unknown => false,
            }
    }
}

/// What is picked out of which order.
struct Pick {
    order: Order,
    show: Show,
    units: Option<Vec<String>>,
    verdict: Option<String>,
    tag: Option<Tagged>,
    from: Option<chrono::NaiveDateTime>,
    to: Option<chrono::NaiveDateTime>,
}

impl Pick {
    fn of(actor: &Actor, find: &Find, rules: &Rules) -> Result<Self, Refused> {
        let units = match (own(actor), find.unit.clone()) {
            (Some(own), Some(unit)) => Some(own.into_iter().filter(|one| *one == unit).collect()),
            (own, unit) => own.or_else(|| unit.map(|unit| vec![unit])),
        };
        let start = |day: NaiveDate| column(window::start(day, rules.zone));
        let from = find.from.map(start);
        let to = find.to.and_then(|day| day.succ_opt()).map(start);
        let order = match find.show {
            Show::Appealed | Show::Waiting => Order::Appealed,
            Show::Flagged => Order::Flagged,
            Show::ByWebhook => Order::Carried,
            // Units and days are those of closures. Whoever asks for neither wants what came last, also of his own.
            Show::All | Show::Counted if find.unit.is_none() && from.is_none() && to.is_none() => {
                Order::Given
            }
            Show::All | Show::Counted => Order::Closed { units: units.clone(), from, to },
        };
        let verdict = find.verdict.map(word).transpose()?;
        let tag = find.tag.as_deref().map(|text| Tagged::of(text, rules));
        Ok(Self { order, show: find.show, units, verdict, tag, from, to })
    }

    /// Whether what is known of it before it is read speaks for it.
    fn takes(&self, seen: &Seen, rating: &Brief, rules: &Rules) -> bool {
        let may_count = || {
            let tiers: &[&str] = if rules.figures.unverified { &["owner", "unverified"] } else { &["owner"] };
            rating.round == "first" && tiers.contains(&&*rating.tier)
        };
        self.units.as_ref().is_none_or(|units| units.contains(&seen.unit))
            && self.from.is_none_or(|from| seen.closed_at >= from)
            && self.to.is_none_or(|to| seen.closed_at < to)
            && self.verdict.as_ref().is_none_or(|verdict| *verdict == rating.verdict)
            && self.tag.as_ref().is_none_or(|tag| tag.is_of(rating, rules))
            && (self.show != Show::Counted || may_count())
            && (self.show != Show::Waiting || !seen.concluded)
    }
}

/// A page, and the key after which the next one begins.
fn page(
    db: &mut Db,
    pick: &Pick,
    mut after: Option<Key>,
    rules: &Rules,
) -> Result<(Vec<Listed>, Option<Key>), Refused> {
    let (mut found, mut last, mut looked): (Vec<Listed>, Option<Key>, usize) = (Vec::new(), None, 0);
    loop {
        let step = if looked == 0 { FIRST } else { STEP };
        let places = order::places(db, &pick.order, after.as_ref(), step)?;
        let full = i64::try_from(places.len()).is_ok_and(|count| count >= step);
        looked += places.len();
        after = places.last().map(|seen| seen.key.clone());
        let taken = places.into_iter().filter_map(|mut seen| {
            let rating = seen.rating.take()?;
            pick.takes(&seen, &rating, rules).then_some((seen.key, rating.id))
        });
        let taken: Vec<(Key, String)> = taken.collect();
        for part in taken.chunks(PAGE + 1) {
            let wanted = Wanted {
                ids: part.iter().map(|(_, id)| id.clone()).collect(),
                units: None,
                show: pick.show,
                unverified: rules.figures.unverified,
            };
            let rows = appeals::ratings(db, &wanted)?;
            let mut rows: HashMap<String, Listed> =
                rows.into_iter().map(|row| (row.rating.id.clone(), row)).collect();
            for (key, id) in part {
                let Some(row) = rows.remove(id) else { continue };
                if found.len() == PAGE {
                    return Ok((found, last));
                }
                found.push(row);
                last = Some(key.clone());
            }
        }
        if !full {
            return Ok((found, None));
        }
        if looked >= LOOKED_AT {
            return Ok((found, after));
        }
    }
}

fn no_such_page() -> Refused {
    let (zh, en) = ("页码无法识别，请从第一页重新翻阅", "this page cannot be found; begin at the first one");
    Refused::Invalid(vec![problem("before", zh, en)])
}

/// A key of one order is none of another: whoever changes the filter begins at the first page.
const fn letter(order: &Order) -> &'static str {
    match order {
        Order::Given => "g",
        Order::Closed { .. } => "c",
        Order::Appealed => "a",
        Order::Flagged => "f",
        Order::Carried => "w",
    }
}

fn text(order: &Order, key: &Key) -> String {
    format!("{}.{}.{}.{}", letter(order), key.at.and_utc().timestamp_micros(), key.id, key.rating)
}

fn read(order: &Order, text: &str) -> Option<Key> {
    let mut parts = text.split('.');
    let mut part = || parts.next();
    (part()? == letter(order)).then_some(())?;
    let at = DateTime::from_timestamp_micros(part()?.parse().ok()?)?.naive_utc();
    let (id, rating) = (part()?.to_owned(), part()?.to_owned());
    part().is_none().then_some(Key { at, id, rating })
}

#[cfg(test)]
mod tests {
    use super::{Key, Order, read, text};

    #[test]
    fn a_key_is_read_as_it_was_written_and_only_in_its_order() {
        let at = "2026-10-07T01:02:03.045".parse().unwrap();
        let closed = Order::Closed { units: None, from: None, to: None };
        for (order, rating) in [(Order::Given, ""), (closed, "b")] {
            let key = Key { at, id: "a".to_owned(), rating: rating.to_owned() };
            let said = text(&order, &key);
            assert_eq!(read(&order, &said), Some(key));
            assert_eq!(read(&Order::Flagged, &said), None);
            for wrong in ["", "1", &said.replace('.', ""), &format!("{said}.x"), "g.9223372036854775807.a."] {
                assert_eq!(read(&order, wrong), None, "{wrong}");
            }
        }
    }
}
