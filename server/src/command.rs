//! Subcommands of the server's binary, one file each.

pub mod key;
