//! Small extracts, written in both of OpenStreetMap's formats.
//!
//! The binary one is written here after the format's description, so that what reads it is not
//! checked with its own mirror; blobs are packed with zlib or not.

use std::fmt::Write as _;
use std::io::Write as _;

/// What an extract holds.
#[derive(Clone, Debug, Default)]
pub struct Extract {
    /// Nodes: numbers and positions in steps of 1e-7 degree, latitude first, with their tags.
    pub nodes: Vec<Node>,
    /// Ways: numbers, the nodes they name, and their tags.
    pub ways: Vec<(i64, Vec<i64>, Tags)>,
    /// Relations: numbers, their outer ways, and their tags.
    pub relations: Vec<(i64, Vec<i64>, Tags)>,
}

/// A node: its number, its position and its tags.
pub type Node = (i64, (i32, i32), Tags);

/// Keys and values.
pub type Tags = Vec<(String, String)>;

/// Tags, written as `key=value` with blanks between.
#[must_use]
pub fn tags(text: &str) -> Tags {
    let pairs = text.split_whitespace().filter_map(|tag| tag.split_once('='));
    pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

impl Extract {
    /// As XML.
    #[must_use]
    pub fn xml(&self) -> Vec<u8> {
        let mut text = String::from("<?xml version='1.0' encoding='UTF-8'?>\n<osm version='0.6'>");
        let degrees = |e7: i32| format!("{:.7}", f64::from(e7) / 1e7);
        for (id, (lat, lon), tags) in &self.nodes {
            let (lat, lon) = (degrees(*lat), degrees(*lon));
            let _ = write!(text, "<node id='{id}' lat='{lat}' lon='{lon}'>{}</node>", xml(tags));
        }
        for (id, refs, tags) in &self.ways {
            let _ = write!(text, "<way id='{id}'>");
            for id in refs {
                let _ = write!(text, "<nd ref='{id}'/>");
            }
            let _ = write!(text, "{}</way>", xml(tags));
        }
        for (id, outer, tags) in &self.relations {
            let _ = write!(text, "<relation id='{id}'>");
            for id in outer {
                let _ = write!(text, "<member type='way' ref='{id}' role='outer'/>");
            }
            let _ = write!(text, "{}</relation>", xml(tags));
        }
        text.push_str("</osm>");
        text.into_bytes()
    }

    /// As `.osm.pbf`, its nodes dense or each on its own.
    #[must_use]
    pub fn pbf(&self, dense: bool, packed: bool) -> Vec<u8> {
        let mut header = Vec::new();
        for feature in ["OsmSchema-V0.6", "DenseNodes"] {
            bytes(&mut header, 4, feature.as_bytes());
        }
        let mut file = blob("OSMHeader", &header, packed);
        file.extend(blob("OSMData", &self.block(dense), packed));
        file
    }

    fn block(&self, dense: bool) -> Vec<u8> {
        let mut texts = Texts(vec![String::new()]);
        let mut groups = Vec::new();
        if dense {
            let mut group = Vec::new();
            bytes(&mut group, 2, &self.dense(&mut texts));
            groups.push(group);
        } else {
            let mut group = Vec::new();
            for (id, (lat, lon), tags) in &self.nodes {
                let mut node = Vec::new();
                number(&mut node, 1, zigzag(*id));
                texts.tags(&mut node, tags);
                number(&mut node, 8, zigzag(i64::from(*lat)));
                number(&mut node, 9, zigzag(i64::from(*lon)));
                bytes(&mut group, 1, &node);
            }
            groups.push(group);
        }
        let mut ways = Vec::new();
        for (id, refs, tags) in &self.ways {
            let mut way = Vec::new();
            number(&mut way, 1, id.cast_unsigned());
            texts.tags(&mut way, tags);
            bytes(&mut way, 8, &deltas(refs));
            bytes(&mut ways, 3, &way);
        }
        for (id, outer, tags) in &self.relations {
            let mut relation = Vec::new();
            number(&mut relation, 1, id.cast_unsigned());
            texts.tags(&mut relation, tags);
            let role = texts.place("outer");
            bytes(&mut relation, 8, &list(outer.iter().map(|_| role)));
            bytes(&mut relation, 9, &deltas(outer));
            bytes(&mut relation, 10, &list(outer.iter().map(|_| 1)));
            bytes(&mut ways, 4, &relation);
        }
        groups.push(ways);
        let mut table = Vec::new();
        texts.0.iter().for_each(|text| bytes(&mut table, 1, text.as_bytes()));
        let mut block = Vec::new();
        bytes(&mut block, 1, &table);
        groups.iter().for_each(|group| bytes(&mut block, 2, group));
        block
    }

    fn dense(&self, texts: &mut Texts) -> Vec<u8> {
        let mut dense = Vec::new();
        let column =
            |of: fn(&Node) -> i64| deltas(&self.nodes.iter().map(of).collect::<Vec<i64>>());
        bytes(&mut dense, 1, &column(|node| node.0));
        bytes(&mut dense, 8, &column(|node| i64::from(node.1.0)));
        bytes(&mut dense, 9, &column(|node| i64::from(node.1.1)));
        let mut words = Vec::new();
        for (_, _, tags) in &self.nodes {
            words.extend(tags.iter().flat_map(|(k, v)| [texts.place(k), texts.place(v)]));
            words.push(0);
        }
        bytes(&mut dense, 10, &list(words.into_iter()));
        dense
    }
}

fn xml(tags: &Tags) -> String {
    let escaped =
        |text: &str| text.replace('&', "&amp;").replace('\'', "&apos;").replace('<', "&lt;");
    let tag = |(key, value): &(String, String)| {
        format!("<tag k='{}' v='{}'/>", escaped(key), escaped(value))
    };
    tags.iter().map(tag).collect::<Vec<String>>().concat()
}

/// The texts of a block, each once.
struct Texts(Vec<String>);

impl Texts {
    fn place(&mut self, text: &str) -> u64 {
        let found = self.0.iter().position(|it| it == text);
        let place = found.unwrap_or_else(|| {
            self.0.push(text.to_owned());
            self.0.len() - 1
        });
        place as u64
    }

    fn tags(&mut self, element: &mut Vec<u8>, tags: &Tags) {
        let keys: Vec<u64> = tags.iter().map(|(key, _)| self.place(key)).collect();
        let values: Vec<u64> = tags.iter().map(|(_, value)| self.place(value)).collect();
        bytes(element, 2, &list(keys.into_iter()));
        bytes(element, 3, &list(values.into_iter()));
    }
}

fn blob(kind: &str, data: &[u8], packed: bool) -> Vec<u8> {
    let mut blob = Vec::new();
    if packed {
        number(&mut blob, 2, data.len() as u64);
        let mut packer =
            flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        packer.write_all(data).expect("into memory");
        bytes(&mut blob, 3, &packer.finish().expect("into memory"));
    } else {
        bytes(&mut blob, 1, data);
    }
    let mut header = Vec::new();
    bytes(&mut header, 1, kind.as_bytes());
    number(&mut header, 3, blob.len() as u64);
    let length = u32::try_from(header.len()).expect("short");
    [&length.to_be_bytes()[..], &header, &blob].concat()
}

fn varint(into: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        into.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    into.push(value.to_le_bytes()[0]);
}

fn number(into: &mut Vec<u8>, field: u64, value: u64) {
    varint(into, field << 3);
    varint(into, value);
}

fn bytes(into: &mut Vec<u8>, field: u64, value: &[u8]) {
    varint(into, field << 3 | 2);
    varint(into, value.len() as u64);
    into.extend_from_slice(value);
}

fn list(values: impl Iterator<Item = u64>) -> Vec<u8> {
    let mut bytes = Vec::new();
    values.for_each(|value| varint(&mut bytes, value));
    bytes
}

fn deltas(values: &[i64]) -> Vec<u8> {
    let mut last = 0;
    list(values.iter().map(|value| zigzag(value - std::mem::replace(&mut last, *value))))
}

fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}
