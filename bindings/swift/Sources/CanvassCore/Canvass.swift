import Foundation

/// One campaign on one phone: the walk lists, what is recorded at the doors, and sync.
///
/// A process opens one `Canvass` per directory and shares it between its screens and its
/// background work. Every function may be called from any task or actor, the main actor
/// included: the work is done on threads of the library's own. A call that has begun is finished
/// even when its task is cancelled; a function that records returns once the change is durable.
///
/// Whatever fails is a ``CanvassError``; each says what an app can do about it.
public final class Canvass: Sendable {
    let call: Calls
    private let syncLoop: SyncLoop
    private let onClosed: Once

    /// Opens the engine in a directory, which is made if it is absent.
    ///
    /// A damaged file, a newer file, a lost key, or a directory that is open already is an
    /// error of its own; nothing is deleted or made anew in its place.
    public static func open(
        config: EngineConfig,
        vault: KeyVault,
        clock: Clock = SystemClock(),
        transport: SyncTransport = HttpSyncTransport()
    ) async throws -> Canvass {
        try await open(config: config, vault: vault, clock: clock, transport: transport) {
            try await Task.sleep(for: $0)
        }
    }

    /// For tests: `onClosed` is run once the engine is closed.
    @_spi(Testing)
    public static func open(
        config: EngineConfig,
        vault: KeyVault,
        clock: Clock,
        transport: SyncTransport,
        onClosed: @escaping @Sendable () -> Void
    ) async throws -> Canvass {
        try await open(
            config: config, vault: vault, clock: clock, transport: transport, onClosed: onClosed
        ) {
            try await Task.sleep(for: $0)
        }
    }

    /// For tests: time passes as `sleep` says.
    static func open(
        config: EngineConfig,
        vault: KeyVault,
        clock: Clock,
        transport: SyncTransport,
        onClosed: @escaping @Sendable () -> Void = {},
        sleep: @escaping SyncLoop.Sleep
    ) async throws -> Canvass {
        let threads = Threads()
        let engine = try await threads.run {
            try CanvassEngine.open(config: config, vault: vault, clock: clock)
        }
        let call = Calls(engine: engine, threads: threads)
        return Canvass(call: call, transport, sleep, onClosed: Once(onClosed))
    }

    private init(
        call: Calls, _ transport: SyncTransport, _ sleep: @escaping SyncLoop.Sleep, onClosed: Once
    ) {
        self.call = call
        self.onClosed = onClosed
        syncLoop = SyncLoop(transport: transport, sleep: sleep) { input in
            try await call { try $0.syncNext(input: input) }
        }
    }

    /// Closes the engine. A second call does nothing; every other call is
    /// ``CanvassError/Closed`` from now on, and every observation ends.
    ///
    /// Calls under way are finished first; the directory can be opened again when they are. A
    /// program that ends by `exit` closes it before, and awaits what it has called.
    public func close() {
        call.engine.shutDown()
        onClosed.run()
    }

    /// Makes a campaign that lives on this phone alone: no server, no account. Gives the id of
    /// its one list, into which files are imported.
    public func createCampaign(about: NewCampaign) async throws -> ListId {
        try await call { try $0.createCampaign(about: about) }
    }

    /// Imports a file of doors or people: all of it, or nothing.
    ///
    /// `onProgress` hears how many of how many bytes are read, on a thread of the library's own.
    /// Cancelling stops the import, and nothing of it stays.
    @discardableResult
    public func importFile(
        path: String,
        options: ImportOptions,
        onProgress: @escaping @Sendable (_ done: UInt64, _ total: UInt64) -> Void = { _, _ in }
    ) async throws -> Imported {
        try await call.cancellably(onProgress) {
            try $0.importFile(path: path, options: options, progress: $1)
        }
    }

    /// Gives the campaign's own list a script, in its JSON form; the one in use from now on.
    @discardableResult
    public func putScript(json: String) async throws -> ScriptHash {
        try await call { try $0.putScript(json: json) }
    }

    /// Puts a list's doors into a good walking order: from `start` and to `end`, if told.
    @discardableResult
    public func planOrder(
        list: ListId, start: Point? = nil, end: Point? = nil
    ) async throws -> PlannedOrder {
        try await call { try $0.planOrder(list: list, start: start, end: end) }
    }

