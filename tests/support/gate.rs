//! A small town for the read gate: who lives where, what is known of them, and, stated anew and
//! plainly, who may be seen for what.

use canvass_core::canvass::Purpose;
use canvass_core::walklist::Standing;
use proptest::prelude::*;

/// Doors in the town; the first two are one stop.
pub const DOORS: usize = 7;
/// Most people whom files know at one door.
pub const PEOPLE: usize = 3;

/// Someone at a door, as the town knows them.
#[derive(Clone, Debug)]
pub struct Resident {
    /// What files say.
    pub file: Standing,
    /// Asked not to be contacted, at the door.
    pub suppressed: bool,
    /// Said to have died, at the door.
    pub deceased: bool,
    /// The file's key; nothing for a person met at the door.
    pub key: Option<String>,
}

/// A door, as the town knows it.
#[derive(Clone, Debug, Default)]
pub struct Home {
    /// The household asked not to be contacted.
    pub suppressed: bool,
    /// Somebody has knocked.
    pub knocked: bool,
    /// Who is known to live there, or to have lived there.
    pub people: Vec<Resident>,
}

impl Resident {
    const fn of_file(file: Standing, key: String) -> Self {
        Self { file, suppressed: false, deceased: false, key: Some(key) }
    }

    /// Someone met at the door.
    #[must_use]
    pub fn met() -> Self {
        let file = Standing::default();
        Self { file, suppressed: false, deceased: false, key: None }
    }
}

impl Home {
    /// Whether someone at this door may be seen for a purpose.
    #[must_use]
    pub fn may_see(&self, person: &Resident, purpose: Purpose) -> bool {
        let file = person.file;
        let closed = self.suppressed
            || person.suppressed
            || person.deceased
            || file.do_not_contact
            || file.deceased
            || file.exempt
            || file.moved;
        match purpose {
            Purpose::View | Purpose::ResultsOut => true,
            Purpose::Walk | Purpose::Route | Purpose::Queue => !closed && !file.voted,
            Purpose::Count | Purpose::ListOut => !closed,
        }
    }

    /// Whether the door may be seen for a purpose: for somebody's sake, or because nobody is
    /// known there.
    #[must_use]
    pub fn may_be_seen(&self, purpose: Purpose) -> bool {
        let always = matches!(purpose, Purpose::View | Purpose::ResultsOut);
        let for_someone = self.people.iter().any(|person| self.may_see(person, purpose));
        always || (!self.suppressed && (self.people.is_empty() || for_someone))
    }

    /// People who may be walked to.
    #[must_use]
    pub fn to_walk_to(&self) -> usize {
        self.people.iter().filter(|person| self.may_see(person, Purpose::Walk)).count()
    }
}

/// Something that happens in the town. People are told by their place at the door.
#[derive(Clone, Debug)]
pub enum Happening {
    /// Nobody is home.
    Knock(usize),
    /// Someone is said to have died.
    Died(usize, usize),
    /// A result that closes nothing.
    Refused(usize, usize),
    /// The household, or someone in it, asks not to be contacted.
    Suppressed(usize, Option<usize>),
    /// An organiser lifts such a mark.
    Lifted(usize, Option<usize>),
    /// Someone is met whom no file knew.
    Met(usize),
    /// The order of walking is planned.
    Planned,
    /// The app is closed and opened.
    Restarted,
}

/// A town and its days: what the first file says, what happens, what a later file says, and
/// what happens then.
#[derive(Clone, Debug)]
pub struct Town {
    /// Standing of everyone in the first file, by door.
    pub first: Vec<Vec<Standing>>,
    /// What happens before the later file.
    pub before: Vec<Happening>,
    /// Whom the later file has elsewhere, or otherwise: by door and place.
    pub later: Vec<(usize, usize, Standing, Option<usize>)>,
    /// What happens after it.
    pub after: Vec<Happening>,
}

fn standing() -> impl Strategy<Value = Standing> {
    (0_u8..16, 0_u8..3).prop_map(|(bits, plain)| {
        if plain == 0 { Standing::from_bits(bits) } else { Standing::default() }
    })
}

