//! Pictures made here with everything in them that must not stay.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, RgbImage};
use proptest::prelude::*;

use super::{Unfit, clean};
use crate::domain::attachment::Kind;

const SECRETS: [&str; 6] =
    ["30.8703", "Apple iPhone", "GPSLatitude", "Li Si", "http://ns.adobe.com/xap", "%PDF-1.4 hidden"];

fn drawn() -> DynamicImage {
    let pixel = |x: u32, y: u32| image::Rgb([u8::try_from(x * 3).unwrap(), u8::try_from(y * 5).unwrap(), 90]);
    RgbImage::from_fn(64, 48, pixel).into()
}

fn file(format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    drawn().write_to(&mut out, format).unwrap();
    out.into_inner()
}

/// A TIFF block as telephones write it: camera, orientation 6, place.
fn exif() -> Vec<u8> {
    let mut tiff = b"MM\0*\0\0\0\x08\0\x02".to_vec();
    tiff.extend([0x01, 0x0f, 0, 2, 0, 0, 0, 12, 0, 0, 0, 38]);
    tiff.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0]);
    tiff.extend([0; 4]);
    tiff.extend(b"Apple iPhone\0GPSLatitude 30.8703 Li Si");
    tiff
}

fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let size = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker], &size[..], body].concat()
}

