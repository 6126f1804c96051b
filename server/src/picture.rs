//! The room of pictures: the QR symbol of a text and its prints, and pictures
//! that people send. Knows qrcode,
//! png and a font; knows neither the store nor secrets.

pub mod caption;
pub mod check;
pub mod clean;
mod masks;
pub mod paper;
pub mod png;
pub mod svg;
pub mod symbol;
pub mod terminal;
