//! Scans are counted aside: a request leaves the id of the code in a channel and
//! goes on; the numbers are written in batches. When the channel is full, scans
//! are not counted, and that is counted.

use std::collections::{BTreeMap, HashMap};

use tokio::sync::{
    Mutex,
    mpsc::{Receiver, Sender, channel},
};

use super::shared::Shared;
use crate::actions::{Refused, code::scans};

/// Scans that may wait to be counted.
const ROOM: usize = 8_192;
/// Codes written in one transaction.
const BATCH: usize = 200;

/// The channel, and what was taken from it and is not written yet.
pub struct Tally {
    enter: Sender<String>,
    waiting: Mutex<(Receiver<String>, HashMap<String, u32>)>,
}

impl Default for Tally {
    fn default() -> Self {
        let (enter, leave) = channel(ROOM);
        Self { enter, waiting: Mutex::new((leave, HashMap::new())) }
    }
}

impl Tally {
    /// Notes one scan; never waits.
    pub fn note(&self, code: &str) {
        if self.enter.try_send(code.to_owned()).is_err() {
            metrics::counter!("qiyema_scans_uncounted_total").increment(1);
        }
    }
}

/// Writes what was counted since the last time. What could not be written is kept
/// for the next time; so is all, while the database is not what was signed.
pub async fn flush(shared: &Shared) -> Result<(), Refused> {
    if shared.log.behind().is_some() {
        return Ok(());
    }
    let mut waiting = shared.tally.waiting.lock().await;
    let (leave, counted) = &mut *waiting;
    while let Ok(code) = leave.try_recv() {
        *counted.entry(code).or_default() += 1;
    }
    while !counted.is_empty() {
        let some: BTreeMap<String, u32> =
            counted.iter().take(BATCH).map(|(code, n)| (code.clone(), *n)).collect();
        let (batch, rules, at) = (some.clone(), shared.rules(), shared.clock.now());
        let written: Result<(), Refused> =
            shared.store.write(move |db| scans::add(db, &batch, &rules, at)).await;
        written?;
        counted.retain(|code, _| !some.contains_key(code));
    }
    Ok(())
}
