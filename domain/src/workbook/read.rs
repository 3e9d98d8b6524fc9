//! Reads a workbook: which sheets can be seen, and of one of them the rows as texts. Of a formula what it last came to is taken;
//! of a number what its format shows; what is merged down several rows is said of each of them, as the eye reads it.

use std::{borrow::Cow, collections::BTreeMap};

use super::{
    COMPOUND, dates,
    dates::Shows,
    place,
    xml::{Document, Malformed, Piece, Tag},
    zip::Archive,
};
use crate::import::{Cells, MOST_BYTES, MOST_CELL, MOST_COLUMNS, MOST_ROWS, Table, Unreadable};

/// The most bytes that a part may unfold to. Two thousand rows of sixty cells take half of it.
const MOST_PART: usize = 20_000_000;
/// The most places that are merged down: one for each row, several times over.
const MOST_MERGED: usize = 10_000;
/// The most parts that one leads to, and the most sheets: each sheet is looked for among what the main part leads to, and no
/// container that is read has more parts.
const MOST_LINKED: usize = 2_000;
/// What a compound file calls a workbook that was locked ([MS-OFFCRYPTO] 2.3.4.4), in the letters of its directory.
const LOCKED: &str = "EncryptedPackage";

/// A workbook with one of its sheets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The sheets that can be seen, by name; at least one.
    pub sheets: Vec<String>,
    /// Which of them was read.
    pub shown: usize,
    /// Its rows, or why they cannot be read: another sheet may be.
    pub table: Result<Table, Unreadable>,
}

impl From<Malformed> for Unreadable {
    fn from(Malformed: Malformed) -> Self {
        Unreadable::Damaged
    }
}

/// Opens a workbook and reads the sheet of this number among those that can be seen, the first being 0; the last if there are
/// fewer.
///
/// # Errors
/// What makes it no workbook that is read: `Locked`, `Binary`, `OpenDocument`, `NotASheet`, `Damaged`, `TooLarge`; `NoRows` where no
/// sheet can be seen.
pub fn open(bytes: &[u8], sheet: usize) -> Result<Opened, Unreadable> {
    if bytes.len() > MOST_BYTES {
        return Err(Unreadable::TooLarge);
    }
    if bytes.starts_with(COMPOUND) {
        let locked: Vec<u8> = LOCKED.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let is_locked = bytes.windows(locked.len()).any(|window| window == locked);
        return Err(if is_locked { Unreadable::Locked } else { Unreadable::Binary });
    }
    let book = Book { archive: Archive::open(bytes)?, most: MOST_PART };
    book.opened(sheet)
}

/// A workbook.
struct Book<'a> {
    archive: Archive<'a>,
    /// The most bytes that a part of it may unfold to.
    most: usize,
}

/// What the main part says and leads to.
#[derive(Debug, Default)]
struct Main {
    since_1904: bool,
    /// The texts that cells share.
    strings: Option<String>,
    styles: Option<String>,
}

