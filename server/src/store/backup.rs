//! A copy of a database that is in use.

use diesel::{RunQueryDsl, connection::SimpleConnection, sql_query, sql_types::Text};

use super::{
    StoreError,
    connection::{Db, Target},
};

#[derive(diesel::QueryableByName)]
struct Said {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

/// Writes a copy of an SQLite database to a file that is not there yet, as it is
/// at one moment: others go on reading and writing meanwhile. The copy is
/// checked and flushed before this returns. False for PostgreSQL, which has
/// tools of its own for that.
pub fn copy(source: &Target, file: &str) -> Result<bool, StoreError> {
    // Connecting would make an empty database, and the copy of nothing is sound.
    if let Target::Sqlite(path) = source
        && !std::path::Path::new(path).is_file()
    {
        return Err(StoreError::Copy(format!("{path} is not there")));
    }
    let mut db = source.connect()?;
    let Db::Sqlite(connection) = &mut db else { return Ok(false) };
    sql_query("VACUUM INTO ?").bind::<Text, _>(file).execute(connection)?;
    // VACUUM INTO does not flush; a write with synchronous = FULL and a checkpoint do.
    let Db::Sqlite(copy) = &mut Target::Sqlite(file.to_owned()).connect()? else { return Ok(false) };
    let said: Vec<Said> = sql_query("PRAGMA integrity_check").load(copy)?;
    if let Some(fault) = said.iter().find(|said| said.integrity_check != "ok") {
        return Err(StoreError::Copy(fault.integrity_check.clone()));
    }
    copy.batch_execute("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE;")?;
    Ok(true)
}
