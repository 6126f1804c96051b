//! One's own account: the second factor, the password, sessions, and the links
//! by which somebody gets in for the first time.

pub mod link;
pub mod password;
pub mod second_factor;
pub mod sessions;
pub mod setup;
