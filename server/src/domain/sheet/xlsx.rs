//! XLSX is a ZIP of XML files. They are read by ourselves, as a stream and within
//! bounds: libraries make room for as many texts and formulas as a file claims to
//! have, and a small file that claims a lot ends the process. Nothing here is
//! believed before it was counted.

mod cells;
mod part;
mod strings;

use std::{
    cell::Cell as Shared,
    collections::HashMap,
    io::{self, Read, Seek, SeekFrom},
    ops::ControlFlow,
    rc::Rc,
};

use part::{Xml, attribute};
use quick_xml::events::Event;
use strings::Strings;
use zip::{ZipArchive, read::ZipFile};

use super::{HEADING_WITHIN, Limits, Plan, Rows, Shape, Unread, Visit};

/// Files inside.
const MOST_PARTS: usize = 500;
/// Bytes of a file that are looked at at once.
const PIECE: usize = 64 * 1024;
/// Bytes of the entry that tells where the index of a large archive is, and of the mark after it.
const LOCATOR: usize = 20;

pub(super) fn each<R: Read + Seek>(mut file: R, plan: Plan, visit: Visit<'_>) -> Result<(), Unread> {
    refuse_large_index(&mut file)?;
    let mut book = Book::open(io::BufReader::new(file), plan.limits)?;
    let chosen = book.choose(plan.shape)?;
    let mut rows = Rows::new(visit, plan.limits.rows);
    let end = book.read(chosen, &mut rows)?;
    if end.is_break() || rows.flush()?.is_break() || !plan.others {
        return Ok(());
    }
    let others = book.like(chosen, plan.shape)?;
    if others.is_empty() {
        return Ok(());
    }
    let chosen = book.sheets.into_iter().nth(chosen).map(|sheet| sheet.name);
    Err(Unread::Sheets(chosen.into_iter().chain(others).collect()))
}

/// An archive of more than 65,534 files has a second index that may claim any number
/// of them, and room is made for so many. No workbook has one.
fn refuse_large_index(file: &mut (impl Read + Seek)) -> Result<(), Unread> {
    let broken = |_| Unread::Damaged;
    file.seek(SeekFrom::Start(0)).map_err(broken)?;
    let (mut piece, mut kept) = (vec![0; PIECE], 0);
    loop {
        let read = file.read(piece.get_mut(kept..).unwrap_or_default()).map_err(broken)?;
        if read == 0 {
            break;
        }
        let end = kept + read;
        let seen = piece.get(..end).unwrap_or_default();
        let is_locator = |some: &[u8]| some.starts_with(b"PK\x06\x07") && some.ends_with(b"PK\x05\x06");
        if seen.windows(LOCATOR + 4).any(is_locator) {
            return Err(Unread::Oversized);
        }
        // It may lie across two pieces.
        let from = end.saturating_sub(LOCATOR + 3);
        piece.copy_within(from..end, 0);
        kept = end - from;
    }
    file.seek(SeekFrom::Start(0)).map(drop).map_err(broken)
}

struct Sheet {
    name: String,
    /// Number of its file in the archive.
    part: usize,
}

struct Book<R> {
    archive: ZipArchive<R>,
    limits: Limits,
    /// Bytes that may still be unpacked.
    left: Rc<Shared<u64>>,
    strings: Strings,
    /// Those that people see, in their order.
    sheets: Vec<Sheet>,
}

/// Files of an archive by their names: case does not matter, and some programs write `\`.
struct Names(HashMap<String, usize>);

impl Names {
    fn of<R: Read + Seek>(archive: &ZipArchive<R>) -> Result<Self, Unread> {
        let mut names = HashMap::new();
        for index in 0..archive.len() {
            let Some(name) = archive.name_for_index(index) else { continue };
            let name = name.map_err(|_| Unread::Damaged)?;
            names.insert(name.replace('\\', "/").to_ascii_lowercase(), index);
        }
        Ok(Self(names))
    }

    fn get(&self, path: &str) -> Option<usize> {
        self.0.get(&path.trim_start_matches('/').to_ascii_lowercase()).copied()
    }
}

/// What a file refers to.
struct Link {
    id: String,
    kind: String,
    target: String,
}

impl<R: Read + Seek> Book<R> {
    fn open(file: R, limits: Limits) -> Result<Self, Unread> {
        let archive = ZipArchive::new(file).map_err(|_| Unread::Damaged)?;
        if archive.len() > MOST_PARTS {
            return Err(Unread::Oversized);
        }
        let names = Names::of(&archive)?;
        let left = Rc::new(Shared::new(limits.unpacked));
        let mut book = Self { archive, limits, left, strings: Strings::default(), sheets: Vec::new() };
        let links = book.links(names.get("_rels/.rels").ok_or(Unread::Damaged)?)?;
        let main = links.into_iter().find(|link| link.kind.ends_with("/officeDocument"));
        let main = main.ok_or(Unread::Damaged)?.target;
        let (folder, name) = main.rsplit_once('/').map_or(("", &*main), |(folder, name)| (folder, name));
        let near = |target: &str| match target.strip_prefix('/') {
            Some(whole) => whole.to_owned(),
            None => join(folder, target),
        };
        let links = names.get(&near(&format!("_rels/{name}.rels"))).ok_or(Unread::Damaged)?;
        let links = book.links(links)?;
        if let Some(link) = links.iter().find(|link| link.kind.ends_with("/sharedStrings"))
            && let Some(part) = names.get(&near(&link.target))
        {
            let most = book.limits;
            let strings = Strings::read(&mut book.part(part)?, most)?;
            book.strings = strings;
        }
        for (name, id) in book.shown(names.get(&main).ok_or(Unread::Damaged)?)? {
            let link = links.iter().find(|link| link.id == id).ok_or(Unread::Damaged)?;
            // There are sheets of a single picture, and of dialogues.
            if link.kind.ends_with("/worksheet") {
                let part = names.get(&near(&link.target)).ok_or(Unread::Damaged)?;
                book.sheets.push(Sheet { name, part });
            }
        }
        Ok(book)
    }

