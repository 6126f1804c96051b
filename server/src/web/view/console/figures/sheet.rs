//! The figures as files: numbers as numbers, each share with its n and interval,
//! and how it was computed beside it.

use qiyema_protocol::figures::{Figure, Figures, FiguresView, Mean};
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use crate::{
    domain::figures::said as formulas,
    web::words::{
        console::figures::{self as said, FigureWords},
        lang::Lang,
    },
};

/// A cell.
enum Cell {
    Text(String),
    Count(u32),
    Rate(f64),
    Number(f64),
    Nothing,
}

fn head(lang: Lang, view: &FiguresView) -> Vec<String> {
    let w = FigureWords::of(lang);
    let before = [w.rank, said::by(lang, view.by), w.closed, w.accepted, w.days, w.first_word];
    let mut head: Vec<String> = before.map(ToOwned::to_owned).into();
    for figure in Figure::ALL {
        let name = lang.say(&formulas::name(figure)).to_owned();
        head.extend(["k", "n", "95 % −", "95 % +"].map(|part| format!("{name} {part}")));
        let place = head.len().saturating_sub(4);
        head.insert(place, name);
    }
    let counts = [w.received, w.counted, w.unverified, w.superseded, w.excluded, w.not_rated, w.open];
    head.extend(counts.map(ToOwned::to_owned));
    head
}

fn line(rank: Option<u32>, name: &str, f: &Figures) -> Vec<Cell> {
    let mean = |mean: Option<Mean>| mean.map_or(Cell::Nothing, |mean| Cell::Number(mean.value));
    let mut cells = vec![
        rank.map_or(Cell::Nothing, Cell::Count),
        Cell::Text(name.to_owned()),
        Cell::Count(f.closed),
        Cell::Count(f.accepted),
        mean(f.days),
        mean(f.first_word),
    ];
    let rate = |rate: Option<f64>| rate.map_or(Cell::Nothing, Cell::Rate);
    for figure in Figure::ALL {
        match f.share(figure) {
            Some(share) => cells.extend([
                rate(share.rate),
                Cell::Number(share.part),
                Cell::Count(share.whole),
                rate(share.low),
                rate(share.high),
            ]),
            None => cells.extend((0..5).map(|_| Cell::Nothing)),
        }
    }
    let r = f.ratings;
    cells.extend(
        [r.received, r.counted, r.unverified, r.superseded, r.excluded, r.not_rated, r.open].map(Cell::Count),
    );
    cells
}

fn lines(view: &FiguresView, lang: Lang) -> Vec<Vec<Cell>> {
    let w = FigureWords::of(lang);
    let all = line(None, w.average, &view.all);
    let before = format!("{} {} – {}", w.before, view.before_from, view.before_to);
    let groups = view.groups.iter().map(|group| line(group.rank, lang.say(&group.name), &group.figures));
    std::iter::once(all).chain(groups).chain([line(None, &before, &view.before)]).collect()
}

/// Headings, then all, the groups, and the period before.
#[must_use]
pub fn table(view: &FiguresView, lang: Lang) -> Vec<Vec<String>> {
    let text = |cell: Cell| match cell {
        Cell::Text(text) => text,
        Cell::Count(count) => count.to_string(),
        // As the API writes it, to the last digit.
        Cell::Rate(number) | Cell::Number(number) => number.to_string(),
        Cell::Nothing => String::new(),
    };
    let rows = lines(view, lang).into_iter().map(|line| line.into_iter().map(text).collect());
    std::iter::once(head(lang, view)).chain(rows).collect()
}

/// A workbook: the figures, and a sheet that tells how they are computed.
pub fn workbook(view: &FiguresView, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let w = FigureWords::of(lang);
    let (bold, percent) = (Format::new().set_bold().set_text_wrap(), Format::new().set_num_format("0.0%"));
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(w.sheet)?;
    for (column, text) in (0_u16..).zip(head(lang, view)) {
        sheet.write_string_with_format(0, column, text, &bold)?;
    }
    for (row, line) in (1_u32..).zip(lines(view, lang)) {
        for (column, cell) in (0_u16..).zip(line) {
            match cell {
                Cell::Text(text) => sheet.write_string(row, column, text)?,
                Cell::Count(count) => sheet.write_number(row, column, count)?,
                Cell::Number(number) => sheet.write_number(row, column, number)?,
                Cell::Rate(rate) => sheet.write_number_with_format(row, column, rate, &percent)?,
                Cell::Nothing => sheet.write_string(row, column, "")?,
            };
        }
    }
    sheet.set_freeze_panes(1, 2)?;
    sheet.set_column_width(1, 28)?;
    let how = book.add_worksheet();
    how.set_name(w.how)?;
    how.set_column_width(0, 28)?.set_column_width(1, 100)?;
    how.write_string(0, 0, w.title)?.write_string(0, 1, format!("{} – {}", view.from, view.to))?;
    for (row, (name, formula)) in (1_u32..).zip(said::formulas(lang)) {
        how.write_string(row, 0, name)?.write_string(row, 1, formula)?;
    }
    book.save_to_buffer()
}
