//! Writes every page's sample as HTML files into a folder, to look at them in a
//! browser without a server: `cargo run --example pages -- target/pages`.

use std::{fs, path::Path};

use anyhow::Context;
use chrono_tz::Asia::Shanghai;
use qiyema_protocol::{board::Board, rating::Tier};
use qiyema_server::web::{
    view::{
        board::{BoardPage, Flash},
        home::{self, HomePage},
        notice::{self, NoticePage},
        sample,
    },
    words::Words,
};

fn main() -> anyhow::Result<()> {
    let folder = std::env::args().nth(1).context("name a folder to write into")?;
    let folder = Path::new(&folder);
    fs::create_dir_all(folder)?;
    for lang in ["zh", "en"] {
        let words = Words::of(lang);
        let (scan, owner, empty) =
            (sample::board(Tier::Unverified), sample::board(Tier::Owner), sample::empty());
        let write = |name: &str, html: String| fs::write(folder.join(format!("{name}-{lang}.html")), html);
        write("board", board(&scan, words, false, None)?)?;
        write("care", board(&scan, words, true, None)?)?;
        write("owner", board(&owner, words, false, Some(Flash::Rated))?)?;
        write("empty", board(&empty, words, false, Some(Flash::PinWrong))?)?;
        write("notice", NoticePage::of(&notice::sample(), words).render()?)?;
        let centre = home::sample();
        write(
            "home",
            HomePage {
                words,
                centre: &centre,
                lead: &sample::wording().home_lead,
                base_url: "https://qy.example.cn",
            }
            .render()?,
        )?;
    }
    Ok(())
}

fn board(
    board: &Board,
    words: &'static Words,
    care: bool,
    flash: Option<Flash>,
) -> Result<String, askama::Error> {
    BoardPage {
        words,
        care,
        wording: &sample::wording(),
        board,
        seal_path: "/c/sample",
        flash,
        receipt: (flash == Some(Flash::Rated)).then_some(sample::RECEIPT),
        tz: Shanghai,
    }
    .render()
}
