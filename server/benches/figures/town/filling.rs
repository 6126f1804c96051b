//! What the statements of a filling have in common: numbers of issues, and what each number has.

use super::dialect::Dialect;

/// Day of the acceptance, spread over the year whatever the number.
pub(crate) const DAY: &str = "i % 360";
/// Day of the (first) closure.
pub(crate) const TOOK: &str = "i % 360 + 2 + i % 9";
/// Whose it is, at last.
pub(crate) const WHOSE: &str = "'u' || (i % 50), 'h' || (i % 1000)";
/// The enterprise. One in twenty is that of an issue of the same category that was accepted 30 or 90 days before, and
/// closed since.
pub(crate) const ENTERPRISE: &str =
    "'e' || ((i + CASE i % 40 WHEN 7 THEN 970 WHEN 27 THEN 910 ELSE 0 END) % 1000)";
pub(crate) const CATEGORY: &str = "'k' || ((i * 7) % 30)";
pub(crate) const CHANNEL: &str = "'c' || ((i * 5) % 12)";
pub(crate) const LEVEL: &str = "CASE i % 3 WHEN 0 THEN 'town' WHEN 1 THEN 'county' ELSE 'city' END";
pub(crate) const GRADE: &str =
    "CASE (i * 7) % 30 % 3 WHEN 0 THEN 'simple' WHEN 1 THEN 'general' ELSE 'complex' END";
/// Of a hundred closures eighty are rated by the owner, by units better or worse.
pub(crate) const OWNER: &str = "(i * 61) % 100 < 80";
pub(crate) const BAD: &str = "(i * 37) % 100 >= 75 + (i % 50) % 20";
/// Rated by whoever held the code, beside the owner or not.
pub(crate) const BY_CODE: &str = "(i * 61) % 100 BETWEEN 75 AND 90";

/// Closed, taken up again, and closed again: one in twenty, if there is time left in the year.
pub(crate) const TWICE: &str = "i % 20 = 4 AND i % 360 < 320";
/// Taken up again, and closed, open (one in two hundred) or withdrawn (another one).
pub(crate) const TAKEN_UP: &str = "(i % 20 = 4 OR i % 200 IN (60, 140)) AND i % 360 < 320";
/// Who has it then: the same unit, or the next one.
pub(crate) const THEN: &str = "'u' || ((i + i % 40 / 20) % 50), 'h' || ((i + i % 40 / 20) % 1000)";
/// Day of the second closure.
pub(crate) const TOOK_THEN: &str = "i % 360 + 26 + i % 9 + i % 9";
/// Who had it first, of what was sent to the wrong unit.
pub(crate) const WRONG: &str = "'u' || ((i + 1) % 50), 'h' || ((i + 1) % 1000)";

/// The leader in charge of a unit on a day: of every fifth unit nobody is, of another fifth somebody else is from half
/// the year on.
pub(crate) fn leader(further: &str, day: &str) -> String {
    let of = format!("((i + {further}) % 50) % 5");
    format!(
        "CASE {of} WHEN 4 THEN NULL WHEN 3 THEN CASE WHEN {day} < 180 THEN 'l0' ELSE 'l3' END ELSE 'l' || ({of}) END"
    )
}

/// One or the other.
pub(crate) fn either(when: &str, then: &str, or: &str) -> String {
    format!("CASE WHEN {when} THEN {then} ELSE {or} END")
}

/// Statements that fill a database with so many closed issues.
pub(crate) struct Filling {
    pub(crate) d: Dialect,
    pub(crate) closed: u32,
    pub(crate) statements: Vec<String>,
}

impl Filling {
    /// Rows for each of these numbers.
    pub(crate) fn add(&mut self, into: &str, values: &str, from: &str) {
        self.statements.push(format!("INSERT INTO {into} SELECT {values} FROM {from}"));
    }

    /// Number of those that somebody worked on, closed or not.
    pub(crate) const fn worked_on(&self) -> u32 {
        self.closed + self.closed / 50
    }

    /// Every so many of those that are closed.
    pub(crate) fn each(&self, from: u32, step: u32) -> String {
        self.d.steps(from, step, self.closed)
    }

    /// The same of those that somebody worked on.
    pub(crate) fn any(&self, from: u32, step: u32) -> String {
        self.d.steps(from, step, self.worked_on())
    }

    /// Those that were closed and taken up again.
    pub(crate) fn taken_up(&self) -> String {
        format!("{} WHERE {TAKEN_UP}", self.each(0, 4))
    }

    /// Those that were closed twice.
    pub(crate) fn twice(&self) -> String {
        format!("{} WHERE {TWICE}", self.each(4, 20))
    }
}
