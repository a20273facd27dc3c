package org.canvasscore

import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.withContext
import org.canvasscore.model.Access
import org.canvasscore.model.AnswerInput
import org.canvasscore.model.AskInput
import org.canvasscore.model.AskKind
import org.canvasscore.model.AttemptInput
import org.canvasscore.model.Bounds
import org.canvasscore.model.BundleReport
import org.canvasscore.model.CallInput
import org.canvasscore.model.CanvassResult
import org.canvasscore.model.ChangeId
import org.canvasscore.model.ClaimResult
import org.canvasscore.model.ClaimView
import org.canvasscore.model.ConflictId
import org.canvasscore.model.ConflictView
import org.canvasscore.model.ContactChannel
import org.canvasscore.model.ContactInput
import org.canvasscore.model.ConversationInput
import org.canvasscore.model.ConversationScreen
import org.canvasscore.model.CorrectionInput
import org.canvasscore.model.Diagnostics
import org.canvasscore.model.DirectionsView
import org.canvasscore.model.DoorPage
import org.canvasscore.model.DoorSaved
import org.canvasscore.model.ExportFormat
import org.canvasscore.model.ExportedFile
import org.canvasscore.model.FloorView
import org.canvasscore.model.FollowUpInput
import org.canvasscore.model.FollowUpView
import org.canvasscore.model.HouseholdId
import org.canvasscore.model.HouseholdView
import org.canvasscore.model.ImportOptions
import org.canvasscore.model.Imported
import org.canvasscore.model.LengthUnit
import org.canvasscore.model.ListId
import org.canvasscore.model.MapFeatures
import org.canvasscore.model.NearbyDoor
import org.canvasscore.model.NewCampaign
import org.canvasscore.model.NextStop
import org.canvasscore.model.OfferedResult
import org.canvasscore.model.OrderAgain
import org.canvasscore.model.PersonId
import org.canvasscore.model.PersonMetInput
import org.canvasscore.model.PlannedOrder
import org.canvasscore.model.PlannedShift
import org.canvasscore.model.Point
import org.canvasscore.model.Progress
import org.canvasscore.model.ResultInput
import org.canvasscore.model.Saved
import org.canvasscore.model.ScriptHash
import org.canvasscore.model.SetAsideView
import org.canvasscore.model.ShiftInput
import org.canvasscore.model.SurveyView
import org.canvasscore.model.SyncReport
import org.canvasscore.model.SyncStatus
import org.canvasscore.model.WalkListSummary
import org.canvasscore.model.WalkListView

/**
 * One campaign on one phone: the walk lists, what is recorded at the doors, and sync.
 *
 * A process opens one `Canvass` per directory and shares it between its screens and its
 * background work. Every `suspend` function may be called from any thread, the main thread
 * included: the work is done on threads of the library's own. A call that has begun is finished
 * even when its caller is cancelled; a function that records returns once the change is durable.
 *
 * Whatever fails is a [CanvassException]; each says what an app can do about it.
 */