fn happening() -> impl Strategy<Value = Happening> {
    let (door, person) = (0..DOORS, 0..PEOPLE);
    let someone = proptest::option::of(0..PEOPLE);
    prop_oneof![
        door.clone().prop_map(Happening::Knock),
        (door.clone(), person.clone()).prop_map(|(d, p)| Happening::Died(d, p)),
        (door.clone(), person).prop_map(|(d, p)| Happening::Refused(d, p)),
        (door.clone(), someone.clone()).prop_map(|(d, p)| Happening::Suppressed(d, p)),
        (door.clone(), someone).prop_map(|(d, p)| Happening::Lifted(d, p)),
        door.prop_map(Happening::Met),
        Just(Happening::Planned),
        Just(Happening::Restarted),
    ]
}

/// Any town.
pub fn town() -> impl Strategy<Value = Town> {
    let homes = proptest::collection::vec(standing(), 0..=PEOPLE);
    let first = proptest::collection::vec(homes, DOORS);
    let happenings = || proptest::collection::vec(happening(), 0..8);
    let elsewhere = proptest::option::weighted(0.3, 0..DOORS);
    let later = (0..DOORS, 0..PEOPLE, standing(), elsewhere);
    let later = proptest::collection::vec(later, 0..6);
    (first, happenings(), later, happenings()).prop_map(|(first, before, later, after)| Town {
        first,
        before,
        later,
        after,
    })
}

/// The house number of a door.
#[must_use]
pub fn house_number(door: usize) -> String {
    (100 + door).to_string()
}

impl Town {
    /// The homes as the first file has them.
    #[must_use]
    pub fn homes(&self) -> Vec<Home> {
        let home = |(door, people): (usize, &Vec<Standing>)| Home {
            people: people
                .iter()
                .enumerate()
                .map(|(place, file)| Resident::of_file(*file, format!("p{door}-{place}")))
                .collect(),
            ..Home::default()
        };
        self.first.iter().enumerate().map(home).collect()
    }

    /// The doors file. The first two doors stand at one place: one stop.
    #[must_use]
    pub fn doors_csv(&self) -> String {
        let mut csv = "door_id,house_number,street,unit,town,zip,lat,lon\n".to_owned();
        for door in 0..DOORS {
            let lat = 44.2 + door.max(1) as f64 * 0.001;
            csv +=
                &format!("d{door},{},Elm St,,Lakewater,00000,{lat:.4},-73.4\n", house_number(door));
        }
        csv
    }

    /// The first people file.
    #[must_use]
    pub fn people_csv(&self) -> String {
        let all = self.first.iter().enumerate().flat_map(|(door, people)| {
            people.iter().enumerate().map(move |(place, file)| (door, place, *file))
        });
        let rows = all.map(|(door, place, file)| row(&format!("p{door}-{place}"), door, file));
        std::iter::once(HEADER.to_owned()).chain(rows).collect()
    }

    /// The later people file, and what it makes of the homes. Each person is in it once.
    ///
    /// # Panics
    /// When `homes` are not this town's.
    #[must_use]
    pub fn later_csv(&self, homes: &mut [Home]) -> String {
        let mut csv = HEADER.to_owned();
        let mut told = std::collections::BTreeSet::new();
        for (door, place, file, elsewhere) in &self.later {
            let known = self.first[*door].get(*place).is_some();
            if !known || !told.insert((door, place)) {
                continue;
            }
            let key = format!("p{door}-{place}");
            let file = Standing { moved: false, ..*file };
            let to = elsewhere.unwrap_or(*door);
            csv += &row(&key, to, file);
            let of_file = |person: &&mut Resident| person.key.as_ref() == Some(&key);
            let person = homes[*door].people.iter_mut().find(of_file).expect("of the first file");
            if to == *door {
                person.file = file;
            } else {
                person.file.moved = true;
                homes[to].people.push(Resident::of_file(file, key));
            }
        }
        csv
    }
}

const HEADER: &str =
    "person_id,door_id,given_name,family_name,voted,deceased,exempt,do_not_contact\n";

fn row(key: &str, door: usize, file: Standing) -> String {
    let mark = |set| if set { "1" } else { "" };
    format!(
        "{key},d{door},Given {key},Family,{},{},{},{}\n",
        mark(file.voted),
        mark(file.deceased),
        mark(file.exempt),
        mark(file.do_not_contact),
    )
}
