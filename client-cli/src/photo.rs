//! Reads QR codes from phone photos: load a picture safely, then try preparation after preparation until a text is
//! accepted. Whether a text is a true seal is the caller's judgement; no network and no keys in here.

mod grey;
mod readers;
mod steps;
mod views;

use std::io::Cursor;
use std::time::{Duration, Instant};

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, metadata::Orientation};

use grey::Grey;
use views::Views;

/// The longest side a picture may have, in pixels.
pub const LONGEST_SIDE: u32 = 16_384;
/// The most pixels a picture may have.
pub const MOST_PIXELS: u64 = 60_000_000;
/// The largest file, in bytes.
pub const LARGEST_FILE: usize = 30_000_000;
/// What a decoder may allocate: 60 megapixels of eight bytes.
const DECODER_MEMORY: u64 = 512 * 1024 * 1024;

/// No further step begins after this long, so that a picture without a code does not keep people waiting.
pub const LONGEST_SEARCH: Duration = Duration::from_millis(400);

/// A loaded picture, ready to be read.
#[derive(Clone, Debug)]
pub struct Picture(Views);

impl Picture {
    /// Width and height in pixels, upright.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        (self.0.whole().width, self.0.whole().height)
    }
}

/// Why a file is not taken as a picture.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// No bytes at all.
    #[error("文件是空的 · the file is empty")]
    Empty,
    /// More bytes than we take.
    #[error("文件太大（{bytes} 字节，最多 30 MB） · the file is too large ({bytes} bytes, at most 30 MB)")]
    FileTooLarge {
        /// Size of the file.
        bytes: usize,
    },
    /// More pixels than we take.
    #[error(
        "图片太大（{width}×{height}，最多 6000 万像素、边长 16384） · the picture is too large ({width}×{height}; at most 60 megapixels and 16384 a side)"
    )]
    TooLarge {
        /// Pixels across, as its header says.
        width: u32,
        /// Pixels down, as its header says.
        height: u32,
    },
    /// Not JPEG, PNG or WebP.
    #[error("只支持 JPEG、PNG、WebP 图片 · only JPEG, PNG and WebP pictures are supported")]
    Unsupported,
    /// Begins like a picture but cannot be decoded.
    #[error("图片已损坏，无法读取 · the picture is damaged and cannot be decoded")]
    Broken,
}

/// What was seen in a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// All distinct texts, accepted ones first.
    pub texts: Vec<String>,
    /// How many of them were accepted.
    pub accepted: usize,
    /// The step that gave the first accepted text.
    pub step: Option<&'static str>,
}

impl Found {
    fn add(&mut self, texts: Vec<String>, accept: &dyn Fn(&str) -> bool) {
        for text in texts {
            if self.texts.contains(&text) {
                continue;
            }
            if accept(&text) {
                self.texts.insert(self.accepted, text);
                self.accepted += 1;
            } else {
                self.texts.push(text);
            }
        }
    }
}

/// Loads the bytes of a JPEG, PNG or WebP file. The header is judged before anything is decoded.
pub fn load(bytes: &[u8]) -> Result<Picture, Refused> {
    if bytes.is_empty() {
        return Err(Refused::Empty);
    }
    if bytes.len() > LARGEST_FILE {
        return Err(Refused::FileTooLarge { bytes: bytes.len() });
    }
    // A decoder is foreign code on foreign input: should it panic, the picture is broken, not the program.
    std::panic::catch_unwind(|| decode(bytes)).unwrap_or(Err(Refused::Broken))
}

/// Reads the codes of a picture, step by step, until `accept` takes a text; then looks once more for further codes.
/// Without an accepted text the steps go on until the usual time is up, and whatever else was read is returned.
#[must_use]
pub fn read(picture: &Picture, accept: &dyn Fn(&str) -> bool) -> Found {
    read_within(picture, accept, LONGEST_SEARCH)
}

/// [`read`] with a time of the caller's choice after which no further step begins.
#[must_use]
pub fn read_within(picture: &Picture, accept: &dyn Fn(&str) -> bool, longest: Duration) -> Found {
    let began = Instant::now();
    read_while(picture, accept, &|| began.elapsed() <= longest)
}

/// [`read`] that asks `go_on` before each further step: whoever measures counts processor time, not the clock.
#[must_use]
pub fn read_while(picture: &Picture, accept: &dyn Fn(&str) -> bool, go_on: &dyn Fn() -> bool) -> Found {
    let mut found = Found::default();
    let views = &picture.0;
    for step in steps::for_picture(views.whole()) {
        found.add(step.read(views), accept);
        if found.accepted > 0 {
            found.step = Some(step.name);
            found.add(steps::further_codes(views.whole()).read(views), accept);
            break;
        }
        if !go_on() {
            break;
        }
    }
    found
}

fn decode(bytes: &[u8]) -> Result<Picture, Refused> {
    let mut reader =
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| Refused::Broken)?;
    if !matches!(reader.format(), Some(ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) {
        return Err(Refused::Unsupported);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODER_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| Refused::Broken)?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(Refused::Broken);
    }
    if width.max(height) > LONGEST_SIDE || u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(Refused::TooLarge { width, height });
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).map_err(|_| Refused::Broken)?;
    let mut upright = DynamicImage::ImageLuma8(on_white(picture));
    upright.apply_orientation(orientation);
    let luma = upright.into_luma8();
    let width = usize::try_from(luma.width()).map_err(|_| Refused::Broken)?;
    let height = usize::try_from(luma.height()).map_err(|_| Refused::Broken)?;
    Ok(Picture(Views::of(Grey { width, height, pixels: luma.into_raw() })))
}

/// Grey on white paper: what is transparent in a PNG would else turn black and swallow the code.
fn on_white(picture: DynamicImage) -> image::GrayImage {
    if !picture.color().has_alpha() {
        return picture.into_luma8();
    }
    let (width, height) = (picture.width(), picture.height());
    let blended = picture
        .into_luma_alpha8()
        .pixels()
        .map(|pixel| {
            let [grey, alpha] = pixel.0;
            let (grey, alpha) = (u32::from(grey), u32::from(alpha));
            u8::try_from((grey * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
        })
        .collect();
    image::GrayImage::from_raw(width, height, blended).unwrap_or_default()
}
