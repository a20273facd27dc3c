//! The engine as Kotlin and Swift see it: each method hands on one call.
#![expect(clippy::needless_pass_by_value, reason = "other languages hand values over")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use canvass_core::engine::{
    self, AnswerInput, AskInput, AttemptInput, BundleReport, CallInput, ChangeNotice, ClaimResult,
    ClaimView, ConflictView, ContactInput, ConversationInput, ConversationScreen, CorrectionInput,
    Diagnostics, DirectionsView, DoorPage, DoorSaved, Engine, Error, ExportFormat, ExportedFile,
    FloorView, FollowUpInput, FollowUpView, HouseholdView, ImportOptions, MapFeatures, NearbyDoor,
    NewCampaign, NextStop, OfferedResult, OrderAgain, PersonMetInput, PlannedOrder, PlannedShift,
    Ports, ResultInput, Saved, SetAsideView, ShiftInput, SyncInput, SyncReport, SyncStatus,
    SyncStep, WalkListSummary, WalkListView,
};
use canvass_core::geometry::{Bounds, Point};
use canvass_core::id::{ChangeId, ConflictId, HouseholdId, ListId, PersonId, ScriptHash};
use canvass_core::interchange::import::Imported;
use canvass_core::ports::{IdSource, SeededIds, SystemIds};
use canvass_core::say::LengthUnit;
use canvass_core::survey::{AskKind, ContactChannel, SurveyView};
use canvass_core::sync;
use canvass_core::walklist::{Access, CanvassResult, Progress};

use crate::error::{CanvassError, invalid};
use crate::ports::{AppClock, CallbackError, Clock, Defect, KeyVault, Vault};

type Answer<T> = Result<T, CanvassError>;

/// Where and how an engine is opened.
#[derive(Clone, Debug, uniffi::Record)]
pub struct EngineConfig {
    /// The engine's own directory, which is made if it is absent. Exclude it from backups, and
    /// keep it out of app-group containers.
    pub directory: String,
    /// For tests only: ids and keys follow from this number instead of from chance.
    #[uniffi(default = None)]
    pub test_seed: Option<u64>,
}

/// Is told of each commit.
#[uniffi::export(foreign)]
pub trait ChangeListener: Send + Sync {
    /// Something was committed. Reading from the engine in here is allowed; long work is not.
    /// What it throws is passed over: the commit stands, and the other listeners are told.
    fn changed(&self, notice: ChangeNotice) -> Result<(), CallbackError>;
}

/// Is told how far long work is.
#[uniffi::export(foreign)]
pub trait ProgressListener: Send + Sync {
    /// So much of so much is done. The work is cancelled when this says `false`.
    fn go_on(&self, done: u64, total: u64) -> Result<bool, CallbackError>;
}

struct Told(Arc<dyn ProgressListener>);

impl engine::ProgressListener for Told {
    /// A listener that fails has not asked for anything to be cancelled.
    fn go_on(&self, done: u64, total: u64) -> bool {
        self.0.go_on(done, total).unwrap_or(true)
    }
}

struct Listener(Arc<dyn ChangeListener>);

impl engine::ChangeListener for Listener {
    fn changed(&self, notice: &ChangeNotice) {
        let _passed_over = self.0.changed(notice.clone());
    }
}

/// Stands for one listener; when it is closed, or gone, that listener is told nothing more.
#[derive(uniffi::Object)]
pub struct Subscription {
    engine: Arc<Engine>,
    id: Mutex<Option<u64>>,
}

