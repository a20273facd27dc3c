//! What a form may hold at most. What a script may hold is in [`crate::survey::limits`].

/// Bytes of a workbook, or of one sheet's CSV file.
pub const MAX_FORM_FILE_BYTES: usize = 8 * 1024 * 1024;
/// Parts of a workbook (files in the archive).
pub const MAX_WORKBOOK_PARTS: usize = 2_000;
/// Bytes of one part, unpacked. Parts are read as they are unpacked and never held whole.
pub const MAX_PART_BYTES: u64 = 32 * 1024 * 1024;
/// Rows of a sheet, the header and empty ones between others included. A script's 2,000
/// elements and 10,000 options fit.
pub const MAX_FORM_ROWS: u32 = 20_000;
/// Columns of a sheet.
pub const MAX_FORM_COLUMNS: u32 = 256;
/// Characters of one cell: a spreadsheet program's own limit.
pub const MAX_CELL_CHARS: usize = 32_767;
/// Characters of a header.
pub const MAX_HEADER_CHARS: usize = 200;
/// Bytes of the texts of all cells, and of a workbook's table of texts.
pub const MAX_FORM_TEXT_BYTES: usize = 8 * 1024 * 1024;
/// Errors that are listed, and as many warnings; the rest are counted.
pub const MAX_FORM_ERRORS: usize = crate::survey::limits::MAX_ERRORS;
