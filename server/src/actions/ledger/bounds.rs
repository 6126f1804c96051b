//! Which rows may still be entered. Whoever writes into the database past the
//! server can give a row any name and any moment; only what was made a moment ago,
//! or since the log was last added to, is taken in. Nothing is kept for this in the
//! database: it is told from the entries, and from what is kept beside the key.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDateTime};
use uuid::{Uuid, Variant};

use crate::{
    clock::{Clock, Ids, Timestamp},
    domain::ledger::{Kind, Made},
    store::{
        QueryResult,
        connection::Db,
        ledger::{
            self,
            rows::{self, Raw},
        },
    },
};

/// A row may be committed so long after it was made, in milliseconds: a deed is
/// tried a few times before it is given up, for half a minute at most. The clocks
/// of several instances may differ by as much.
pub const LATE: u64 = 5 * 60 * 1000;

/// Entries that tell when the log was last added to: old rows of a kind that is new to it may be among them.
const NEWEST: i64 = 64;

/// What may be entered now.
#[derive(Debug, Clone)]
pub struct Bounds {
    /// Of names that begin with the time: these are given by the machine's clock.
    names: Span,
    /// Of moments: these are told by the server's clock.
    moments: Span,
    /// Kinds that the log has taken in once; of another kind, all that is there is entered.
    opened: HashSet<String>,
    /// The kind that is taken in now.
    opening: Option<Opening>,
}

/// A kind that is taken in for the first time.
#[derive(Debug, Clone, Copy)]
struct Opening {
    kind: Kind,
    /// How far it is, in milliseconds since 1970: what is older is entered, so that it need not be looked through again.
    reached: u64,
}

/// Milliseconds since 1970, both included.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: u64,
    until: u64,
}

impl Span {
    /// From the last entry on; from now, if the clock was set back since then: what is written now is honest. Names
    /// that this process gives never go back, those of another one (a command) do: what is now is told twice.
    fn new(last: u64, now: [u64; 2]) -> Self {
        let [one, other] = now;
        let from = last.min(one).min(other);
        Self { from: from.saturating_sub(LATE), until: one.max(other).saturating_add(LATE) }
    }
}

impl Bounds {
    /// As the entries have it, and what was kept of them outside the database (`kept`, in milliseconds since 1970), for
    /// whoever owns the database can rename entries. A server that was stopped for a night goes on from its last entry, so
    /// that it takes in whatever its commands wrote meanwhile.
    pub fn now(db: &mut Db, at: Timestamp, kept: u64) -> QueryResult<Self> {
        // By their places, which heads are signed over, and not the greatest name: one from a clock that was years
        // ahead for a minute would refuse honest rows for years.
        // Nor by the entries of a kind that is taken in now: its rows are of any time.
        let opened: HashSet<String> = ledger::openings(db)?.into_iter().collect();
        let is_open = |kind: &Kind| opened.contains(kind.table());
        let named = Kind::ALL.into_iter().filter(|kind| is_open(kind) && kind.made() == Made::ByName);
        let newest = ledger::newest(db, &named.map(Kind::table).collect::<Vec<_>>(), NEWEST)?;
        let last = newest.iter().filter_map(|name| time_in(name)).max().unwrap_or(0).max(kept);
        let millis = |at: Timestamp| u64::try_from(at.timestamp_millis()).unwrap_or(0);
        let (at, wall) = (millis(at), millis(Clock::System.now()));
        let ids = time_in(&Ids.row()).unwrap_or(wall);
        let kind = Kind::ALL.into_iter().find(|kind| *kind != Kind::Openings && !is_open(kind));
        let opening = match kind {
            Some(kind) => Some(Opening { kind, reached: reached(db, kind)? }),
            None => None,
        };
        Ok(Self { names: Span::new(last, [ids, wall]), moments: Span::new(last, [at, at]), opened, opening })
    }

    /// The kind that is taken in now.
    #[must_use]
    pub fn opening(&self) -> Option<Kind> {
        self.opening.map(|opening| opening.kind)
    }

    /// Whether the log has taken in this kind once.
    #[must_use]
    pub fn is_open(&self, kind: Kind) -> bool {
        self.opened.contains(kind.table())
    }

    /// When a row was made, if it may be entered.
    #[must_use]
    pub fn time(&self, kind: Kind, row: &Raw) -> Option<u64> {
        // An opening is entered when it is made.
        if !row.readable || kind == Kind::Openings {
            return None;
        }
        let (made, span) = match kind.made() {
            Made::ByName => (time_in(&row.id)?, self.names),
            Made::ByColumn(column) => (moment_in(row, column)?, self.moments),
        };
        let from = if self.is_open(kind) { span.from } else { 0 };
        (from..=span.until).contains(&made).then_some(made)
    }

    /// From where rows of a kind are looked through, as the database compares names or moments.
    #[must_use]
    pub fn since(&self, kind: Kind) -> String {
        let named = kind.made() == Made::ByName;
        let from = match self.opening {
            _ if self.is_open(kind) => (if named { self.names } else { self.moments }).from,
            Some(Opening { kind: own, reached }) if own == kind => reached.saturating_sub(LATE),
            _ => 0,
        };
        match i64::try_from(from).ok().filter(|from| *from > 0).and_then(DateTime::from_timestamp_millis) {
            Some(_) if named => {
                let text = format!("{from:012x}");
                let (first, second) = text.split_at(8.min(text.len()));
                format!("{first}-{second}")
            }
            Some(at) => at.format("%Y-%m-%d %H:%M:%S").to_string(),
            None if named => String::new(),
            // Both databases take it for the beginning of all.
            None => "-infinity".to_owned(),
        }
    }
}