#[uniffi::export]
impl Subscription {
    /// Stops telling the listener. A second call does nothing.
    pub fn cancel(&self) {
        if let Some(id) = self.id.lock().unwrap_or_else(PoisonError::into_inner).take() {
            self.engine.unsubscribe(id);
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.cancel();
    }
}

/// One campaign on one phone. Calls may come from any thread; they block, so keep them off the
/// main thread (the packages' `suspend` and `async` wrappers do).
#[derive(uniffi::Object)]
pub struct CanvassEngine {
    engine: Arc<Engine>,
    /// Set by a test that asks for a defect.
    defect: Option<Arc<Defect>>,
}

impl CanvassEngine {
    /// Makes one call of the engine. An engine that is closed is so for every call; a panic
    /// arrives as an error, and says whether the engine goes on.
    fn call<T, E>(&self, work: impl FnOnce(&Engine) -> Result<T, E>) -> Answer<T>
    where
        CanvassError: From<E>,
    {
        let answer = catch_unwind(AssertUnwindSafe(|| {
            self.engine.check_open()?;
            Ok(work(&self.engine)?)
        }));
        let answer = answer
            .unwrap_or_else(|_| Err(CanvassError::Panicked { can_go_on: self.engine.can_go_on() }));
        answer.inspect_err(|error| self.engine.note_trouble(error.code()))
    }
}

#[uniffi::export]
impl CanvassEngine {
    /// Opens the engine. A damaged file, a newer file or a lost key is an error of its own;
    /// nothing is deleted or made anew in its place.
    #[uniffi::constructor]
    pub fn open(
        config: EngineConfig,
        vault: Arc<dyn KeyVault>,
        clock: Arc<dyn Clock>,
    ) -> Answer<Arc<Self>> {
        let ids: Arc<dyn IdSource> = match config.test_seed {
            Some(seed) => Arc::new(SeededIds::new(seed, "engine")),
            None => Arc::new(SystemIds),
        };
        let defect = config.test_seed.map(|_| Arc::new(Defect::default()));
        let clock = AppClock { clock, defect: defect.clone() };
        let ports = Ports { clock: Arc::new(clock), ids, vault: Arc::new(Vault(vault)) };
        let open = || Engine::open(Path::new(&config.directory), ports);
        let engine =
            catch_unwind(AssertUnwindSafe(open)).unwrap_or(Err(Error::Panicked)).map(Arc::new)?;
        Ok(Arc::new(Self { engine, defect }))
    }

    /// For tests of apps: the next call that asks the clock while it works panics there, as a
    /// defect of this library would. Only with a `test_seed`; else `InvalidInput`.
    pub fn panic_in_next_call(&self) -> Answer<()> {
        let defect = self.defect.as_ref().ok_or_else(|| invalid("only_in_tests"))?;
        defect.arm();
        Ok(())
    }

    /// Whether calls are answered. After `Panicked` it may not be: then close this engine and
    /// open another in its place.
    #[must_use]
    pub fn can_go_on(&self) -> bool {
        self.engine.can_go_on()
    }

    /// Closes the engine. Every later call is `Closed`; a second one does nothing.
    ///
    /// It is not named `close` so that it does not hide the generated one, which also frees
    /// the object; the packages' wrappers call both.
    pub fn shut_down(&self) {
        self.engine.close();
    }

    /// Has `listener` told of every commit from now on, until the subscription is cancelled.
    pub fn subscribe(&self, listener: Arc<dyn ChangeListener>) -> Answer<Arc<Subscription>> {
        let id = self.call(|engine| engine.subscribe(Arc::new(Listener(listener))))?;
        let engine = Arc::clone(&self.engine);
        Ok(Arc::new(Subscription { engine, id: Mutex::new(Some(id)) }))
    }

    /// Tells which languages the canvasser speaks, as BCP 47 tags (`es-US`, `en`), the preferred
    /// one first: the phone's own list. Sentences are made in the first of them that the core
    /// speaks, English or Spanish, else in English; a script is shown in one of them where it has
    /// none that the person prefers. Not kept: tell it after each opening.
    pub fn set_languages(&self, tags: Vec<String>) -> Answer<()> {
        self.call(|engine| {
            engine.set_languages(&tags);
            Ok::<_, Error>(())
        })
    }

    /// Makes a campaign that lives on this phone alone: no server, no account. Gives the id of
    /// its one list, into which files are imported.
    pub fn create_campaign(&self, about: NewCampaign) -> Answer<ListId> {
        self.call(|engine| engine.create_campaign(&about))
    }

