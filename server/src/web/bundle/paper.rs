//! A part of a run on paper: PDF files of whole sheets, as many at a time as there are
//! cores. Letters are recorded before they are drawn, so that no PIN leaves unrecorded;
//! the print of a code is recorded once its file was read back, before it is sent.

use std::{collections::VecDeque, io, sync::Arc};

use actix_web::web::Bytes;
use data_encoding::HEXLOWER;
use futures_util::stream::{self, Stream};
use qiyema_protocol::seal::Host;
use secrecy::SecretString;
use sha2::{Digest as _, Sha256};
use zip::{DateTime, write::PreparedZipFile};

use super::{Bundle, Wish, packed};
use crate::{
    actions::{
        Refused,
        code::{
            pins::{self, Letter, Sealed},
            print::{self, BATCH, Print},
        },
    },
    clock::Ids,
    picture::paper::{self, Issuer, Label, Laid, Spot, format::Paper, logo::Logo, pdf},
    secrets::keyset::KeySet,
    store::{code_runs::Drawn, codes::CodeRow},
    web::{
        press::{Unmade, cores, spread, text},
        pressroom::Place,
        shared::Shared,
    },
};

/// Codes read at a time.
const PAGE: i64 = 1_000;
/// Columns of the table. `lacking` are characters of the name that the font does not have.
const HEADINGS: [&str; 10] =
    ["enterprise", "uscc", "code", "file", "sheet", "place", "sha256", "issued_at", "status", "lacking"];

/// Makes PDF files.
#[derive(Clone)]
pub struct Binder {
    /// Keys.
    pub keys: Arc<KeySet>,
    /// Where codes lead.
    pub host: Host,
    /// Name of the centre.
    pub centre: String,
    /// Their emblem.
    pub logo: Option<Arc<Logo>>,
    /// The paper.
    pub paper: Paper,
    /// What the paper is called.
    pub format: String,
    /// Letters also of PINs that were printed before.
    pub again: bool,
}

/// A code on its way to paper.
struct Sheet {
    row: Drawn,
    pin: Option<SecretString>,
    /// Why it is not printed.
    status: Option<&'static str>,
}

/// A finished file.
struct Bound {
    name: String,
    sha256: String,
    packed: PreparedZipFile,
    /// Of each code that was given.
    lines: Vec<Line>,
}

/// Where a code is, or why not, and what the font lacks.
type Line = (Result<Spot, &'static str>, String);

struct State {
    bundle: Bundle,
    /// Read and not drawn yet.
    waiting: VecDeque<Drawn>,
    after: i32,
    read_all: bool,
    /// Files so far.
    files: usize,
}

/// The ZIP, piece by piece.
pub fn stream(
    shared: Shared,
    wish: Wish,
    binder: Binder,
    place: Place,
) -> impl Stream<Item = io::Result<Bytes>> + 'static {
    let begun = Bundle::begin(&shared, &HEADINGS)
        .map(|bundle| Some(State { bundle, waiting: VecDeque::new(), after: 0, read_all: false, files: 0 }));
    // The place is kept for as long as somebody downloads.
    stream::try_unfold((begun, place), move |(state, place)| {
        let (shared, wish, binder) = (shared.clone(), wish.clone(), binder.clone());
        async move {
            let Some(state) = state? else { return Ok(None) };
            let step = Step { shared, wish, binder };
            Box::pin(step.go(state)).await.map(|(piece, state)| Some((piece, (Ok(state), place))))
        }
    })
}

struct Step {
    shared: Shared,
    wish: Wish,
    binder: Binder,
}

impl Step {
    async fn go(&self, mut state: State) -> io::Result<(Bytes, Option<State>)> {
        let first = state.files == 0;
        let sizes = self.sizes(first);
        self.read(&mut state, sizes.iter().sum()).await?;
        if state.waiting.is_empty() {
            return Ok((state.bundle.finish()?, None));
        }
        let mut files = Vec::new();
        for (n, size) in sizes.into_iter().enumerate() {
            let some = self.next(&mut state.waiting, size).await?;
            if some.is_empty() {
                break;
            }
            let paper = if first && n == 0 { self.binder.paper.clone() } else { self.binder.paper.fresh() };
            state.files += 1;
            files.push((state.files, paper, some));
        }
        let (binder, part, at) = (self.binder.clone(), self.wish.part, state.bundle.at);
        let drawn = self.shared.presses.turn(move || {
            let bind = |(number, paper, some): &(usize, Paper, Vec<Sheet>)| {
                let name = format!("{}-{part:03}-{number:03}.pdf", binder.format);
                binder.file(name, paper, some, at)
            };
            let bound = spread(cores(), &files, bind);
            files.into_iter().map(|(_, _, some)| some).zip(bound).collect::<Vec<_>>()
        });
        for (some, bound) in drawn.await? {
            let bound = bound.unwrap_or(Err(Unmade::Unsigned)).map_err(io::Error::other)?;
            self.record(&some, &bound).await?;
            add(&mut state.bundle, &some, bound)?;
        }
        Ok((state.bundle.take(), Some(state)))
    }

