//! A town as the files that `canvass town` writes.

use std::io::{self, Write};
use std::path::Path;

use serde_json::{Value, json};

use super::{SCRIPT_JSON, Town, TownPerson};
use canvass_core::geometry::Point;
use canvass_core::street::StreetPack;

/// The columns of `doors.csv`.
pub const DOOR_COLUMNS: [&str; 8] =
    ["door_id", "house_number", "street", "unit", "town", "zip", "lat", "lon"];

/// The columns of `people.csv`: those of the built-in profile `people`.
pub const PEOPLE_COLUMNS: [&str; 13] = [
    "person_id",
    "door_id",
    "given_name",
    "family_name",
    "birth_year",
    "party",
    "phone",
    "email",
    "language",
    "voted",
    "deceased",
    "exempt",
    "do_not_contact",
];

impl Town {
    /// Writes `doors.csv`: UTF-8, a header, one row for each home.
    pub fn write_doors(&self, out: impl Write) -> io::Result<()> {
        let mut csv = csv::Writer::from_writer(out);
        csv.write_record(DOOR_COLUMNS)?;
        for door in &self.doors {
            let address = &door.address;
            csv.write_record([
                &door.door_id,
                &address.house_number,
                &address.street,
                &address.unit,
                &address.town,
                &address.zip,
                &format!("{:.7}", door.point.lat),
                &format!("{:.7}", door.point.lon),
            ])?;
        }
        csv.flush()
    }

    /// Writes `people.csv`, as [`write_people`] does.
    pub fn write_people(&self, out: impl Write) -> io::Result<()> {
        write_people(&self.people, out)
    }

    /// Writes `streets.geojson` (RFC 7946): the centre lines, each with its `name` and `class`.
    pub fn write_streets(&self, mut out: impl Write) -> io::Result<()> {
        let features = self.streets.iter().map(|street| {
            let lines: Vec<Value> = street.lines.iter().map(|line| positions(line)).collect();
            json!({
                "type": "Feature",
                "properties": { "name": street.name, "class": street.class.name() },
                "geometry": { "type": "MultiLineString", "coordinates": lines },
            })
        });
        write_collection(&mut out, features)
    }

    /// Writes `water.geojson`: the river's middle line; no feature where there is none.
    pub fn write_water(&self, mut out: impl Write) -> io::Result<()> {
        let river = (!self.river.is_empty()).then(|| {
            json!({
                "type": "Feature",
                "properties": { "name": format!("{} River", self.name), "class": "river" },
                "geometry": { "type": "LineString", "coordinates": positions(&self.river) },
            })
        });
        write_collection(&mut out, river.into_iter())
    }

    /// Writes `town.json`: the four counts, as `canvass town --json` prints them.
    pub fn write_summary(&self, mut out: impl Write) -> io::Result<()> {
        writeln!(out, "{}", serde_json::to_string(&self.summary())?)
    }

    /// Writes all files into a folder that exists: `doors.csv`, `people.csv`,
    /// `streets.geojson`, `streets.pack`, `water.geojson`, `script.json` and `town.json`.
    pub fn write_files(&self, folder: &Path) -> io::Result<()> {
        let create = |name: &str| std::fs::File::create(folder.join(name)).map(io::BufWriter::new);
        self.write_doors(create("doors.csv")?)?;
        self.write_people(create("people.csv")?)?;
        self.write_streets(create("streets.geojson")?)?;
        self.write_water(create("water.geojson")?)?;
        // A generated town has streets, and they fit.
        let pack = StreetPack::build(&self.street_map()).map_err(io::Error::other)?;
        std::fs::write(folder.join("streets.pack"), pack)?;
        std::fs::write(folder.join("script.json"), SCRIPT_JSON)?;
        self.write_summary(create("town.json")?)
    }
}

/// Writes people as a file that the built-in profile `people` reads. Marks are `1` or empty.
pub fn write_people(people: &[TownPerson], out: impl Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(PEOPLE_COLUMNS)?;
    let mark = |set: bool| if set { "1" } else { "" };
    for person in people {
        csv.write_record([
            person.person_id.as_str(),
            &person.door_id,
            &person.given_name,
            &person.family_name,
            &person.birth_year.to_string(),
            &person.party,
            &person.phone,
            &person.email,
            &person.language,
            mark(person.standing.voted),
            mark(person.standing.deceased),
            mark(person.standing.exempt),
            mark(person.standing.do_not_contact),
        ])?;
    }
    csv.flush()
}

fn positions(line: &[Point]) -> Value {
    line.iter().map(|point| json!([point.lon, point.lat])).collect()
}

fn write_collection(out: &mut impl Write, features: impl Iterator<Item = Value>) -> io::Result<()> {
    write!(out, r#"{{"type":"FeatureCollection","features":["#)?;
    for (at, feature) in features.enumerate() {
        let comma = if at == 0 { "" } else { "," };
        write!(out, "{comma}\n{feature}")?;
    }
    writeln!(out, "\n]}}")?;
    out.flush()
}