    /// Imports a file of doors or people at this path: all of it, or nothing. `progress` is
    /// told how far it is, and may have it cancelled.
    #[uniffi::method(default(progress = None))]
    pub fn import_file(
        &self,
        path: String,
        options: ImportOptions,
        progress: Option<Arc<dyn ProgressListener>>,
    ) -> Answer<Imported> {
        let progress = progress.map(Told);
        let progress = progress.as_ref().map(|told| told as &dyn engine::ProgressListener);
        self.call(|engine| engine.import_path(Path::new(&path), &options, progress))
    }

    /// Gives the campaign's own list a script; the one in use from now on.
    pub fn put_script(&self, json: &str) -> Answer<ScriptHash> {
        self.call(|engine| engine.put_script(json))
    }

    /// Puts a list's doors into a good walking order.
    #[uniffi::method(default(start = None, end = None))]
    pub fn plan_order(
        &self,
        list: ListId,
        start: Option<Point>,
        end: Option<Point>,
    ) -> Answer<PlannedOrder> {
        self.call(|engine| engine.plan_order(list, start, end))
    }

    /// Gives the campaign's own list its streets: the bytes of a pack that `canvass streets
    /// build` made. Only without a server; with one, each list brings its own.
    pub fn put_streets(&self, pack: Vec<u8>) -> Answer<()> {
        self.call(|engine| engine.put_streets(&pack))
    }

    /// How to walk past the next `count` stops that are not done (at most 200), step by step,
    /// from `here` if that is told.
    pub fn directions(
        &self,
        list: ListId,
        here: Option<Point>,
        count: u32,
        unit: LengthUnit,
    ) -> Answer<DirectionsView> {
        self.call(|engine| engine.directions(list, here, count, unit))
    }

    /// What a map of a list shows within `bounds` at a zoom level of web maps, ready to draw.
    pub fn map_features(&self, list: ListId, bounds: Bounds, zoom: f64) -> Answer<MapFeatures> {
        self.call(|engine| engine.map_features(list, bounds, zoom))
    }

    /// Chooses the stops of a list that are worth most within some minutes, and puts them next.
    pub fn plan_shift(&self, list: ListId, input: ShiftInput) -> Answer<PlannedShift> {
        self.call(|engine| engine.plan_shift(list, &input))
    }

    /// Plans the stops that are left anew from where the walker is; what need not change stays.
    pub fn replan(&self, list: ListId, here: Point) -> Answer<OrderAgain> {
        self.call(|engine| engine.replan(list, here))
    }

    /// Writes what this phone knows of a list as a file. The same state gives the same bytes.
    pub fn export(&self, list: ListId, format: ExportFormat) -> Answer<ExportedFile> {
        self.call(|engine| engine.export(list, format))
    }

    /// The same with a table of what the backend calls results (JSON): what its database gave, or
    /// what was configured. Contacts for VAN and OSDI follow it.
    pub fn export_with_codes(
        &self,
        list: ListId,
        format: ExportFormat,
        codes: &str,
    ) -> Answer<ExportedFile> {
        self.call(|engine| engine.export_with_codes(list, format, Some(codes)))
    }

    /// The results that may be recorded for a person who is reached by this channel, with their
    /// names in the canvasser's language.
    pub fn offered_results(&self, channel: ContactChannel) -> Answer<Vec<OfferedResult>> {
        self.call(|engine| Ok::<_, Error>(engine.offered_results(channel)))
    }

    /// Records a call or a text message to one person: an attempt, to which answers may belong. It
    /// is no knock, and leaves the door to be walked to.
    pub fn record_call(&self, input: CallInput) -> Answer<Saved> {
        self.call(|engine| engine.record_call(&input))
    }

    /// Records how a door is reached; open where nothing is in the way any more. The latest word
    /// counts, and orders, shifts and turfs go by it.
    pub fn record_access(
        &self,
        list: ListId,
        household: HouseholdId,
        access: Access,
    ) -> Answer<Saved> {
        Ok(self.engine.record_access(list, household, access)?)
    }

    /// Takes an invitation (the link, or the text of its QR code); the next sync redeems it.
    pub fn join(&self, invitation: &str) -> Answer<()> {
        self.call(|engine| engine.join(invitation))
    }

