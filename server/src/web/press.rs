//! Symbols of many codes as files, on all cores: signed again, drawn, and read back
//! from the finished file. Ed25519 is deterministic, so a file can be made whenever
//! somebody wants it, and none lies about.

use std::{num::NonZeroUsize, sync::Arc, thread};

use data_encoding::HEXLOWER;
use qiyema_protocol::seal::{CodeId, Host};
use sha2::{Digest as _, Sha256};

use crate::{
    picture::{
        self, check,
        paper::PaperError,
        png::Dots,
        symbol::{PictureError, Symbol},
    },
    secrets::keyset::{Drawing, KeySet},
};

/// Kind of a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Lines: sharp at any size.
    #[default]
    Svg,
    /// Dots of a printer.
    Png,
}

impl Format {
    /// How a file's name ends.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
        }
    }
}

/// A code whose file is wanted.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Its id.
    pub code: String,
    /// The key that signed it.
    pub kid: i32,
}

/// A finished file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// What is in it.
    pub bytes: Vec<u8>,
    /// SHA-256 of that, in hex.
    pub sha256: String,
}

/// Why there is no file.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Unmade {
    /// The code does not stand any more.
    #[error("the code does not stand any more")]
    Ended,
    /// The key was retired: the code is void.
    #[error("the key of the code is retired")]
    Retired,
    /// The private key is not here.
    #[error("the key of the code is not here")]
    Absent,
    /// It is no code.
    #[error("{0} is no id of a code")]
    Malformed(String),
    /// Signing failed.
    #[error("the code could not be signed")]
    Unsigned,
    /// Drawing or reading back failed.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// The paper was not written.
    #[error(transparent)]
    Paper(#[from] PaperError),
    /// It could not be packed.
    #[error("the file could not be packed")]
    Unpacked,
}

/// Makes files of one kind and size.
#[derive(Clone)]
pub struct Press {
    /// Keys.
    pub keys: Arc<KeySet>,
    /// Where codes lead.
    pub host: Host,
    /// Kind of file.
    pub format: Format,
    /// Width on paper, with the quiet zone.
    pub mm: f64,
    /// Dots an inch of the printer.
    pub dpi: u16,
}

/// The text of a seal, signed again by the key that signed it.
pub fn text(keys: &KeySet, host: &Host, code: &str, kid: i32) -> Result<String, Unmade> {
    let id: CodeId = code.parse().map_err(|_| Unmade::Malformed(code.to_owned()))?;
    match keys.drawing(kid) {
        Drawing::With(signer) => {
            signer.seal(host, id).map(|seal| seal.text(host)).map_err(|_| Unmade::Unsigned)
        }
        Drawing::Retired => Err(Unmade::Retired),
        Drawing::Absent => Err(Unmade::Absent),
    }
}

/// Cores of this machine.
#[must_use]
pub fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

