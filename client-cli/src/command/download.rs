//! Files of any size: asked for, watched by a bar, and given their name only when they
//! are whole.

use std::{
    fs::File,
    io::{self, IsTerminal as _, Write},
    path::{Path, PathBuf},
};

use indicatif::{HumanBytes, ProgressBar, ProgressDrawTarget, ProgressStyle};
use reqwest::Method;
use serde_json::Value;

use super::{Context, staff};
use crate::{exit::Failure, output};

/// What a file is asked for with.
pub struct Asked<'a> {
    /// `GET`, or `POST` where the asking is recorded.
    pub method: Method,
    /// Below `/api/v1/`.
    pub path: &'a str,
    /// Body of a `POST`.
    pub body: Option<Value>,
}

impl<'a> Asked<'a> {
    /// A plain `GET`.
    pub const fn get(path: &'a str) -> Self {
        Self { method: Method::GET, path, body: None }
    }
}

/// Saves a file and says so; what is broken off leaves nothing behind.
pub fn save(c: &Context, asked: &Asked<'_>, file: &Path, bar: &ProgressBar) -> Result<(), Failure> {
    let told = |e: io::Error| Failure::failed(format!("{}: {e}", file.display()));
    let mut part = file.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let mut out = Watched { file: File::create(&part).map_err(told)?, bytes: 0, bar };
    let saved = staff::fetch(c, asked, &mut out).and_then(|()| {
        out.file.sync_all().map_err(told)?;
        std::fs::rename(&part, file).map_err(told)
    });
    if saved.is_err() {
        drop(std::fs::remove_file(&part));
    }
    saved?;
    bar.suspend(|| output::people(&format!("→ {} ({})", file.display(), HumanBytes(out.bytes))));
    Ok(())
}

/// A bar of several files, on standard error, for a person who watches.
pub fn bar(files: u32) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some(files.into()), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_bar} {pos}/{len} {msg} {elapsed}") {
        bar.set_style(style);
    }
    bar
}

/// Tells a bar how many bytes came.
struct Watched<'a> {
    file: File,
    bytes: u64,
    bar: &'a ProgressBar,
}

impl Write for Watched<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.bytes += u64::try_from(written).unwrap_or_default();
        self.bar.set_message(HumanBytes(self.bytes).to_string());
        self.bar.tick();
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
