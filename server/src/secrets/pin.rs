//! PINs an enterprise types to read its own records: six digits, every allowed
//! one equally likely, none that people try first.

use std::io;

use crate::clock::Ids;

/// Draws a PIN.
pub fn draw(ids: Ids) -> io::Result<String> {
    // The largest multiple of a million below 2^32: above it, the remainder would favour small PINs.
    const FAIR: u32 = 4_294_000_000;
    loop {
        let number = u32::from_le_bytes(ids.bytes()?);
        let pin = format!("{:06}", number % 1_000_000);
        if number < FAIR && !is_trivial(&pin) {
            return Ok(pin);
        }
    }
}

/// One digit or a short pattern repeated, or a run up or down (also past 9).
#[must_use]
pub fn is_trivial(pin: &str) -> bool {
    let digits = pin.as_bytes();
    let repeats = |every: usize| digits.iter().zip(digits.iter().skip(every)).all(|(a, b)| a == b);
    let steps = |by: u8| {
        digits
            .iter()
            .zip(digits.iter().skip(1))
            .all(|(a, b)| (a.wrapping_sub(b'0') + by) % 10 == b.wrapping_sub(b'0'))
    };
    [1, 2, 3].into_iter().any(repeats) || steps(1) || steps(9)
}

#[cfg(test)]
mod tests {
    use super::{draw, is_trivial};
    use crate::clock::Ids;

    #[test]
    fn pins_people_try_first_are_never_drawn() {
        for pin in ["000000", "123456", "654321", "789012", "121212", "123123", "999999", "098765"] {
            assert!(is_trivial(pin), "{pin}");
        }
        for pin in ["111112", "135790", "204816", "123457"] {
            assert!(!is_trivial(pin), "{pin}");
        }
    }

    #[test]
    fn every_first_digit_comes_up() {
        let mut seen = [0_u32; 10];
        for _ in 0..2_000 {
            let pin = draw(Ids).unwrap();
            assert!(pin.len() == 6 && pin.bytes().all(|b| b.is_ascii_digit()) && !is_trivial(&pin));
            seen[usize::from(pin.as_bytes()[0] - b'0')] += 1;
        }
        assert!(seen.iter().all(|n| (100..=320).contains(n)), "{seen:?}");
    }
}