    /// Says what to do next in the conversation with the server, given what happened. Begin
    /// with `Begin`, do what the answer says, call again with what came of it, until `Done`.
    pub fn sync_next(&self, input: SyncInput) -> Answer<SyncStep> {
        self.call(|engine| engine.sync_next(input))
    }

    /// How the engine is doing, without personal data: to be shown, logged and sent.
    pub fn diagnostics(&self) -> Answer<Diagnostics> {
        self.call(Engine::diagnostics)
    }

    /// What is safe where, and what needs attention.
    pub fn sync_status(&self) -> Answer<SyncStatus> {
        self.call(Engine::sync_status)
    }

    /// How a sync went, in words.
    pub fn sync_sentence(&self, report: SyncReport) -> Answer<String> {
        self.call(|engine| Ok::<_, Error>(engine.sync_sentence(&report)))
    }

    /// What a bundle of another phone brought, in words.
    pub fn bundle_sentence(&self, report: BundleReport) -> Answer<String> {
        self.call(|engine| Ok::<_, Error>(engine.bundle_sentence(&report)))
    }

    /// The changes of this phone that the campaign keeps and could not use.
    pub fn set_aside(&self) -> Answer<Vec<SetAsideView>> {
        self.call(Engine::set_aside)
    }

    /// Asks the campaign, with the next sync, to try all of them again. What it can use then is
    /// taken in as what it was; the rest stays set aside.
    pub fn retry_set_aside(&self) -> Answer<()> {
        self.call(Engine::retry_set_aside)
    }

    /// The digest of what this phone holds of a list and the server has sequenced.
    pub fn state_digest(&self, list: ListId) -> Answer<String> {
        self.call(|engine| engine.state_digest(list).map(|digest| digest.to_string()))
    }

    /// What this phone holds, for another phone to make a bundle from.
    pub fn peer_summary(&self) -> Answer<Vec<u8>> {
        self.call(Engine::peer_summary)
    }

    /// A bundle of everything that this phone holds, the campaign has not confirmed, and the
    /// phone of this summary lacks. Hand it over as a file, or as QR codes (`qr_frames`); to any
    /// phone of the campaign, any number of times.
    pub fn make_bundle(&self, summary: Vec<u8>) -> Answer<Vec<u8>> {
        self.call(|engine| engine.make_bundle(&summary))
    }

    /// Takes in a bundle of another phone: it is shown here, and carried on to the campaign. The
    /// same one twice changes nothing.
    pub fn apply_bundle(&self, bundle: Vec<u8>) -> Answer<BundleReport> {
        self.call(|engine| engine.apply_bundle(&bundle))
    }

    /// A summary or a bundle as texts for QR codes, of at most so many bytes each. The other
    /// phone takes them with a `FrameCollector`.
    #[uniffi::method(default(frame_bytes = 300))]
    pub fn qr_frames(&self, bytes: Vec<u8>, frame_bytes: u32) -> Answer<Vec<String>> {
        self.call(|_| sync::to_frames(&bytes, frame_bytes as usize))
    }

    /// The path of the sealed copy of this phone's unsent work, which only the campaign can
    /// read. Should the engine not open any more, hand this file to the campaign.
    pub fn sealed_copy(&self) -> Answer<String> {
        self.call(|engine| engine.sealed_copy().map(|path| path.display().to_string()))
    }

    /// The lists that this phone holds, by number.
    pub fn walk_lists(&self) -> Answer<Vec<WalkListSummary>> {
        self.call(Engine::walk_lists)
    }

    /// The Walk List screen: progress, the next stop, the first doors.
    #[uniffi::method(default(here = None))]
    pub fn walk_list(&self, list: ListId, here: Option<Point>) -> Answer<WalkListView> {
        self.call(|engine| engine.walk_list(list, here))
    }

    /// Some more doors of a list, in walking order: from where the page before says, or from
    /// the first on. At most 500.
    #[uniffi::method(default(from = None, limit = 100))]
    pub fn doors(&self, list: ListId, from: Option<String>, limit: u32) -> Answer<DoorPage> {
        self.call(|engine| engine.doors(list, from.as_deref(), limit))
    }

