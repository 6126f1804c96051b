//! The schema as embedded twins: the same migrations, by the same names, for
//! SQLite and PostgreSQL. `tests/parity.rs` holds them to each other.

use diesel_migrations::{EmbeddedMigrations, embed_migrations};

/// Migrations for SQLite.
pub const SQLITE: EmbeddedMigrations = embed_migrations!("sqlite");
/// Migrations for PostgreSQL.
pub const POSTGRES: EmbeddedMigrations = embed_migrations!("postgres");
