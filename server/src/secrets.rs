//! The room of secrets: signing keys, passwords, PINs and tokens. The only room
//! that knows argon2 and jsonwebtoken; it knows neither the store nor pictures.

pub mod files;
pub mod hook;
pub mod invitation;
pub mod keyset;
pub mod keystore;
pub mod log_key;
pub mod password;
pub mod pin;
pub mod signer;
pub mod token;
pub mod totp;
pub mod vault;
#[cfg(test)]
mod vectors;
