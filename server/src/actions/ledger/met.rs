//! Which entries were met by a row that stands in the database, so that each entry is met exactly once: one that
//! none meets has lost its row or its name, and a row that meets a met one stands there twice.

use std::collections::HashSet;

/// Positions of entries that were met by rows.
pub struct Met {
    /// Of a sound log all of them, a byte each.
    within: Vec<bool>,
    /// Positions that a log of so many entries cannot have.
    beyond: HashSet<u64>,
}

impl Met {
    /// None yet, of so many entries.
    pub fn of(entries: u64) -> Self {
        Self { within: vec![false; usize::try_from(entries).unwrap_or_default()], beyond: HashSet::new() }
    }

    /// Says that a row meets this entry; true, if one did before.
    pub fn again(&mut self, position: u64) -> bool {
        match usize::try_from(position).ok().and_then(|place| self.within.get_mut(place)) {
            Some(met) => std::mem::replace(met, true),
            None => !self.beyond.insert(position),
        }
    }

    /// Whether a row met this entry.
    pub fn has(&self, position: u64) -> bool {
        let within = usize::try_from(position).ok().and_then(|place| self.within.get(place));
        within.copied().unwrap_or_else(|| self.beyond.contains(&position))
    }
}

/// Leaves that were seen, so that none is there twice: the name of a row is in its leaf.
#[derive(Default)]
pub struct Leaves(Vec<(u64, u64)>);

impl Leaves {
    /// Adds the leaf (in hex) of an entry.
    pub fn add(&mut self, leaf: &str, position: u64) {
        let start = leaf.get(..16).and_then(|start| u64::from_str_radix(start, 16).ok());
        self.0.push((start.unwrap_or_default(), position));
    }

    /// Where one may be, and where it may have been before: eight bytes of each are compared.
    pub fn twice(mut self) -> Vec<(u64, u64)> {
        self.0.sort_unstable();
        let pairs = self.0.windows(2).filter_map(|pair| match pair {
            [one, other] if one.0 == other.0 => Some((other.1, one.1)),
            _ => None,
        });
        pairs.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Leaves, Met};

    #[test]
    fn an_entry_is_met_once_wherever_it_says_it_is() {
        let mut met = Met::of(3);
        for position in [0, 2, 3, u64::MAX] {
            assert!(!met.has(position) && !met.again(position), "{position}");
            assert!(met.has(position) && met.again(position), "{position}");
        }
        assert!(!met.has(1) && !met.has(4));
    }

    #[test]
    fn a_leaf_that_is_there_twice_is_found_where_it_came_later() {
        let mut leaves = Leaves::default();
        for (position, leaf) in ["aa", "bb", "cc", "bb"].iter().enumerate() {
            leaves.add(&leaf.repeat(32), u64::try_from(position).unwrap());
        }
        assert_eq!(leaves.twice(), [(3, 1)]);
    }
}
