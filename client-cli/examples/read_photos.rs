//! Reads the photos named on the command line and prints one JSON line each: file, texts, ms, step. Used by
//! tests/photos/compare.py to measure the reader beside others.

use std::time::Instant;

use qiyema_cli::photo;

fn main() -> anyhow::Result<()> {
    for file in std::env::args().skip(1) {
        let bytes = std::fs::read(&file)?;
        let start = Instant::now();
        let loaded = photo::load(&bytes);
        let decoded = start.elapsed();
        let line = match loaded {
            Ok(picture) => {
                let start = Instant::now();
                let found = photo::read(&picture, &looks_like_a_seal);
                let read = start.elapsed();
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

fn looks_like_a_seal(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    let seal = upper.split_once("/C/").map(|(_, seal)| seal).unwrap_or_default();
    (upper.starts_with("HTTPS://") || upper.starts_with("HTTP://"))
        && seal.len() == 122
        && seal.bytes().all(|byte| byte.is_ascii_uppercase() || (b'2'..=b'7').contains(&byte))
}
