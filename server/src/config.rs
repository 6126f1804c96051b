//! Settings: a struct per concern, documented in `config/default.toml`, which is
//! embedded. Flag > environment > file > default. Nothing here reads a clock,
//! opens a port or touches a database.

pub mod figures;
pub mod http;
pub mod layers;
pub mod post;
pub mod sections;

use std::{collections::BTreeMap, path::PathBuf};

use serde::Deserialize;

pub use self::{
    figures::Figures,
    http::{Http, Net},
    sections::{
        Accounts, Centre, Console, Database, Grades, Limits, Log, LogFormat, Paths, Rating, Retention,
        Wording,
    },
};

pub use self::post::{Delivery, Jobs, Mail, MailTls, Webhooks};
use crate::domain::urging::Urging;

/// The documentation of every setting, and its default.
pub const DEFAULTS: &str = include_str!("../config/default.toml");

/// All settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Listening, limits of a request, proxies.
    pub http: Http,
    /// Where the data live.
    pub database: Database,
    /// Folders.
    pub paths: Paths,
    /// The service centre.
    pub centre: Centre,
    /// Sentences in the centre's own words.
    pub wording: Wording,
    /// The staff console.
    pub console: Console,
    /// Ratings.
    pub rating: Rating,
    /// Working days of every limit but the promise, which a category sets.
    pub workflow: crate::domain::clocks::Limits,
    /// Accounts of staff.
    pub accounts: Accounts,
    /// Limits that the grades suggest.
    pub grades: Grades,
    /// Throttles.
    pub limits: Limits,
    /// How long what has served its time is kept.
    pub retention: Retention,
    /// What runs by itself.
    pub jobs: Jobs,
    /// Figures for performance review.
    pub figures: Figures,
    /// When the clock reminds, supervises, escalates and gives notice.
    pub urging: Urging,
    /// How messages leave the house.
    pub delivery: Delivery,
    /// Webhooks.
    pub webhooks: Webhooks,
    /// E-mail.
    pub mail: Mail,
    /// Logging.
    pub log: Log,
}

/// What the command line said: a file, and single settings as `section.key`.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// `--config FILE`.
    pub file: Option<PathBuf>,
    /// For example `("http.listen", "127.0.0.1:0")`.
    pub settings: Vec<(String, String)>,
}

/// Why the settings were not accepted; each sentence names what to change.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file could not be read.
    #[error("cannot read {path} (named by {by}): {cause}")]
    Unreadable {
        /// Which file.
        path: String,
        /// Which flag or variable named it.
        by: String,
        /// What the system said.
        cause: std::io::Error,
    },
    /// Not TOML.
    #[error("{origin} is not valid TOML at byte {at}")]
    NotToml {
        /// File name.
        origin: String,
        /// Where; the text itself may hold a secret.
        at: usize,
    },
    /// A key nobody knows.
    #[error("unknown setting `{key}` in {origin}; did you mean `{suggestion}`?")]
    Unknown {
        /// As written.
        key: String,
        /// File, environment or flag.
        origin: String,
        /// The nearest known key.
        suggestion: String,
    },
    /// A value that does not fit. Names the setting, never the value: it may be secret.
    #[error("setting `{key}` ({origin}): {expected}")]
    Value {
        /// `section.key`.
        key: String,
        /// Where it came from.
        origin: String,
        /// What would be right.
        expected: String,
    },
}

impl Config {
    /// Puts the layers together. `env` is given, so that a test needs no process environment.
    pub fn load(flags: &Flags, env: &BTreeMap<String, String>) -> Result<Self, ConfigError> {
        let table = layers::merge(flags, env)?;
        toml::Value::Table(table).try_into().map_err(|cause: toml::de::Error| ConfigError::Value {
            key: "all".into(),
            origin: "after putting all layers together".into(),
            expected: cause.message().to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use secrecy::ExposeSecret;

    use super::{Config, ConfigError, Flags};

    fn load(env: &[(&str, &str)], settings: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let env: BTreeMap<_, _> = env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let settings = settings.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Config::load(&Flags { file: None, settings }, &env)
    }

    #[test]
    fn the_defaults_stand_by_themselves() {
        let config = load(&[], &[]).unwrap();
        assert_eq!(config.http.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.http.public_host(), None);
        assert_eq!(config.database.url_or_default(&config.paths).expose_secret(), "sqlite:./data/qiyema.db");
        assert_eq!(config.paths.keys_dir(), std::path::Path::new("./data/keys"));
    }

    #[test]
    fn a_flag_beats_the_environment_which_beats_the_file_which_beats_the_default() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "[http]\nworkers = 1\nbody_limit = 11\ndrain_seconds = 111\n").unwrap();
        let env = BTreeMap::from([
            ("QIYEMA_HTTP_WORKERS".to_owned(), "2".to_owned()),
            ("QIYEMA_HTTP_BODY_LIMIT".to_owned(), "22".to_owned()),
        ]);
        let flags = Flags {
            file: Some(file.path().to_owned()),
            settings: vec![("http.workers".to_owned(), "3".to_owned())],
        };
        let http = Config::load(&flags, &env).unwrap().http;
        assert_eq!((http.workers, http.body_limit, http.drain_seconds, http.head_seconds), (3, 22, 111, 5));
    }

    #[test]
    fn an_unknown_key_is_an_error_that_names_the_nearest_one() {
        let message = load(&[("QIYEMA_HTTP_LISTN", "x")], &[]).unwrap_err().to_string();
        assert!(message.contains("QIYEMA_HTTP_LISTEN"), "{message}");
        let message = load(&[], &[("htp.listen", "x")]).unwrap_err().to_string();
        assert!(message.contains("`http.listen`"), "{message}");
    }

    #[test]
    fn a_secret_comes_from_a_file_and_never_prints() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "postgres://u:hunter2@localhost/q\n").unwrap();
        let path = file.path().to_str().unwrap();
        let config = load(&[("QIYEMA_DATABASE_URL_FILE", path)], &[]).unwrap();
        assert_eq!(config.database.url.expose_secret(), "postgres://u:hunter2@localhost/q");
        assert!(!format!("{config:?}").contains("hunter2"));
        assert!(load(&[("QIYEMA_HTTP_LISTEN_FILE", path)], &[]).is_err(), "only secrets have a file");
    }

    #[test]
    fn a_wrong_value_is_refused_without_being_repeated() {
        for (key, bad) in [
            ("http.listen", "hunter2"),
            ("http.public_url", "https://hunter2/path"),
            ("http.trusted_proxies", "10.0.0.0/hunter2"),
            ("database.url", "mysql://hunter2"),
            ("centre.time_zone", "hunter2"),
            ("log.format", "hunter2"),
            ("http.workers", "hunter2"),
            ("limits.scans_per_minute", "0"),
        ] {
            let message = load(&[], &[(key, bad)]).expect_err(key).to_string();
            assert!(!message.contains("hunter2"), "{message}");
        }
    }
}
