//! Workbooks put together part by part: as a spreadsheet program writes them, and as none would.

use std::fmt::Write as _;
use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A cell as its XML has it.
#[derive(Clone, Debug)]
pub enum Cell {
    /// A text of the cell's own.
    Text(String),
    /// A text of the workbook's table of texts.
    Shared(usize),
    /// A number, in the format of this number.
    Number(&'static str, usize),
    /// Any XML between `<c r=".."` and the next cell.
    Raw(String),
}

/// A sheet: its name and its cells by row; what follows them as XML.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// As the workbook names it.
    pub name: String,
    /// Rows of cells, from A1.
    pub rows: Vec<Vec<Option<Cell>>>,
    /// After the cells, such as `<mergeCells>`.
    pub after: String,
}

impl Sheet {
    /// A sheet of texts; empty ones are no cells.
    #[must_use]
    pub fn of_texts(name: &str, rows: &[Vec<String>]) -> Self {
        let cell = |text: &String| (!text.is_empty()).then(|| Cell::Text(text.clone()));
        let rows = rows.iter().map(|row| row.iter().map(cell).collect()).collect();
        Self { name: name.to_owned(), rows, after: String::new() }
    }

    fn xml(&self) -> String {
        let mut xml = String::from(
            r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#,
        );
        for (row, cells) in (1..).zip(&self.rows) {
            let _ = write!(xml, r#"<row r="{row}">"#);
            for (column, cell) in cells.iter().enumerate() {
                let place = format!("{}{row}", letters(column));
                let _ = match cell {
                    None => Ok(()),
                    Some(Cell::Text(text)) => write!(
                        xml,
                        r#"<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>"#,
                        escaped(text)
                    ),
                    Some(Cell::Shared(no)) => {
                        write!(xml, r#"<c r="{place}" t="s"><v>{no}</v></c>"#)
                    }
                    Some(Cell::Number(number, format)) => {
                        write!(xml, r#"<c r="{place}" s="{format}"><v>{number}</v></c>"#)
                    }
                    Some(Cell::Raw(raw)) => write!(xml, r#"<c r="{place}"{raw}"#),
                };
            }
            xml.push_str("</row>");
        }
        xml.push_str("</sheetData>");
        xml.push_str(&self.after);
        xml.push_str("</worksheet>");
        xml
    }
}

fn letters(column: usize) -> String {
    let letter = |n: usize| char::from(b'A' + u8::try_from(n % 26).expect("below 26"));
    match column {
        0..26 => letter(column).to_string(),
        _ => format!("{}{}", letter(column / 26 - 1), letter(column)),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// An archive of these parts.
///
/// # Panics
/// Never; it writes to memory.
#[must_use]
pub fn archive(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in parts {
        let options = SimpleFileOptions::default();
        writer.start_file(path.as_str(), options).expect("memory");
        writer.write_all(bytes).expect("memory");
    }
    writer.finish().expect("memory").into_inner()
}

/// The parts of a workbook with these sheets, these shared texts (each the XML within `<si>`),
/// and three cell formats: plain, a date, and a date of the workbook's own.
#[must_use]
pub fn parts(sheets: &[Sheet], texts: &[&str]) -> Vec<(String, Vec<u8>)> {
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relation = |id: usize, kind: &str, target: &str| {
        format!(r#"<Relationship Id="rId{id}" Type="{OFFICE}/{kind}" Target="{target}"/>"#)
    };
    let relations = |inner: &str| {
        format!(
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>"#
        )
    };
    let mut book = String::new();
    let mut of_book = relation(900, "styles", "styles.xml");
    of_book.push_str(&relation(901, "sharedStrings", "sharedStrings.xml"));
    let mut parts = Vec::new();
    for (no, sheet) in (1..).zip(sheets) {
        let _ = write!(book, r#"<sheet name="{}" sheetId="{no}" r:id="rId{no}"/>"#, sheet.name);
        of_book.push_str(&relation(no, "worksheet", &format!("worksheets/sheet{no}.xml")));
        parts.push((format!("xl/worksheets/sheet{no}.xml"), sheet.xml()));
    }
    let shared = texts.join("</si><si>");
    let shared = if texts.is_empty() { shared } else { format!("<si>{shared}</si>") };
    let styles = r#"<styleSheet><numFmts count="1"><numFmt numFmtId="164" formatCode="d. mmm"/></numFmts><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>"#;
    parts.extend([
        ("_rels/.rels".to_owned(), relations(&relation(1, "officeDocument", "xl/workbook.xml"))),
        ("xl/_rels/workbook.xml.rels".to_owned(), relations(&of_book)),
        (
            "xl/workbook.xml".to_owned(),
            format!(r#"<workbook xmlns:r="{OFFICE}"><sheets>{book}</sheets></workbook>"#),
        ),
        ("xl/styles.xml".to_owned(), styles.to_owned()),
        ("xl/sharedStrings.xml".to_owned(), format!("<sst>{shared}</sst>")),
    ]);
    parts.into_iter().map(|(path, text)| (path, text.into_bytes())).collect()
}

/// A workbook with these sheets.
#[must_use]
pub fn workbook(sheets: &[Sheet]) -> Vec<u8> {
    archive(&parts(sheets, &[]))
}