/// Does the same to many things on so many cores, in their order. A worker that panics
/// spoils its share, and not the process.
pub fn spread<T: Sync, R: Send>(cores: usize, things: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<Option<R>> {
    let share = things.len().div_ceil(cores.max(1)).max(1);
    let mut done = Vec::with_capacity(things.len());
    thread::scope(|scope| {
        let work = |some: &[T]| some.iter().map(&work).collect::<Vec<R>>();
        let shares: Vec<_> =
            things.chunks(share).map(|some| (some.len(), scope.spawn(move || work(some)))).collect();
        for (count, one) in shares {
            match one.join() {
                Ok(made) => done.extend(made.into_iter().map(Some)),
                Err(_) => done.extend((0..count).map(|_| None)),
            }
        }
    });
    done
}

impl Press {
    /// One file.
    pub fn file(&self, wanted: &Wanted) -> Result<Made, Unmade> {
        let text = text(&self.keys, &self.host, &wanted.code, wanted.kid)?;
        let symbol = picture::symbol::symbol(&text)?;
        let bytes = self.draw(&symbol, &text)?;
        let sha256 = HEXLOWER.encode(&Sha256::digest(&bytes));
        Ok(Made { bytes, sha256 })
    }

    fn draw(&self, symbol: &Symbol, text: &str) -> Result<Vec<u8>, PictureError> {
        match self.format {
            Format::Svg => {
                symbol.module_mm(self.mm)?;
                let file = picture::svg::svg(symbol, self.host.as_str(), Some(self.mm));
                check::svg(&file, text, symbol.width(), Some(self.mm))?;
                Ok(file.into_bytes())
            }
            Format::Png => {
                let dots = Dots::on_paper(symbol, self.mm, self.dpi)?;
                let file = picture::png::png(symbol, dots, Some(self.host.as_str()))?;
                check::png(&file, text, symbol.width(), dots)?;
                Ok(file)
            }
        }
    }

    /// Many files, on all cores, in their order.
    #[must_use]
    pub fn files(&self, wanted: &[Wanted]) -> Vec<Result<Made, Unmade>> {
        self.on(cores(), wanted)
    }

    /// Many files on so many cores.
    #[must_use]
    pub fn on(&self, cores: usize, wanted: &[Wanted]) -> Vec<Result<Made, Unmade>> {
        let made = spread(cores, wanted, |one| self.file(one)).into_iter();
        made.map(|one| one.unwrap_or(Err(Unmade::Picture(PictureError::Unreadable)))).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use qiyema_protocol::{
        algorithm::Algorithm,
        seal::{CodeId, Host},
    };

    use super::{Format, Press, Unmade, Wanted};
    use crate::{
        clock::Timestamp,
        picture::symbol::PictureError,
        secrets::{keyset::KeySet, keystore::KeyStore},
    };

    fn press(format: Format) -> Press {
        let temp = tempfile::tempdir().unwrap();
        let at = Timestamp::from_timestamp(1_800_000_000, 0).unwrap();
        let mut store = KeyStore::open_or_create(&temp.path().join("keys"), at).unwrap();
        store.rotate(Algorithm::Ed25519, at).unwrap();
        store.rotate(Algorithm::Ed25519, at).unwrap();
        store.retire(1, at).unwrap();
        let host = Host::from_origin("https://qy.example.cn").unwrap();
        Press { keys: Arc::new(KeySet::of(&store).unwrap()), host, format, mm: 30.0, dpi: 300 }
    }

    fn wanted(n: u8, kid: i32) -> Wanted {
        Wanted { code: CodeId([n; 10]).to_string(), kid }
    }

    #[test]
    fn files_are_the_same_on_any_number_of_cores_and_in_the_order_of_their_codes() {
        for format in [Format::Svg, Format::Png] {
            let press = press(format);
            let all: Vec<Wanted> = (0..7).map(|n| wanted(n, 3 - i32::from(n % 2))).collect();
            let made = press.on(1, &all);
            assert!(made.iter().all(Result::is_ok), "{made:?}");
            for cores in [2, 3, 7, 12] {
                assert_eq!(press.on(cores, &all), made, "{format:?} on {cores}");
            }
            let mut hashes: Vec<_> = made.into_iter().map(|one| one.unwrap().sha256).collect();
            hashes.dedup();
            assert_eq!(hashes.len(), 7);
        }
    }

    #[test]
    fn a_void_code_and_a_size_that_does_not_scan_give_no_file() {
        let press = press(Format::Svg);
        let made = press.files(&[wanted(1, 3), wanted(2, 1), wanted(3, 9)]);
        assert!(made[0].is_ok());
        assert_eq!((&made[1], &made[2]), (&Err(Unmade::Retired), &Err(Unmade::Absent)));
        let small = Press { mm: 19.0, ..press };
        assert!(matches!(small.file(&wanted(1, 3)), Err(Unmade::Picture(PictureError::Small { .. }))));
        assert!(small.files(&[]).is_empty());
    }
}