    /// Codes of the files that are drawn together.
    fn sizes(&self, first: bool) -> Vec<usize> {
        let paper = &self.binder.paper;
        let of = |n| if first && n == 0 { paper.batch() } else { paper.fresh().batch() };
        (0..cores()).map(of).collect()
    }

    async fn read(&self, state: &mut State, wanted: usize) -> io::Result<()> {
        let standing = |waiting: &VecDeque<Drawn>| waiting.iter().filter(|row| row.ending.is_none()).count();
        while !state.read_all && standing(&state.waiting) < wanted {
            let rows = self.wish.page(&self.shared, state.after, PAGE).await.map_err(io::Error::other)?;
            match rows.last() {
                Some(last) => state.after = last.line,
                None => state.read_all = true,
            }
            state.waiting.extend(rows);
        }
        Ok(())
    }

    /// The codes of the next file: so many that stand, and those between them that do not. The
    /// PINs of letters are recorded here, once it is known that each letter will be drawn.
    async fn next(&self, waiting: &mut VecDeque<Drawn>, size: usize) -> io::Result<Vec<Sheet>> {
        let mut some = Vec::new();
        let mut standing = 0;
        while standing < size
            && let Some(row) = waiting.pop_front()
        {
            let status = ended(row.ending.as_deref());
            standing += usize::from(status.is_none());
            some.push(Sheet { row, pin: None, status });
        }
        if self.binder.paper.is_letter() {
            let binder = self.binder.clone();
            some = self.shared.presses.turn(move || binder.judged(some)).await?.map_err(io::Error::other)?;
            for some in some.chunks_mut(BATCH) {
                self.seal(some).await?;
            }
        }
        Ok(some)
    }

    async fn seal(&self, some: &mut [Sheet]) -> io::Result<()> {
        let (key, at) = (self.shared.trust.pin_key.clone(), self.shared.clock.now());
        let standing = |one: &&mut Sheet| one.status.is_none();
        let of: Vec<String> =
            some.iter_mut().filter(standing).map(|one| one.row.code.enterprise_id.clone()).collect();
        let (actor, run, again) = (self.wish.actor.clone(), self.wish.run.clone(), self.binder.again);
        let sealed: Result<Vec<Sealed>, Refused> = self
            .shared
            .store
            .write(move |db| {
                let letter = Letter { again, run: Some(&run), letters: of.len() };
                pins::for_run(db, &actor, &key, &of, letter, at)
            })
            .await;
        for (one, sealed) in some.iter_mut().filter(standing).zip(sealed.map_err(io::Error::other)?) {
            match sealed {
                Sealed::Pin(pin) => one.pin = Some(pin.into()),
                Sealed::Printed => one.status = Some("letter_printed"),
                Sealed::Unknown => one.status = Some("pin_unknown"),
            }
        }
        Ok(())
    }

    async fn record(&self, some: &[Sheet], bound: &Bound) -> io::Result<()> {
        let printed = some.iter().zip(&bound.lines).filter(|(_, (spot, _))| spot.is_ok());
        let codes: Vec<CodeRow> = printed.map(|(one, _)| one.row.code.clone()).collect();
        let (format, run) = (self.binder.format.clone(), Some(self.wish.run.clone()));
        let print = Print { format, file: Ids.row(), run };
        for some in codes.chunks(BATCH) {
            let (actor, some, print) = (self.wish.actor.clone(), some.to_vec(), print.clone());
            let at = self.shared.clock.now();
            let done: Result<(), Refused> =
                self.shared.store.write(move |db| print::printed(db, &actor, &some, &print, at)).await;
            done.map_err(io::Error::other)?;
        }
        Ok(())
    }
}