impl Book<'_> {
    fn opened(&self, sheet: usize) -> Result<Opened, Unreadable> {
        let (main, found) = self.sheets()?;
        let shown = sheet.min(found.len().saturating_sub(1));
        let path = found.get(shown).map(|(_, path)| path.clone()).ok_or(Unreadable::NoRows)?;
        let sheets = found.into_iter().map(|(name, _)| name).collect();
        Ok(Opened { sheets, shown, table: self.table(&main, &path) })
    }

    /// A part, whole.
    fn whole(&self, path: &str) -> Result<Option<String>, Unreadable> {
        match self.archive.part(path, self.most)? {
            Some(part) if part.cut => Err(Unreadable::TooLarge),
            part => Ok(part.map(|part| part.text)),
        }
    }

    /// What a part refers to: identity, kind and path.
    fn related(&self, path: &str) -> Result<Vec<(String, String, String)>, Unreadable> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let place = [folder, if folder.is_empty() { "" } else { "/" }, "_rels/", name, ".rels"].concat();
        let Some(text) = self.whole(&place)? else { return Ok(Vec::new()) };
        let (mut document, mut all) = (Document::new(&text), Vec::new());
        while let Some(piece) = document.piece()? {
            if let Piece::Open(tag) = piece
                && tag.name == "Relationship"
                && let (Some(id), Some(kind), Some(target)) = (tag.get("Id"), tag.get("Type"), tag.get("Target"))
            {
                // The two standards write the kinds with other beginnings.
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                if all.len() == MOST_LINKED {
                    return Err(Unreadable::TooLarge);
                }
                all.push((id.into_owned(), kind, resolved(folder, &target)));
            }
        }
        Ok(all)
    }

    /// What the main part says, and the sheets that can be seen: names and paths.
    fn sheets(&self) -> Result<(Main, Vec<(String, String)>), Unreadable> {
        if let Some(part) = self.archive.part("mimetype", 100)?
            && part.text.starts_with("application/vnd.oasis.opendocument")
        {
            return Err(Unreadable::OpenDocument);
        }
        let of_kind = |all: &[(String, String, String)], wanted: &str| {
            all.iter().find(|(_, kind, _)| kind == wanted).map(|(_, _, path)| path.clone())
        };
        let path = of_kind(&self.related("")?, "officeDocument").ok_or(Unreadable::NotASheet)?;
        if path.ends_with(".bin") {
            return Err(Unreadable::Binary);
        }
        let text = self.whole(&path)?.ok_or(Unreadable::Damaged)?;
        let (mut document, mut named, mut is_workbook) = (Document::new(&text), Vec::new(), false);
        let mut main = Main::default();
        while let Some(piece) = document.piece()? {
            let Piece::Open(tag) = piece else { continue };
            match tag.name {
                "workbook" => is_workbook = true,
                "workbookPr" => main.since_1904 = matches!(tag.get("date1904").as_deref(), Some("1" | "true")),
                "sheet" if tag.get("state").is_none_or(|state| state == "visible") => {
                    if named.len() == MOST_LINKED {
                        return Err(Unreadable::TooLarge);
                    }
                    let name = tag.get("name").unwrap_or_default().into_owned();
                    named.push((name, tag.get("id").unwrap_or_default().into_owned()));
                }
                _ => {}
            }
        }
        if !is_workbook {
            return Err(Unreadable::NotASheet);
        }
        let related = self.related(&path)?;
        // A chart on a page of its own is a sheet too, and has no rows.
        let worksheet = |id: &str| {
            related.iter().find(|(own, kind, _)| own == id && kind == "worksheet").map(|(_, _, path)| path.clone())
        };
        let sheets = named.into_iter().filter_map(|(name, id)| Some((name, worksheet(&id)?))).collect();
        main.strings = of_kind(&related, "sharedStrings");
        main.styles = of_kind(&related, "styles");
        Ok((main, sheets))
    }

    /// The rows of a sheet.
    fn table(&self, main: &Main, path: &str) -> Result<Table, Unreadable> {
        let part = self.archive.part(path, self.most)?.ok_or(Unreadable::Damaged)?;
        let found = Sheet::read(&part.text);
        // What was not unpacked may hold anything. More rows than are read is said as such all the same.
        let sheet = match found {
            Err(why @ (Unreadable::TooManyRows | Unreadable::TooManyColumns)) => return Err(why),
            _ if part.cut => return Err(Unreadable::TooLarge),
            found => found?,
        };
        let formats = match &main.styles {
            Some(path) => formats(&self.whole(path)?.unwrap_or_default())?,
            None => Vec::new(),
        };
        let wanted = sheet.shared();
        let strings = match &main.strings {
            Some(path) if !wanted.is_empty() => strings(&self.whole(path)?.ok_or(Unreadable::Damaged)?, wanted)?,
            _ => wanted,
        };
        let shown = Shown { formats, strings, since_1904: main.since_1904 };
        let mut cells = Cells::default();
        for (number, row) in sheet.texts(&shown)? {
            cells.at(number, row)?;
        }
        cells.table()
    }
}

