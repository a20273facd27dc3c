//! What a way's tags say to a walker: what it is, and whether it is open on foot.
//!
//! The kinds follow the OpenStreetMap wiki, "Key:highway", and the defaults of "OSM tags for
//! routing/Access restrictions" (`foot` over `access`, the more exact tag first). Which values of
//! `foot` and `access` close a way is what GraphHopper's foot profile takes them for, so that
//! distances can be compared: `no`, `private`, `permit`, `restricted`, `military`, `emergency`.
//!
//! Of conditional restrictions (`foot:conditional`, `access:conditional`) it counts what they say
//! of the hours in which anybody canvasses (`conditional.rs`).

use super::conditional::by_day;
use crate::street::{BarrierKind, WayKind};

/// An element's tags: keys and values as the file spells them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tags<'a>(pub(super) &'a [(&'a str, &'a str)]);

/// What a way is to a walker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    Walk(WayKind),
    Barrier(BarrierKind),
    /// A road that nobody walks on or across.
    Motorway,
    /// A way that is not open on foot.
    Closed,
    /// A road that does not exist, or of a kind that is not known.
    NotBuilt,
    /// No street and no barrier.
    Other,
}

/// Whether a way is open on foot, where its tags say so.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Open,
    Shut,
    Untold,
}

impl<'a> Tags<'a> {
    pub(super) fn get(self, key: &str) -> Option<&'a str> {
        self.0.iter().find(|(it, _)| *it == key).map(|(_, value)| *value)
    }

    pub(super) fn is(self, key: &str, values: &[&str]) -> bool {
        self.get(key).is_some_and(|value| values.contains(&value))
    }

    fn foot(self) -> Access {
        let closed = ["no", "private", "permit", "restricted", "military", "emergency"];
        let is_shut = |value: &str| closed.contains(&value);
        let by_hours = |key: &str| by_day(self.get(key)?, is_shut);
        let foot = || by_hours("foot:conditional").or_else(|| self.get("foot"));
        let all = || by_hours("access:conditional").or_else(|| self.get("access"));
        match foot().or_else(all) {
            None => Access::Untold,
            Some(value) if is_shut(value) => Access::Shut,
            Some(_) => Access::Open,
        }
    }

    /// The street's name; without one, its number.
    pub(super) fn name(self) -> Option<&'a str> {
        let keys = ["name", "is_sidepath:of:name", "street:name", "ref"];
        keys.iter().find_map(|key| self.get(key)).filter(|name| !name.trim().is_empty())
    }

    /// A gate or another place on a way that walkers may not pass.
    pub(super) fn shuts(self) -> bool {
        let told = self.foot();
        self.get("barrier").is_some()
            && (told == Access::Shut || (self.is("locked", &["yes"]) && told == Access::Untold))
    }

    /// A relation whose outer ways are the shore of water.
    pub(super) fn is_water_area(self) -> bool {
        self.is("type", &["multipolygon"]) && self.water_outline()
    }

    fn water_outline(self) -> bool {
        let small = ["pond", "fountain", "basin", "reflecting_pool", "wastewater", "moat"];
        let water = self.is("natural", &["water"])
            || self.is("waterway", &["riverbank", "dock"])
            || self.is("landuse", &["reservoir"]);
        water && !self.is("water", &small)
    }
}

/// What a way is to a walker.
pub(super) fn use_of(tags: Tags<'_>) -> Use {
    if let Some(highway) = tags.get("highway") {
        return street(highway, tags);
    }
    let pier = tags.is("man_made", &["pier"]);
    if pier || tags.is("railway", &["platform"]) || tags.is("public_transport", &["platform"]) {
        return open(WayKind::Path, tags);
    }
    barrier(tags).map_or(Use::Other, Use::Barrier)
}

fn street(highway: &str, tags: Tags<'_>) -> Use {
    let told = tags.foot();
    let kind = match highway {
        // With a sidewalk a walker may be on it all the same.
        "motorway" | "motorway_link" if told != Access::Open && !has_sidewalk(tags) => {
            return Use::Motorway;
        }
        "trunk" | "trunk_link" if told == Access::Shut => return Use::Motorway,
        _ if tags.is("motorroad", &["yes"]) && told != Access::Open => return Use::Motorway,
        "motorway" | "motorway_link" | "trunk" | "trunk_link" | "primary" | "primary_link" => {
            WayKind::Primary
        }
        "secondary" | "secondary_link" => WayKind::Secondary,
        "tertiary" | "tertiary_link" => WayKind::Tertiary,
        "residential" | "living_street" | "unclassified" | "road" => WayKind::Residential,
        "service" | "track" => WayKind::Service,
        "steps" => WayKind::Steps,
        "footway" | "path" | "cycleway" | "pedestrian" | "bridleway" | "platform" => {
            footway(highway, tags)
        }
        _ => return Use::NotBuilt,
    };
    open(kind, tags)
}

fn footway(highway: &str, tags: Tags<'_>) -> WayKind {
    match tags.get(highway) {
        Some("crossing" | "traffic_island") => WayKind::Crossing,
        Some("sidewalk") => WayKind::Sidewalk,
        _ => WayKind::Path,
    }
}

fn has_sidewalk(tags: Tags<'_>) -> bool {
    tags.is("sidewalk", &["both", "left", "right", "yes"])
}