fn loaded_jpeg() -> Vec<u8> {
    let plain = file(ImageFormat::Jpeg);
    let mut out = plain[..2].to_vec();
    out.extend(segment(0xe1, &[b"Exif\0\0", &exif()[..]].concat()));
    out.extend(segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0<x>Li Si</x>"));
    out.extend(segment(0xed, b"Photoshop 3.0\0Li Si"));
    out.extend(segment(0xe2, b"MPF\0Apple iPhone"));
    out.extend(segment(0xfe, b"taken by Li Si"));
    out.extend(&plain[2..]);
    out.extend(b"%PDF-1.4 hidden");
    out
}

fn chunk(name: [u8; 4], body: &[u8]) -> Vec<u8> {
    [&u32::try_from(body.len()).unwrap().to_be_bytes()[..], &name, body, &[0; 4]].concat()
}

fn loaded_png() -> Vec<u8> {
    let plain = file(ImageFormat::Png);
    // Signature and header are 33 bytes.
    let mut out = plain[..33].to_vec();
    out.extend(chunk(*b"tEXt", b"Author\0Li Si"));
    out.extend(chunk(*b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0http://ns.adobe.com/xap"));
    out.extend(chunk(*b"eXIf", &exif()));
    out.extend(&plain[33..]);
    out.extend(b"%PDF-1.4 hidden");
    out
}

fn riff(chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    for (name, data) in chunks {
        body.extend(*name);
        body.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
        body.extend(data);
        body.resize(body.len().next_multiple_of(2), 0);
    }
    [b"RIFF", &u32::try_from(body.len()).unwrap().to_le_bytes()[..], &body].concat()
}

fn loaded_webp() -> Vec<u8> {
    let plain = file(ImageFormat::WebP);
    assert_eq!(&plain[12..16], b"VP8L");
    let size = usize::try_from(u32::from_le_bytes(plain[16..20].try_into().unwrap())).unwrap();
    let header = vec![0x0c, 0, 0, 0, 63, 0, 0, 47, 0, 0];
    let mut out = riff(&[
        (b"VP8X", header),
        (b"VP8L", plain[20..20 + size].to_vec()),
        (b"EXIF", exif()),
        (b"XMP ", b"http://ns.adobe.com/xap Li Si".to_vec()),
    ]);
    out.extend(b"%PDF-1.4 hidden");
    out
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn what_tells_of_people_and_places_is_gone_and_the_picture_is_the_same() {
    for (kind, loaded) in
        [(Kind::Jpeg, loaded_jpeg()), (Kind::Png, loaded_png()), (Kind::Webp, loaded_webp())]
    {
        assert!(
            SECRETS.iter().filter(|secret| holds(&loaded, secret)).count() >= 4,
            "{kind:?} holds what must go"
        );
        let cleaned = clean(kind, loaded.clone()).unwrap();
        for secret in SECRETS {
            assert!(!holds(&cleaned, secret), "{secret} stayed in {kind:?}");
        }
        assert_eq!(Kind::of(&cleaned), Some(kind));
        let before = image::load_from_memory(&loaded).unwrap().to_rgb8();
        assert_eq!(image::load_from_memory(&cleaned).unwrap().to_rgb8(), before, "{kind:?}");
        assert_eq!(clean(kind, cleaned.clone()).unwrap(), cleaned, "{kind:?} cleaned again");
    }
}

#[test]
fn a_telephone_picture_stays_upright() {
    let cleaned = clean(Kind::Jpeg, loaded_jpeg()).unwrap();
    let mut decoder =
        ImageReader::with_format(Cursor::new(cleaned), ImageFormat::Jpeg).into_decoder().unwrap();
    assert_eq!(decoder.orientation().unwrap().to_exif(), 6);
}

#[test]
fn a_real_photo_is_drawn_as_before() {
    let photo = include_bytes!("../../../../tests/photos/set/exif.jpg").to_vec();
    assert!(holds(&photo, "Exif"));
    let cleaned = clean(Kind::Jpeg, photo.clone()).unwrap();
    assert!(cleaned.len() <= photo.len());
    let pixels = |bytes: &[u8]| image::load_from_memory(bytes).unwrap().to_rgb8();
    assert_eq!(pixels(&cleaned), pixels(&photo));
}

#[test]
fn size_is_judged_by_the_header_alone() {
    let mut png = file(ImageFormat::Png);
    png[16..24].copy_from_slice(&[0, 0, 0x40, 1, 0, 0, 0, 1]);
    assert_eq!(clean(Kind::Png, png), Err(Unfit::TooLarge { width: 16_385, height: 1 }));
    let mut jpeg = file(ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0x30, 0, 0x30, 0]);
    assert_eq!(clean(Kind::Jpeg, jpeg), Err(Unfit::TooLarge { width: 0x3000, height: 0x3000 }));
    let webp = riff(&[(b"VP8X", vec![0, 0, 0, 0, 0xff, 0xff, 0xff, 0, 0, 0])]);
    assert_eq!(clean(Kind::Webp, webp), Err(Unfit::TooLarge { width: 1 << 24, height: 1 }));
}

#[test]
fn pictures_that_move_or_do_not_draw_are_refused() {
    let plain = file(ImageFormat::Png);
    let moving = [&plain[..33], &chunk(*b"acTL", &[0; 8])[..], &plain[33..]].concat();
    assert_eq!(clean(Kind::Png, moving), Err(Unfit::Moving));
    assert_eq!(clean(Kind::Webp, riff(&[(b"VP8X", vec![2, 0, 0, 0, 1, 0, 0, 1, 0, 0])])), Err(Unfit::Moving));
    for (kind, bytes) in
        [(Kind::Png, &plain[..40]), (Kind::Jpeg, b"\xff\xd8\xff\xd9"), (Kind::Webp, b"RIFF\x04\0\0\0WEBP")]
    {
        assert_eq!(clean(kind, bytes.to_vec()), Err(Unfit::Damaged), "{kind:?}");
    }
}

proptest! {
    #[test]
    fn no_damage_breaks_the_cleaning(at in 0_usize..4000, value: u8, cut in 0_usize..4000) {
        for (kind, mut bytes) in [(Kind::Jpeg, loaded_jpeg()), (Kind::Png, loaded_png()), (Kind::Webp, loaded_webp())] {
            let (at, cut) = (at % bytes.len(), cut % bytes.len());
            bytes[at] = value;
            bytes.truncate(bytes.len() - cut);
            if let Ok(cleaned) = clean(kind, bytes) {
                prop_assert_eq!(Kind::of(&cleaned), Some(kind));
            }
        }
    }
}
