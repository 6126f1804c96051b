//! Names for the ids of the directory, for people at a terminal. JSON keeps the ids.

use qiyema_protocol::staff::{Choice, Choices};

use super::{Context, staff};

/// The directory, or nothing where it could not be read: then the ids stand as they are.
#[derive(Default)]
pub struct Names(Option<Choices>);

impl Names {
    /// Asks for it.
    pub fn ask(c: &Context) -> Self {
        Self(staff::get(c, "choices").ok())
    }

    /// A unit.
    pub fn unit(&self, c: &Context, id: &str) -> String {
        self.of(c, id, |all| &all.units)
    }

    /// A category.
    pub fn category(&self, c: &Context, id: &str) -> String {
        self.of(c, id, |all| &all.categories)
    }

    /// A channel.
    pub fn channel(&self, c: &Context, id: &str) -> String {
        self.of(c, id, |all| &all.channels)
    }

    /// Somebody who handles issues, with the user name that commands take.
    pub fn handler(&self, username: &str) -> String {
        let found = self.0.iter().flat_map(|all| &all.handlers).find(|one| one.username == username);
        found.map_or_else(|| username.to_owned(), |one| format!("{} ({username})", one.name))
    }

    fn of(&self, c: &Context, id: &str, list: fn(&Choices) -> &Vec<Choice>) -> String {
        let found = self.0.iter().flat_map(list).find(|one| one.id == id);
        found.map_or_else(|| id.to_owned(), |one| c.lang.of(&one.name.zh, &one.name.en).to_owned())
    }
}