/// How far a kind is that is taken in now: as far as its last entry, for its rows are entered in the order of time.
fn reached(db: &mut Db, kind: Kind) -> QueryResult<u64> {
    let Some(last) = ledger::newest(db, &[kind.table()], 1)?.pop() else { return Ok(0) };
    let time = match kind.made() {
        Made::ByName => time_in(&last),
        Made::ByColumn(column) => rows::one(db, kind, &last)?.and_then(|row| moment_in(&row, column)),
    };
    Ok(time.unwrap_or(0))
}

/// The milliseconds since 1970 that a name begins with, if it is a UUIDv7 in the one form that we write.
fn time_in(name: &str) -> Option<u64> {
    let id = Uuid::try_parse(name).ok()?;
    let own = id.get_version_num() == 7 && id.get_variant() == Variant::RFC4122;
    (own && id.hyphenated().to_string() == name).then(|| u64::try_from(id.as_u128() >> 80).ok()).flatten()
}

fn moment_in(row: &Raw, column: &str) -> Option<u64> {
    let text = row.columns.get(column)?.as_str()?;
    let at = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.fZ").ok()?;
    u64::try_from(at.and_utc().timestamp_millis()).ok()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::{Map, json};

    use super::{Bounds, LATE, Opening, Span, time_in};
    use crate::{domain::ledger::Kind, store::ledger::rows::Raw};

    const ID: &str = "01a21290-f51e-76f7-b59f-46684b6983ea";
    const AT: u64 = 0x01a2_1290_f51e;

    fn named(id: &str) -> Raw {
        Raw { id: id.to_owned(), columns: Map::new(), readable: true, entry: None, salt: String::new() }
    }

    fn bounds(last: u64, now: u64) -> Bounds {
        let opened = HashSet::from([Kind::Ratings.table().to_owned(), Kind::Endings.table().to_owned()]);
        Bounds {
            names: Span::new(last, [now, now]),
            moments: Span::new(last, [now, now]),
            opened,
            opening: None,
        }
    }

    #[test]
    fn only_an_id_of_our_own_form_tells_a_time() {
        assert_eq!(time_in(ID), Some(AT));
        for forged in [
            "",
            "x",
            "01A21290-F51E-76F7-B59F-46684B6983EA",
            "01a21290f51e76f7b59f46684b6983ea",
            "{01a21290-f51e-76f7-b59f-46684b6983ea}",
            "01a21290-f51e-46f7-b59f-46684b6983ea",
            "01a21290-f51e-76f7-359f-46684b6983ea",
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
            "01a21290-f51e-76f7-b59f-46684b6983ea ",
        ] {
            assert_eq!(time_in(forged), None, "{forged}");
        }
    }

    #[test]
    fn what_is_long_past_or_yet_to_come_is_not_entered() {
        let taken = |last, now| bounds(last, now).time(Kind::Ratings, &named(ID)).is_some();
        assert!(taken(AT, AT) && taken(AT + LATE, AT + LATE) && taken(AT - LATE, AT - LATE));
        assert!(!taken(AT + LATE + 1, AT + LATE + 1), "it is older than what was entered");
        assert!(!taken(AT - LATE - 1, AT - LATE - 1), "it is of a time to come");
        assert!(taken(AT - 9 * LATE, AT + 9 * LATE), "the server was stopped meanwhile");
        assert!(taken(AT + 9 * LATE, AT), "the clock was set back: what is made now is entered");
        let apart = Bounds { names: Span::new(AT + 9 * LATE, [AT + 9 * LATE, AT]), ..bounds(AT, AT) };
        assert!(
            apart.time(Kind::Ratings, &named(ID)).is_some(),
            "by another process, whose names went back with it"
        );
        assert!(bounds(AT + 9 * LATE, AT + 9 * LATE).time(Kind::Events, &named(ID)).is_some(), "a new kind");
        let unreadable = Raw { readable: false, ..named(ID) };
        assert!(bounds(AT, AT).time(Kind::Ratings, &unreadable).is_none());
    }

    #[test]
    fn a_row_without_an_id_of_its_own_is_taken_by_its_moment() {
        let mut row = named("any name");
        let now = 1_700_000_000_000;
        for (text, taken) in [
            ("2023-11-14T22:13:20.000Z", true),
            ("2023-11-14T22:09:00.000Z", true),
            ("2023-11-14T22:08:00.000Z", false),
            ("2023-11-14T22:19:00.000Z", false),
            ("x", false),
        ] {
            row.columns.insert("at".to_owned(), json!(text));
            assert_eq!(bounds(now, now).time(Kind::Endings, &row).is_some(), taken, "{text}");
        }
    }

    #[test]
    fn rows_are_looked_through_from_the_last_entry_on() {
        let mut found = bounds(AT + LATE, AT + LATE);
        assert_eq!(found.since(Kind::Ratings), "01a21290-f51e");
        assert_eq!(found.since(Kind::Events), "");
        assert_eq!(found.since(Kind::Outcomes), "-infinity");
        found.opening = Some(Opening { kind: Kind::Events, reached: AT + LATE });
        assert_eq!(found.since(Kind::Events), "01a21290-f51e", "from where it is");
        assert!(found.time(Kind::Events, &named(ID)).is_some());
        assert_eq!(bounds(1_700_000_300_000, 1_700_000_300_000).since(Kind::Endings), "2023-11-14 22:13:20");
    }
}
