//! What the server and its clients share: the *seal* (the signed text inside a
//! QR code) and the JSON wire types. No framework, no database, no private key:
//! a program that links only this crate can verify a code but never forge one.

pub mod administration;
pub mod algorithm;
pub mod appeal;
pub mod audit;
pub mod beside;
pub mod board;
pub mod clocks;
pub mod code_runs;
pub mod codes;
pub mod dashboard;
pub mod device;
pub mod directory;
pub mod exchange;
pub mod figures;
pub mod history;
pub mod intake;
pub mod keyring;
pub mod ledger;
pub mod owner;
pub mod paper;
pub mod problem;
pub mod rating;
pub mod receipt;
pub mod registers;
pub mod revocation;
pub mod seal;
pub mod staff;
pub mod tags;
pub mod text;
pub mod verb;
pub mod webhooks;
pub mod words;
