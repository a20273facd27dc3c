//! A walking order as a GPX 1.1 route, one route point for each stop.

use std::borrow::Borrow;
use std::io::Write;

use super::loss::{LossReport, LossWhy};
use super::{ExportError, Exported};
use crate::geometry::Point;

/// One stop of a route.
#[derive(Clone, Debug, PartialEq)]
pub struct RouteStop {
    /// Where the walker halts.
    pub point: Point,
    /// What the device shows: an address.
    pub name: String,
    /// More about it, such as the units; may be empty.
    pub description: String,
}

/// Writes the stops in walking order. Characters that XML has no place for become `\u{FFFD}` and
/// are counted as lost.
pub fn write_route_gpx(
    mut out: impl Write,
    name: &str,
    stops: impl IntoIterator<Item = impl Borrow<RouteStop>>,
) -> Result<Exported, ExportError> {
    let mut exported = Exported::default();
    let loss = &mut exported.loss;
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    write!(out, r#"<gpx version="1.1" creator="canvass-core" "#)?;
    writeln!(out, r#"xmlns="http://www.topografix.com/GPX/1/1">"#)?;
    writeln!(out, "<rte><name>{}</name>", escaped(name, loss))?;
    for stop in stops {
        let RouteStop { point, name, description } = stop.borrow();
        let name = escaped(name, loss);
        write!(out, r#"<rtept lat="{}" lon="{}">"#, point.lat, point.lon)?;
        write!(out, "<name>{name}</name>")?;
        if !description.is_empty() {
            write!(out, "<desc>{}</desc>", escaped(description, loss))?;
        }
        writeln!(out, "</rtept>")?;
        exported.records += 1;
    }
    writeln!(out, "</rte>\n</gpx>")?;
    out.flush()?;
    Ok(exported)
}

/// The text as XML content.
fn escaped(text: &str, loss: &mut LossReport) -> String {
    let mut xml = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '\t' | '\n' | '\r' => xml.push(' '),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                loss.add("characters", 1, LossWhy::NotInFormat);
                xml.push(char::REPLACEMENT_CHARACTER);
            }
            other => xml.push(other),
        }
    }
    xml
}
