//! The figures as files: numbers as numbers, each share with its n and interval,
//! and how it was computed beside it.

use qiyema_protocol::figures::{Figure, Figures, FiguresView, Group, Mean, Standing};
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook, XlsxError};

use crate::{
    domain::figures::said as formulas,
    web::words::{
        console::figures::{self as said, FigureWords, sentences},
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

/// What stands beside a group of the period before.
const BEFORE: [Figure; 4] = [Figure::Good, Figure::OnTime, Figure::Rated, Figure::AtOnce];

fn head(lang: Lang, view: &FiguresView) -> Vec<String> {
    let w = FigureWords::of(lang);
    let before = [w.rank, said::by(lang, view.by), w.closed, w.accepted, w.days, w.first_word];
    let mut head: Vec<String> = before.map(ToOwned::to_owned).into();
    head.push(format!("{} n", w.first_word));
    for figure in Figure::ALL {
        let name = lang.say(&formulas::name(figure)).to_owned();
        head.extend(["k", "n", "95 % −", "95 % +"].map(|part| format!("{name} {part}")));
        let place = head.len().saturating_sub(4);
        head.insert(place, name);
    }
    let counts =
        [w.received, w.counted, w.unverified, w.superseded, w.excluded, w.flagged, w.not_rated, w.open];
    head.extend(counts.map(ToOwned::to_owned));
    let how = [w.by_pin, w.by_invitation, w.by_call_back, w.by_code, w.all_left_out];
    head.extend(how.map(|part| format!("{} · {part}", w.how_rated)));
    head.push(format!("{} · {}", w.before, w.closed));
    for figure in BEFORE {
        let name = lang.say(&formulas::name(figure)).to_owned();
        head.push(format!("{} · {name}", w.before));
        head.extend(["n", "95 % −", "95 % +"].map(|part| format!("{} · {name} {part}", w.before)));
    }
    head.extend([w.standing, w.standing_on_time].map(ToOwned::to_owned));
    head.extend(
        Figure::COMPARED.map(|figure| format!("{} · {}", w.changed, lang.say(&formulas::name(figure)))),
    );
    head
}

/// Where a group stands beside the rest.
fn stands(group: &Group, lang: Lang) -> impl Iterator<Item = Cell> {
    let cell = |standing: Option<Standing>| {
        standing.map_or(Cell::Nothing, |one| Cell::Text(sentences::standing(lang, one).to_owned()))
    };
    [cell(group.standing), cell(group.standing_on_time)]
        .into_iter()
        .chain(Figure::COMPARED.map(|_| Cell::Nothing))
}

/// Whether the figures of all changed by more than chance.
fn changes(view: &FiguresView, lang: Lang) -> impl Iterator<Item = Cell> {
    let cell = |figure| {
        view.changes
            .get(&figure)
            .map_or(Cell::Nothing, |change| Cell::Text(sentences::change(lang, *change).to_owned()))
    };
    [Cell::Nothing, Cell::Nothing].into_iter().chain(Figure::COMPARED.map(cell))
}

fn line(rank: Option<u32>, name: &str, f: &Figures, before: Option<&Figures>) -> Vec<Cell> {
    let mean = |mean: Option<Mean>| mean.map_or(Cell::Nothing, |mean| Cell::Number(mean.value));
    let mut cells = vec![
        rank.map_or(Cell::Nothing, Cell::Count),
        Cell::Text(name.to_owned()),
        Cell::Count(f.closed),
        Cell::Count(f.accepted),
        mean(f.days),
        mean(f.first_word),
        f.first_word.map_or(Cell::Nothing, |mean| Cell::Count(mean.n)),
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
        [r.received, r.counted, r.unverified, r.superseded, r.excluded, r.flagged, r.not_rated, r.open]
            .map(Cell::Count),
    );
    let h = f.how;
    cells.extend([h.pin, h.invitation, h.call_back, h.code, h.excluded].map(Cell::Count));
    cells.push(before.map_or(Cell::Nothing, |before| Cell::Count(before.closed)));
    for figure in BEFORE {
        match before.and_then(|before| before.share(figure)) {
            Some(share) => {
                cells.extend([rate(share.rate), Cell::Count(share.whole), rate(share.low), rate(share.high)]);
            }
            None => cells.extend((0..4).map(|_| Cell::Nothing)),
        }
    }
    cells
}

fn lines(view: &FiguresView, lang: Lang) -> Vec<Vec<Cell>> {
    let w = FigureWords::of(lang);
    let mut all = line(None, w.average, &view.all, Some(&view.before));
    all.extend(changes(view, lang));
    let before = format!("{} {} – {}", w.before, view.before_from, view.before_to);
    let groups = view.groups.iter().map(|group| {
        let mut cells = line(group.rank, lang.say(&group.name), &group.figures, group.before.as_ref());
        cells.extend(stands(group, lang));
        cells
    });
    let mut before = line(None, &before, &view.before, None);
    before.extend([Cell::Nothing, Cell::Nothing].into_iter().chain(Figure::COMPARED.map(|_| Cell::Nothing)));
    std::iter::once(all).chain(groups).chain([before]).collect()
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

/// A workbook: a sheet a grouping, and one that tells how the figures are computed.
pub fn workbook(views: &[FiguresView], lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let w = FigureWords::of(lang);
    let head_format = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter)
        .set_background_color(Color::RGB(0x00E8_F0FB))
        .set_border_bottom(FormatBorder::Thin);
    // What is whole has no decimal point: a spreadsheet would write it with nothing after it.
    let [percent, whole, broken] =
        ["0.0%", "#,##0", "#,##0.0#"].map(|format| Format::new().set_num_format(format));
    let bold = Format::new().set_bold();
    let mut book = Workbook::new();
    for view in views {
        let sheet = book.add_worksheet();
        sheet.set_name(said::by(lang, view.by))?;
        let (heads, rows) = (head(lang, view), lines(view, lang));
        for (column, text) in (0_u16..).zip(&heads) {
            sheet.write_string_with_format(0, column, text, &head_format)?;
        }
        for (row, line) in (1_u32..).zip(&rows) {
            for (column, cell) in (0_u16..).zip(line) {
                match cell {
                    // All together stands out.
                    Cell::Text(text) if row == 1 => {
                        sheet.write_string_with_format(row, column, text, &bold)?
                    }
                    Cell::Text(text) => sheet.write_string(row, column, text)?,
                    Cell::Count(count) => sheet.write_number_with_format(row, column, *count, &whole)?,
                    Cell::Number(value) => {
                        let format = if value.fract() == 0.0 { &whole } else { &broken };
                        sheet.write_number_with_format(row, column, *value, format)?
                    }
                    Cell::Rate(rate) => sheet.write_number_with_format(row, column, *rate, &percent)?,
                    Cell::Nothing => sheet.write_string(row, column, "")?,
                };
            }
        }
        sheet.set_row_height(0, 48)?;
        sheet.set_freeze_panes(1, 2)?;
        sheet.set_column_width(1, 28)?;
        let (last_row, last_column) = (
            u32::try_from(rows.len()).unwrap_or(1),
            u16::try_from(heads.len()).unwrap_or(1).saturating_sub(1),
        );
        sheet.autofilter(0, 0, last_row, last_column)?;
    }
    let how = book.add_worksheet();
    how.set_name(w.how)?;
    how.set_column_width(0, 28)?.set_column_width(1, 110)?;
    let period = views
        .first()
        .map_or_else(String::new, |view| format!("{} – {} · {} {}", view.from, view.to, w.as_of, view.as_of));
    how.write_string_with_format(0, 0, w.title, &head_format)?;
    how.write_string_with_format(0, 1, period, &head_format)?;
    let wrapped = Format::new().set_text_wrap();
    let unverified = views.first().is_some_and(|view| view.unverified_count);
    for (row, (name, formula)) in (1_u32..).zip(said::formulas(lang, unverified)) {
        how.write_string_with_format(row, 0, name, &bold)?;
        how.write_string_with_format(row, 1, formula, &wrapped)?;
    }
    book.save_to_buffer()
}
