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

/// A workbook of so many rows, as a spreadsheet writes them.
#[must_use]
pub fn of_rows(rows: u32) -> Vec<u8> {
    let mut xml = String::from("<worksheet><sheetData>");
    for row in 1..=rows {
        let (kind, name) =
            if row == 1 { ("type", "name".into()) } else { ("text", format!("q{row}")) };
        let _ = write!(
            xml,
            r#"<row r="{row}"><c r="A{row}" t="inlineStr"><is><t>{kind}</t></is></c><c r="B{row}" t="inlineStr"><is><t>{name}</t></is></c></row>"#
        );
    }
    xml.push_str("</sheetData></worksheet>");
    with_part("xl/worksheets/sheet1.xml", xml.into_bytes(), &[])
}

/// A workbook with one sheet, `survey`, and one part as it is told.
fn with_part(path: &str, new: Vec<u8>, texts: &[&str]) -> Vec<u8> {
    let mut parts = parts(&[Sheet::of_texts("survey", &[])], texts);
    parts.retain(|(at, _)| at != path);
    parts.push((path.to_owned(), new));
    archive(&parts)
}

/// Workbooks beyond a limit: what they are, and how their error ends (`row column code`).
#[must_use]
pub fn too_large() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    const SHEET: &str = "xl/worksheets/sheet1.xml";
    let cell = |text: String| {
        format!(
            r#"<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row></sheetData></worksheet>"#
        )
    };
    let sheet = |xml: String| with_part(SHEET, xml.into_bytes(), &[]);
    let mut often = String::from("<worksheet><sheetData>");
    for row in 2..20_000 {
        let _ = write!(
            often,
            r#"<row r="{row}"><c r="A{row}" t="s"><v>{}</v></c></row>"#,
            u8::from(row > 2)
        );
    }
    often.push_str("</sheetData></worksheet>");
    let long = format!("<t>{}</t>", "x".repeat(32_000));
    let far = r#"<worksheet><sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData></worksheet>"#;
    let many: Vec<(String, Vec<u8>)> = (0..3_000).map(|no| (no.to_string(), vec![])).collect();
    vec![
        ("100,000 rows", of_rows(100_000), "survey 20001 - too_much"),
        ("a bomb in a cell", sheet(cell("x".repeat(100 << 20))), "survey - - too_much"),
        ("1 MB in a cell", sheet(cell("x".repeat(1_000_000))), "survey 1 A cell_too_long"),
        (
            "tags without end",
            sheet(format!("<worksheet>{}", "<a/>".repeat(10 << 20))),
            "survey - - too_much",
        ),
        (
            "empty texts",
            with_part(
                "xl/sharedStrings.xml",
                format!("<sst>{}</sst>", "<si/>".repeat(5_000_000)).into(),
                &[],
            ),
            "- - - too_much",
        ),
        (
            "one text often",
            with_part(SHEET, often.into_bytes(), &["<t>type</t>", &long]),
            "type too_much",
        ),
        ("a cell far out", sheet(far.to_owned()), "survey 1 XFD too_much"),
        ("many parts", archive(&many), "- - - too_much"),
    ]
}
