//! The files of a run, part by part: symbols, or paper as PDF. What was saved whole is
//! not fetched again.

use std::path::Path;

use qiyema_protocol::{
    code_runs::CodeRun,
    paper::{PaperWish, RunPrint},
};
use reqwest::Method;

use super::{
    Context,
    download::{self, Asked},
    print, with_query,
};
use crate::{args::code_run::Download, exit::Failure, output};

/// What the parts of a run are saved as.
pub enum Printer {
    /// A file a code.
    Symbols { kind: String, mm: f64, dpi: u16, trial: bool },
    /// Sheets of paper.
    Paper { paper: PaperWish, again: bool, trial: bool },
}

impl Printer {
    /// As a command line says.
    pub fn of(wish: &Download) -> Self {
        if is_symbol(&wish.kind) {
            let (kind, mm, dpi) = (wish.kind.clone(), wish.mm, wish.dpi);
            return Self::Symbols { kind, mm, dpi, trial: wish.trial };
        }
        let paper = print::paper(wish.kind.clone(), &wish.lay);
        Self::Paper { paper, again: wish.again, trial: wish.trial }
    }

    /// Of this kind, and the rest as usual.
    pub fn plain(kind: &str, trial: bool) -> Self {
        if is_symbol(kind) {
            return Self::Symbols { kind: kind.to_owned(), mm: 30.0, dpi: 300, trial };
        }
        Self::Paper {
            paper: PaperWish { format: kind.to_owned(), ..PaperWish::default() },
            again: false,
            trial,
        }
    }

    /// Saves every part that is ready; gives the files there are now.
    pub fn run(&self, c: &Context, run: &CodeRun, folder: &Path) -> Result<Vec<String>, Failure> {
        std::fs::create_dir_all(folder).map_err(|e| Failure::failed(format!("{}: {e}", folder.display())))?;
        let id = super::segment("RUN", &run.id)?;
        if let Self::Paper { paper, .. } = self {
            super::segment("--as", &paper.format)?;
        }
        let bar = download::bar(run.parts);
        let mut saved = Vec::new();
        for part in 1..=run.parts {
            let file = folder.join(self.name(id, part));
            if file.exists() {
                let there = c.lang.of("已有，不再下载", "is there, not fetched again");
                bar.suspend(|| output::people(&format!("= {} {there}", file.display())));
            } else {
                self.part(c, id, part, &file, &bar).inspect_err(|_| self.warn(c))?;
            }
            bar.inc(1);
            saved.push(file.display().to_string());
        }
        bar.finish_and_clear();
        Ok(saved)
    }

    /// How a part's file is called: files of several runs may lie in one folder.
    fn name(&self, run: &str, part: u32) -> String {
        let run = run.get(run.len().saturating_sub(8)..).unwrap_or(run);
        match self {
            Self::Symbols { kind, mm, dpi, .. } => {
                let size = if kind == "png" { format!("{mm}mm-{dpi}dpi") } else { format!("{mm}mm") };
                format!("{run}-symbols-{kind}-{size}-{part:03}.zip")
            }
            Self::Paper { paper, .. } => format!("{run}-{}-{part:03}.zip", paper.format),
        }
    }

    fn part(
        &self,
        c: &Context,
        run: &str,
        part: u32,
        file: &Path,
        bar: &indicatif::ProgressBar,
    ) -> Result<(), Failure> {
        let word = |yes: bool| if yes { "true" } else { "" };
        match self {
            Self::Symbols { kind, mm, dpi, trial } => {
                let (mm, dpi) = (mm.to_string(), dpi.to_string());
                let asked = [
                    ("format", kind.as_str()),
                    ("mm", &mm),
                    ("dpi", if kind == "png" { &dpi } else { "" }),
                    ("trial", word(*trial)),
                ];
                let path = with_query(&format!("staff/code-runs/{run}/symbols/{part}.zip"), &asked)?;
                download::save(c, &Asked::get(&path), file, bar)
            }
            Self::Paper { paper, again, trial } => {
                let paper = PaperWish { skip: paper.skip.filter(|_| part == 1), ..paper.clone() };
                let print = RunPrint { part, paper, again: *again, trial: *trial };
                let path = format!("staff/code-runs/{run}/prints");
                let body = Some(serde_json::to_value(&print)?);
                download::save(c, &Asked { method: Method::POST, path: &path, body }, file, bar)
            }
        }
    }

    /// Letters on their way were recorded.
    fn warn(&self, c: &Context) {
        if matches!(self, Self::Paper { paper, again: false, .. } if paper.format.starts_with("letter")) {
            output::people(c.lang.of(
                "中断的一册里已送出的企业口令信记为印过；重新下载请加 --again",
                "letters of the part that broke off may count as printed: fetch it again with --again",
            ));
        }
    }
}

fn is_symbol(kind: &str) -> bool {
    ["svg", "png"].contains(&kind)
}
