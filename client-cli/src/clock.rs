//! The one place of the client that asks for the time or a fresh id.

use chrono::{DateTime, FixedOffset, Utc};

/// Now (UTC).
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the one place that may ask")]
pub fn now() -> DateTime<Utc> {
    Utc::now()
}

/// A name that no other process uses.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the one place that may ask")]
pub fn fresh_name() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// The time in China, which has had no summer time since 1991.
#[must_use]
pub fn local(at: DateTime<Utc>) -> DateTime<FixedOffset> {
    let zone = FixedOffset::east_opt(8 * 3600);
    zone.map_or_else(|| at.fixed_offset(), |zone| at.with_timezone(&zone))
}

/// The same for people: `2026-11-24 15:04`.
#[must_use]
pub fn minute(at: DateTime<Utc>) -> String {
    local(at).format("%Y-%m-%d %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone as _, Utc};

    #[test]
    fn the_evening_in_utc_is_the_next_day_in_china() {
        let at = Utc.with_ymd_and_hms(2026, 11, 24, 16, 30, 0).unwrap();
        assert_eq!(super::minute(at), "2026-11-25 00:30");
    }
}
