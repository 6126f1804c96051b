//! The files of a run, part by part: symbols, or paper as PDF. What was saved whole is
//! not fetched again.

use std::path::Path;

use data_encoding::HEXLOWER;
use qiyema_protocol::{
    code_runs::CodeRun,
    paper::{PaperWish, RunPrint},
};
use reqwest::Method;
use sha2::{Digest as _, Sha256};

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

    /// How a part's file is called: files of several runs may lie in one folder, and of one run those
    /// that were printed in different ways.
    fn name(&self, run: &str, part: u32) -> String {
        let run = run.get(run.len().saturating_sub(8)..).unwrap_or(run);
        match self {
            Self::Symbols { kind, mm, dpi, .. } => {
                let size = if kind == "png" { format!("{mm}mm-{dpi}dpi") } else { format!("{mm}mm") };
                format!("{run}-symbols-{kind}-{size}-{part:03}.zip")
            }
            Self::Paper { paper, again, .. } => {
                let mark = mark(&of_part(paper, part));
                let again = if *again { "-again" } else { "" };
                format!("{run}-{}{mark}{again}-{part:03}.zip", paper.format)
            }
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
                let print = RunPrint { part, paper: of_part(paper, part), again: *again, trial: *trial };
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

/// The paper of a part: used-up labels are on the first sheet of all.
fn of_part(paper: &PaperWish, part: u32) -> PaperWish {
    PaperWish { skip: paper.skip.filter(|_| part == 1), ..paper.clone() }
}

/// What tells paper with margins, gaps and shifts of its own from the usual one: nothing for that.
fn mark(paper: &PaperWish) -> String {
    let usual = PaperWish { format: paper.format.clone(), ..PaperWish::default() };
    if *paper == usual {
        return String::new();
    }
    let wish = serde_json::to_vec(paper).unwrap_or_default();
    let mut hash = HEXLOWER.encode(&Sha256::digest(&wish));
    hash.truncate(8);
    format!("-{hash}")
}

fn is_symbol(kind: &str) -> bool {
    ["svg", "png"].contains(&kind)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use qiyema_protocol::paper::PaperWish;

    use super::Printer;

    fn name(paper: PaperWish, again: bool, part: u32) -> String {
        Printer::Paper { paper, again, trial: false }.name("0199e1a2-0000-7000-8000-00000000000a", part)
    }

    #[test]
    fn paper_that_lies_otherwise_is_another_file() {
        let plain = PaperWish { format: "a4-3x8".to_owned(), ..PaperWish::default() };
        assert_eq!(name(plain.clone(), false, 2), "0000000a-a4-3x8-002.zip");
        let wishes = [
            plain.clone(),
            PaperWish { left: Some(5.0), ..plain.clone() },
            PaperWish { top: Some(5.0), ..plain.clone() },
            PaperWish { gap_x: Some(5.0), ..plain.clone() },
            PaperWish { gap_y: Some(5.0), ..plain.clone() },
            PaperWish { shift_x: Some(1.5), ..plain.clone() },
            PaperWish { shift_x: Some(-1.5), ..plain.clone() },
            PaperWish { shift_y: Some(1.5), ..plain.clone() },
            PaperWish { symbol: Some(22.0), ..plain.clone() },
            PaperWish { skip: Some(3), ..plain.clone() },
            PaperWish { cut_marks: Some(true), ..plain.clone() },
        ];
        let names: BTreeSet<String> = wishes.iter().map(|wish| name(wish.clone(), false, 1)).collect();
        assert_eq!(names.len(), wishes.len(), "{names:?}");
        assert_ne!(name(plain.clone(), true, 1), name(plain.clone(), false, 1), "printed again");
        // Labels that are used up are on the first sheet: further parts are the same.
        let skips = PaperWish { skip: Some(3), ..plain.clone() };
        assert_eq!(name(skips, false, 2), name(plain, false, 2));
    }
}