    /// Gives the campaign's own list its streets: a pack that `canvass streets build` made. Only
    /// without a server; with one, each list brings its own.
    public func putStreets(pack: Data) async throws {
        try await call { try $0.putStreets(pack: pack) }
    }

    /// How to walk past the next `count` stops that are not done (at most 200), from `here` if
    /// that is told. Each step has a sentence that a screen reader can speak.
    public func directions(
        list: ListId, here: Point? = nil, count: UInt32 = 50, unit: LengthUnit = .metres
    ) async throws -> DirectionsView {
        try await call {
            try $0.directions(list: list, here: here, count: count, unit: unit)
        }
    }

    /// What a map of a list shows within `bounds` at a `zoom` level of web maps, ready to draw:
    /// streets, names, one pin per building, the way ahead. Needs no network.
    public func mapFeatures(
        list: ListId, bounds: Bounds, zoom: Double
    ) async throws -> MapFeatures {
        try await call { try $0.mapFeatures(list: list, bounds: bounds, zoom: zoom) }
    }

    /// Chooses the stops that are worth most within some minutes, and puts them next.
    @discardableResult
    public func planShift(list: ListId, input: ShiftInput) async throws -> PlannedShift {
        try await call { try $0.planShift(list: list, input: input) }
    }

    /// Plans the stops that are left anew from `here`; what need not change stays.
    @discardableResult
    public func replan(list: ListId, here: Point) async throws -> OrderAgain {
        try await call { try $0.replan(list: list, here: here) }
    }

    /// Writes what this phone knows of a list, unsent work included, as a file. The same state
    /// gives the same bytes.
    public func export(list: ListId, format: ExportFormat) async throws -> ExportedFile {
        try await call { try $0.export(list: list, format: format) }
    }

    /// The same with a table of what the backend calls results (JSON): what its database gave, or
    /// what was configured. Contacts for VAN and OSDI follow it.
    public func exportWithCodes(
        list: ListId, format: ExportFormat, codes: String
    ) async throws -> ExportedFile {
        try await call { try $0.exportWithCodes(list: list, format: format, codes: codes) }
    }

    /// Takes an invitation (the link, or the text of its QR code); the next ``sync(now:)``
    /// redeems it.
    public func join(invitation: String) async throws {
        try await call { try $0.join(invitation: invitation) }
    }

    /// The lists that this phone holds, by number.
    public func walkLists() async throws -> [WalkListSummary] {
        try await call { try $0.walkLists() }
    }

    /// The Walk List screen: progress, the next stop, the first doors.
    public func walkList(list: ListId, here: Point? = nil) async throws -> WalkListView {
        try await call { try $0.walkList(list: list, here: here) }
    }

    /// Some more doors of a list, in walking order: from where ``DoorPage/next`` of the page
    /// before says, or from the first on. At most 500.
    public func doors(
        list: ListId, from: String? = nil, limit: UInt32 = 100
    ) async throws -> DoorPage {
        try await call { try $0.doors(list: list, from: from, limit: limit) }
    }

    /// Where to go next; nothing when every door is done, or held by someone else.
    public func nextStop(list: ListId, here: Point? = nil) async throws -> NextStop? {
        try await call { try $0.nextStop(list: list, here: here) }
    }

    /// The nearest doors, at most `count` of them and at most `radiusM` metres away in a straight
    /// line, that are still to be knocked on and that nobody has claimed; nearest first. Needs no
    /// network.
    public func nearestUnclaimed(
        list: ListId, from: Point, count: UInt32, radiusM: Double
    ) async throws -> [NearbyDoor] {
        try await call {
            try $0.nearestUnclaimed(list: list, from: from, count: count, radiusM: radiusM)
        }
    }

    /// Claims doors: whoever hears of it leaves them out of their queue for four hours, or until
    /// they are done or released. Tells for each door what came of it, in the order asked.
    @discardableResult
    public func claim(list: ListId, households: [HouseholdId]) async throws -> [ClaimResult] {
        try await call { try $0.claim(list: list, households: households) }
    }

    /// Gives up one's own claims of these doors; how many of them there were.
    @discardableResult
    public func release(list: ListId, households: [HouseholdId]) async throws -> UInt32 {
        try await call { try $0.release(list: list, households: households) }
    }

    /// The doors of a list that are claimed now: who holds each, and who else wanted it.
    public func claims(list: ListId) async throws -> [ClaimView] {
        try await call { try $0.claims(list: list) }
    }