    fn part(&mut self, index: usize) -> Result<Xml<ZipFile<'_, R>>, Unread> {
        let left = Rc::clone(&self.left);
        let file = self.archive.by_index(index).map_err(|_| Unread::Damaged)?;
        Ok(Xml::new(file, left))
    }

    fn links(&mut self, index: usize) -> Result<Vec<Link>, Unread> {
        let mut xml = self.part(index)?;
        let mut links = Vec::new();
        loop {
            match xml.event()? {
                Event::Start(start) if start.local_name().as_ref() == "Relationship" => {
                    let get = |name| attribute(&start, name).map(Option::unwrap_or_default);
                    links.push(Link { id: get("Id")?, kind: get("Type")?, target: get("Target")? });
                }
                Event::Eof => return Ok(links),
                _ => {}
            }
            if links.len() > MOST_PARTS {
                return Err(Unread::Oversized);
            }
        }
    }

    /// Name and link of each sheet that is not hidden.
    fn shown(&mut self, index: usize) -> Result<Vec<(String, String)>, Unread> {
        let mut xml = self.part(index)?;
        let mut sheets = Vec::new();
        loop {
            match xml.event()? {
                Event::Start(start) if start.local_name().as_ref() == "sheet" => {
                    let hidden = attribute(&start, "state")?.is_some_and(|state| state != "visible");
                    let name = attribute(&start, "name")?.unwrap_or_default();
                    if let (false, Some(id)) = (hidden, attribute(&start, "id")?) {
                        sheets.push((name.chars().take(31).collect(), id));
                    }
                }
                Event::Eof => return Ok(sheets),
                _ => {}
            }
            if sheets.len() > MOST_PARTS {
                return Err(Unread::Oversized);
            }
        }
    }

    fn read(&mut self, sheet: usize, rows: &mut Rows<'_>) -> Result<ControlFlow<()>, Unread> {
        let part = self.sheets.get(sheet).ok_or(Unread::Empty)?.part;
        let left = Rc::clone(&self.left);
        let file = self.archive.by_index(part).map_err(|_| Unread::Damaged)?;
        let most = self.limits.cells;
        cells::each(&mut Xml::new(file, left), &self.strings, most, &mut |place, text| rows.set(place, text))
    }

    /// The first sheet that has the heading; otherwise the first one that holds anything.
    fn choose(&mut self, shape: Shape) -> Result<usize, Unread> {
        let mut full = None;
        for sheet in 0..self.sheets.len() {
            let (mut found, mut seen) = (false, 0);
            self.look(sheet, &mut |row| {
                seen += 1;
                found = (shape.heading)(&row.cells);
                if found || seen >= HEADING_WITHIN {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            })?;
            if found {
                return Ok(sheet);
            }
            full = full.or((seen > 0).then_some(sheet));
        }
        Ok(full.unwrap_or_default())
    }

    /// Names of the other sheets that hold such a table, or rows of one without its heading.
    fn like(&mut self, chosen: usize, shape: Shape) -> Result<Vec<String>, Unread> {
        let mut names = Vec::new();
        for sheet in (0..self.sheets.len()).filter(|sheet| *sheet != chosen) {
            let (mut alike, mut headed, mut seen) = (false, false, 0);
            self.look(sheet, &mut |row| {
                seen += 1;
                // A heading with nothing below it holds nothing.
                alike = headed || (shape.record)(&row.cells);
                headed |= seen <= HEADING_WITHIN && (shape.heading)(&row.cells);
                if alike { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })?;
            if alike {
                names.extend(self.sheets.get(sheet).map(|sheet| sheet.name.clone()));
            }
        }
        Ok(names)
    }

    fn look(&mut self, sheet: usize, visit: Visit<'_>) -> Result<(), Unread> {
        let mut rows = Rows::new(visit, usize::MAX);
        if self.read(sheet, &mut rows)?.is_continue() {
            return rows.flush().map(drop);
        }
        Ok(())
    }
}

/// A path beside others, without `.` and `..`.
fn join(folder: &str, target: &str) -> String {
    let mut path: Vec<&str> = Vec::new();
    for step in folder.split('/').chain(target.split('/')) {
        match step {
            "" | "." => {}
            ".." => drop(path.pop()),
            step => path.push(step),
        }
    }
    path.join("/")
}