public class Canvass private constructor(
    private val engine: CanvassEngine,
    transport: SyncTransport,
    private val onClosed: () -> Unit,
) : AutoCloseable {
    private val call = Calls(engine)
    private val open = Job()
    private val observation = Observation(call, open)
    private val syncLoop = SyncLoop(transport) { input -> call { it.syncNext(input) } }

    /**
     * Closes the engine. A second call does nothing; every other call is
     * [CanvassException.Closed] from now on, and every flow ends.
     *
     * Calls under way are finished first; the directory can be opened again when they are. A
     * program that ends by `exit` closes it before, and waits for what it has called.
     */
    override fun close() {
        if (open.complete()) {
            engine.shutDown()
            engine.close()
            onClosed()
        }
    }

    /** How many calls of the engine were made: what a screen costs is counted by tests. */
    internal val callsMade: Long get() = call.made

    /** For tests: the next call that asks the clock while it works panics in there. */
    internal fun panicInNextCall(): Unit = engine.panicInNextCall()

    /**
     * Makes a campaign that lives on this phone alone: no server, no account. Gives the id of
     * its one list, into which files are imported.
     */
    public suspend fun createCampaign(about: NewCampaign): ListId =
        call { it.createCampaign(about) }

    /**
     * Imports a file of doors or people: all of it, or nothing.
     *
     * [onProgress] hears how many of how many bytes are read, on a thread of the library's own.
     * Cancelling stops the import, and nothing of it stays.
     */
    public suspend fun importFile(
        path: String,
        options: ImportOptions,
        onProgress: (done: ULong, total: ULong) -> Unit = { _, _ -> },
    ): Imported = call.cancellably(onProgress) { engine, progress ->
        engine.importFile(path, options, progress)
    }

    /** Gives the campaign's own list a script, in its JSON form; the one in use from now on. */
    public suspend fun putScript(json: String): ScriptHash = call { it.putScript(json) }

    /** Puts a list's doors into a good walking order: from [start] and to [end], if told. */
    public suspend fun planOrder(
        list: ListId,
        start: Point? = null,
        end: Point? = null,
    ): PlannedOrder = call { it.planOrder(list, start, end) }

    /**
     * Gives the campaign's own list its streets: a pack that `canvass streets build` made. Only
     * without a server; with one, each list brings its own.
     */
    public suspend fun putStreets(pack: ByteArray): Unit = call { it.putStreets(pack) }

    /**
     * How to walk past the next [count] stops that are not done (at most 200), from [here] if
     * that is told. Each step has a sentence that a screen reader can speak.
     */
    public suspend fun directions(
        list: ListId,
        here: Point? = null,
        count: UInt = 50u,
        unit: LengthUnit = LengthUnit.METRES,
    ): DirectionsView = call { it.directions(list, here, count, unit) }

    /**
     * What a map of a list shows within [bounds] at a [zoom] level of web maps, ready to draw:
     * streets, names, one pin per building, the way ahead. Needs no network.
     */
    public suspend fun mapFeatures(list: ListId, bounds: Bounds, zoom: Double): MapFeatures =
        call { it.mapFeatures(list, bounds, zoom) }

    /** Chooses the stops that are worth most within some minutes, and puts them next. */
    public suspend fun planShift(list: ListId, input: ShiftInput): PlannedShift =
        call { it.planShift(list, input) }

    /** Plans the stops that are left anew from [here]; what need not change stays. */
    public suspend fun replan(list: ListId, here: Point): OrderAgain =
        call { it.replan(list, here) }

    /**
     * Writes what this phone knows of a list, unsent work included, as a file. The same state
     * gives the same bytes.
     */
    public suspend fun export(list: ListId, format: ExportFormat): ExportedFile =
        call { it.export(list, format) }

    /**
     * The same with a table of what the backend calls results (JSON): what its database gave, or
     * what was configured. Contacts for VAN and OSDI follow it.
     */
    public suspend fun exportWithCodes(
        list: ListId,
        format: ExportFormat,
        codes: String,
    ): ExportedFile = call { it.exportWithCodes(list, format, codes) }

    /** Takes an invitation (the link, or the text of its QR code); the next [sync] redeems it. */
    public suspend fun join(invitation: String): Unit = call { it.join(invitation) }

    /** The lists that this phone holds, by number. */
    public suspend fun walkLists(): List<WalkListSummary> = call { it.walkLists() }

    /** The Walk List screen: progress, the next stop, the first doors. */
    public suspend fun walkList(list: ListId, here: Point? = null): WalkListView =
        call { it.walkList(list, here) }

    /**
     * Some more doors of a list, in walking order: from where [DoorPage.next] of the page
     * before says, or from the first on. At most 500.
     */
    public suspend fun doors(list: ListId, from: String? = null, limit: UInt = 100u): DoorPage =
        call { it.doors(list, from, limit) }

    /** Where to go next; nothing when every door is done, or held by someone else. */
    public suspend fun nextStop(list: ListId, here: Point? = null): NextStop? =
        call { it.nextStop(list, here) }

    /**
     * The nearest doors, at most [count] of them and at most [radiusM] metres away in a straight
     * line, that are still to be knocked on and that nobody has claimed; nearest first. Needs no
     * network.
     */
    public suspend fun nearestUnclaimed(
        list: ListId,
        from: Point,
        count: UInt,
        radiusM: Double,
    ): List<NearbyDoor> = call { it.nearestUnclaimed(list, from, count, radiusM) }

    /**
     * Claims doors: whoever hears of it leaves them out of their queue for four hours, or until
     * they are done or released. Tells for each door what came of it, in the order asked.
     */
    public suspend fun claim(list: ListId, households: List<HouseholdId>): List<ClaimResult> =
        call { it.claim(list, households) }

    /** Gives up one's own claims of these doors; how many of them there were. */
    public suspend fun release(list: ListId, households: List<HouseholdId>): UInt =
        call { it.release(list, households) }

    /** The doors of a list that are claimed now: who holds each, and who else wanted it. */
    public suspend fun claims(list: ListId): List<ClaimView> = call { it.claims(list) }

    /**
     * Where to come back, and when: the doors of a list with a window that nobody has kept, the
     * earliest first.
     */
    public suspend fun followUps(list: ListId): List<FollowUpView> = call { it.followUps(list) }

    /** How far a list is walked. */
    public suspend fun progress(list: ListId): Progress = call { it.progress(list) }

    /** The Household screen. */
    public suspend fun household(list: ListId, household: HouseholdId): HouseholdView =
        call { it.household(list, household) }

    /**
     * Tells which languages the canvasser speaks, as BCP 47 tags, the preferred one first: the
     * phone's own list. Sentences and scripts follow it. Not kept: tell it after each opening.
     */
    public suspend fun setLanguages(tags: List<String>): Unit = call { it.setLanguages(tags) }

    /**
     * The Survey screen: what the script asks this person, with the answers so far. [language] is
     * the one that the canvasser asks for; empty for the one that is best for this person.
     */
    public suspend fun survey(
        list: ListId,
        household: HouseholdId,
        person: PersonId,
        language: String = "",
    ): SurveyView = call { it.survey(list, household, person, language) }

    /** The Conversation screen: the question at hand, also after the app was killed. */
    public suspend fun conversation(
        list: ListId,
        household: HouseholdId,
        person: PersonId,
        language: String,
    ): ConversationScreen = call { it.conversation(list, household, person, language) }

    /** Takes a conversation one step on; answers are recorded as they are tapped. */
    public suspend fun converse(input: ConversationInput): ConversationScreen =
        call { it.converse(input) }

    /**
     * Records one result with one tap: of the door, or of one person beside what was recorded of
     * the same knock.
     */
    public suspend fun recordResult(input: ResultInput): Saved = call { it.recordResult(input) }

    /** The floors of a household's building, lowest first; doors of no known floor come last. */
    public suspend fun floors(list: ListId, household: HouseholdId): List<FloorView> =
        call { it.floors(list, household) }

    /** Records the same result at many doors, all of them or none: nobody home on this floor. */
    public suspend fun recordResults(
        list: ListId,
        households: List<HouseholdId>,
        result: CanvassResult,
    ): List<DoorSaved> = call { it.recordResults(list, households, result) }

    /** Takes back what [recordResults] recorded, as one. */
    public suspend fun undoResults(list: ListId, saved: List<DoorSaved>): Unit =
        call { it.undoResults(list, saved) }

    /** Records a knock, or puts one right. */
    public suspend fun recordAttempt(input: AttemptInput): Saved =
        call { it.recordAttempt(input) }

    /** Records one answer as it is tapped. */
    public suspend fun recordAnswer(input: AnswerInput): Saved = call { it.recordAnswer(input) }

    /** Records a note about a household. */
    public suspend fun recordNote(list: ListId, household: HouseholdId, text: String): Saved =
        call { it.recordNote(list, household, text) }

    /** Rewrites a note of one's own; an empty text retracts it. */
    public suspend fun editNote(
        list: ListId,
        household: HouseholdId,
        note: ChangeId,
        text: String,
    ): Saved = call { it.editNote(list, household, note, text) }

    /** Sets the do-not-contact mark on a person, or on the household as a whole. */
    public suspend fun setDoNotContact(
        list: ListId,
        household: HouseholdId,
        person: PersonId? = null,
    ): Saved = call { it.setDoNotContact(list, household, person) }

    /** Lifts a do-not-contact mark: for organisers, who have seen it. */
    public suspend fun liftDoNotContact(
        list: ListId,
        household: HouseholdId,
        person: PersonId? = null,
    ): Saved = call { it.liftDoNotContact(list, household, person) }

    /** Adds a person met at the door whom no file knew. */
    public suspend fun addPerson(input: PersonMetInput): Saved = call { it.addPerson(input) }

    /** The results that may be recorded for a person who is reached by this channel, by name. */
    public suspend fun offeredResults(channel: ContactChannel): List<OfferedResult> =
        call { it.offeredResults(channel) }

    /** Records a call or a text message to one person: no knock, the door is still to be walked to. */
    public suspend fun recordCall(input: CallInput): Saved = call { it.recordCall(input) }

    /** Records how a door is reached: orders, shifts and turfs go by the latest word. */
    public suspend fun recordAccess(list: ListId, household: HouseholdId, access: Access): Saved =
        call { it.recordAccess(list, household, access) }

    /** Records that a phone number or e-mail address is good, wrong, or the one to use first. */
    public suspend fun recordContact(input: ContactInput): Saved =
        call { it.recordContact(input) }

    /**
     * Puts right a part of an address, or the spelling of a name: a canvasser proposes, and the
     * campaign decides.
     */
    public suspend fun recordCorrection(input: CorrectionInput): Saved =
        call { it.recordCorrection(input) }

    /** Records what someone wants, and what they agree to, if that was spoken of. */
    public suspend fun recordAsk(input: AskInput): Saved = call { it.recordAsk(input) }

    /**
     * Records that someone withdrew their consent to one kind of ask: it wins over every consent
     * given by someone who had not seen this.
     */
    public suspend fun withdrawConsent(
        list: ListId,
        household: HouseholdId,
        person: PersonId,
        kind: AskKind,
    ): Saved = call { it.withdrawConsent(list, household, person, kind) }

    /**
     * Records that somebody is to come back to a door within a window: until then it is left out
     * of the queue, and within it worth more.
     */
    public suspend fun recordFollowUp(input: FollowUpInput): Saved =
        call { it.recordFollowUp(input) }

    /** Notes that literature was left at an attempt of one's own, or takes that back. */
    public suspend fun setLiterature(
        list: ListId,
        household: HouseholdId,
        attempt: ChangeId,
        left: Boolean,
    ): Saved = call { it.setLiterature(list, household, attempt, left) }

    /** Takes back a change of one's own of the last day. */
    public suspend fun undo(list: ListId, household: HouseholdId, change: ChangeId): Saved =
        call { it.undo(list, household, change) }

    /** The fields of a list on which people disagree. */
    public suspend fun conflicts(list: ListId): List<ConflictView> = call { it.conflicts(list) }

    /** Settles a conflict in favour of one of its values. */
    public suspend fun resolveConflict(
        list: ListId,
        household: HouseholdId,
        conflict: ConflictId,
        chosen: ChangeId,
    ): Saved = call { it.resolveConflict(list, household, conflict, chosen) }

    /**
     * How the engine is doing: versions, counts, sizes, states and codes, and all of it as JSON.
     * It holds nothing personal, and can be shown, logged and sent.
     */
    public suspend fun diagnostics(): Diagnostics = call { it.diagnostics() }

    /** What is safe where, and what needs attention. */
    public suspend fun syncStatus(): SyncStatus = call { it.syncStatus() }

    /** How a [sync] went, in words. */
    public suspend fun syncSentence(report: SyncReport): String = call { it.syncSentence(report) }

    /** What a bundle of another phone brought, in words. */
    public suspend fun bundleSentence(report: BundleReport): String =
        call { it.bundleSentence(report) }

    /** The changes of this phone that the campaign keeps and could not use. */
    public suspend fun setAside(): List<SetAsideView> = call { it.setAside() }

    /**
     * Asks the campaign, with the next sync, to try all of them again. What it can use then is
     * taken in as what it was; the rest stays set aside.
     */
    public suspend fun retrySetAside(): Unit = call { it.retrySetAside() }

    /** The digest of what this phone holds of a list and the server has sequenced. */
    public suspend fun stateDigest(list: ListId): String = call { it.stateDigest(list) }

    /**
     * Sends what is unsent, then fetches what is new.
     *
     * Being offline is not an exception: [SyncReport.outcome] says how it ended. With [now] the
     * backoff is not heeded, because someone is waiting. One sync runs at a time; a second
     * caller's begins when the first has ended. Cancelling stops it at once, and loses nothing.
     */
    public suspend fun sync(now: Boolean = true): SyncReport = syncLoop.sync(now)

    /**
     * Syncs again and again, [every] so often, for as long as the app may work in the
     * background; cancel it to stop.
     *
     * It returns only when trying again cannot help (there is no server, or the server refuses
     * this device or this build), with the report that says why. [onReport] hears of each sync.
     */
    public suspend fun keepSyncing(
        every: Duration = 1.minutes,
        onReport: (SyncReport) -> Unit = {},
    ): SyncReport = syncLoop.keepSyncing(every, onReport)

    /** What this phone holds, for another phone to make a bundle from. */
    public suspend fun peerSummary(): ByteArray = call { it.peerSummary() }

    /**
     * A bundle of everything that this phone holds, the campaign has not confirmed, and the
     * phone of this [summary] lacks.
     *
     * Hand it over as a file, or as QR codes ([qrFrames]); to any phone of the campaign, any
     * number of times.
     */
    public suspend fun makeBundle(summary: ByteArray): ByteArray = call { it.makeBundle(summary) }

    /**
     * Takes in a bundle of another phone: it is shown here, and the next [sync] carries it to
     * the campaign. The same one twice changes nothing.
     */
    public suspend fun applyBundle(bundle: ByteArray): BundleReport =
        call { it.applyBundle(bundle) }

    /**
     * A summary or a bundle as texts for QR codes, of at most so many bytes each. The other
     * phone takes them with a [FrameCollector].
     */
    public suspend fun qrFrames(bytes: ByteArray, frameBytes: UInt = 300u): List<String> =
        call { it.qrFrames(bytes, frameBytes) }

    /**
     * The path of the sealed copy of this phone's unsent work, which only the campaign can
     * read. Should the engine not open any more, hand this file to the campaign.
     */
    public suspend fun sealedCopy(): String = call { it.sealedCopy() }

    /** [walkLists] now, and anew whenever it changes. */
    public fun observeWalkLists(): Flow<List<WalkListSummary>> =
        observation.of({ true }) { it.walkLists() }

    /** [walkList] now, and anew whenever it changes. */
    public fun observeWalkList(list: ListId, here: Point? = null): Flow<WalkListView> =
        observation.of({ it.concerns(list) }) { it.walkList(list, here) }

    /** [household] now, and anew whenever it changes. */
    public fun observeHousehold(list: ListId, household: HouseholdId): Flow<HouseholdView> =
        observation.of({ it.concerns(list, household) }) { it.household(list, household) }

    /** [survey] now, and anew whenever it changes. */
    public fun observeSurvey(
        list: ListId,
        household: HouseholdId,
        person: PersonId,
        language: String,
    ): Flow<SurveyView> = observation.of({ it.concerns(list, household) }) {
        it.survey(list, household, person, language)
    }

    /** [conflicts] now, and anew whenever they change. */
    public fun observeConflicts(list: ListId): Flow<List<ConflictView>> =
        observation.of({ it.concerns(list) }) { it.conflicts(list) }

    /** [syncStatus] now, and anew whenever it changes. */
    public fun observeSyncStatus(): Flow<SyncStatus> =
        observation.of({ true }) { it.syncStatus() }

    public companion object {
        /**
         * Opens the engine in a directory, which is made if it is absent.
         *
         * A damaged file, a newer file, a lost key, or a directory that is open already is an
         * error of its own; nothing is deleted or made anew in its place.
         */
        public suspend fun open(
            config: EngineConfig,
            vault: KeyVault,
            clock: Clock = SystemClock(),
            transport: SyncTransport = HttpSyncTransport(),
        ): Canvass = open(config, vault, clock, transport) {}

        /** The same; [onClosed] is run once the engine is closed. */
        internal suspend fun open(
            config: EngineConfig,
            vault: KeyVault,
            clock: Clock,
            transport: SyncTransport,
            onClosed: () -> Unit,
        ): Canvass = withContext(Dispatchers.IO) {
            Canvass(CanvassEngine.open(config, vault, clock), transport, onClosed)
        }
    }
}
