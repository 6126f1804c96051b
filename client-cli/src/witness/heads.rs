//! The folder of a witness: one folder a log, with its key, where it is read, and
//! every head that was seen, each a file that is written once.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::Head;
use crate::{clock, exit::Failure};

const FILE: &str = "log.json";

/// A log that is witnessed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Log {
    /// Origin of the server.
    pub url: String,
    /// `name+id+key`.
    pub key: String,
    /// Its folder.
    #[serde(skip)]
    pub folder: PathBuf,
}

impl Log {
    /// Begins to witness a log; one that is witnessed already keeps its key.
    pub fn begin(witness: &Path, url: String, key: String) -> Result<Self, Failure> {
        let name = key.split('+').next().unwrap_or_default();
        let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') { c } else { '_' };
        // The server chose the name: it must not lead out of the folder.
        let safe: String = name.chars().map(plain).collect();
        let folder = witness.join(safe.replace("..", "__"));
        let log = Self { url, key, folder };
        if let Some(known) = Self::open(&log.folder)?.filter(|known| known.key != log.key) {
            return Err(Failure::new(
                6,
                format!(
                    "!!! 日志的公钥变了，拒绝 / THE LOG'S KEY CHANGED, REFUSED: {} keeps the key it was begun with",
                    known.folder.display()
                ),
            ));
        }
        fs::create_dir_all(log.heads()).map_err(|error| at(&log.folder, &error))?;
        let text = serde_json::to_vec_pretty(&log)?;
        write(&log.folder, FILE, &text, true)?;
        Ok(log)
    }

    /// Every log of a folder, by name.
    pub fn all(witness: &Path) -> Result<Vec<Self>, Failure> {
        let mut found: Vec<PathBuf> = match fs::read_dir(witness) {
            Ok(entries) => entries.filter_map(|entry| Some(entry.ok()?.path())).collect(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(at(witness, &error)),
        };
        found.sort();
        found.iter().filter_map(|folder| Self::open(folder).transpose()).collect()
    }

    fn open(folder: &Path) -> Result<Option<Self>, Failure> {
        match fs::read(folder.join(FILE)) {
            Ok(bytes) => {
                let log: Self = serde_json::from_slice(&bytes)
                    .map_err(|error| Failure::failed(format!("{}: {error}", folder.display())))?;
                Ok(Some(Self { folder: folder.to_owned(), ..log }))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => Ok(None),
            Err(error) => Err(at(folder, &error)),
        }
    }

    /// The greatest head that was kept.
    pub fn latest(&self) -> Result<Option<Head>, Failure> {
        let entries = fs::read_dir(self.heads()).map_err(|error| at(&self.heads(), &error))?;
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        // Twenty digits, so the names stand in the order of the sizes.
        let Some(last) = names.filter(|name| name.parse::<u64>().is_ok()).max() else { return Ok(None) };
        let path = self.heads().join(last);
        let note = fs::read_to_string(&path).map_err(|error| at(&path, &error))?;
        Head::read(&note, &self.key).map(Some)
    }

    /// Keeps a head under its size; what is there is never written over.
    pub fn keep(&self, head: &Head) -> Result<(), Failure> {
        write(&self.heads(), &format!("{:020}", head.size), head.note.as_bytes(), false).map(drop)
    }

    /// Keeps a head that does not fit, for whoever has to explain it.
    pub fn keep_evidence(&self, head: &Head) -> Result<PathBuf, Failure> {
        let folder = self.folder.join("evidence");
        fs::create_dir_all(&folder).map_err(|error| at(&folder, &error))?;
        write(&folder, &format!("{:020}-{}", head.size, clock::fresh_name()), head.note.as_bytes(), false)
    }

    fn heads(&self) -> PathBuf {
        self.folder.join("heads")
    }
}

/// Whole or not at all, on the disk when it returns.
fn write(folder: &Path, name: &str, content: &[u8], replace: bool) -> Result<PathBuf, Failure> {
    let (path, fresh) = (folder.join(name), folder.join(format!(".{}", clock::fresh_name())));
    let written = fs::File::create_new(&fresh).and_then(|mut file| {
        file.write_all(content)?;
        file.sync_all()?;
        // A hard link fails where a file is; a rename would take its place.
        if replace { fs::rename(&fresh, &path) } else { fs::hard_link(&fresh, &path) }
    });
    if !replace {
        drop(fs::remove_file(&fresh));
    }
    written.map_err(|error| at(&path, &error))?;
    Ok(path)
}

fn at(path: &Path, error: &std::io::Error) -> Failure {
    Failure::failed(format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::Log;

    #[test]
    fn the_name_of_a_log_leads_nowhere_else() {
        let temp = tempfile::tempdir().unwrap();
        for name in ["..", "../../x", "/etc/x", "qy.example.cn/ledger", "企业码"] {
            let log = Log::begin(temp.path(), "https://a.cn".into(), format!("{name}+0+A")).unwrap();
            assert_eq!(log.folder.parent(), Some(temp.path()), "{name}");
        }
        assert_eq!(Log::all(temp.path()).unwrap().len(), 5);
        let changed = Log::begin(temp.path(), "https://a.cn".into(), "..+0+B".into());
        assert_eq!(changed.unwrap_err().exit, 6);
    }
}
