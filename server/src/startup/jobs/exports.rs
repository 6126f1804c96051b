//! The export of each month that is over: a workbook and a JSON document in a
//! folder, of which so many months are kept. Done once a month, by one process;
//! nothing is counted before every day of it is.

use std::{fs, path::Path};

use qiyema_protocol::figures::{By, FiguresView};

use super::Runner;
use crate::{
    actions::{
        Refused,
        figures::{self, Ask},
        job::{self, Job},
        rights::Actor,
    },
    domain::figures::period,
    web::{view::console::figures::sheet::workbook, words::lang::Lang},
};

impl Runner {
    pub(super) async fn exports(&self) -> Result<bool, Refused> {
        let config = &self.shared.config.figures;
        if config.export_folder.as_os_str().is_empty() {
            return Ok(false);
        }
        let (rules, at) = (self.shared.rules(), self.shared.clock.now());
        let today = rules.day(at);
        let first_day = rules.figures.month_first_day;
        let this = period::month_of(today, first_day);
        let Some(last) = period::named(&this, first_day).and_then(|(first, _)| first.pred_opt()) else {
            return Ok(false);
        };
        let month = period::month_of(last, first_day);
        let asked = month.clone();
        let found: Result<Option<Vec<FiguresView>>, Refused> = self
            .shared
            .store
            .read(move |db| {
                if job::done(db, Job::Exports)? == asked {
                    return Ok(None);
                }
                let actor = Actor::reporting();
                let one = |by| {
                    let ask = Ask { period: Some(asked.clone()), by, ..Ask::default() };
                    figures::read(db, &actor, &ask, &rules, at)
                };
                let views: Vec<FiguresView> = By::ALL.into_iter().map(one).collect::<Result<_, _>>()?;
                Ok(views.iter().all(|view| view.waiting == 0).then_some(views))
            })
            .await;
        let Some(views) = found? else { return Ok(false) };
        let (folder, kept) = (config.export_folder.clone(), config.export_kept.get());
        let name = month.clone();
        let written = tokio::task::spawn_blocking(move || write(&folder, &name, &views, kept)).await;
        if let Err(error) = written.map_err(std::io::Error::other).and_then(|done| done) {
            tracing::error!(%error, month, "the figures could not be exported; trying again at the next look");
            return Ok(false);
        }
        tracing::info!(month, "the figures of the month were exported");
        let done: Result<(), Refused> =
            self.shared.store.write(move |db| job::finish(db, Job::Exports, &month)).await;
        done.map(|()| false)
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
