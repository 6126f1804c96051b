//! Pages as PDF. Black is the printer's black (grey, not RGB), text is text, the
//! symbol is one path of whole modules under a scale; the file has no date, so
//! the same codes make the same bytes. The finished file is read again.

use std::sync::OnceLock;

use krilla::{
    Document, SerializeSettings,
    color::{luma, rgb},
    geom::{PathBuilder, Point, Rect, Size, Transform},
    image::Image,
    metadata::Metadata,
    num::NormalizedF32,
    page::PageSettings,
    paint::{Fill, FillRule, LineJoin, Paint, Stroke},
    surface::Surface,
    text::{Font, GlyphId, KrillaGlyph},
};

use super::{Ink, Laid, Mark, POINT, PaperError, Style, fit::Line, font, length, read};
use crate::picture::symbol::{QUIET, Symbol};

/// Writes the pages, and reads every symbol of the file again.
pub fn pdf(laid: &Laid, title: &str) -> Result<Vec<u8>, PaperError> {
    let settings = SerializeSettings { enable_tagging: false, xmp_metadata: false, ..Default::default() };
    let mut document = Document::new_with(settings);
    let language = "zh-CN".to_owned();
    // The same on every page, so that it stands in the file once.
    let emblem = laid.pages.iter().flat_map(|page| &page.marks).find_map(|mark| match mark {
        Mark::Picture { logo, .. } => Some(Image::from_rgba8(logo.pixels.clone(), logo.size.0, logo.size.1)),
        _ => None,
    });
    document.set_metadata(Metadata::new().title(title.to_owned()).language(language));
    for page in &laid.pages {
        let settings = PageSettings::from_wh(page.width / POINT, page.height / POINT);
        let mut sheet = document.start_page_with(settings.ok_or(PaperError::Write("page"))?);
        let mut surface = sheet.surface();
        for mark in &page.marks {
            draw(&mut surface, mark, emblem.as_ref()).ok_or(PaperError::Write("mark"))?;
        }
        surface.finish();
        sheet.finish();
    }
    let file = document.finish().map_err(|_| PaperError::Write("document"))?;
    read::same(&file, &laid.texts)?;
    Ok(file)
}

fn draw(surface: &mut Surface<'_>, mark: &Mark, emblem: Option<&Image>) -> Option<()> {
    match mark {
        Mark::Text { x, y, style, line } => text(surface, Point::from_xy(x / POINT, y / POINT), *style, line),
        Mark::Bar { x, y, width, height, ink } => {
            let rect = Rect::from_xywh(x / POINT, y / POINT, width / POINT, height / POINT)?;
            surface.set_fill(Some(fill(*ink)));
            surface.set_stroke(None);
            let mut path = PathBuilder::new();
            path.push_rect(rect);
            surface.draw_path(&path.finish()?);
            Some(())
        }
        Mark::Symbol { x, y, side, symbol } => modules(surface, (*x, *y), *side, symbol),
        Mark::Picture { x, y, width, height, .. } => {
            surface.push_transform(&Transform::from_translate(x / POINT, y / POINT));
            surface.draw_image(emblem?.clone(), Size::from_wh(width / POINT, height / POINT)?);
            surface.pop();
            Some(())
        }
    }
}

fn text(surface: &mut Surface<'_>, at: Point, style: Style, line: &Line) -> Option<()> {
    let mut place = 0;
    let glyphs: Vec<KrillaGlyph> = line
        .glyphs
        .iter()
        .map(|(glyph, advance, bytes)| {
            let range = place..place + bytes;
            place += bytes;
            KrillaGlyph::new(GlyphId::new(*glyph), *advance, 0.0, 0.0, 0.0, range, None)
        })
        .collect();
    surface.set_fill(Some(fill(style.ink)));
    // One weight is embedded; a stroke makes it bold, a finer one where the letters are large.
    surface.set_stroke(style.bold.then(|| Stroke {
        paint: paint(style.ink),
        width: style.weight(),
        line_join: LineJoin::Round,
        ..Stroke::default()
    }));
    surface.draw_glyphs(at, &glyphs, typeface()?, &line.text, style.size, false);
    Some(())
}

fn modules(surface: &mut Surface<'_>, (x, y): (f32, f32), side: f32, symbol: &Symbol) -> Option<()> {
    let module = side / length(symbol.width() + 2 * QUIET) / POINT;
    let (left, top) = (x / POINT + module * length(QUIET), y / POINT + module * length(QUIET));
    surface.push_transform(&Transform::from_row(module, 0.0, 0.0, module, left, top));
    let mut path = PathBuilder::new();
    for (row, modules) in symbol.rows().enumerate() {
        let mut column = 0;
        for run in modules.chunk_by(|a, b| a == b) {
            if run.first() == Some(&true) {
                path.push_rect(Rect::from_xywh(length(column), length(row), length(run.len()), 1.0)?);
            }
            column += run.len();
        }
    }
    surface.set_fill(Some(fill(Ink::Black)));
    surface.set_stroke(None);
    surface.draw_path(&path.finish()?);
    surface.pop();
    Some(())
}

fn fill(ink: Ink) -> Fill {
    Fill { paint: paint(ink), opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
}

fn paint(ink: Ink) -> Paint {
    let [red, green, blue] = ink.rgb();
    if red == green && green == blue {
        luma::Color::new(red).into()
    } else {
        rgb::Color::new(red, green, blue).into()
    }
}

fn typeface() -> Option<Font> {
    static FONT: OnceLock<Option<Font>> = OnceLock::new();
    FONT.get_or_init(|| Font::new(font::FILE.into(), 0)).clone()
}