    /// Where to go next; nothing when every door is done, held by someone else, or not to be come
    /// back to yet.
    #[uniffi::method(default(here = None))]
    pub fn next_stop(&self, list: ListId, here: Option<Point>) -> Answer<Option<NextStop>> {
        self.call(|engine| engine.next_stop(list, here))
    }

    /// The nearest doors, at most `count` of them and at most `radius_m` metres away in a straight
    /// line, that are still to be knocked on and that nobody has claimed; nearest first. Needs no
    /// network.
    pub fn nearest_unclaimed(
        &self,
        list: ListId,
        from: Point,
        count: u32,
        radius_m: f64,
    ) -> Answer<Vec<NearbyDoor>> {
        self.call(|engine| engine.nearest_unclaimed(list, from, count, radius_m))
    }

    /// Claims doors: whoever hears of it leaves them out of their queue for four hours, or until
    /// they are done or released. Tells for each door what came of it, in the order asked.
    pub fn claim(&self, list: ListId, households: Vec<HouseholdId>) -> Answer<Vec<ClaimResult>> {
        self.call(|engine| engine.claim(list, &households))
    }

    /// Gives up one's own claims of these doors; how many of them there were.
    pub fn release(&self, list: ListId, households: Vec<HouseholdId>) -> Answer<u32> {
        self.call(|engine| engine.release(list, &households))
    }

    /// Where to come back, and when: the doors of a list with a window that nobody has kept, the
    /// earliest first.
    pub fn follow_ups(&self, list: ListId) -> Answer<Vec<FollowUpView>> {
        self.call(|engine| engine.follow_ups(list))
    }

    /// The doors of a list that are claimed now: who holds each, and who else wanted it.
    pub fn claims(&self, list: ListId) -> Answer<Vec<ClaimView>> {
        self.call(|engine| engine.claims(list))
    }

    /// How far a list is walked.
    pub fn progress(&self, list: ListId) -> Answer<Progress> {
        self.call(|engine| engine.progress(list))
    }

    /// The Household screen.
    pub fn household(&self, list: ListId, household: HouseholdId) -> Answer<HouseholdView> {
        self.call(|engine| engine.household(list, household))
    }

    /// The Survey screen: what the script asks this person, with the answers so far.
    pub fn survey(
        &self,
        list: ListId,
        household: HouseholdId,
        person: PersonId,
        language: &str,
    ) -> Answer<SurveyView> {
        self.call(|engine| engine.survey(list, household, person, language))
    }

    /// The Conversation screen: the question at hand, also after the app was killed.
    pub fn conversation(
        &self,
        list: ListId,
        household: HouseholdId,
        person: PersonId,
        language: &str,
    ) -> Answer<ConversationScreen> {
        self.call(|engine| engine.conversation(list, household, person, language))
    }

    /// Takes a conversation one step on; answers are recorded as they are tapped.
    pub fn converse(&self, input: ConversationInput) -> Answer<ConversationScreen> {
        self.call(|engine| engine.converse(&input))
    }

    /// Records one result with one tap: of the door, or of one person beside what was recorded of
    /// the same knock.
    pub fn record_result(&self, input: ResultInput) -> Answer<Saved> {
        self.call(|engine| engine.record_result(&input))
    }

    /// The floors of a household's building, lowest first; doors of no known floor come last.
    pub fn floors(&self, list: ListId, household: HouseholdId) -> Answer<Vec<FloorView>> {
        self.call(|engine| engine.floors(list, household))
    }

    /// Records the same result at many doors, all of them or none: nobody home on this floor.
    pub fn record_results(
        &self,
        list: ListId,
        households: Vec<HouseholdId>,
        result: CanvassResult,
    ) -> Answer<Vec<DoorSaved>> {
        self.call(|engine| engine.record_results(list, &households, result))
    }

    /// Takes back what `record_results` recorded, as one.
    pub fn undo_results(&self, list: ListId, saved: Vec<DoorSaved>) -> Answer<()> {
        self.call(|engine| engine.undo_results(list, &saved))
    }

    /// Records a knock, or puts one right.
    pub fn record_attempt(&self, input: AttemptInput) -> Answer<Saved> {
        self.call(|engine| engine.record_attempt(&input))
    }