fn open(kind: WayKind, tags: Tags<'_>) -> Use {
    match tags.foot() {
        Access::Shut => Use::Closed,
        _ => Use::Walk(kind),
    }
}

/// What of a town's lines nobody walks across. Below ground nothing is in the way.
pub(super) fn barrier(tags: Tags<'_>) -> Option<BarrierKind> {
    let below = tags.get("tunnel").is_some_and(|value| value != "no")
        || tags.is("location", &["underground"])
        || tags.is("covered", &["yes"]);
    let rails = ["rail", "light_rail", "subway", "narrow_gauge", "preserved"];
    if below {
        None
    } else if tags.is("waterway", &["river", "canal", "tidal_channel"])
        || tags.is("natural", &["coastline"])
        || tags.water_outline()
    {
        Some(BarrierKind::Water)
    } else if tags.is("railway", &rails) && !tags.is("disused", &["yes"]) {
        Some(BarrierKind::Rail)
    } else {
        None
    }
}

/// Whether a road without walkers runs where it is in the way of others.
pub(super) fn is_above_ground(tags: Tags<'_>) -> bool {
    tags.get("tunnel").is_none_or(|value| value == "no")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn use_of_tags(text: &str) -> Use {
        let tags: Vec<(&str, &str)> =
            text.split_whitespace().filter_map(|tag| tag.split_once('=')).collect();
        use_of(Tags(&tags))
    }

    #[test]
    fn each_kind_of_way_is_what_the_wiki_says() {
        use BarrierKind::{Rail, Water};
        use Use::{Barrier, Closed, Motorway, NotBuilt, Other, Walk};
        for (tags, expected) in [
            ("highway=residential", Walk(WayKind::Residential)),
            ("highway=road", Walk(WayKind::Residential)),
            ("highway=living_street access=no foot=yes", Walk(WayKind::Residential)),
            ("highway=service service=driveway", Walk(WayKind::Service)),
            ("highway=service access=private", Closed),
            ("highway=service access=private foot=permissive", Walk(WayKind::Service)),
            ("highway=service access=customers", Walk(WayKind::Service)),
            ("highway=footway", Walk(WayKind::Path)),
            ("highway=footway footway=sidewalk", Walk(WayKind::Sidewalk)),
            ("highway=footway footway=crossing", Walk(WayKind::Crossing)),
            ("highway=path path=sidewalk", Walk(WayKind::Sidewalk)),
            ("highway=cycleway cycleway=crossing", Walk(WayKind::Crossing)),
            ("highway=cycleway foot=no", Closed),
            ("highway=footway foot:conditional=no@(22:00-06:00)", Walk(WayKind::Path)),
            ("highway=footway access:conditional=no@(08:00-16:00)", Closed),
            ("highway=footway foot=yes access:conditional=no@(08:00-16:00)", Walk(WayKind::Path)),
            ("highway=footway access=no access:conditional=yes@(05:00-23:00)", Walk(WayKind::Path)),
            ("highway=pedestrian area=yes", Walk(WayKind::Path)),
            ("highway=steps", Walk(WayKind::Steps)),
            ("highway=platform", Walk(WayKind::Path)),
            ("railway=platform", Walk(WayKind::Path)),
            ("man_made=pier access=private", Closed),
            ("highway=tertiary_link", Walk(WayKind::Tertiary)),
            ("highway=secondary", Walk(WayKind::Secondary)),
            ("highway=primary foot=no", Closed),
            ("highway=trunk", Walk(WayKind::Primary)),
            ("highway=trunk motorroad=yes", Motorway),
            ("highway=trunk foot=no", Motorway),
            ("highway=motorway", Motorway),
            ("highway=motorway_link foot=yes", Walk(WayKind::Primary)),
            ("highway=motorway sidewalk=right", Walk(WayKind::Primary)),
            ("highway=construction construction=residential", NotBuilt),
            ("highway=proposed", NotBuilt),
            ("highway=raceway", NotBuilt),
            ("building=yes", Other),
            ("", Other),
            ("waterway=river", Barrier(Water)),
            ("waterway=canal tunnel=culvert", Other),
            ("waterway=stream", Other),
            ("natural=water", Barrier(Water)),
            ("natural=water water=pond", Other),
            ("natural=coastline", Barrier(Water)),
            ("railway=rail", Barrier(Rail)),
            ("railway=rail bridge=yes", Barrier(Rail)),
            ("railway=subway tunnel=yes", Other),
            ("railway=tram", Other),
            ("railway=abandoned", Other),
            ("railway=rail disused=yes", Other),
            ("highway=residential railway=tram", Walk(WayKind::Residential)),
        ] {
            assert_eq!(use_of_tags(tags), expected, "{tags}");
        }
    }

    #[test]
    fn gates_shut_a_way_only_where_they_say_so() {
        for (tags, shut) in [
            (&[("barrier", "gate")][..], false),
            (&[("barrier", "gate"), ("access", "private")][..], true),
            (&[("barrier", "gate"), ("access", "private"), ("foot", "yes")][..], false),
            (&[("barrier", "gate"), ("locked", "yes")][..], true),
            (&[("access", "no")][..], false),
        ] {
            assert_eq!(Tags(tags).shuts(), shut, "{tags:?}");
        }
    }
}
