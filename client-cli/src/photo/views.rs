//! A photo and the pictures that several steps begin with: each is made once, when it is first asked for.

use std::sync::OnceLock;

use super::grey::Grey;

/// A photo and what was already made of it.
#[derive(Clone, Debug)]
pub(super) struct Views {
    whole: Grey,
    half: OnceLock<Grey>,
    smoothed: OnceLock<Grey>,
    busiest: OnceLock<Grey>,
    part: OnceLock<Grey>,
    doubled: OnceLock<Grey>,
}

impl Views {
    pub(super) const fn of(whole: Grey) -> Self {
        Self {
            whole,
            half: OnceLock::new(),
            smoothed: OnceLock::new(),
            busiest: OnceLock::new(),
            part: OnceLock::new(),
            doubled: OnceLock::new(),
        }
    }

    /// The photo itself.
    pub(super) const fn whole(&self) -> &Grey {
        &self.whole
    }

    /// At half the size.
    pub(super) fn half(&self) -> &Grey {
        self.half.get_or_init(|| self.whole.shrunk(2))
    }

    /// Without sensor noise.
    pub(super) fn smoothed(&self) -> &Grey {
        self.smoothed.get_or_init(|| self.whole.smoothed())
    }

    /// The busiest part: where a small code most likely is.
    pub(super) fn busiest(&self) -> &Grey {
        self.busiest.get_or_init(|| self.whole.busiest())
    }

    /// The busiest part, without sensor noise.
    pub(super) fn part(&self) -> &Grey {
        self.part.get_or_init(|| self.busiest().smoothed())
    }

    /// The busiest part at twice the size; nothing if that part is most of the picture, for it would take too long.
    pub(super) fn doubled(&self) -> &Grey {
        self.doubled.get_or_init(|| {
            if self.busiest().pixels.len() > self.whole.pixels.len() / 3 {
                return Grey { width: 0, height: 0, pixels: Vec::new() };
            }
            self.busiest().doubled()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_made_once_is_not_made_again() {
        let grey = Grey { width: 64, height: 64, pixels: vec![9; 64 * 64] };
        let views = Views::of(grey.clone());
        assert!(std::ptr::eq(views.half(), views.half()));
        assert_eq!((views.half().width, views.part()), (32, &grey));
    }

    #[test]
    fn a_part_that_is_most_of_the_photo_is_not_doubled() {
        let flat = Grey { width: 64, height: 64, pixels: vec![9; 64 * 64] };
        assert_eq!(Views::of(flat).doubled().pixels.len(), 0);
    }
}