impl Binder {
    /// Whether a code goes onto this paper at all: refused before the first byte, if it does not.
    pub fn try_one(&self, row: &Drawn) -> Result<(), Unmade> {
        let one = [Sheet { row: row.clone(), pin: self.no_pin(), status: None }];
        self.file("try.pdf".to_owned(), &self.paper, &one, DateTime::default()).map(drop)
    }

    /// Letters that will not be drawn say why before their PINs are asked for.
    fn judged(&self, mut some: Vec<Sheet>) -> Result<Vec<Sheet>, Unmade> {
        for one in &mut some {
            one.pin = self.no_pin();
        }
        let (_, lines) = self.laid(&self.paper.fresh(), &some)?;
        for (one, (spot, _)) in some.iter_mut().zip(lines) {
            (one.pin, one.status) = (None, spot.err());
        }
        Ok(some)
    }

    /// What stands where a PIN will, on a letter that only shows whether there is room.
    fn no_pin(&self) -> Option<SecretString> {
        self.paper.is_letter().then(|| "000000".into())
    }

    fn file(&self, name: String, paper: &Paper, some: &[Sheet], at: DateTime) -> Result<Bound, Unmade> {
        let (laid, lines) = self.laid(paper, some)?;
        let bytes =
            if laid.pages.is_empty() { Vec::new() } else { pdf::pdf(&laid, "企业码 Enterprise codes")? };
        let sha256 = HEXLOWER.encode(&Sha256::digest(&bytes));
        Ok(Bound { packed: packed(&name, &bytes, at)?, sha256, name, lines })
    }

    /// The sheets, and of each code where it is.
    fn laid(&self, paper: &Paper, some: &[Sheet]) -> Result<(Laid, Vec<Line>), Unmade> {
        let (mut labels, mut lines, mut places) = (Vec::new(), Vec::new(), Vec::new());
        for Sheet { row, pin, status } in some {
            if let Some(status) = status {
                lines.push((Err(*status), String::new()));
                continue;
            }
            let seal = match text(&self.keys, &self.host, &row.code.id, row.code.kid) {
                Ok(seal) => seal,
                Err(Unmade::Retired) => {
                    lines.push((Err("key_retired"), String::new()));
                    continue;
                }
                Err(Unmade::Absent) => {
                    lines.push((Err("key_absent"), String::new()));
                    continue;
                }
                Err(broken) => return Err(broken),
            };
            let (_, lacking) = paper::font::clean(&row.name);
            // Where it stands is known below.
            places.push(lines.len());
            lines.push((Err("name_too_long"), lacking.into_iter().collect()));
            labels.push(Label {
                seal,
                code: row.code.id.clone(),
                name: row.name.clone(),
                uscc: row.uscc.clone(),
                pin: pin.clone(),
            });
        }
        let logo = self.logo.as_ref();
        let issuer = Issuer { centre: &self.centre, host: self.host.as_str(), logo };
        let laid = paper::lay_what_fits(paper, issuer, &labels)?;
        for (place, spot) in places.into_iter().zip(&laid.spots) {
            if let (Some((line, _)), Some(spot)) = (lines.get_mut(place), spot) {
                *line = Ok(*spot);
            }
        }
        Ok((laid, lines))
    }
}

fn ended(ending: Option<&str>) -> Option<&'static str> {
    ending.map(|ending| match ending {
        "suspended" => "suspended",
        "replaced" => "replaced",
        _ => "revoked",
    })
}

fn add(bundle: &mut Bundle, some: &[Sheet], bound: Bound) -> io::Result<()> {
    let Bound { name, sha256, packed, lines } = bound;
    // A file without a page is none.
    if lines.iter().any(|(spot, _)| spot.is_ok()) {
        bundle.add(packed)?;
    }
    for (one, (spot, lacking)) in some.iter().zip(lines) {
        let row = &one.row;
        let issued = bundle.issued(row);
        let (file, sheet, place, sha256, status) = match spot {
            Ok(spot) => (&*name, spot.page.to_string(), spot.place.to_string(), &*sha256, "live"),
            Err(status) => ("", String::new(), String::new(), "", status),
        };
        let (name, uscc, code) = (&*row.name, &*row.uscc, &*row.code.id);
        bundle.note(&[name, uscc, code, file, &sheet, &place, sha256, &issued, status, &lacking])?;
    }
    Ok(())
}
