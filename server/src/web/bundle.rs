//! A part of a run as a ZIP that is written while it is sent: symbols, and a table
//! of them. One page of codes and the table are in memory, whatever the size.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};

use actix_web::web::Bytes;
use futures_util::stream::{self, Stream};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions, write::StreamWriter};

use super::{
    press::{Made, Press, Unmade, Wanted},
    shared::Shared,
};
use crate::{
    actions::{Refused, code::runs, rights::Actor},
    domain::sheet,
    store::{code_runs::Drawn, columns::moment},
};

/// Codes drawn at a time.
const PAGE: i64 = 512;
/// Columns of the table.
const HEADINGS: [&str; 7] = ["enterprise", "uscc", "code", "file", "sha256", "issued_at", "status"];

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

/// Reads a page of the codes of a part.
pub async fn page(shared: &Shared, wish: &Wish, after: i32) -> Result<Vec<Drawn>, Refused> {
    let wish = wish.clone();
    let read = shared.store.read(move |db| runs::drawn(db, &wish.actor, &wish.run, wish.part, after, PAGE));
    read.await
}

/// The ZIP, piece by piece. What breaks off in the middle ends the answer, so that nobody
/// takes half of it for the whole.
pub fn stream(shared: Shared, wish: Wish, press: Press) -> impl Stream<Item = io::Result<Bytes>> + 'static {
    let zone = shared.rules().zone;
    let begun = begin(zone);
    stream::try_unfold((begun, 0), move |(bundle, after)| {
        let (shared, wish, press) = (shared.clone(), wish.clone(), press.clone());
        async move {
            let Some(bundle) = bundle? else { return Ok(None) };
            let rows = page(&shared, &wish, after).await.map_err(io::Error::other)?;
            let next = rows.last().map(|row| row.line);
            let done = tokio::task::spawn_blocking(move || bundle.carry_on(&rows, &press));
            let (bundle, piece) = done.await.map_err(io::Error::other)??;
            Ok(Some((piece, (Ok(bundle), next.unwrap_or(after)))))
        }
    })
}

fn begin(zone: chrono_tz::Tz) -> io::Result<Option<Bundle>> {
    let out = Out::default();
    let mut table = csv::Writer::from_writer(b"\xef\xbb\xbf".to_vec());
    table.write_record(HEADINGS)?;
    Ok(Some(Bundle { zip: ZipWriter::new_stream(out.clone()), out, table, zone }))
}

struct Bundle {
    zip: ZipWriter<StreamWriter<Out>>,
    out: Out,
    table: csv::Writer<Vec<u8>>,
    zone: chrono_tz::Tz,
}

impl Bundle {
    /// Adds some codes, or, when there are no more, the table; gives what can be sent.
    fn carry_on(mut self, rows: &[Drawn], press: &Press) -> io::Result<(Option<Self>, Bytes)> {
        if rows.is_empty() {
            let table = self.table.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
            self.zip.start_file("manifest.csv", packed())?;
            self.zip.write_all(&table)?;
            self.zip.finish()?;
            return Ok((None, self.out.take()));
        }
        // What does not stand any more is not printed; the table says so.
        let standing: Vec<&Drawn> = rows.iter().filter(|row| row.ending.is_none()).collect();
        let wanted: Vec<Wanted> =
            standing.iter().map(|row| Wanted { code: row.code.id.clone(), kid: row.code.kid }).collect();
        let mut made = press.files(&wanted).into_iter();
        for row in rows {
            match &row.ending {
                Some(ending) => self.note(row, "", "", ending)?,
                None => match made.next().unwrap_or(Err(Unmade::Unsigned)) {
                    Ok(file) => self.add(row, &file, press)?,
                    Err(Unmade::Retired) => self.note(row, "", "", "key_retired")?,
                    Err(Unmade::Absent) => self.note(row, "", "", "key_absent")?,
                    Err(broken) => return Err(io::Error::other(broken)),
                },
            }
        }
        let piece = self.out.take();
        Ok((Some(self), piece))
    }

    fn add(&mut self, row: &Drawn, file: &Made, press: &Press) -> io::Result<()> {
        // Both are plain letters and digits, so the name is safe on every file system.
        let name = format!("{}-{}.{}", row.uscc, row.code.id, press.format.ending());
        self.zip.start_file(name.as_str(), packed())?;
        self.zip.write_all(&file.bytes)?;
        self.note(row, &name, &file.sha256, "live")
    }

    fn note(&mut self, row: &Drawn, name: &str, sha256: &str, status: &str) -> io::Result<()> {
        let issued = moment(row.code.issued_at).with_timezone(&self.zone).format("%Y-%m-%dT%H:%M:%S%:z");
        let cells = [&row.name, &row.uscc, &row.code.id, name, sha256, &issued.to_string(), status];
        Ok(self.table.write_record(cells.map(sheet::plain))?)
    }
}

fn packed() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).unix_permissions(0o644)
}

/// What the ZIP has written and nobody has taken yet.
#[derive(Clone, Default)]
struct Out(Arc<Mutex<Vec<u8>>>);

impl Out {
    fn take(&self) -> Bytes {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).into()
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
