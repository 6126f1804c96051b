//! The symbols of a part, a file each.

use std::io;

use actix_web::web::Bytes;
use futures_util::stream::{self, Stream};
use zip::{DateTime, write::PreparedZipFile};

use super::{Bundle, Wish, packed};
use crate::{
    store::code_runs::Drawn,
    web::{
        press::{Press, Unmade, Wanted, cores, spread},
        pressroom::Place,
        shared::Shared,
    },
};

/// Codes drawn at a time.
pub const PAGE: i64 = 512;
/// Columns of the table.
const HEADINGS: [&str; 7] = ["enterprise", "uscc", "code", "file", "sha256", "issued_at", "status"];

/// The ZIP, piece by piece.
pub fn stream(
    shared: Shared,
    wish: Wish,
    press: Press,
    place: Place,
) -> impl Stream<Item = io::Result<Bytes>> + 'static {
    let begun = Bundle::begin(&shared, &HEADINGS).map(Some);
    stream::try_unfold((begun, 0, place), move |(bundle, after, place)| {
        let (shared, wish, press) = (shared.clone(), wish.clone(), press.clone());
        async move {
            let Some(mut bundle) = bundle? else { return Ok(None) };
            let rows = wish.page(&shared, after, PAGE).await.map_err(io::Error::other)?;
            let Some(next) = rows.last().map(|row| row.line) else {
                return Ok(Some((bundle.finish()?, (Ok(None), after, place))));
            };
            let done = shared.presses.turn(move || {
                let drawn = draw(&rows, &press, bundle.at);
                add(&mut bundle, &rows, drawn).map(|()| bundle)
            });
            let bundle = done.await??;
            Ok(Some((bundle.take(), (Ok(Some(bundle)), next, place))))
        }
    })
}

struct File {
    name: String,
    sha256: String,
    packed: PreparedZipFile,
}

/// What stands, drawn, read back and packed; what does not, and why.
fn draw(rows: &[Drawn], press: &Press, at: DateTime) -> Vec<Result<File, Unmade>> {
    let one = |row: &Drawn| {
        let made = press.file(&Wanted { code: row.code.id.clone(), kid: row.code.kid })?;
        // Both are plain letters and digits, so the name is safe on every file system.
        let name = format!("{}-{}.{}", row.uscc, row.code.id, press.format.ending());
        Ok(File { packed: packed(&name, &made.bytes, at)?, sha256: made.sha256, name })
    };
    // What does not stand any more is not printed; the table says so.
    let work = |row: &Drawn| if row.ending.is_some() { Err(Unmade::Ended) } else { one(row) };
    spread(cores(), rows, work).into_iter().map(|one| one.unwrap_or(Err(Unmade::Unsigned))).collect()
}

fn add(bundle: &mut Bundle, rows: &[Drawn], drawn: Vec<Result<File, Unmade>>) -> io::Result<()> {
    for (row, drawn) in rows.iter().zip(drawn) {
        let (name, sha256, status) = match drawn {
            Ok(file) => {
                bundle.add(file.packed)?;
                (file.name, file.sha256, "live")
            }
            Err(Unmade::Ended) => (String::new(), String::new(), row.ending.as_deref().unwrap_or("ended")),
            Err(Unmade::Retired) => (String::new(), String::new(), "key_retired"),
            Err(Unmade::Absent) => (String::new(), String::new(), "key_absent"),
            Err(broken) => return Err(io::Error::other(broken)),
        };
        let issued = bundle.issued(row);
        bundle.note(&[&row.name, &row.uscc, &row.code.id, &name, &sha256, &issued, status])?;
    }
    Ok(())
}
