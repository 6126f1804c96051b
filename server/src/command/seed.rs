//! Data a new database starts with: channels and categories for everybody; the
//! fictitious centre of the demo for those who try it.

pub mod demo;

use serde::Deserialize;

use crate::store::{
    connection::Db,
    directory::{self, CategoryRow, ChannelRow},
};

#[derive(Deserialize)]
struct Directory {
    channels: Vec<Named>,
    categories: Vec<Category>,
}

#[derive(Deserialize)]
struct Named {
    id: String,
    name_zh: String,
    name_en: String,
}

#[derive(Deserialize)]
struct Category {
    id: String,
    name_zh: String,
    name_en: String,
    grade: String,
    working_days: Option<i32>,
    hours: Option<i32>,
}

/// Channels and categories, where there are none yet.
pub fn directory(db: &mut Db) -> anyhow::Result<()> {
    if !directory::channels(db)?.is_empty() {
        return Ok(());
    }
    let shipped: Directory = toml::from_str(include_str!("../../seed/directory.toml"))?;
    crate::store::transaction(db, |db| {
        for (position, one) in (0..).zip(shipped.channels) {
            let row = ChannelRow {
                id: one.id,
                name_zh: one.name_zh,
                name_en: one.name_en,
                position,
                retired_at: None,
            };
            directory::insert_channel(db, &row)?;
        }
        for (position, one) in (0..).zip(shipped.categories) {
            directory::insert_category(
                db,
                &CategoryRow {
                    id: one.id,
                    name_zh: one.name_zh,
                    name_en: one.name_en,
                    grade: one.grade,
                    limit_working_days: one.working_days,
                    limit_hours: one.hours,
                    lead_unit_id: None,
                    position,
                    parent_id: None,
                    retired_at: None,
                },
            )?;
        }
        Ok(())
    })
}
