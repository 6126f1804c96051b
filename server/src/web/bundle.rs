//! A part of a run as a ZIP that is written while it is sent: files, and a table of
//! them. A piece of the part and the table are in memory, whatever the size. What
//! breaks off in the middle ends the answer, so that nobody takes half of it for the whole.

pub mod paper;
pub mod symbols;

use std::{
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};

use actix_web::web::Bytes;
use chrono::{Datelike as _, Timelike as _};
use zip::{
    CompressionMethod, DateTime, ZipWriter,
    write::{PreparedZipFile, SimpleFileOptions, StreamWriter},
};

use super::{press::Unmade, shared::Shared};
use crate::{
    actions::{Refused, code::runs, rights::Actor},
    domain::sheet,
    store::{code_runs::Drawn, columns::moment},
};

/// Which codes, by whom.
#[derive(Clone)]
pub struct Wish {
    /// Who asks.
    pub actor: Actor,
    /// The run.
    pub run: String,
    /// Its part, from 1.
    pub part: u32,
}

impl Wish {
    /// Reads codes of the part after a line.
    pub async fn page(&self, shared: &Shared, after: i32, most: i64) -> Result<Vec<Drawn>, Refused> {
        let wish = self.clone();
        let read =
            shared.store.read(move |db| runs::drawn(db, &wish.actor, &wish.run, wish.part, after, most));
        read.await
    }
}

/// The ZIP as far as it is written, and its table.
struct Bundle {
    zip: Box<ZipWriter<StreamWriter<Out>>>,
    out: Out,
    table: csv::Writer<Vec<u8>>,
    zone: chrono_tz::Tz,
    at: DateTime,
}

impl Bundle {
    fn begin(shared: &Shared, headings: &[&str]) -> io::Result<Self> {
        let out = Out::default();
        let mut table = csv::Writer::from_writer(b"\xef\xbb\xbf".to_vec());
        table.write_record(headings)?;
        let zip = Box::new(ZipWriter::new_stream(out.clone()));
        Ok(Self { zip, out, table, zone: shared.rules().zone, at: now(shared) })
    }

    /// Adds a packed file.
    fn add(&mut self, file: PreparedZipFile) -> io::Result<()> {
        Ok(self.zip.add_prepared_file(file)?)
    }

    /// Adds a row to the table; no cell of it is a formula.
    fn note(&mut self, cells: &[&str]) -> io::Result<()> {
        Ok(self.table.write_record(cells.iter().map(|cell| sheet::plain(cell)))?)
    }

    /// When a code was issued, in local time.
    fn issued(&self, row: &Drawn) -> String {
        moment(row.code.issued_at).with_timezone(&self.zone).format("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    /// What is written and was not sent yet.
    fn take(&self) -> Bytes {
        std::mem::take(&mut *self.out.0.lock().unwrap_or_else(PoisonError::into_inner)).into()
    }

    /// The table, and the end.
    fn finish(mut self) -> io::Result<Bytes> {
        let table = std::mem::replace(&mut self.table, csv::Writer::from_writer(Vec::new()));
        let table = table.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
        self.zip.start_file("manifest.csv", packing(self.at))?;
        self.zip.write_all(&table)?;
        let out = self.out.clone();
        self.zip.finish()?;
        let last = std::mem::take(&mut *out.0.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(last.into())
    }
}

/// Packs a file; done beside the drawing, on all cores.
fn packed(name: &str, bytes: &[u8], at: DateTime) -> Result<PreparedZipFile, Unmade> {
    PreparedZipFile::from_data(name, packing(at), bytes).map_err(|_| Unmade::Unpacked)
}

fn packing(at: DateTime) -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .unix_permissions(0o644)
        .last_modified_time(at)
}

/// Now, as a ZIP says it: local time without a zone, to two seconds. A time that it cannot say is its first one.
fn now(shared: &Shared) -> DateTime {
    let at = shared.clock.now().with_timezone(&shared.rules().zone);
    let small = |n: u32| u8::try_from(n).unwrap_or_default();
    let year = u16::try_from(at.year()).unwrap_or_default();
    let (day, time) = ((small(at.month()), small(at.day())), (small(at.hour()), small(at.minute())));
    DateTime::from_date_and_time(year, day.0, day.1, time.0, time.1, small(at.second())).unwrap_or_default()
}

/// What the ZIP has written and nobody has taken yet.
#[derive(Clone, Default)]
struct Out(Arc<Mutex<Vec<u8>>>);

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
