//! One pin per building, and one for several where pins would cover each other.

use std::collections::BTreeMap;

use super::Zoom;
use crate::geometry::{Bounds, Point};

/// A stop as pins are made of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PinStop {
    /// Its place in the walking order, from 0.
    pub stop: u32,
    /// Where it is.
    pub point: Point,
    /// The doors there.
    pub doors: u32,
    /// Of these, the doors that are done with for now.
    pub done: u32,
    /// Of these, the doors with something in the way: a gate, a dog, a locked entrance.
    pub hindered: u32,
}

/// A pin: a building with its doors, or several that stand too close to be told apart.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct MapPin {
    /// Where it is.
    pub point: Point,
    /// The first of its stops in the walking order, from 0.
    pub stop: u32,
    /// How many stops it stands for.
    pub stops: u32,
    /// The doors there.
    pub doors: u32,
    /// Of these, the doors that are done with for now.
    pub done: u32,
    /// Of these, the doors with something in the way: a gate, a dog, a locked entrance.
    pub hindered: u32,
    /// The walk's next stop is here.
    pub is_next: bool,
    /// Its doors and how many of them are done, in words: what a screen reader speaks. The
    /// engine's words, empty before it has put them in.
    pub sentence: String,
    /// Where its doors begin: what to ask `doors` from. The engine's, as `sentence` is.
    pub from: String,
}

/// From this level on every stop has a pin of its own.
const SINGLE_FROM: f64 = 18.0;
/// Pixels that a pin takes: a finger's width, 48 dp, is left to the shell.
const PIN_PIXELS: f64 = 28.0;

/// The pins within `bounds`, in walking order.
///
/// Below zoom 18 stops that lie in one square of the map, 28 pixels wide, share a pin. The
/// squares are the world's, not the screen's: moving the map changes no pin. A square in which
/// any stop is within the bounds is shown whole.
#[must_use]
pub fn pins(stops: &[PinStop], next: Option<u32>, bounds: Bounds, zoom: Zoom) -> Vec<MapPin> {
    let mut squares: BTreeMap<(i64, i64, u32), Vec<&PinStop>> = BTreeMap::new();
    for stop in stops {
        squares.entry(square(stop, zoom)).or_default().push(stop);
    }
    let mut pins: Vec<MapPin> = squares
        .into_values()
        .filter(|together| together.iter().any(|stop| bounds.contains(stop.point)))
        .filter_map(|together| pin(&together, next))
        .collect();
    pins.sort_by_key(|pin| pin.stop);
    pins
}

#[expect(clippy::cast_possible_truncation, reason = "fewer than 2^29 pixels around the world")]
fn square(stop: &PinStop, zoom: Zoom) -> (i64, i64, u32) {
    if zoom.level() >= SINGLE_FROM {
        return (0, 0, stop.stop);
    }
    // Between two levels the squares are those of the lower one: they halve at each level.
    let (x, y) = Zoom::new(zoom.level().floor()).pixels(stop.point);
    ((x / PIN_PIXELS).floor() as i64, (y / PIN_PIXELS).floor() as i64, 0)
}

/// The pin of some stops: where most of their doors are, so that it stands on a building.
fn pin(together: &[&PinStop], next: Option<u32>) -> Option<MapPin> {
    let largest = together.iter().max_by_key(|stop| (stop.doors, u32::MAX - stop.stop))?;
    Some(MapPin {
        point: largest.point,
        stop: together.iter().map(|stop| stop.stop).min()?,
        stops: u32::try_from(together.len()).unwrap_or(u32::MAX),
        doors: together.iter().map(|stop| stop.doors).sum(),
        done: together.iter().map(|stop| stop.done).sum(),
        hindered: together.iter().map(|stop| stop.hindered).sum(),
        is_next: together.iter().any(|stop| Some(stop.stop) == next),
        sentence: String::new(),
        from: String::new(),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TOWN: Bounds = Bounds {
        south_west: Point { lat: 44.4, lon: -73.2 },
        north_east: Point { lat: 44.5, lon: -73.1 },
    };

    fn any_stops() -> impl Strategy<Value = Vec<PinStop>> {
        let stop = (0_i32..20_000, 0_i32..20_000, 1_u32..40, 0_u32..40, 0_u32..40);
        proptest::collection::vec(stop, 0..80).prop_map(|stops| {
            let stop =
                |(number, (lat, lon, doors, done, hindered)): (u32, (i32, i32, u32, u32, u32))| {
                    PinStop {
                        stop: number,
                        point: Point::from_e7(444_500_000 + lat, -731_500_000 + lon),
                        doors,
                        done: done.min(doors),
                        hindered: hindered.min(doors),
                    }
                };
            (0..).zip(stops).map(stop).collect()
        })
    }

    proptest! {
        #[test]
        fn every_door_is_behind_one_pin_at_every_zoom(stops in any_stops(), level in 0.0_f64..20.0) {
            let shown = pins(&stops, Some(3), TOWN, Zoom::new(level));
            let sum = |of: fn(&MapPin) -> u32| shown.iter().map(of).sum::<u32>();
            prop_assert_eq!(sum(|pin| pin.doors), stops.iter().map(|stop| stop.doors).sum::<u32>());
            prop_assert_eq!(sum(|pin| pin.done), stops.iter().map(|stop| stop.done).sum::<u32>());
            prop_assert_eq!(
                sum(|pin| pin.hindered), stops.iter().map(|stop| stop.hindered).sum::<u32>()
            );
            prop_assert_eq!(sum(|pin| pin.stops) as usize, stops.len());
            let next = shown.iter().filter(|pin| pin.is_next).count();
            prop_assert_eq!(next, usize::from(stops.len() > 3));
            prop_assert!(shown.windows(2).all(|pair| pair[0].stop < pair[1].stop));
        }

        #[test]
        fn houses_have_a_pin_each_from_level_18_on(stops in any_stops()) {
            prop_assert_eq!(pins(&stops, None, TOWN, Zoom::new(18.0)).len(), stops.len());
        }

        /// A pin's place is a stop's, and moving the map moves none of them.
        #[test]
        fn panning_changes_no_pin(stops in any_stops(), level in 12.0_f64..18.0, east in 0_i32..20_000) {
            let all = pins(&stops, None, TOWN, Zoom::new(level));
            let west = Bounds {
                north_east: Point::from_e7(450_000_000, -731_500_000 + east),
                ..TOWN
            };
            for pin in pins(&stops, None, west, Zoom::new(level)) {
                prop_assert!(stops.iter().any(|stop| stop.point == pin.point));
                prop_assert!(all.contains(&pin));
            }
        }
    }
}
