//! Reading: what the Walk List and Household screens show.
//!
//! Every row passes the read gate: lists by the stored verdict, a household by the verdict on
//! its present state.

use crate::canvass::{Purpose, may_undo};
use crate::change::ContactMedium;
use crate::engine::claims::claim_view;
use crate::engine::door::Door;
use crate::engine::error::{Error, What};
use crate::engine::language::Languages;
use crate::engine::lists::ListReader;
use crate::engine::offers::Offers;
use crate::engine::view::{
    AttemptView, ClaimView, ContactView, CorrectionView, DoorPage, DoorView, HouseholdNote,
    HouseholdView, NextStop, NotContacted, NoticeKind, NoticeView, PersonResult, PersonView,
    WalkListSummary, WalkListView,
};
use crate::engine::whereabouts::Whereabouts;
use crate::engine::{Engine, Main, Opened, Ports, access, asks, follow_ups, words};
use crate::geometry::Point;
use crate::id::{ChangeId, HouseholdId, ListId, PersonId};
use crate::merge::{AttemptState, Proposal, SoftConflict, Write};
use crate::say::{self, Language, closed_channels};
use crate::store::{DoorRow, ListEntry};
use crate::survey::ContactChannel;
use crate::time::Timestamp;
use crate::walklist::{CanvassResult, Progress};

/// Most doors on one page.
const MAX_PAGE: u32 = 500;
/// Doors on the first page of a list.
const FIRST_PAGE: u32 = 100;

