//! The rig: what the tests stand on. It finds or installs the programs a test
//! needs, starts throw-away PostgreSQL clusters, and runs the real binaries.
//! Nothing here knows the application's code; a missing program is an error
//! that says what to install, never a skipped test.

/// The built binaries, and servers running from them.
pub mod binaries;
/// Finding programs, installing them where that is allowed.
pub mod needs;
/// Throw-away PostgreSQL.
pub mod postgres;
/// Python packages in an environment of their own.
pub mod python;
/// A mail server with TLS.
pub mod smtp;
/// Ends child processes even when this process is killed.
pub mod watchdog;