    /// Where to come back, and when: the doors of a list with a window that nobody has kept, the
    /// earliest first.
    public func followUps(list: ListId) async throws -> [FollowUpView] {
        try await call { try $0.followUps(list: list) }
    }

    /// How far a list is walked.
    public func progress(list: ListId) async throws -> Progress {
        try await call { try $0.progress(list: list) }
    }

    /// The Household screen.
    public func household(list: ListId, household: HouseholdId) async throws -> HouseholdView {
        try await call { try $0.household(list: list, household: household) }
    }

    /// Tells which languages the canvasser speaks, as BCP 47 tags, the preferred one first: the
    /// phone's own list. Sentences and scripts follow it. Not kept: tell it after each opening.
    public func setLanguages(tags: [String]) async throws {
        try await call { try $0.setLanguages(tags: tags) }
    }

    /// The Survey screen: what the script asks this person, with the answers so far. `language` is
    /// the one that the canvasser asks for; empty for the one that is best for this person.
    public func survey(
        list: ListId, household: HouseholdId, person: PersonId, language: String = ""
    ) async throws -> SurveyView {
        try await call {
            try $0.survey(list: list, household: household, person: person, language: language)
        }
    }

    /// The Conversation screen: the question at hand, also after the app was killed.
    public func conversation(
        list: ListId, household: HouseholdId, person: PersonId, language: String
    ) async throws -> ConversationScreen {
        try await call {
            try $0.conversation(
                list: list, household: household, person: person, language: language)
        }
    }

    /// Takes a conversation one step on; answers are recorded as they are tapped.
    @discardableResult
    public func converse(input: ConversationInput) async throws -> ConversationScreen {
        try await call { try $0.converse(input: input) }
    }

    /// Records one result with one tap: of the door, or of one person beside what was recorded of
    /// the same knock.
    @discardableResult
    public func recordResult(input: ResultInput) async throws -> Saved {
        try await call { try $0.recordResult(input: input) }
    }

    /// The floors of a household's building, lowest first; doors of no known floor come last.
    public func floors(list: ListId, household: HouseholdId) async throws -> [FloorView] {
        try await call { try $0.floors(list: list, household: household) }
    }

    /// Records the same result at many doors, all of them or none: nobody home on this floor.
    @discardableResult
    public func recordResults(
        list: ListId, households: [HouseholdId], result: CanvassResult
    ) async throws -> [DoorSaved] {
        try await call {
            try $0.recordResults(list: list, households: households, result: result)
        }
    }

    /// Takes back what ``recordResults(list:households:result:)`` recorded, as one.
    public func undoResults(list: ListId, saved: [DoorSaved]) async throws {
        try await call { try $0.undoResults(list: list, saved: saved) }
    }

    /// Records a knock, or puts one right.
    @discardableResult
    public func recordAttempt(input: AttemptInput) async throws -> Saved {
        try await call { try $0.recordAttempt(input: input) }
    }

    /// Records one answer as it is tapped.
    @discardableResult
    public func recordAnswer(input: AnswerInput) async throws -> Saved {
        try await call { try $0.recordAnswer(input: input) }
    }

    /// Records a note about a household.
    @discardableResult
    public func recordNote(
        list: ListId, household: HouseholdId, text: String
    ) async throws -> Saved {
        try await call { try $0.recordNote(list: list, household: household, text: text) }
    }

    /// Rewrites a note of one's own; an empty text retracts it.
    @discardableResult
    public func editNote(
        list: ListId, household: HouseholdId, note: ChangeId, text: String
    ) async throws -> Saved {
        try await call {
            try $0.editNote(list: list, household: household, note: note, text: text)
        }
    }

    /// Sets the do-not-contact mark on a person, or on the household as a whole.
    @discardableResult
    public func setDoNotContact(
        list: ListId, household: HouseholdId, person: PersonId? = nil
    ) async throws -> Saved {
        try await call {
            try $0.setDoNotContact(list: list, household: household, person: person)
        }
    }

    /// Lifts a do-not-contact mark: for organisers, who have seen it.
    @discardableResult
    public func liftDoNotContact(
        list: ListId, household: HouseholdId, person: PersonId? = nil
    ) async throws -> Saved {
        try await call {
            try $0.liftDoNotContact(list: list, household: household, person: person)
        }
    }