/// A path that is written from a folder.
fn resolved(folder: &str, target: &str) -> String {
    let from = if target.starts_with('/') { "" } else { folder };
    let mut steps = Vec::new();
    for step in from.split('/').chain(target.split('/')) {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    steps.join("/")
}

/// Texts that cells share, by their numbers; nothing where none is found.
type Strings = BTreeMap<usize, Option<String>>;

/// What is behind the numbers of a sheet.
struct Shown {
    /// What each style shows of a number.
    formats: Vec<Shows>,
    strings: Strings,
    since_1904: bool,
}

/// What each style of cells shows of a number, by their order.
fn formats(text: &str) -> Result<Vec<Shows>, Unreadable> {
    let mut document = Document::new(text);
    let (mut own, mut all) = (BTreeMap::new(), Vec::new());
    // Formats and styles stand elsewhere too, where they mean other things.
    let (mut in_formats, mut in_cells) = (false, false);
    while let Some(piece) = document.piece()? {
        match piece {
            Piece::Open(tag) => match tag.name {
                "numFmts" => in_formats = !tag.empty,
                "cellXfs" => in_cells = !tag.empty,
                "numFmt" if in_formats => {
                    if let (Some(id), Some(code)) = (tag.number("numFmtId"), tag.get("formatCode")) {
                        own.insert(id, dates::of_code(&code));
                    }
                }
                "xf" if in_cells => {
                    let id = tag.number("numFmtId").unwrap_or_default();
                    let built_in = || u32::try_from(id).map(dates::built_in).unwrap_or_default();
                    all.push(own.get(&id).copied().unwrap_or_else(built_in));
                }
                _ => {}
            },
            Piece::Close("numFmts") => in_formats = false,
            Piece::Close("cellXfs") => in_cells = false,
            Piece::Close(_) | Piece::Text(_) => {}
        }
    }
    Ok(all)
}

/// The texts of these numbers.
fn strings(text: &str, mut wanted: Strings) -> Result<Strings, Unreadable> {
    let Some(last) = wanted.keys().next_back().copied() else { return Ok(wanted) };
    let (mut document, mut number) = (Document::new(text), 0);
    while number <= last {
        let Some(piece) = document.piece()? else { break };
        let Piece::Open(tag) = piece else { continue };
        if tag.name == "si" {
            let text = if tag.empty { String::new() } else { rich(&mut document, "si")? };
            if let Some(place) = wanted.get_mut(&number) {
                *place = Some(text);
            }
            number += 1;
        }
    }
    Ok(wanted)
}

/// A text of parts that are written differently, until its element closes; without how it is pronounced.
fn rich(document: &mut Document<'_>, end: &str) -> Result<String, Malformed> {
    let (mut whole, mut aside) = (String::new(), false);
    loop {
        match document.piece()?.ok_or(Malformed)? {
            Piece::Open(tag) if tag.empty => {}
            Piece::Open(Tag { name: "rPh", .. }) => aside = true,
            Piece::Close("rPh") => aside = false,
            Piece::Open(Tag { name: "t", .. }) => {
                let text = document.text_of("t")?;
                if !aside {
                    whole.push_str(&text);
                }
            }
            Piece::Close(name) if name == end => return Ok(unescaped(&whole).into_owned()),
            Piece::Open(_) | Piece::Close(_) | Piece::Text(_) => {}
        }
    }
}

/// A text without the names that letters have which XML does not take (`_x000D_`; ECMA-376 part 1, 22.9.2.19).
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains("_x") {
        return text.into();
    }
    let (mut whole, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find("_x") {
        let named = rest.get(at..at + 7).filter(|named| named.ends_with('_'));
        let named = named.filter(|named| named[2..6].bytes().all(|byte| byte.is_ascii_hexdigit()));
        let letter = named.and_then(|named| char::from_u32(u32::from_str_radix(&named[2..6], 16).ok()?));
        let taken = at + letter.map_or(1, |_| 7);
        whole.push_str(&rest[..letter.map_or(taken, |_| at)]);
        whole.extend(letter);
        rest = &rest[taken..];
    }
    whole.push_str(rest);
    whole.into()
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Held {
    Number(String),
    /// The number of a text that others have too.
    Shared(usize),
    /// A text, a yes or no, or what went wrong.
    Text(String),
    /// A moment in words.
    Iso(String),
}

/// A cell that holds something.
#[derive(Debug)]
struct Raw {
    column: usize,
    style: usize,
    held: Held,
}

/// A sheet as it is written.
#[derive(Debug, Default)]
struct Sheet {
    /// The rows that hold something, with their numbers, which rise.
    rows: Vec<(usize, Vec<Raw>)>,
    /// What is merged down: the column, the first row and the last.
    merged: Vec<(usize, usize, usize)>,
}

impl Sheet {
    fn read(text: &str) -> Result<Self, Unreadable> {
        let (mut document, mut sheet) = (Document::new(text), Self::default());
        let (mut number, mut inside) = (0, false);
        while let Some(piece) = document.piece()? {
            match piece {
                Piece::Open(tag) => match tag.name {
                    "sheetData" => inside = !tag.empty,
                    "row" if inside => {
                        let own = tag.number("r").unwrap_or(number + 1);
                        if !(number + 1..=super::MOST_ROWS).contains(&own) {
                            return Err(Unreadable::Damaged);
                        }
                        number = own;
                        let cells = if tag.empty { Vec::new() } else { row(&mut document, number)? };
                        if !cells.is_empty() {
                            sheet.rows.push((number, cells));
                        }
                        // The names of the columns are one more.
                        if sheet.rows.len() > MOST_ROWS + 1 {
                            return Err(Unreadable::TooManyRows);
                        }
                    }
                    "mergeCell" => sheet.merged.extend(tag.get("ref").as_deref().and_then(merged_down)),
                    _ => {}
                },
                Piece::Close("sheetData") => inside = false,
                Piece::Close(_) | Piece::Text(_) => {}
            }
            if sheet.merged.len() > MOST_MERGED {
                return Err(Unreadable::TooLarge);
            }
        }
        Ok(sheet)
    }

    /// The texts that are shared, yet to be found.
    fn shared(&self) -> Strings {
        let number = |cell: &Raw| match cell.held {
            Held::Shared(number) => Some((number, None)),
            _ => None,
        };
        self.rows.iter().flat_map(|(_, cells)| cells).filter_map(number).collect()
    }

    /// Its rows as texts, each with its number.
    fn texts(self, shown: &Shown) -> Result<Vec<(usize, Vec<String>)>, Unreadable> {
        let mut spent = 0;
        let mut rows = Vec::with_capacity(self.rows.len());
        for (number, cells) in self.rows {
            let mut row = Vec::new();
            for cell in cells {
                let column = cell.column;
                let text = cell.said(shown)?;
                if text.len() > MOST_CELL {
                    return Err(Unreadable::TooLong(number));
                }
                // One text that is shared by all cells is many.
                spent += text.len();
                if spent > MOST_BYTES {
                    return Err(Unreadable::TooLarge);
                }
                row.resize(column, String::new());
                row.push(text);
            }
            rows.push((number, row));
        }
        for (column, first, last) in self.merged {
            let Ok(at) = rows.binary_search_by_key(&first, |(number, _)| *number) else { continue };
            let Some(text) = rows[at].1.get(column).filter(|text| !text.is_empty()).cloned() else { continue };
            for (_, row) in rows[at + 1..].iter_mut().take_while(|(number, _)| *number <= last) {
                spent += text.len();
                if spent > MOST_BYTES {
                    return Err(Unreadable::TooLarge);
                }
                row.resize(row.len().max(column + 1), String::new());
                row[column].clone_from(&text);
            }
        }
        Ok(rows)
    }
}

/// The column and the rows of what is merged, where that goes down and is read at all.
fn merged_down(reference: &str) -> Option<(usize, usize, usize)> {
    let (from, to) = reference.split_once(':')?;
    let ((column, first), (_, last)) = (place(from)?, place(to)?);
    (last > first && column < MOST_COLUMNS).then_some((column, first, last))
}

/// The cells of a row that hold something.
fn row(document: &mut Document<'_>, number: usize) -> Result<Vec<Raw>, Unreadable> {
    let (mut cells, mut next) = (Vec::new(), 0);
    loop {
        match document.piece()?.ok_or(Malformed)? {
            Piece::Open(tag) if tag.name == "c" => {
                let column = match tag.get("r") {
                    Some(reference) => place(&reference).ok_or(Unreadable::Damaged)?.0,
                    None => next,
                };
                if column < next {
                    return Err(Unreadable::Damaged);
                }
                next = column + 1;
                let held = if tag.empty { None } else { held(document, tag, number)? };
                if let Some(held) = held {
                    if column >= MOST_COLUMNS {
                        return Err(Unreadable::TooManyColumns);
                    }
                    cells.push(Raw { column, style: tag.number("s").unwrap_or_default(), held });
                }
            }
            Piece::Close("row") => return Ok(cells),
            Piece::Open(_) | Piece::Close(_) | Piece::Text(_) => {}
        }
    }
}

/// What a cell holds; nothing if that is nothing.
fn held(document: &mut Document<'_>, tag: Tag<'_>, row: usize) -> Result<Option<Held>, Unreadable> {
    let (mut value, mut inline, mut is_formula) = (None, None, false);
    loop {
        match document.piece()?.ok_or(Malformed)? {
            Piece::Open(inner) => match inner.name {
                "f" => {
                    is_formula = true;
                    if !inner.empty {
                        document.text_of("f")?;
                    }
                }
                "v" => value = Some(if inner.empty { String::new() } else { document.text_of("v")? }),
                "is" if !inner.empty => inline = Some(rich(document, "is")?),
                _ => {}
            },
            Piece::Close("c") => break,
            Piece::Close(_) | Piece::Text(_) => {}
        }
    }
    let kind = tag.get("t").unwrap_or_default();
    // Of a text, nothing may be what it came to.
    if is_formula && inline.is_none() && value.as_ref().is_none_or(|value| value.is_empty() && kind != "str") {
        return Err(Unreadable::Unreckoned(row));
    }
    let Some(value) = inline.or(value).filter(|value| !value.is_empty()) else { return Ok(None) };
    Ok(Some(match &*kind {
        "s" => Held::Shared(value.trim().parse().map_err(|_| Unreadable::Damaged)?),
        "str" => Held::Text(unescaped(&value).into_owned()),
        "inlineStr" | "e" => Held::Text(value),
        "b" => Held::Text(if value.trim() == "1" { "TRUE" } else { "FALSE" }.to_owned()),
        "d" => Held::Iso(value),
        _ => Held::Number(value),
    }))
}

impl Raw {
    fn said(self, shown: &Shown) -> Result<String, Unreadable> {
        let shows = shown.formats.get(self.style).copied().unwrap_or_default();
        Ok(match self.held {
            Held::Text(text) => text,
            Held::Shared(number) => shown.strings.get(&number).cloned().flatten().ok_or(Unreadable::Damaged)?,
            Held::Iso(text) => dates::of_iso(&text, shows),
            Held::Number(text) => {
                let number = text.trim().parse().unwrap_or(f64::NAN);
                dates::shown(number, shows, shown.since_1904).unwrap_or_else(|| dates::plain(text.trim()))
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::zip::bench::packed, *};

    const RELATED: &str = "<Relationships><Relationship Id='s1' Type='http://a/relationships/worksheet' Target='worksheets/one.xml'/>\
        <Relationship Id='s2' Type='http://purl.oclc.org/a/worksheet' Target='/xl/worksheets/two.xml'/>\
        <Relationship Id='c' Type='http://a/chartsheet' Target='chartsheets/c.xml'/>\
        <Relationship Id='t' Type='http://a/sharedStrings' Target='../xl/./sharedStrings.xml'/>\
        <Relationship Id='f' Type='http://a/styles' Target='styles.xml'/></Relationships>";
    const ROOT: &str = "<Relationships><Relationship Id='r' Type='http://a/officeDocument' Target='/xl/workbook.xml'/></Relationships>";
    const STYLES: &str = "<styleSheet><numFmts count='1'><numFmt numFmtId='164' formatCode='dd/mm/yyyy;@'/></numFmts>\
        <cellStyleXfs><xf numFmtId='22'/></cellStyleXfs>\
        <cellXfs><xf numFmtId='0'/><xf numFmtId='164'/><xf numFmtId='20'/><xf numFmtId='22'/></cellXfs>\
        <dxfs><dxf><numFmt numFmtId='164' formatCode='0'/></dxf></dxfs></styleSheet>";
    const STRINGS: &str = "<sst><si><t>Fecha</t></si><si><r><t xml:space='preserve'>Tex</t></r><r><rPr><b/></rPr><t>to</t></r>\
        <rPh sb='0' eb='1'><t>no</t></rPh></si><si/><si><t>El pleno_x000D_&#10;es el jueves &amp; _x005F_x0041_.</t></si></sst>";
    const SHEETS: &str = "<sheet name='Plan' sheetId='1' r:id='s1'/>";

    /// A workbook with these sheets, and in the first of them this.
    fn book(sheets: &str, since_1904: bool, data: &str) -> Vec<(&'static str, String)> {
        let since = if since_1904 { "<workbookPr date1904='1'/>" } else { "" };
        vec![
            ("_rels/.rels", ROOT.to_owned()),
            ("xl/workbook.xml", format!("<workbook>{since}<sheets>{sheets}</sheets></workbook>")),
            ("xl/_rels/workbook.xml.rels", RELATED.to_owned()),
            ("xl/sharedStrings.xml", STRINGS.to_owned()),
            ("xl/styles.xml", STYLES.to_owned()),
            ("xl/worksheets/one.xml", format!("<worksheet>{data}</worksheet>")),
            ("xl/worksheets/two.xml", "<worksheet><sheetData/></worksheet>".to_owned()),
        ]
    }

    fn sheet(data: &str) -> Result<Table, Unreadable> {
        open(&packed(&book(SHEETS, false, data)), 0).and_then(|opened| opened.table)
    }

    fn rows(table: &Table) -> Vec<(usize, Vec<&str>)> {
        table.rows.iter().map(|row| (row.number, row.cells.iter().map(String::as_str).collect())).collect()
    }

    #[test]
    fn a_sheet_is_read_as_it_is_seen() {
        let table = sheet(
            "<sheetData>\
             <row r='2'><c r='A2' t='s'><v>0</v></c><c r='B2' t='inlineStr'><is><t>Hora</t></is></c><c r='D2' t='s'><v>1</v></c></row>\
             <row/>\
             <row r='5'><c r='A5' s='1'><v>46380</v></c><c r='B5' s='2'><v>0.41666666666666669</v></c><c r='C5' s='3'/>\
             <c r='D5' t='s'><v>3</v></c></row>\
             <row r='6'><c s='3'><f>A5+1</f><v>46381.5</v></c><c t='b'><v>1</v></c><c t='e'><v>#REF!</v></c>\
             <c t='str'><f>UPPER(\"a\")</f><v>A &lt; B</v></c><c t='str'><f>\"\"</f><v></v></c></row>\
             <row r='7'><c t='s'><v>2</v></c><c t='d' s='1'><v>2026-12-24T00:00:00</v></c><c><v>0.30000000000000004</v></c></row>\
             <row r='8'><c s='1'><v>-3</v></c></row>\
             </sheetData><extLst><row r='1'><c><v>9</v></c></row></extLst>",
        )
        .unwrap();
        assert_eq!(table.heads, ["Fecha", "Hora", "", "Texto"]);
        assert_eq!(
            rows(&table),
            [
                (5, vec!["2026-12-24", "10:00", "", "El pleno\nes el jueves & _x0041_."]),
                (6, vec!["2026-12-25 12:00", "TRUE", "#REF!", "A < B"]),
                (7, vec!["", "2026-12-24", "0.3", ""]),
                (8, vec!["-3", "", "", ""]),
            ]
        );
    }

    #[test]
    fn names_of_any_beginning_mean_the_same() {
        let mut parts = book(SHEETS, true, "");
        parts[1].1 = "<x:workbook><x:workbookPr date1904=\"true\"/>\
                      <x:sheets><x:sheet name=\"A\" r:id=\"s1\"/></x:sheets></x:workbook>"
            .to_owned();
        parts[5].1 = "<x:worksheet><x:sheetData><x:row><x:c t=\"s\"><x:v>0</x:v></x:c></x:row>\
                      <x:row><x:c s=\"1\"><x:v>44918</x:v></x:c></x:row></x:sheetData></x:worksheet>"
            .to_owned();
        let opened = open(&packed(&parts), 0).unwrap();
        assert_eq!(rows(&opened.table.unwrap()), [(2, vec!["2026-12-24"])]);
    }

    #[test]
    fn what_is_merged_down_is_said_of_each_row() {
        let text = |place: &str, text: &str| format!("<c r='{place}' t='str'><v>{text}</v></c>");
        let data = format!(
            "<sheetData><row r='1'>{}{}</row><row r='2'>{}{}</row><row r='3'>{}</row><row r='9'>{}</row></sheetData>\
             <mergeCells><mergeCell ref='A2:A4'/><mergeCell ref='A1:F1'/><mergeCell ref='B9:C1048576'/></mergeCells>",
            text("A1", "Fecha"),
            text("B1", "Texto"),
            text("A2", "24/12/2026"),
            text("B2", "Uno"),
            text("B3", "Dos"),
            text("B9", "Tres")
        );
        let table = sheet(&data).unwrap();
        let read = [(2, vec!["24/12/2026", "Uno"]), (3, vec!["24/12/2026", "Dos"]), (9, vec!["", "Tres"])];
        assert_eq!(rows(&table), read);
    }

    #[test]
    fn the_first_sheet_that_can_be_seen_is_read_or_the_one_that_is_asked_for() {
        let sheets = "<sheet name='Notas' state='hidden' r:id='s2'/><sheet name='Gráfico' r:id='c'/>\
                      <sheet name='Plan &amp; más' r:id='s1'/><sheet name='Vacía' state='visible' r:id='s2'/>";
        let data = "<sheetData><row><c t='s'><v>0</v></c></row><row><c><v>1</v></c></row></sheetData>";
        let file = packed(&book(sheets, false, data));
        let first = open(&file, 0).unwrap();
        assert_eq!((first.sheets.clone(), first.shown), (vec!["Plan & más".to_owned(), "Vacía".to_owned()], 0));
        assert_eq!(rows(&first.table.unwrap()), [(2, vec!["1"])]);
        for asked in [1, 7] {
            let second = open(&file, asked).unwrap();
            assert_eq!((second.shown, second.table), (1, Err(Unreadable::NoRows)));
        }
        assert_eq!(
            open(&packed(&book("<sheet name='a' state='veryHidden' r:id='s1'/>", false, data)), 0),
            Err(Unreadable::NoRows)
        );
    }

    #[test]
    fn what_is_too_much_says_so() {
        let cell = "<c t='str'><v>x</v></c>";
        let of = |rows: usize| format!("<sheetData>{}</sheetData>", format!("<row>{cell}</row>").repeat(rows));
        assert_eq!(sheet(&of(MOST_ROWS + 1)).unwrap().rows.len(), MOST_ROWS);
        assert_eq!(sheet(&of(MOST_ROWS + 2)), Err(Unreadable::TooManyRows));
        // Of a sheet that is not unpacked whole, what can be said is said.
        let file = packed(&book(SHEETS, false, &of(100_000)));
        let cut =
            |most| Book { archive: Archive::open(&file).unwrap(), most }.opened(0).and_then(|opened| opened.table);
        assert_eq!(cut(200_000), Err(Unreadable::TooManyRows));
        assert_eq!(cut(20_000), Err(Unreadable::TooLarge));
        assert_eq!(
            sheet(&format!("<sheetData><row>{}</row></sheetData>", cell.repeat(61))),
            Err(Unreadable::TooManyColumns)
        );
        // In the last column that there is: nothing is laid out up to it.
        let far = "<row><c r='XFD1' t='str'><v>x</v></c></row>";
        assert_eq!(sheet(&format!("<sheetData>{}</sheetData>", far.repeat(2))), Err(Unreadable::TooManyColumns));
        // A few bytes, packed, that name sheets without end.
        assert_eq!(open(&packed(&book(&SHEETS.repeat(MOST_LINKED + 1), false, "")), 0), Err(Unreadable::TooLarge));
        let mut parts = book(SHEETS, false, "");
        let links = "<Relationship Id='x' Type='http://a/theme' Target='x.xml'/>".repeat(MOST_LINKED);
        parts[2].1 = RELATED.replace("</Relationships>", &[&links, "</Relationships>"].concat());
        assert_eq!(open(&packed(&parts), 0), Err(Unreadable::TooLarge));
        let long =
            format!("<sheetData><row/><row><c t='str'><v>{}</v></c></row></sheetData>", "x".repeat(MOST_CELL + 1));
        assert_eq!(sheet(&long), Err(Unreadable::TooLong(2)));
        // One text of nineteen kilobytes in three hundred cells.
        let mut parts =
            book(SHEETS, false, &format!("<sheetData>{}</sheetData>", "<row><c t='s'><v>0</v></c></row>".repeat(300)));
        parts[3].1 = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(19_000));
        assert_eq!(open(&packed(&parts), 0).unwrap().table, Err(Unreadable::TooLarge));
        assert_eq!(open(&vec![b'P'; MOST_BYTES + 1], 0), Err(Unreadable::TooLarge));
    }

    #[test]
    fn a_formula_that_nobody_reckoned_is_no_empty_cell() {
        for cell in ["<c><f>A1</f></c>", "<c><f>A1</f><v/></c>", "<c><f>A1</f><v></v></c>", "<c><f/></c>"] {
            let data = format!("<sheetData><row r='4'>{cell}</row></sheetData>");
            assert_eq!(sheet(&data), Err(Unreadable::Unreckoned(4)), "{cell}");
        }
    }

    #[test]
    fn what_is_no_workbook_of_ours_is_called_by_its_name() {
        let compound = [COMPOUND, &[0; 600]].concat();
        assert_eq!(open(&compound, 0), Err(Unreadable::Binary));
        let name: Vec<u8> = LOCKED.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(open(&[compound, name].concat(), 0), Err(Unreadable::Locked));
        let ods = ("mimetype", "application/vnd.oasis.opendocument.spreadsheet".to_owned());
        assert_eq!(open(&packed(&[ods, ("content.xml", "<a/>".to_owned())]), 0), Err(Unreadable::OpenDocument));
        assert_eq!(open(&packed(&[("foto.txt", "a".to_owned())]), 0), Err(Unreadable::NotASheet));
        let main = |target: &str, text: &str| {
            let root = ROOT.replace("xl/workbook.xml", target);
            open(&packed(&[("_rels/.rels", root), ("word/document.xml", text.to_owned())]), 0)
        };
        assert_eq!(main("word/document.xml", "<w:document/>"), Err(Unreadable::NotASheet));
        assert_eq!(main("xl/workbook.bin", ""), Err(Unreadable::Binary));
        assert_eq!(main("xl/none.xml", ""), Err(Unreadable::Damaged));
        assert_eq!(main("word/document.xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><workbook/>"), Err(Unreadable::Damaged));
        let one = |data: &str| sheet(&format!("<sheetData>{data}</sheetData>"));
        for odd in [
            "<row r='2'/><row r='2'/>",
            "<row r='0'/>",
            "<row r='1048577'/>",
            "<row><c r='B1'><v>1</v></c><c r='A1'><v>1</v></c></row>",
            "<row><c r='7'><v>1</v></c></row>",
            "<row><c t='s'><v>9</v></c></row>",
            "<row><c t='s'><v>uno</v></c></row>",
            "<row><c><v>1",
        ] {
            assert_eq!(one(odd), Err(Unreadable::Damaged), "{odd}");
        }
        assert_eq!(one(""), Err(Unreadable::NoRows));
        for gone in [3, 5] {
            let data = "<sheetData><row><c t='s'><v>0</v></c></row></sheetData>";
            let mut parts = book(SHEETS, false, data);
            parts.remove(gone);
            assert_eq!(open(&packed(&parts), 0).unwrap().table, Err(Unreadable::Damaged));
        }
    }

    #[test]
    fn paths_are_walked_from_where_they_are_written() {
        for (folder, target, path) in [
            ("xl", "worksheets/one.xml", "xl/worksheets/one.xml"),
            ("xl", "/xl/one.xml", "xl/one.xml"),
            ("xl/a", "../one.xml", "xl/one.xml"),
            ("", "../../one.xml", "one.xml"),
        ] {
            assert_eq!(resolved(folder, target), path);
        }
    }

    proptest! {
        /// Whatever a sheet is made of, it is read or refused.
        #[test]
        fn no_sheet_breaks_it(pieces in prop::collection::vec(prop::sample::select(vec![
            "<row>", "<row r='3'>", "<row r='1048576'>", "</row>", "<c>", "<c r='B3' s='1'>", "<c r='BH3' t='s'>", "<c t='d' s='9'>",
            "<c t='inlineStr'>", "</c>", "<v>", "</v>", "<v/>", "<f>", "</f>", "<is>", "</is>", "<t>", "</t>", "1", "46380.5", "&amp;",
            "_x000D_", "ñ", "</sheetData>", "<mergeCell ref='A1:B9'/>", "<mergeCell ref='B3:A1'/>", "<rPh>", "</rPh>"
        ]), 0..60)) {
            let data = ["<sheetData>", &pieces.concat()].concat();
            let read = Sheet::read(&data);
            let whole = sheet(&data);
            if let Ok(table) = whole {
                prop_assert!(read.is_ok());
                prop_assert!(table.rows.iter().all(|row| row.cells.len() == table.heads.len()));
                prop_assert!(table.rows.is_sorted_by_key(|row| row.number));
            }
        }

        #[test]
        fn no_letter_by_its_number_breaks_it(text in "(_|x|[0-9A-F]{1,4}|ñ|🏛){0,20}") {
            let _ = unescaped(&text);
        }
    }
}