impl Engine {
    /// The lists that this phone holds, by number.
    pub fn walk_lists(&self) -> Result<Vec<WalkListSummary>, Error> {
        let opened = self.opened()?;
        let main = opened.main();
        let mut summaries = Vec::new();
        for entry in main.db.lists()?.iter().filter(|entry| !entry.withdrawn) {
            match self.summary(&opened, &main, entry) {
                Ok(summary) => summaries.push(summary),
                Err(Error::ListClosed { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(summaries)
    }

    pub(super) fn summary(
        &self,
        opened: &Opened,
        main: &Main,
        entry: &ListEntry,
    ) -> Result<WalkListSummary, Error> {
        let list = opened.list(main, &self.ports, entry.id)?;
        let until = readable_until(main, &self.ports, entry)?;
        summary_of(&list.read(), entry, (until, self.words()))
    }

    /// The Walk List screen, in one call. `here` is where the walker is, if known.
    pub fn walk_list(&self, list: ListId, here: Option<Point>) -> Result<WalkListView, Error> {
        let (entry, until) = self.entry(list)?;
        let clock = self.claim_clock()?;
        let words = self.words();
        self.read(list, |reader| {
            let offers = Offers::of(reader, clock);
            let summary = summary_of(reader, &entry, (until, words))?;
            let next = next_stop(reader, &offers, (here, words))?;
            let page = page(reader, &offers, None, (FIRST_PAGE, words))?;
            let (waiting, waiting_until) = waiting(reader, &offers)?;
            let waiting_sentence = say::waiting(words, waiting);
            Ok(WalkListView { summary, next, page, waiting, waiting_until, waiting_sentence })
        })
    }

    /// Some more doors of a list, in walking order: from where `page.next` of the page before
    /// says, or from the first on. At most 500.
    pub fn doors(&self, list: ListId, from: Option<&str>, limit: u32) -> Result<DoorPage, Error> {
        let from =
            from.map(|text| place_of(text).ok_or(Error::NotFound(What::Page))).transpose()?;
        let clock = self.claim_clock()?;
        let most = (limit.clamp(1, MAX_PAGE), self.words());
        self.read(list, |reader| page(reader, &Offers::of(reader, clock), from, most))
    }

    /// Where to go next; nothing when every door is done, held by someone else, or not to be come
    /// back to yet. Where somebody expects to be come back to and the window closes within 20
    /// minutes comes first, whichever closes first; then the list goes on in its order.
    pub fn next_stop(&self, list: ListId, here: Option<Point>) -> Result<Option<NextStop>, Error> {
        let clock = self.claim_clock()?;
        let told = (here, self.words());
        self.read(list, |reader| next_stop(reader, &Offers::of(reader, clock), told))
    }

    /// How far a list is walked.
    pub fn progress(&self, list: ListId) -> Result<Progress, Error> {
        self.read(list, |reader| Ok(reader.db.progress()?))
    }

    /// The Household screen, in one call.
    pub fn household(&self, list: ListId, household: HouseholdId) -> Result<HouseholdView, Error> {
        let now = self.now();
        let known = Whereabouts::of(&self.opened()?.main())?;
        let clock = self.claim_clock()?;
        let languages = self.languages();
        self.read(list, |reader| {
            let told = (clock, languages.words);
            let claim = |is_done| claim_view(reader, household, is_done, told);
            household_view(reader, list, household, &known, (now, &languages, &claim))
        })
    }

    fn entry(&self, list: ListId) -> Result<(ListEntry, Option<Timestamp>), Error> {
        let opened = self.opened()?;
        let main = opened.main();
        let entry = main.db.list(list)?.ok_or(Error::NotFound(What::List))?;
        let until = readable_until(&main, &self.ports, &entry)?;
        Ok((entry, until))
    }

    /// Reads from a list; only its own reader is held meanwhile.
    pub(super) fn read<T>(
        &self,
        list: ListId,
        read: impl FnOnce(&ListReader) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let opened = self.opened()?;
        let open = opened.list(&opened.main(), &self.ports, list)?;
        let reader = open.read();
        read(&reader)
    }
}

/// When a list closes without another sync, as far as is known.
fn readable_until(
    main: &Main,
    ports: &Ports,
    entry: &ListEntry,
) -> Result<Option<Timestamp>, Error> {
    let (time, loan) = (main.trusted(ports)?, entry.loan.as_ref());
    let until = time.zip(loan).map(|(time, loan)| time.readable_until_ms(loan.terms));
    Ok(until.map(Timestamp::from_millis))
}

fn summary_of(
    reader: &ListReader,
    entry: &ListEntry,
    (readable_until, words): (Option<Timestamp>, Language),
) -> Result<WalkListSummary, Error> {
    let progress = reader.db.progress()?;
    Ok(WalkListSummary {
        list: entry.id,
        number: entry.number,
        name: entry.name.clone(),
        progress,
        ready: reader.db.about()?.is_some_and(|(_, complete)| complete),
        readable_until,
        title: say::list_title(words, entry.number, &entry.name),
        sentence: say::progress(words, progress),
    })
}

/// The text that [`place_of`] reads.
pub(super) fn page_from(stop: u32, place: u32) -> String {
    format!("{stop}.{place}")
}

/// A place in the walking order as text: an app keeps it and gives it back, nothing more.
fn place_of(text: &str) -> Option<(u32, u32)> {
    let (stop, place) = text.split_once('.')?;
    Some((stop.parse().ok()?, place.parse().ok()?))
}

fn page(
    reader: &ListReader,
    offers: &Offers,
    from: Option<(u32, u32)>,
    (limit, words): (u32, Language),
) -> Result<DoorPage, Error> {
    let mut rows = reader.db.doors(Purpose::Walk, from, limit + 1)?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let last = rows.last().filter(|_| more);
    let next = last.map(|row| page_from(row.stop, row.place));
    let doors = rows.into_iter().map(|row| offers.view(reader, row, words)).collect();
    Ok(DoorPage { doors, next })
}

impl From<DoorRow> for DoorView {
    fn from(row: DoorRow) -> Self {
        Self {
            household: row.id,
            stop: row.stop,
            place: row.place,
            address: row.address,
            point: row.point,
            unit_count: row.unit_count,
            people: row.people,
            result: row.result,
            knocks: row.knocks,
            done: row.done,
            last_at: row.last_at,
            held_by: None,
            come_back: None,
            title: String::new(),
            sentence: String::new(),
            access: row.access,
        }
    }
}

fn next_stop(
    reader: &ListReader,
    offers: &Offers,
    (here, words): (Option<Point>, Language),
) -> Result<Option<NextStop>, Error> {
    let Some(first) = first_door(reader, offers)? else { return Ok(None) };
    let mut doors = reader.db.doors_of_stop(Purpose::Queue, first.stop)?;
    doors.retain(|door| !door.done && offers.has(door));
    let title = match doors.as_slice() {
        [only] => say::address_line(words, &only.address),
        _ => say::building_line(words, &first.address),
    };
    let sentence = say::next_stop(words, u32::try_from(doors.len()).unwrap_or(u32::MAX));
    Ok(Some(NextStop {
        stop: first.stop,
        point: first.point,
        distance_m: here.map(|here| here.distance_m(first.point)),
        doors: doors.into_iter().map(|door| offers.view(reader, door, words)).collect(),
        title,
        sentence,
    }))
}

/// The door to go to next: one whose window closes, else the next in walking order.
fn first_door(reader: &ListReader, offers: &Offers) -> Result<Option<DoorRow>, Error> {
    for closing in offers.closing() {
        let is_it = |door: &DoorRow| door.id == closing && offers.has(door);
        if let Some(door) = reader.db.next_door(Purpose::Queue, is_it)? {
            return Ok(Some(door));
        }
    }
    Ok(reader.db.next_door(Purpose::Queue, |door| offers.has(door))?)
}

/// Doors that it is too early for, and when the first of their windows begins.
fn waiting(reader: &ListReader, offers: &Offers) -> Result<(u32, Option<Timestamp>), Error> {
    if offers.is_nobody_expected() {
        return Ok((0, None));
    }
    let doors = reader.db.doors(Purpose::Queue, None, u32::MAX)?;
    let begins: Vec<Timestamp> = doors.iter().filter_map(|door| offers.begins(door)).collect();
    Ok((u32::try_from(begins.len()).unwrap_or(u32::MAX), begins.into_iter().min()))
}

fn household_view(
    reader: &ListReader,
    list: ListId,
    household: HouseholdId,
    known: &Whereabouts,
    (now, languages, claim): (Timestamp, &Languages, &dyn Fn(bool) -> Option<ClaimView>),
) -> Result<HouseholdView, Error> {
    let door = reader.door(household)?;
    let eligibility = door.projection().eligibility;
    let state = &door.state;
    let people = people_views(reader, &door, (languages, known));
    // A name that is not shown is not shown in a proposal either.
    let may_show = |said: &&Proposal| {
        said.member.is_none_or(|who| people.iter().any(|person| person.person == who))
    };
    let proposals = state.proposals.iter().filter(may_show);
    let corrections = proposals.map(|said| correction_view(reader, said)).collect();
    let attempts = state.attempts.iter().rev();
    let attempts = attempts.map(|a| attempt_view(reader, a, known, now)).collect();
    let mut view = HouseholdView {
        household,
        list,
        address: door.row.household.address.clone(),
        point: door.row.household.point,
        unit_count: door.row.household.unit_count,
        do_not_knock: !eligibility.allows(Purpose::Walk),
        do_not_contact: state.do_not_contact,
        people,
        attempts,
        notes: state
            .notes
            .iter()
            .map(|note| HouseholdNote {
                note: note.id,
                at: note.at,
                by: reader.name(note.canvasser),
                own: note.canvasser == reader.me.canvasser,
                text: note.text.clone(),
                saved: known.saved(note.written, note.sequenced),
                byline: String::new(),
            })
            .collect(),
        conflicts: super::conflict::views(reader, &door, (now, languages.words)),
        corrections,
        notices: notices(reader, &door)?,
        follow_ups: state
            .follow_ups
            .iter()
            .map(|it| follow_ups::view(reader, household, it, (now, languages.words, known)))
            .collect(),
        access: state.access.map(|said| access::view(reader, &said, (languages, known))),
        double_knock: !state.double_knocks.is_empty(),
        claim: claim(state.standing.is_done()).filter(|_| eligibility.allows(Purpose::Queue)),
        door_results: CanvassResult::all().filter(|r| crate::canvass::fits_door(*r)).collect(),
        person_results: CanvassResult::all().filter(|r| crate::canvass::fits_person(*r)).collect(),
        has_script: reader.script().is_ok(),
        title: String::new(),
        place: String::new(),
        warnings: Vec::new(),
        door_choices: Vec::new(),
        person_choices: Vec::new(),
        ask_choices: Vec::new(),
    };
    words::tell(&mut view, languages.words, now);
    Ok(view)
}

fn attempt_view(
    reader: &ListReader,
    attempt: &AttemptState,
    known: &Whereabouts,
    now: Timestamp,
) -> AttemptView {
    let own = attempt.canvasser == reader.me.canvasser;
    AttemptView {
        attempt: attempt.id,
        at: attempt.at,
        by: reader.name(attempt.canvasser),
        own,
        door: attempt.door,
        people: attempt
            .people
            .iter()
            .map(|&(person, result)| PersonResult { person, result })
            .collect(),
        literature: attempt.literature,
        channel: attempt.reach.as_ref().map_or(ContactChannel::Door, |reach| reach.channel),
        number: attempt.reach.as_ref().map_or(String::new(), |reach| reach.number.clone()),
        saved: known.saved(attempt.id, attempt.sequenced),
        may_undo: may_undo(own, reader.me.organiser, attempt.at, now),
        sentence: String::new(),
    }
}

fn notices(reader: &ListReader, door: &Door) -> Result<Vec<NoticeView>, Error> {
    let state = &door.state;
    let knocks = state.double_knocks.iter();
    let knocks = knocks.map(|both| (NoticeKind::DoubleKnock, [both.first, both.second]));
    let others = state.soft_conflicts.iter().map(|soft| {
        let kind = match soft {
            SoftConflict::WrittenOnSince { .. } => NoticeKind::WrittenOnSince,
            SoftConflict::AnswerWentToo { .. } => NoticeKind::AnswerWentToo,
            SoftConflict::MetTwice { .. } => NoticeKind::MetTwice,
            SoftConflict::AccessDiffers { .. } => NoticeKind::AccessDiffers,
            SoftConflict::ReachedThough { .. } => NoticeKind::ReachedThough,
        };
        (kind, soft.changes())
    });
    let all: Vec<_> = knocks.chain(others).collect();
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let writes = reader.writes(door)?;
    let author = |id: &ChangeId| writes.iter().find(|write| write.change.id == *id);
    let view = |(kind, changes): (NoticeKind, [ChangeId; 2])| NoticeView {
        kind,
        changes: changes.to_vec(),
        by: changes.iter().filter_map(author).map(|it| reader.name(it.canvasser)).collect(),
        at: changes.iter().filter_map(author).map(Write::at).max().unwrap_or_default(),
    };
    Ok(all.into_iter().map(view).collect())
}

fn correction_view(reader: &ListReader, proposal: &Proposal) -> CorrectionView {
    CorrectionView {
        person: proposal.member,
        field: proposal.field,
        value: proposal.value.clone(),
        by: proposal.canvassers.iter().map(|who| reader.name(*who)).collect(),
        own: proposal.canvassers.contains(&reader.me.canvasser),
        at: proposal.at,
    }
}

fn people_views(
    reader: &ListReader,
    door: &Door,
    told: (&Languages, &Whereabouts),
) -> Vec<PersonView> {
    let (languages, _) = told;
    let known = door.people.iter().map(|row| {
        let person = &row.person;
        PersonView {
            given_name: person.given_name.clone(),
            family_name: person.family_name.clone(),
            birth_year: person.birth_year,
            party: person.party.clone(),
            language: person.language.clone(),
            language_not_spoken: languages.lack(&person.language),
            ..bare_person(reader, door, person.id, told)
        }
    });
    let met = door.state.people_met.iter().map(|met| PersonView {
        given_name: met.given_name.clone(),
        family_name: met.family_name.clone(),
        language: met.language.clone(),
        language_not_spoken: languages.lack(&met.language),
        met: true,
        ..bare_person(reader, door, met.person, told)
    });
    let eligible = |view: &PersonView| {
        if door.state.erased.has(view.person) {
            return false;
        }
        let standing = door.standing(view.person);
        door.state.eligible_person(view.person, standing).allows(Purpose::View)
    };
    known.chain(met).filter(eligible).collect()
}

/// What follows from a household's changes for one person.
fn bare_person(
    reader: &ListReader,
    door: &Door,
    person: PersonId,
    (languages, known): (&Languages, &Whereabouts),
) -> PersonView {
    let state = &door.state;
    let closed = state.closed_channels(person, door.standing(person));
    let results = state.attempts.iter().rev().flat_map(|attempt| &attempt.people);
    let mut contacts: Vec<ContactView> = state
        .contacts
        .iter()
        .filter(|contact| contact.person == person)
        .map(|contact| ContactView {
            medium: contact.medium,
            value: contact.value.clone(),
            mark: contact.mark,
        })
        .collect();
    contacts.sort_by_key(|contact| contact.medium != ContactMedium::Phone);
    let answers = state.answers.iter().filter(|((who, ..), a)| *who == person && a.value.is_some());
    PersonView {
        person,
        given_name: String::new(),
        family_name: String::new(),
        birth_year: 0,
        party: String::new(),
        language: String::new(),
        language_not_spoken: false,
        contacts,
        not_contacted: not_contacted(door, person),
        closed_note: closed_channels(languages.words, closed),
        closed_channels: closed.list(),
        met: false,
        result: results.filter(|(who, _)| *who == person).map(|(_, result)| *result).next(),
        answers: u32::try_from(answers.count()).unwrap_or(u32::MAX),
        asks: asks::views(reader, state, person, (languages, known)),
        name: String::new(),
        sentence: String::new(),
    }
}

fn not_contacted(door: &Door, person: PersonId) -> Option<NotContacted> {
    let (state, file) = (&door.state, door.standing(person));
    if state.do_not_contact || file.do_not_contact || state.people_do_not_contact.contains(&person)
    {
        Some(NotContacted::DoNotContact)
    } else if file.deceased || state.people_deceased.contains(&person) {
        Some(NotContacted::Deceased)
    } else if file.exempt {
        Some(NotContacted::Exempt)
    } else if file.moved {
        Some(NotContacted::Moved)
    } else if file.voted {
        Some(NotContacted::Voted)
    } else {
        None
    }
}
