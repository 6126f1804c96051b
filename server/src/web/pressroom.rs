//! The press room: whatever draws many codes takes its turn here, so that a second
//! download makes the first one slower and not the machine. One piece of work is
//! on the press at a time, and it has all cores; a few people are let in.

use std::{io, sync::Arc};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::problem::{Code, Refusal};

/// Downloads and prints at once; each holds a piece of bounded size in memory.
const INSIDE: usize = 4;
/// Seconds after which somebody who found it full asks again.
const AGAIN: u64 = 20;

/// The press, and the door before it.
#[derive(Clone)]
pub struct PressRoom {
    press: Arc<Semaphore>,
    door: Arc<Semaphore>,
}

impl Default for PressRoom {
    fn default() -> Self {
        Self { press: Arc::new(Semaphore::new(1)), door: Arc::new(Semaphore::new(INSIDE)) }
    }
}

/// A place in the press room, for as long as it is kept.
pub type Place = OwnedSemaphorePermit;

impl PressRoom {
    /// Lets a download in, or says when to come again.
    pub fn enter(&self) -> Result<Place, Refusal> {
        self.door.clone().try_acquire_owned().map_err(|_| Refusal::wait(Code::Busy, AGAIN))
    }

    /// Works off the event loop when it is one's turn; those who wait are served in their
    /// order. The turn travels into the thread: a caller that hangs up frees nothing early.
    pub async fn turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> io::Result<T> {
        let turn = self.press.clone().acquire_owned().await.map_err(io::Error::other)?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        done.await.map_err(io::Error::other)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use super::{INSIDE, PressRoom};
    use crate::web::problem::Code;

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn one_works_at_a_time_and_who_finds_it_full_is_told_when_to_come_again() {
        let room = PressRoom::default();
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let mut all = Vec::new();
        for _ in 0..12 {
            let (room, now, most) = (room.clone(), now.clone(), most.clone());
            all.push(tokio::spawn(async move {
                let work = move || {
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::thread::sleep(std::time::Duration::from_millis(3));
                    now.fetch_sub(1, Ordering::SeqCst);
                };
                room.turn(work).await.unwrap();
            }));
        }
        for one in all {
            one.await.unwrap();
        }
        assert_eq!(most.load(Ordering::SeqCst), 1);

        let mut places: Vec<_> = (0..INSIDE).map(|_| room.enter().unwrap()).collect();
        let refused = room.enter().map(drop).unwrap_err();
        assert_eq!(refused.code(), Code::Busy);
        places.pop();
        assert!(room.enter().is_ok(), "who leaves makes room");
    }
}
