//! Names for the ids that stand in records, so that a record can be read.

use std::collections::HashMap;

use qiyema_protocol::text::Text;

use super::super::Refused;
use crate::store::{api_tokens, connection::Db, desk, directory::edit as directory};

/// Names of what records name.
#[derive(Debug, Clone, Default)]
pub struct Names {
    units: HashMap<String, Text>,
    offices: HashMap<String, Text>,
    categories: HashMap<String, Text>,
    channels: HashMap<String, Text>,
    people: HashMap<String, String>,
}

/// Under which keys people stand.
const PEOPLE: [&str; 4] = ["handler", "before", "officer", "asker"];

impl Names {
    /// Of the directory, of the people in these records (as JSON), and of those who wrote them.
    pub fn of(db: &mut Db, details: &[&str], writers: &[&str]) -> Result<Self, Refused> {
        let mut ids: Vec<String> = writers.iter().map(|id| (*id).to_owned()).collect();
        for detail in details {
            let facts: serde_json::Value = serde_json::from_str(detail).unwrap_or_default();
            let named = PEOPLE.iter().filter_map(|key| facts.get(key)?.as_str());
            ids.extend(named.map(ToOwned::to_owned));
        }
        ids.sort_unstable();
        ids.dedup();
        let mut people: HashMap<_, _> = desk::staff_names(db, ids.clone())?.into_iter().collect();
        // Systems of channels write too.
        for id in ids {
            if !people.contains_key(&id)
                && let Some(token) = api_tokens::find(db, &id)?
            {
                people.insert(id, token.name);
            }
        }
        let text = |zh, en| Text::new(zh, en);
        let units = directory::units(db)?;
        let offices = directory::offices(db)?;
        let categories = directory::categories(db)?;
        let channels = directory::channels(db)?;
        Ok(Self {
            units: units.into_iter().map(|row| (row.id, text(row.name_zh, row.name_en))).collect(),
            offices: offices.into_iter().map(|row| (row.id, text(row.name_zh, row.name_en))).collect(),
            categories: categories.into_iter().map(|row| (row.id, text(row.name_zh, row.name_en))).collect(),
            channels: channels.into_iter().map(|row| (row.id, text(row.name_zh, row.name_en))).collect(),
            people,
        })
    }

    /// The full name of a person, or of a channel's system.
    #[must_use]
    pub fn person(&self, id: &str) -> Option<&str> {
        self.people.get(id).map(String::as_str)
    }

    /// The name of an id that stands under this key.
    #[must_use]
    pub fn name(&self, key: &str, id: &str) -> Option<Text> {
        let found = match key {
            "unit" | "units" | "lead" | "lead_unit" | "suggested_unit" | "asked_by" | "assisting" => {
                self.units.get(id)
            }
            "office" => self.offices.get(id),
            "category" | "category_from" | "category_to" | "parent" => self.categories.get(id),
            "channel" | "right_channel" => self.channels.get(id),
            key if PEOPLE.contains(&key) => return self.person(id).map(|name| Text::new(name, name)),
            _ => None,
        };
        found.cloned()
    }
}
