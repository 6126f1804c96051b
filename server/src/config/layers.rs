//! How the layers of the settings are put over each other: the shape of the
//! embedded defaults decides which keys exist and of which type they are.

use std::{collections::BTreeMap, path::Path};

use toml::{Table, Value};

use super::{ConfigError, DEFAULTS, Flags};

/// Settings that may be read from a file (`…_FILE`).
const SECRETS: [&str; 3] = ["database.url", "http.metrics_token", "mail.password"];
/// Prefix of every variable.
const PREFIX: &str = "QIYEMA_";
/// Variables of the same prefix that are no settings of the server: the file's
/// name, the client's own, and the tests'.
const NOT_OURS: [&str; 6] =
    ["QIYEMA_CONFIG", "QIYEMA_SERVER", "QIYEMA_TOKEN", "QIYEMA_CONFIG_DIR", "QIYEMA_CLIENT_", "QIYEMA_TEST_"];

/// Default, file, environment, flag: the later one wins.
pub fn merge(flags: &Flags, env: &BTreeMap<String, String>) -> Result<Table, ConfigError> {
    let mut table = parse(DEFAULTS, "the embedded defaults")?;
    let named = env.get("QIYEMA_CONFIG").map(|path| (Path::new(path), "QIYEMA_CONFIG"));
    if let Some((path, by)) = flags.file.as_deref().map(|path| (path, "--config")).or(named) {
        overlay_file(&mut table, path, by)?;
    }
    for (name, value) in env {
        overlay_variable(&mut table, name, value)?;
    }
    for (key, value) in &flags.settings {
        set(&mut table, key, value, "the command line", key)?;
    }
    Ok(table)
}

fn overlay_file(table: &mut Table, path: &Path, by: &str) -> Result<(), ConfigError> {
    let origin = path.display().to_string();
    for (section, entries) in parse(&read(path, by)?, &origin)? {
        let Value::Table(entries) = entries else {
            return Err(unknown(table, &section, &origin, &section));
        };
        for (key, value) in entries {
            let full = format!("{section}.{key}");
            match slot(table, &full) {
                None => return Err(unknown(table, &full, &origin, &full)),
                Some(old) if old.same_type(&value) => *old = value,
                Some(old) => return Err(wrong(&full, &origin, old)),
            }
        }
    }
    Ok(())
}

fn overlay_variable(table: &mut Table, name: &str, value: &str) -> Result<(), ConfigError> {
    let Some(rest) = name.strip_prefix(PREFIX) else { return Ok(()) };
    if NOT_OURS.iter().any(|own| name == *own || (own.ends_with('_') && name.starts_with(own))) {
        return Ok(());
    }
    let key = rest.to_ascii_lowercase().replacen('_', ".", 1);
    let secret = key.strip_suffix("_file").filter(|key| SECRETS.contains(key));
    match secret {
        Some(secret) => {
            let text = read(Path::new(value), name)?;
            set(table, secret, text.trim_end_matches(['\r', '\n']), "the environment", name)
        }
        None => set(table, &key, value, "the environment", name),
    }
}

fn set(table: &mut Table, key: &str, text: &str, origin: &str, written: &str) -> Result<(), ConfigError> {
    let Some(old) = slot(table, key) else {
        return Err(unknown(table, key, origin, written));
    };
    let new = match old {
        Value::Integer(_) => text.parse().ok().map(Value::Integer),
        Value::Float(_) => text.parse().ok().map(Value::Float),
        Value::Boolean(_) => text.parse().ok().map(Value::Boolean),
        Value::Array(_) => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            Some(Value::Array(items.map(|item| Value::String(item.to_owned())).collect()))
        }
        _ => Some(Value::String(text.to_owned())),
    };
    *old = new.ok_or_else(|| wrong(written, origin, old))?;
    Ok(())
}

fn slot<'t>(table: &'t mut Table, key: &str) -> Option<&'t mut Value> {
    let (section, key) = key.split_once('.')?;
    table.get_mut(section)?.as_table_mut()?.get_mut(key)
}

fn parse(text: &str, origin: &str) -> Result<Table, ConfigError> {
    text.parse::<Table>().map_err(|cause| ConfigError::NotToml {
        origin: origin.to_owned(),
        at: cause.span().map_or(0, |span| span.start),
    })
}

fn read(path: &Path, by: &str) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|cause| ConfigError::Unreadable {
        path: path.display().to_string(),
        by: by.to_owned(),
        cause,
    })
}

fn wrong(key: &str, origin: &str, old: &Value) -> ConfigError {
    let expected = format!("a value of the type {} is needed", old.type_str());
    ConfigError::Value { key: key.to_owned(), origin: origin.to_owned(), expected }
}

fn unknown(table: &Table, key: &str, origin: &str, written: &str) -> ConfigError {
    let known = table.iter().flat_map(|(section, entries)| {
        entries.as_table().into_iter().flatten().map(move |(key, _)| format!("{section}.{key}"))
    });
    let nearest = known.min_by_key(|known| distance(known, key)).unwrap_or_default();
    let as_variable = written.starts_with(PREFIX);
    let suggestion =
        if as_variable { format!("{PREFIX}{}", nearest.replace('.', "_").to_uppercase()) } else { nearest };
    ConfigError::Unknown { key: written.to_owned(), origin: origin.to_owned(), suggestion }
}

/// Levenshtein distance, one row at a time.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, y) in row.iter_mut().skip(1).zip(b.chars()) {
            let here = (diagonal + usize::from(x != y)).min(left + 1).min(*cell + 1);
            diagonal = *cell;
            *cell = here;
            left = here;
        }
    }
    row.last().copied().unwrap_or_default()
}