    /// Adds a person met at the door whom no file knew.
    @discardableResult
    public func addPerson(input: PersonMetInput) async throws -> Saved {
        try await call { try $0.addPerson(input: input) }
    }

    /// The results that may be recorded for a person who is reached by this channel, by name.
    public func offeredResults(channel: ContactChannel) async throws -> [OfferedResult] {
        try await call { try $0.offeredResults(channel: channel) }
    }

    /// Records a call or a text message to one person: no knock, the door is still to be walked
    /// to.
    @discardableResult
    public func recordCall(input: CallInput) async throws -> Saved {
        try await call { try $0.recordCall(input: input) }
    }

    /// Records how a door is reached: orders, shifts and turfs go by the latest word.
    @discardableResult
    public func recordAccess(
        list: ListId, household: HouseholdId, access: Access
    ) async throws -> Saved {
        try await call {
            try $0.recordAccess(list: list, household: household, access: access)
        }
    }

    /// Records that a phone number or e-mail address is good, wrong, or the one to use first.
    @discardableResult
    public func recordContact(input: ContactInput) async throws -> Saved {
        try await call { try $0.recordContact(input: input) }
    }

    /// Puts right a part of an address, or the spelling of a name: a canvasser proposes, and the
    /// campaign decides.
    @discardableResult
    public func recordCorrection(input: CorrectionInput) async throws -> Saved {
        try await call { try $0.recordCorrection(input: input) }
    }

    /// Records what someone wants, and what they agree to, if that was spoken of.
    @discardableResult
    public func recordAsk(input: AskInput) async throws -> Saved {
        try await call { try $0.recordAsk(input: input) }
    }

    /// Records that someone withdrew their consent to one kind of ask: it wins over every consent
    /// given by someone who had not seen this.
    @discardableResult
    public func withdrawConsent(
        list: ListId, household: HouseholdId, person: PersonId, kind: AskKind
    ) async throws -> Saved {
        try await call {
            try $0.withdrawConsent(list: list, household: household, person: person, kind: kind)
        }
    }

    /// Records that somebody is to come back to a door within a window: until then it is left out
    /// of the queue, and within it worth more.
    @discardableResult
    public func recordFollowUp(input: FollowUpInput) async throws -> Saved {
        try await call { try $0.recordFollowUp(input: input) }
    }

    /// Notes that literature was left at an attempt of one's own, or takes that back.
    @discardableResult
    public func setLiterature(
        list: ListId, household: HouseholdId, attempt: ChangeId, left: Bool
    ) async throws -> Saved {
        try await call {
            try $0.setLiterature(list: list, household: household, attempt: attempt, left: left)
        }
    }

    /// Takes back a change of one's own of the last day.
    @discardableResult
    public func undo(
        list: ListId, household: HouseholdId, change: ChangeId
    ) async throws -> Saved {
        try await call { try $0.undo(list: list, household: household, change: change) }
    }

    /// The fields of a list on which people disagree.
    public func conflicts(list: ListId) async throws -> [ConflictView] {
        try await call { try $0.conflicts(list: list) }
    }

    /// Settles a conflict in favour of one of its values.
    @discardableResult
    public func resolveConflict(
        list: ListId, household: HouseholdId, conflict: ConflictId, chosen: ChangeId
    ) async throws -> Saved {
        try await call {
            try $0.resolveConflict(
                list: list, household: household, conflict: conflict, chosen: chosen)
        }
    }

    /// How the engine is doing: versions, counts, sizes, states and codes, and all of it as JSON.
    /// It holds nothing personal, and can be shown, logged and sent.
    public func diagnostics() async throws -> Diagnostics {
        try await call { try $0.diagnostics() }
    }

    /// What is safe where, and what needs attention.
    public func syncStatus() async throws -> SyncStatus {
        try await call { try $0.syncStatus() }
    }

    /// How a sync went, in words.
    public func syncSentence(_ report: SyncReport) async throws -> String {
        try await call { try $0.syncSentence(report: report) }
    }

    /// What a bundle of another phone brought, in words.
    public func bundleSentence(_ report: BundleReport) async throws -> String {
        try await call { try $0.bundleSentence(report: report) }
    }

    /// The changes of this phone that the campaign keeps and could not use.
    public func setAside() async throws -> [SetAsideView] {
        try await call { try $0.setAside() }
    }

    /// Asks the campaign, with the next sync, to try all of them again. What it can use then is
    /// taken in as what it was; the rest stays set aside.
    public func retrySetAside() async throws {
        try await call { try $0.retrySetAside() }
    }

