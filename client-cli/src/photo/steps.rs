//! The cascade as a table: which picture is made from the photo and who reads it, cheapest and likeliest first.
//! The order was tuned on the photos of tests/photos; change it only together with a measurement.

use super::grey::Grey;
use super::readers::{self, Reader};

/// One try: a name for people, a way to prepare the picture, a reader.
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) prepare: fn(&Grey) -> Grey,
    pub(super) reader: Reader,
}

/// Longer side in pixels above which the steps for large pictures are used.
const LARGE: usize = 2200;

/// The steps for a picture of this size.
pub(super) fn for_picture(picture: &Grey) -> &'static [Step] {
    if picture.width.max(picture.height) > LARGE { LARGE_PICTURES } else { ORDINARY_PICTURES }
}

/// Looks once more for further codes after the first accepted one.
pub(super) fn further_codes(picture: &Grey) -> Step {
    if picture.width.max(picture.height) > LARGE {
        step("further codes, half size", |grey| grey.shrunk(2), readers::thorough)
    } else {
        step("further codes, smoothed", Grey::smoothed, readers::thorough)
    }
}

const fn step(name: &'static str, prepare: fn(&Grey) -> Grey, reader: Reader) -> Step {
    Step { name, prepare, reader }
}

const ORDINARY_PICTURES: &[Step] = &[
    step("plain", Grey::clone, readers::thorough),
    step("half size", |grey| grey.shrunk(2), readers::thorough),
    step("smoothed", Grey::smoothed, readers::thorough),
    step("part, sharpened", |grey| part(grey).sharpened(4, 8), readers::thorough),
    step("part, strongly sharpened", |grey| part(grey).sharpened(3, 16), readers::thorough),
    step("part, doubled, sharpened", |grey| enlarged(grey).sharpened(6, 16), readers::thorough),
    step("part, doubled, strongly sharpened", |grey| enlarged(grey).sharpened(4, 36), readers::thorough),
    step("part, evened", |grey| part(grey).evened(30), readers::thorough),
    step("part, doubled, sharper", |grey| enlarged(grey).sharpened(5, 20), readers::thorough),
    step("part, doubled, finely sharpened", |grey| enlarged(grey).sharpened(3, 32), readers::thorough),
    step("part, doubled, widely sharpened", |grey| enlarged(grey).sharpened(8, 24), readers::thorough),
    step("part, half size, sharpened", |grey| part(grey).shrunk(2).sharpened(3, 24), readers::thorough),
    step("part, doubled", enlarged, readers::thorough),
    step("part, doubled, local threshold", |grey| enlarged(grey).thresholded(30), readers::thorough),
    step("part, second reader", part, readers::second),
    step("sharpened", |grey| grey.smoothed().sharpened(4, 8), readers::thorough),
    step("smoothed, second reader", Grey::smoothed, readers::second),
];

const LARGE_PICTURES: &[Step] = &[
    step("half size", |grey| grey.shrunk(2), readers::thorough),
    step("part", Grey::busiest, readers::thorough),
    step("part, smoothed", part, readers::thorough),
    step("part, half size", |grey| part(grey).shrunk(2), readers::thorough),
    step("part, sharpened", |grey| part(grey).sharpened(4, 12), readers::thorough),
    step("part, second reader", part, readers::second),
    step("part, doubled", |grey| enlarged(grey).smoothed(), readers::thorough),
    step("part, doubled, sharpened", |grey| enlarged(grey).sharpened(5, 20), readers::thorough),
    step("quarter", |grey| grey.shrunk(4), readers::thorough),
    step("third, sharpened", |grey| grey.shrunk(3).sharpened(4, 8), readers::thorough),
    step("half size, sharpened", |grey| grey.shrunk(2).smoothed().sharpened(4, 8), readers::thorough),
    step("plain", Grey::clone, readers::quick),
    step("half size, evened", |grey| grey.shrunk(2).evened(30), readers::thorough),
    step("half size, second reader", |grey| grey.shrunk(2).smoothed(), readers::second),
];

/// The busiest part, without sensor noise.
fn part(picture: &Grey) -> Grey {
    picture.busiest().smoothed()
}

/// The busiest part at twice the size; nothing if that part is most of the picture, for it would take too long.
fn enlarged(picture: &Grey) -> Grey {
    let part = picture.busiest();
    if part.pixels.len() > picture.pixels.len() / 3 {
        return Grey { width: 0, height: 0, pixels: Vec::new() };
    }
    part.doubled()
}
