//! GeoJSON's nested lists of numbers, read without a tree of JSON values in between.

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Coordinates to any depth, a position being no larger than in its file.
pub(super) enum Coordinates {
    Position { lon: f64, lat: f64 },
    List(Vec<Coordinates>),
}

impl<'de> Deserialize<'de> for Coordinates {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(CoordinatesVisitor)
    }
}

struct CoordinatesVisitor;

impl<'de> Visitor<'de> for CoordinatesVisitor {
    type Value = Coordinates;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("positions, in lists")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Coordinates, A::Error> {
        let mut list = Vec::new();
        match seq.next_element()? {
            None => {}
            Some(Item::Number(lon)) => {
                let lat = seq.next_element()?;
                let lat = lat.ok_or_else(|| A::Error::custom("a position has two numbers"))?;
                // A third number is a height; what follows it has no meaning.
                while seq.next_element::<f64>()?.is_some() {}
                return Ok(Coordinates::Position { lon, lat });
            }
            Some(Item::List(first)) => list.push(first),
        }
        while let Some(next) = seq.next_element()? {
            list.push(next);
        }
        Ok(Coordinates::List(list))
    }
}

/// The first thing in a list, which tells a position from a list of them.
enum Item {
    Number(f64),
    List(Coordinates),
}

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ItemVisitor)
    }
}

struct ItemVisitor;

impl<'de> Visitor<'de> for ItemVisitor {
    type Value = Item;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a number or a list")
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Item, E> {
        Ok(Item::Number(number))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Item, E> {
        Ok(Item::Number(number as f64))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Item, E> {
        Ok(Item::Number(number as f64))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Item, A::Error> {
        CoordinatesVisitor.visit_seq(seq).map(Item::List)
    }
}