    /// The digest of what this phone holds of a list and the server has sequenced.
    public func stateDigest(list: ListId) async throws -> String {
        try await call { try $0.stateDigest(list: list) }
    }

    /// Sends what is unsent, then fetches what is new.
    ///
    /// Being offline is not an error: ``SyncReport/outcome`` says how it ended. With `now` the
    /// backoff is not heeded, because someone is waiting. One sync runs at a time; a second
    /// caller's begins when the first has ended. Cancelling stops it at once, and loses nothing.
    public func sync(now: Bool = true) async throws -> SyncReport {
        try await syncLoop.sync(now: now)
    }

    /// Syncs again and again, so often as `every` says, for as long as the app may work in the
    /// background; cancel its task to stop.
    ///
    /// It returns only when trying again cannot help (there is no server, or the server refuses
    /// this device or this build), with the report that says why. `onReport` hears of each sync.
    public func keepSyncing(
        every: Duration = .seconds(60),
        onReport: @Sendable (SyncReport) -> Void = { _ in }
    ) async throws -> SyncReport {
        try await syncLoop.keepSyncing(every: every, onReport: onReport)
    }

    /// What this phone holds, for another phone to make a bundle from.
    public func peerSummary() async throws -> Data {
        try await call { try $0.peerSummary() }
    }

    /// A bundle of everything that this phone holds, the campaign has not confirmed, and the
    /// phone of this summary lacks.
    ///
    /// Hand it over as a file, or as QR codes (``qrFrames(bytes:frameBytes:)``); to any phone of
    /// the campaign, any number of times.
    public func makeBundle(summary: Data) async throws -> Data {
        try await call { try $0.makeBundle(summary: summary) }
    }

    /// Takes in a bundle of another phone: it is shown here, and the next ``sync(now:)`` carries
    /// it to the campaign. The same one twice changes nothing.
    @discardableResult
    public func applyBundle(bundle: Data) async throws -> BundleReport {
        try await call { try $0.applyBundle(bundle: bundle) }
    }

    /// A summary or a bundle as texts for QR codes, of at most so many bytes each. The other
    /// phone takes them with a ``FrameCollector``.
    public func qrFrames(bytes: Data, frameBytes: UInt32 = 300) async throws -> [String] {
        try await call { try $0.qrFrames(bytes: bytes, frameBytes: frameBytes) }
    }

    /// The path of the sealed copy of this phone's unsent work, which only the campaign can
    /// read. Should the engine not open any more, hand this file to the campaign.
    public func sealedCopy() async throws -> String {
        try await call { try $0.sealedCopy() }
    }

    /// ``walkLists()`` now, and anew whenever it changes.
    public func observeWalkLists() -> Observed<[WalkListSummary]> {
        Observed(call, concerns: { _ in true }, read: { try $0.walkLists() })
    }

    /// ``walkList(list:here:)`` now, and anew whenever it changes.
    public func observeWalkList(list: ListId, here: Point? = nil) -> Observed<WalkListView> {
        Observed(
            call, concerns: { $0.concerns(list) },
            read: { try $0.walkList(list: list, here: here) })
    }

    /// ``household(list:household:)`` now, and anew whenever it changes.
    public func observeHousehold(
        list: ListId, household: HouseholdId
    ) -> Observed<HouseholdView> {
        Observed(
            call, concerns: { $0.concerns(list, household) },
            read: { try $0.household(list: list, household: household) })
    }

    /// ``survey(list:household:person:language:)`` now, and anew whenever it changes.
    public func observeSurvey(
        list: ListId, household: HouseholdId, person: PersonId, language: String
    ) -> Observed<SurveyView> {
        Observed(
            call, concerns: { $0.concerns(list, household) },
            read: {
                try $0.survey(
                    list: list, household: household, person: person, language: language)
            })
    }

    /// ``conflicts(list:)`` now, and anew whenever they change.
    public func observeConflicts(list: ListId) -> Observed<[ConflictView]> {
        Observed(
            call, concerns: { $0.concerns(list) }, read: { try $0.conflicts(list: list) })
    }

    /// ``syncStatus()`` now, and anew whenever it changes.
    public func observeSyncStatus() -> Observed<SyncStatus> {
        Observed(call, concerns: { _ in true }, read: { try $0.syncStatus() })
    }
}
