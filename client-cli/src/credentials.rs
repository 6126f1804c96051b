//! Files of the configuration folder; all are private to the user (0600).

use std::{collections::BTreeMap, fs, io::Write as _, path::PathBuf};

use chrono::{DateTime, Utc};
use etcetera::BaseStrategy as _;
use qiyema_protocol::staff::Session;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{clock, exit::Failure};

/// A staff session and the server it belongs to.
#[derive(Serialize, Deserialize)]
pub struct SignedIn {
    /// Origin of the server.
    pub server: String,
    /// Tokens.
    pub session: Session,
}

/// A device that proved a PIN.
#[derive(Serialize, Deserialize)]
pub struct Remembered {
    /// Opaque token.
    pub token: String,
    /// Until when the server takes it (UTC).
    pub expires_at: DateTime<Utc>,
    /// Signed host of the code.
    pub host: String,
    /// The seal, to take the device off the server's list again.
    pub seal: String,
}

/// Devices by code id.
pub type Devices = BTreeMap<String, Remembered>;

/// The configuration folder.
pub fn folder() -> Result<PathBuf, Failure> {
    match std::env::var_os("QIYEMA_CONFIG_DIR") {
        Some(dir) if !dir.is_empty() => Ok(dir.into()),
        _ => Ok(etcetera::choose_base_strategy().map_err(Failure::failed)?.config_dir().join("qiyema")),
    }
}

/// Reads a file, if there is one.
pub fn read<T: DeserializeOwned>(name: &str) -> Result<Option<T>, Failure> {
    let path = folder()?.join(name);
    match fs::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|e| Failure::failed(format!("{}: {e}", path.display()))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::failed(format!("{}: {error}", path.display()))),
    }
}

/// Replaces a file at once, so that an interruption leaves the old one.
pub fn write(name: &str, value: &impl Serialize) -> Result<PathBuf, Failure> {
    let folder = folder()?;
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(&folder).map_err(|e| Failure::failed(format!("{}: {e}", folder.display())))?;
    let path = folder.join(name);
    let fresh = folder.join(format!("{name}.{}", clock::fresh_name()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&fresh)?;
    file.write_all(&serde_json::to_vec_pretty(value)?)?;
    file.sync_all()?;
    fs::rename(&fresh, &path)?;
    Ok(path)
}

/// Waits for, and holds, what other commands of this user wait for too; dropping the file lets go.
pub fn lock(name: &str) -> Result<fs::File, Failure> {
    let path = folder()?.join(format!("{name}.lock"));
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    file.lock()?;
    Ok(file)
}

/// Removes a file, if there is one.
pub fn remove(name: &str) -> Result<(), Failure> {
    match fs::remove_file(folder()?.join(name)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
