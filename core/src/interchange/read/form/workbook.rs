//! The sheets of an `.xlsx` workbook, as cells.
//!
//! What a cell shows is read, not how: numbers as they are written in full, yes and no as TRUE
//! and FALSE, the saved value of a formula. A date that the spreadsheet made of a text cannot be
//! turned back, so it stays marked as one.

use quick_xml::events::Event;

use super::error::{FormProblem, FormSheet};
use super::faults::{At, Faults};
use super::grid::{Grid, Room};
use super::limits::MAX_FORM_TEXT_BYTES;
use super::package::{
    MAX_RELATIONS, Package, PartXml, Relations, attribute, damaged, local, too_much,
};
use super::sheet_xml;

/// Sheets that other software gives a meaning.
const MEANINGFUL: [&str; 3] = ["entities", "external_choices", "osm"];
/// Most texts in a workbook's table: empty ones take memory too.
const MAX_TEXTS: usize = 500_000;
/// Most cell formats that are told apart.
const MAX_FORMATS: usize = 65_536;

/// What cells refer to.
pub(super) struct Book {
    texts: Vec<u32>,
    text: String,
    /// For each cell format, whether it shows a date or a time.
    dates: Vec<bool>,
    /// Days from 1970-01-01 to the day that dates are counted from.
    pub(super) day_zero: i32,
}

impl Book {
    /// A text of the table.
    pub(super) fn text(&self, number: usize) -> Option<&str> {
        let end = *self.texts.get(number)? as usize;
        let start = number.checked_sub(1).and_then(|it| self.texts.get(it)).map_or(0, |it| *it);
        self.text.get(start as usize..end)
    }

    pub(super) fn is_date(&self, format: usize) -> bool {
        self.dates.get(format).copied().unwrap_or(false)
    }
}

/// A sheet of the workbook: its name and the path of its part.
struct Listed {
    name: String,
    path: String,
}

/// Reads the sheets that a form is made of; faults of single cells are noted and passed over.
pub(super) fn read(bytes: &[u8], faults: &mut Faults) -> Result<Vec<Grid>, FormProblem> {
    let mut package = Package::open(bytes)?;
    let root = package.relations("")?;
    let main = of_kind(&root, "/officeDocument").ok_or(FormProblem::NotAWorkbook)?;
    let relations = package.relations(&main)?;
    let (sheets, day_zero) = sheets(&mut package, &main, &relations)?;
    let (texts, text) = match of_kind(&relations, "/sharedStrings") {
        Some(path) => shared_texts(&mut package, &path)?,
        None => (Vec::new(), String::new()),
    };
    let dates = match of_kind(&relations, "/styles") {
        Some(path) => date_formats(&mut package, &path)?,
        None => Vec::new(),
    };
    let book = Book { texts, text, dates, day_zero };
    let (mut grids, mut room) = (Vec::new(), Room::new());
    for (sheet, path) in chosen(&sheets, faults) {
        let Some(xml) = package.part(&path, sheet.name())? else {
            return Err(damaged(sheet.name()));
        };
        match sheet_xml::read(sheet, xml, &book, &mut room, faults) {
            Ok(grid) => grids.extend(grid),
            Err(problem) => faults.error(At::sheet(sheet), problem),
        }
    }
    Ok(grids)
}

fn of_kind(relations: &Relations, ending: &str) -> Option<String> {
    relations.values().find(|(kind, _)| kind.ends_with(ending)).map(|(_, path)| path.clone())
}

/// All sheets, and the day that the workbook counts its dates from.
fn sheets(
    package: &mut Package<'_>,
    main: &str,
    relations: &Relations,
) -> Result<(Vec<Listed>, i32), FormProblem> {
    // 1899-12-30, by which every date since 1900-03-01 comes out right; 1904-01-01.
    const SINCE: [i32; 2] = [-25_569, -24_107];
    let Some(mut xml) = package.part(main, "workbook")? else {
        return Err(damaged("workbook"));
    };
    let (mut sheets, mut day_zero) = (Vec::new(), SINCE[0]);
    while let Some(event) = xml.next()? {
        let Event::Start(tag) = &event else { continue };
        match local(tag.name().as_ref()) {
            "workbookPr"
                if attribute(tag, "date1904").is_some_and(|it| it == "1" || it == "true") =>
            {
                day_zero = SINCE[1];
            }
            "sheet" => {
                let target = attribute(tag, "id").and_then(|id| relations.get(&id));
                let name = attribute(tag, "name").unwrap_or_default();
                if let Some((_, path)) = target {
                    sheets.push(Listed { name, path: path.clone() });
                }
            }
            _ => {}
        }
        if sheets.len() > MAX_RELATIONS {
            return Err(too_much("sheets", MAX_RELATIONS as u64));
        }
    }
    Ok((sheets, day_zero))
}

/// The sheets to read; the others are faults or worth a word.
fn chosen(sheets: &[Listed], faults: &mut Faults) -> Vec<(FormSheet, String)> {
    let mut chosen: Vec<(FormSheet, String)> = Vec::new();
    for Listed { name, path } in sheets {
        let plain = name.trim().to_lowercase();
        let known = FormSheet::ALL.into_iter().find(|sheet| sheet.name() == plain);
        match known {
            Some(sheet) if chosen.iter().any(|(taken, _)| *taken == sheet) => {
                faults.error(At::sheet(sheet), FormProblem::DoubledSheet);
            }
            Some(sheet) => chosen.push((sheet, path.clone())),
            None if MEANINGFUL.contains(&plain.as_str()) => {
                faults.file(FormProblem::UnsupportedSheet { name: name.clone() });
            }
            None if plain.starts_with('_') || plain.starts_with('#') => {}
            None => faults.file_warning(FormProblem::UnusedSheet { name: name.clone() }),
        }
    }
    chosen.sort_by_key(|(sheet, _)| *sheet);
    chosen
}

