//! Workbooks as spreadsheet programs make them, and as nobody should: each is read, or refused
//! with its place, within its memory.
