//! The room of secrets: signing keys, passwords, PINs and tokens. The only room
//! that knows argon2 and jsonwebtoken; it knows neither the store nor pictures.

pub mod devices;
pub mod files;
pub mod folder;
pub mod hook;
pub mod invitation;
pub mod keypair;
pub mod keyset;
pub mod keystore;
pub mod log_key;
pub mod password;
pub mod pin;
pub mod scribe;
pub mod signer;
#[cfg(feature = "gm")]
mod sm2_hand;
pub mod token;
pub mod totp;
pub mod vault;
#[cfg(test)]
mod vectors;
