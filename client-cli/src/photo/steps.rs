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
    step("plain", Grey::clone, readers::quick),
    step("smoothed", Grey::smoothed, readers::quick),
    step("smoothed, sharpened", |grey| grey.smoothed().sharpened(4, 8), readers::quick),
    step("smoothed, strongly sharpened", |grey| grey.smoothed().sharpened(3, 16), readers::quick),
    step("half size", |grey| grey.shrunk(2), readers::thorough),
    step("evened", |grey| grey.smoothed().evened(30), readers::quick),
    step("smoothed, second reader", Grey::smoothed, readers::second),
    step("doubled", |grey| grey.doubled().smoothed(), readers::quick),
    step("doubled, local threshold", |grey| grey.doubled().smoothed().thresholded(30), readers::quick),
    step("doubled, strongly sharpened", |grey| grey.doubled().smoothed().sharpened(6, 16), readers::quick),
];

const LARGE_PICTURES: &[Step] = &[
    step("half size", |grey| grey.shrunk(2), readers::quick),
    step("half size, smoothed", |grey| grey.shrunk(2).smoothed(), readers::quick),
    step("plain", Grey::clone, readers::quick),
    step("third, sharpened", |grey| grey.shrunk(3).sharpened(4, 8), readers::quick),
    step("half size, sharpened", |grey| grey.shrunk(2).smoothed().sharpened(4, 8), readers::quick),
    step("quarter", |grey| grey.shrunk(4), readers::quick),
    step("full size, smoothed", Grey::smoothed, readers::quick),
    step("half size, second reader", |grey| grey.shrunk(2).smoothed(), readers::second),
    step("half size, evened", |grey| grey.shrunk(2).evened(30), readers::quick),
    step("full size, sharpened", |grey| grey.smoothed().sharpened(4, 12), readers::quick),
];
