//! Reads the photos named on the command line and prints one JSON line each: file, texts, ms, step. Used by
//! tests/photos/compare.py to measure the reader beside others. The ms are processor time where the system tells it
//! (Linux), so that whoever else works on the machine does not count.

use std::time::{Duration, Instant};

use qiyema_cli::photo;

fn main() -> anyhow::Result<()> {
    for file in std::env::args().skip(1) {
        let bytes = std::fs::read(&file)?;
        let start = spent();
        let loaded = photo::load(&bytes);
        let decoded = spent().saturating_sub(start);
        let line = match loaded {
            Ok(picture) => {
                let start = spent();
                let go_on = || spent().saturating_sub(start) <= photo::LONGEST_SEARCH;
                let found = photo::read_while(&picture, &looks_like_a_seal, &go_on);
                let read = spent().saturating_sub(start);
                serde_json::json!({
                    "file": file, "texts": found.texts, "accepted": found.accepted, "step": found.step,
                    "ms": read.as_secs_f64() * 1000.0, "load_ms": decoded.as_secs_f64() * 1000.0,
                })
            }
            Err(refused) => serde_json::json!({ "file": file, "texts": [], "refused": refused.to_string() }),
        };
        println!("{line}");
    }
    Ok(())
}

/// Processor time of this thread so far; elsewhere the clock on the wall.
fn spent() -> Duration {
    static BEGAN: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.as_deref().and_then(|text| text.split_whitespace().next()?.parse().ok());
    nanos.map_or_else(|| BEGAN.get_or_init(Instant::now).elapsed(), Duration::from_nanos)
}

fn looks_like_a_seal(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    let seal = upper.split_once("/C/").map(|(_, seal)| seal).unwrap_or_default();
    (upper.starts_with("HTTPS://") || upper.starts_with("HTTP://"))
        && seal.len() == 122
        && seal.bytes().all(|byte| byte.is_ascii_uppercase() || (b'2'..=b'7').contains(&byte))
}
