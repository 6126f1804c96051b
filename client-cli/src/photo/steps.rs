//! The cascade as a table: which picture is made from the photo and who reads it, cheapest and likeliest first.
//! The order was tuned on the photos of tests/photos; change it only together with a measurement.

use super::grey::Grey;
use super::readers::{self, Reader};
use super::views::Views;

/// One try: a name for people, a way to prepare the picture, a reader.
pub(super) struct Step {
    pub(super) name: &'static str,
    prepare: Prepare,
    reader: Reader,
}

enum Prepare {
    /// A view that other steps begin with too.
    Kept(fn(&Views) -> &Grey),
    /// A picture for this step alone.
    Made(fn(&Views) -> Grey),
}

impl Step {
    /// The texts that this try gives.
    pub(super) fn read(&self, views: &Views) -> Vec<String> {
        match self.prepare {
            Prepare::Kept(view) => (self.reader)(view(views)),
            Prepare::Made(make) => (self.reader)(&make(views)),
        }
    }
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
        kept("further codes, half size", Views::half, readers::thorough)
    } else {
        kept("further codes, smoothed", Views::smoothed, readers::thorough)
    }
}

const fn kept(name: &'static str, view: fn(&Views) -> &Grey, reader: Reader) -> Step {
    Step { name, prepare: Prepare::Kept(view), reader }
}

const fn made(name: &'static str, make: fn(&Views) -> Grey, reader: Reader) -> Step {
    Step { name, prepare: Prepare::Made(make), reader }
}

const ORDINARY_PICTURES: &[Step] = &[
    kept("plain", Views::whole, readers::thorough),
    kept("half size", Views::half, readers::thorough),
    kept("smoothed", Views::smoothed, readers::thorough),
    made("part, sharpened", |of| of.part().sharpened(4, 8), readers::thorough),
    made("part, strongly sharpened", |of| of.part().sharpened(3, 16), readers::thorough),
    made("part, doubled, sharpened", |of| of.doubled().sharpened(6, 16), readers::thorough),
    made("part, doubled, strongly sharpened", |of| of.doubled().sharpened(4, 36), readers::thorough),
    made("part, evened", |of| of.part().evened(30), readers::thorough),
    made("part, doubled, sharper", |of| of.doubled().sharpened(5, 20), readers::thorough),
    made("part, doubled, finely sharpened", |of| of.doubled().sharpened(3, 32), readers::thorough),
    made("part, doubled, widely sharpened", |of| of.doubled().sharpened(8, 24), readers::thorough),
    made("part, half size, sharpened", |of| of.part().shrunk(2).sharpened(3, 24), readers::thorough),
    kept("part, doubled", Views::doubled, readers::thorough),
    made("part, doubled, local threshold", |of| of.doubled().thresholded(30), readers::thorough),
    kept("part, second reader", Views::part, readers::second),
    made("sharpened", |of| of.smoothed().sharpened(4, 8), readers::thorough),
    kept("smoothed, second reader", Views::smoothed, readers::second),
];

const LARGE_PICTURES: &[Step] = &[
    kept("half size", Views::half, readers::thorough),
    kept("part", Views::busiest, readers::thorough),
    kept("part, smoothed", Views::part, readers::thorough),
    made("part, half size", |of| of.part().shrunk(2), readers::thorough),
    made("part, sharpened", |of| of.part().sharpened(4, 12), readers::thorough),
    kept("part, second reader", Views::part, readers::second),
    made("part, doubled", |of| of.doubled().smoothed(), readers::thorough),
    made("part, doubled, sharpened", |of| of.doubled().sharpened(5, 20), readers::thorough),
    made("quarter", |of| of.whole().shrunk(4), readers::thorough),
    made("third, sharpened", |of| of.whole().shrunk(3).sharpened(4, 8), readers::thorough),
    made("half size, sharpened", |of| of.half().smoothed().sharpened(4, 8), readers::thorough),
    kept("plain", Views::whole, readers::quick),
    made("half size, evened", |of| of.half().evened(30), readers::thorough),
    made("half size, second reader", |of| of.half().smoothed(), readers::second),
];
