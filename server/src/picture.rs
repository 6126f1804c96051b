//! The room of pictures: the QR symbol of a text and its prints. Knows qrcode,
//! png and a font; knows neither the store nor secrets.

pub mod caption;
pub mod png;
pub mod svg;
pub mod symbol;
pub mod terminal;
