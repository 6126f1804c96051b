//! The export of each month that is over: a workbook and a JSON document in a folder, of which so many months are
//! kept. A month is written when it is over, and once more when the last of its closures can no longer be rated; each
//! file says as of which day. Done by one process; nothing is written while days wait to be counted.

use std::{fs, path::Path};

use qiyema_protocol::figures::{By, FiguresView};

use super::Runner;
use crate::{
    actions::{
        Refused,
        figures::{
            self, Ask,
            export::{self, Done},
        },
        job::{self, Job},
        rights::Actor,
    },
    store::connection::Db,
    web::{view::console::figures::sheet::workbook, words::lang::Lang},
};

impl Runner {
    pub(super) async fn exports(&self) -> Result<bool, Refused> {
        let config = &self.shared.config.figures;
        if config.export_folder.as_os_str().is_empty() {
            return Ok(false);
        }
        let (rules, at) = (self.shared.rules(), self.shared.clock.now());
        let found: Result<Option<(Done, String, Vec<FiguresView>)>, Refused> = self
            .shared
            .store
            .read(move |db: &mut Db| {
                let done = Done::read(&job::done(db, Job::Exports)?);
                let Some((after, month)) = export::next(db, &done, &rules, rules.day(at))? else {
                    return Ok(None);
                };
                let actor = Actor::reporting();
                let one = |by| {
                    let ask = Ask { period: Some(month.clone()), by, ..Ask::default() };
                    figures::read(db, &actor, &ask, &rules, at)
                };
                let views: Vec<FiguresView> = By::ALL.into_iter().map(one).collect::<Result<_, _>>()?;
                Ok(views.iter().all(|view| view.waiting == 0).then_some((after, month, views)))
            })
            .await;
        let Some((after, month, views)) = found? else { return Ok(false) };
        let (folder, kept) = (config.export_folder.clone(), config.export_kept.get());
        let name = month.clone();
        let written = tokio::task::spawn_blocking(move || write(&folder, &name, &views, kept)).await;
        if let Err(error) = written.map_err(std::io::Error::other).and_then(|done| done) {
            tracing::error!(%error, month, "the figures could not be exported; trying again at the next look");
            return Ok(false);
        }
        tracing::info!(month, "the figures of the month were exported");
        let done: Result<(), Refused> =
            self.shared.store.write(move |db| job::finish(db, Job::Exports, &after.text())).await;
        done.map(|()| true)
    }
}

/// A file is whole or not there: it gets its name when it is written.
fn write(folder: &Path, month: &str, views: &[FiguresView], kept: u32) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let book = workbook(views, Lang::Zh).map_err(std::io::Error::other)?;
    let text = serde_json::to_vec(views).map_err(std::io::Error::other)?;
    for (ending, content) in [("xlsx", book), ("json", text)] {
        let (part, whole) = (
            folder.join(format!("figures-{month}.{ending}.part")),
            folder.join(format!("figures-{month}.{ending}")),
        );
        fs::write(&part, content)?;
        fs::rename(&part, &whole)?;
    }
    let mut months: Vec<String> = fs::read_dir(folder)?
        .filter_map(|entry| {
            let name = entry.ok()?.file_name().into_string().ok()?;
            let month = name.strip_prefix("figures-")?.strip_suffix(".json")?.to_owned();
            // Only what this job wrote.
            (month.len() == 7).then_some(month)
        })
        .collect();
    months.sort_unstable();
    months.reverse();
    for old in months.into_iter().skip(usize::try_from(kept).unwrap_or(usize::MAX)) {
        for ending in ["xlsx", "json"] {
            let _gone_already = fs::remove_file(folder.join(format!("figures-{old}.{ending}")));
        }
    }
    Ok(())
}
