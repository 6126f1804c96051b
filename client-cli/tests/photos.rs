//! The committed photos of `tests/photos/set`: never a wrong text, and what was readable stays readable. Files that are
//! no pictures, or too large ones, are refused.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its photos has to fall")]

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use qiyema_cli::photo::{self, Refused};

/// Unoptimised test builds are slow, and the test is about what can be read, not how fast.
const PLENTY: Duration = Duration::from_mins(1);

fn set() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/photos/set")
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(set().join(name)).unwrap()
}

/// File, kind, texts in it and whether all of them must be read.
fn labels() -> Vec<(String, String, BTreeSet<String>, bool)> {
    let labels = std::fs::read_to_string(set().join("labels.csv")).unwrap();
    let photos = labels.lines().skip(1).map(|line| {
        let [file, kind, texts, must]: [&str; 4] = line.split(',').collect::<Vec<_>>().try_into().unwrap();
        let texts = texts.split_whitespace().map(str::to_owned).collect();
        (file.to_owned(), kind.to_owned(), texts, must == "yes")
    });
    photos.collect()
}

fn looks_like_a_seal(text: &str) -> bool {
    text.len() == 150 && text.starts_with("HTTPS://") && text.contains("/C/")
}

#[test]
fn no_photo_gives_a_wrong_text_and_the_readable_ones_are_read() {
    let labels = labels();
    assert!(labels.len() >= 20, "only {} photos", labels.len());
    assert!(labels.iter().filter(|(.., must)| *must).count() >= 16);
    for (file, _, texts, must) in labels {
        let picture = photo::load(&bytes(&file)).unwrap_or_else(|refused| panic!("{file}: {refused}"));
        let found = photo::read_within(&picture, &looks_like_a_seal, PLENTY);
        let read: BTreeSet<String> = found.texts.iter().cloned().collect();
        assert!(read.is_subset(&texts), "{file}: wrong text in {read:?}");
        assert_eq!(found.accepted, read.len(), "{file}");
        if must {
            assert_eq!(read, texts, "{file}");
        }
    }
}

#[test]
fn a_text_that_is_not_accepted_is_still_told_but_not_counted() {
    let (file, _, texts, _) = labels().into_iter().find(|(_, kind, ..)| kind == "two_codes").unwrap();
    let wanted = texts.first().unwrap().clone();
    let picture = photo::load(&bytes(&file)).unwrap();
    let found = photo::read_within(&picture, &|text| text == wanted, PLENTY);
    assert_eq!(found.accepted, 1);
    assert_eq!(found.texts.first(), Some(&wanted));
    assert_eq!(found.texts.len(), 2);
}

#[test]
fn the_turn_noted_in_a_file_is_applied() {
    let (file, ..) = labels().into_iter().find(|(_, kind, ..)| kind == "exif_rotated").unwrap();
    let (width, height) = photo::load(&bytes(&file)).unwrap().size();
    assert!(height < width, "upright it is wider than tall: {width}×{height}");
}

#[test]
fn too_large_a_picture_is_refused_by_its_header_alone() {
    let mut png = bytes("plain.png");
    png.truncate(33); // signature and header only: nothing there to decode
    png[16..20].copy_from_slice(&20_000_u32.to_be_bytes());
    png[20..24].copy_from_slice(&20_000_u32.to_be_bytes());
    let crc = crc(&png[12..29]);
    png[29..33].copy_from_slice(&crc.to_be_bytes());
    png.extend_from_slice(&[0, 0, 0, 0, b'I', b'D', b'A', b'T', 0x35, 0xaf, 0x06, 0x1e]);
    let refused = photo::load(&png).unwrap_err();
    assert!(matches!(refused, Refused::TooLarge { width: 20_000, height: 20_000 }), "{refused}");
    assert!(matches!(photo::load(&vec![0xff; 30_000_001]), Err(Refused::FileTooLarge { .. })));
}

#[test]
fn broken_and_foreign_files_are_refused() {
    let png = bytes("plain.png");
    assert!(matches!(photo::load(&png[..png.len() / 2]), Err(Refused::Broken)));
    assert!(matches!(photo::load(&png[..20]), Err(Refused::Broken)));
    assert!(matches!(photo::load(b""), Err(Refused::Empty)));
    assert!(photo::load(b"GIF89a\x01\x00\x01\x00\x00\x00\x00;").is_err());
    assert!(photo::load(b"not a picture at all").is_err());
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    !crc
}