    /// Records one answer as it is tapped.
    pub fn record_answer(&self, input: AnswerInput) -> Answer<Saved> {
        self.call(|engine| engine.record_answer(&input))
    }

    /// Records a note about a household.
    pub fn record_note(&self, list: ListId, household: HouseholdId, text: &str) -> Answer<Saved> {
        self.call(|engine| engine.record_note(list, household, text))
    }

    /// Rewrites a note of one's own; an empty text retracts it.
    pub fn edit_note(
        &self,
        list: ListId,
        household: HouseholdId,
        note: ChangeId,
        text: &str,
    ) -> Answer<Saved> {
        self.call(|engine| engine.edit_note(list, household, note, text))
    }

    /// Sets the do-not-contact mark on a person, or on the household as a whole.
    #[uniffi::method(default(person = None))]
    pub fn set_do_not_contact(
        &self,
        list: ListId,
        household: HouseholdId,
        person: Option<PersonId>,
    ) -> Answer<Saved> {
        self.call(|engine| engine.set_do_not_contact(list, household, person))
    }

    /// Lifts a do-not-contact mark: for organisers, who have seen it.
    #[uniffi::method(default(person = None))]
    pub fn lift_do_not_contact(
        &self,
        list: ListId,
        household: HouseholdId,
        person: Option<PersonId>,
    ) -> Answer<Saved> {
        self.call(|engine| engine.lift_do_not_contact(list, household, person))
    }

    /// Adds a person met at the door whom no file knew.
    pub fn add_person(&self, input: PersonMetInput) -> Answer<Saved> {
        self.call(|engine| engine.add_person(&input))
    }

    /// Records that a phone number or e-mail address is good, wrong, or the one to use first.
    pub fn record_contact(&self, input: ContactInput) -> Answer<Saved> {
        self.call(|engine| engine.record_contact(&input))
    }

    /// Puts right a part of an address, or the spelling of a name: a canvasser proposes, and the
    /// campaign decides.
    pub fn record_correction(&self, input: CorrectionInput) -> Answer<Saved> {
        self.call(|engine| engine.record_correction(&input))
    }

    /// Records what someone wants, and what they agree to, if that was spoken of.
    pub fn record_ask(&self, input: AskInput) -> Answer<Saved> {
        self.call(|engine| engine.record_ask(&input))
    }

    /// Records that someone withdrew their consent to one kind of ask: it wins over every consent
    /// given by someone who had not seen this.
    pub fn withdraw_consent(
        &self,
        list: ListId,
        household: HouseholdId,
        person: PersonId,
        kind: AskKind,
    ) -> Answer<Saved> {
        self.call(|engine| engine.withdraw_consent(list, household, person, &kind))
    }

    /// Records that somebody is to come back to a door within a window: until then it is left
    /// out of the queue, and within it worth more.
    pub fn record_follow_up(&self, input: FollowUpInput) -> Answer<Saved> {
        self.call(|engine| engine.record_follow_up(&input))
    }

    /// Notes that literature was left at an attempt of one's own, or takes that back.
    pub fn set_literature(
        &self,
        list: ListId,
        household: HouseholdId,
        attempt: ChangeId,
        left: bool,
    ) -> Answer<Saved> {
        self.call(|engine| engine.set_literature(list, household, attempt, left))
    }

    /// Takes back a change of one's own of the last day.
    pub fn undo(&self, list: ListId, household: HouseholdId, change: ChangeId) -> Answer<Saved> {
        self.call(|engine| engine.undo(list, household, change))
    }

    /// The fields of a list on which people disagree.
    pub fn conflicts(&self, list: ListId) -> Answer<Vec<ConflictView>> {
        self.call(|engine| engine.conflicts(list))
    }

    /// Settles a conflict in favour of one of its values.
    pub fn resolve_conflict(
        &self,
        list: ListId,
        household: HouseholdId,
        conflict: ConflictId,
        chosen: ChangeId,
    ) -> Answer<Saved> {
        self.call(|engine| engine.resolve_conflict(list, household, conflict, chosen))
    }
}