/// The workbook's table of texts: where each ends, and all of them in a row.
fn shared_texts(package: &mut Package<'_>, path: &str) -> Result<(Vec<u32>, String), FormProblem> {
    let (mut ends, mut all) = (Vec::new(), String::new());
    let Some(mut xml) = package.part(path, "texts")? else {
        return Err(damaged("texts"));
    };
    let mut reading = Reading::default();
    while let Some(event) = xml.next()? {
        if let Event::End(tag) = &event
            && local(tag.name().as_ref()) == "si"
        {
            ends.push(u32::try_from(all.len()).unwrap_or(u32::MAX));
        }
        reading.take(&event, &["t"], &mut all);
        if all.len() > MAX_FORM_TEXT_BYTES {
            return Err(too_much("bytes of text", MAX_FORM_TEXT_BYTES as u64));
        }
        if ends.len() > MAX_TEXTS {
            return Err(too_much("texts", MAX_TEXTS as u64));
        }
    }
    Ok((ends, all))
}

/// Which text of the XML counts: that within wanted tags, not that of reading aids.
#[derive(Default)]
pub(super) struct Reading {
    within: bool,
    aid: bool,
}

impl Reading {
    /// Adds the event's text, if it counts, to `text`.
    pub(super) fn take(&mut self, event: &Event<'_>, wanted: &[&str], text: &mut String) {
        match event {
            Event::Start(tag) => match local(tag.name().as_ref()) {
                "rPh" => self.aid = true,
                name => self.within |= wanted.contains(&name),
            },
            Event::End(tag) => match local(tag.name().as_ref()) {
                "rPh" => self.aid = false,
                name if wanted.contains(&name) => self.within = false,
                _ => {}
            },
            _ if !self.within || self.aid => {}
            Event::Text(piece) => text.push_str(piece),
            Event::CData(piece) => text.push_str(piece),
            Event::GeneralRef(reference) => {
                if let Ok(Some(letter)) = reference.resolve_char_ref() {
                    text.push(letter);
                } else {
                    text.push_str(match &**reference {
                        "amp" => "&",
                        "lt" => "<",
                        "gt" => ">",
                        "quot" => "\"",
                        "apos" => "'",
                        _ => "",
                    });
                }
            }
            _ => {}
        }
    }
}

/// For each cell format, whether it shows a date or a time.
fn date_formats(package: &mut Package<'_>, path: &str) -> Result<Vec<bool>, FormProblem> {
    let Some(mut xml) = package.part(path, "styles")? else {
        return Ok(Vec::new());
    };
    let (mut dated, mut formats) = (std::collections::BTreeSet::new(), Vec::new());
    let mut in_cell_formats = false;
    while let Some(event) = xml.next()? {
        match &event {
            Event::Start(tag) => match local(tag.name().as_ref()) {
                "numFmt" => {
                    let id = attribute(tag, "numFmtId").and_then(|id| id.parse::<u32>().ok());
                    let shows = attribute(tag, "formatCode").is_some_and(|it| shows_date(&it));
                    dated.extend(id.filter(|_| shows));
                }
                "cellXfs" => in_cell_formats = true,
                "xf" if in_cell_formats => {
                    let id = attribute(tag, "numFmtId").and_then(|id| id.parse::<u32>().ok());
                    formats.push(id.is_some_and(|id| is_built_in_date(id) || dated.contains(&id)));
                }
                _ => {}
            },
            Event::End(tag) if local(tag.name().as_ref()) == "cellXfs" => in_cell_formats = false,
            _ => {}
        }
        if formats.len() > MAX_FORMATS || dated.len() > MAX_FORMATS {
            return Err(too_much("cell formats", MAX_FORMATS as u64));
        }
    }
    Ok(formats)
}

const fn is_built_in_date(format: u32) -> bool {
    matches!(format, 14..=22 | 27..=36 | 45..=47 | 50..=58)
}

/// Whether a format of the workbook's own has a part of a date or a time in it.
fn shows_date(code: &str) -> bool {
    let (mut quoted, mut bracket, mut escaped) = (false, String::new(), false);
    let mut in_bracket = false;
    for letter in code.chars() {
        if std::mem::take(&mut escaped) {
            continue;
        }
        match letter {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '\\' | '_' | '*' => escaped = true,
            '[' => in_bracket = true,
            ']' => {
                in_bracket = false;
                // Elapsed time; colours, conditions and currencies are brackets too.
                if matches!(bracket.to_lowercase().as_str(), "h" | "hh" | "m" | "mm" | "s" | "ss") {
                    return true;
                }
                bracket.clear();
            }
            _ if in_bracket => bracket.push(letter),
            'd' | 'D' | 'm' | 'M' | 'y' | 'Y' | 'h' | 'H' | 's' | 'S' => return true,
            // General
            'G' | 'g' if code.to_lowercase().contains("general") => return false,
            _ => {}
        }
    }
    false
}

/// A part that is read to its end without being looked at further.
pub(super) type Xml<'p> = PartXml<'p>;

#[cfg(test)]
mod tests {
    use super::shows_date;

    #[test]
    fn formats_that_show_dates_are_told_from_others() {
        for code in ["yyyy-mm-dd", "d. mmm", "[h]:mm", "hh:mm AM/PM", "[$-409]d/m/yy"] {
            assert!(shows_date(code), "{code}");
        }
        for code in ["General", "0.00", "@", "#,##0 \"days\"", "[Red]0", "0%", "\\d0", "[$€-407] 0"]
        {
            assert!(!shows_date(code), "{code}");
        }
    }
}
