package org.canvasscore

import java.io.File
import java.time.Instant
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.boolean
import kotlinx.serialization.json.double
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import org.canvasscore.model.Access
import org.canvasscore.model.Address
import org.canvasscore.model.AnswerInput
import org.canvasscore.model.AnswerValue
import org.canvasscore.model.AskInput
import org.canvasscore.model.AskKind
import org.canvasscore.model.AskState
import org.canvasscore.model.AttemptInput
import org.canvasscore.model.CallInput
import org.canvasscore.model.CanvassResult
import org.canvasscore.model.ChangeId
import org.canvasscore.model.ClaimOutcome
import org.canvasscore.model.ConsentInput
import org.canvasscore.model.ContactChannel
import org.canvasscore.model.ContactInput
import org.canvasscore.model.ContactMark
import org.canvasscore.model.ContactMedium
import org.canvasscore.model.ConversationInput
import org.canvasscore.model.ConversationStep
import org.canvasscore.model.CorrectedField
import org.canvasscore.model.CorrectionInput
import org.canvasscore.model.DoorSaved
import org.canvasscore.model.ExportFormat
import org.canvasscore.model.FollowUpInput
import org.canvasscore.model.HouseholdId
import org.canvasscore.model.ListId
import org.canvasscore.model.PersonId
import org.canvasscore.model.PersonMetInput
import org.canvasscore.model.PersonResult
import org.canvasscore.model.ResultInput
import org.canvasscore.model.Saved
import org.canvasscore.model.SyncOutcome
import org.canvasscore.model.TimeWindow
import org.canvasscore.testing.FileKeyVault
import org.canvasscore.testing.TestClock
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.fail

/** A scenario of `tests/scenarios`. */
fun scenario(name: String): JsonObject =
    Json.parseToJsonElement(PROJECT.resolve("tests/scenarios/$name.json").readText()).jsonObject

/** The steps of a scenario. */
fun scenarioSteps(name: String): List<JsonObject> =
    scenario(name).getValue("steps").jsonArray.map { it.jsonObject }

/**
 * Replays a scenario step by step; `tests/scenarios/README.md` says what each step does. Steps name
 * files below [files]; a sync is tried as often as [patience] says.
 */
class Replay(
    private val folder: File,
    private val server: CampaignServer,
    private val files: File = fixture(""),
    private val patience: Int = 1,
) : AutoCloseable {
    private val phones = mutableMapOf<String, Phone>()
    private val texts = mutableMapOf<String, String>()
    private val changes = mutableMapOf<String, ChangeId>()
    private val people = mutableMapOf<String, PersonId>()
    private val floors = mutableMapOf<String, List<DoorSaved>>()

    /** What a step kept of a server's answer. */
    fun kept(name: String): String = texts.getValue(name)

    /** Does one step, and fails when something else comes out than it expects. */
    suspend fun step(step: JsonObject) {
        if ("operator" in step) return operator(step)
        val name = step.text("phone")
        if (step.text("do") == "open") {
            phones[name] = Phone.open(folder.resolve(name), step)
            return
        }
        val phone = phones.getValue(name)
        when (step.text("do")) {
            "restart" -> phone.restart()
            "clock" -> phone.clock.advanceTo(Instant.ofEpochMilli(step.number("ms")))
            "join" -> phone.canvass.join(server.address + kept(step.text("invitation")))
            "sync" -> sync(phone, named<SyncOutcome>(step.text("outcome")))
            "hand_over" -> handOver(phone, phones.getValue(step.text("to")), step)
            "expect" -> expect(phone, step)
            "resolve" -> resolve(phone, step.text("value"))
            "claim" -> claim(phone, step)
            "release" -> {
                val doors = listOf(phone.door(step.text("door")))
                assertEquals(step.number("released"), phone.canvass.release(phone.list(), doors).toLong())
            }
            "claims" -> assertEquals(step.texts("equals"), phone.canvass.claims(phone.list()).map { it.sentence })
            "near" -> near(phone, step)
            "languages" -> phone.canvass.setLanguages(step.texts("tags"))
            "survey" -> survey(phone, step)
            "status" -> assertEquals(step.texts("equals"), listOf(phone.canvass.syncStatus().sentence))
            "offered" -> {
                val offered = phone.canvass.offeredResults(named<ContactChannel>(step.text("channel")))
                assertEquals(step.texts("equals"), offered.map { it.name })
            }
            "reached" -> reached(phone, step)
            "asks" -> asks(phone, step)
            "follow_ups" -> followUps(phone, step)
            "next" -> {
                val doors = phone.canvass.nextStop(phone.list())?.doors.orEmpty()
                assertEquals(step.texts("equals"), doors.map { it.address.oneLine() })
            }
            "talk" -> talk(phone, step)
            "floor" -> floor(phone, step)
            "undo_floor" ->
                phone.canvass.undoResults(phone.list(), floors.getValue(step.text("kept")))
            "digest" -> assertEquals(step.text("equals"), phone.canvass.stateDigest(phone.list()))
            "export" -> {
                val file = phone.canvass.export(phone.list(), named<ExportFormat>(step.text("format")))
                assertFile(step.text("equals"), file.bytes)
            }
            else -> record(phone, step)
        }
    }

    /** The digest of a phone's list. */
    suspend fun digest(phone: String): String =
        phones.getValue(phone).let { it.canvass.stateDigest(it.list()) }

    private suspend fun sync(phone: Phone, expected: SyncOutcome) {
        var outcome = phone.canvass.sync().outcome
        repeat(patience - 1) {
            if (outcome != expected) outcome = phone.canvass.sync().outcome
        }
        assertEquals(expected, outcome)
    }

    override fun close() = phones.values.forEach { it.canvass.close() }

    private fun operator(step: JsonObject) {
        val path = texts.entries.fold(step.text("path")) { path, (name, kept) ->
            path.replace("{$name}", kept)
        }
        val body = step["file"]?.let { files.resolve(it.jsonPrimitive.content).readBytes() }
            ?: step["body"]?.toString().orEmpty().toByteArray()
        val answer = server.operator(step.text("operator"), path, body)
        step.textOrNull("file_equals")?.let { return assertFile(it, answer) }
        val told = Json.parseToJsonElement(answer.decodeToString()).jsonObject
        step["keep"]?.jsonObject?.forEach { (name, field) ->
            texts[name] = told.text(field.jsonPrimitive.content)
        }
        step["equals"]?.let { assertEquals(it, told) }
    }

    private suspend fun handOver(from: Phone, to: Phone, step: JsonObject) {
        val bundle = from.canvass.makeBundle(to.canvass.peerSummary())
        val report = to.canvass.applyBundle(
            when (val way = step.text("as")) {
                "file" -> folder.resolve("bundle").apply { writeBytes(bundle) }.readBytes()
                "qr" -> scanned(from.canvass.qrFrames(bundle).reversed())
                else -> error("no way $way")
            },
        )
        val found = mapOf(
            "changes" to report.changes,
            "known" to report.known,
            "refused" to report.refused,
            "shown" to report.shown,
        )
        val expected = step.getValue("equals").jsonObject.mapValues { it.value.jsonPrimitive.int.toUInt() }
        assertEquals(expected, found)
    }

    private suspend fun expect(phone: Phone, step: JsonObject) {
        val status = phone.canvass.syncStatus()
        val progress = phone.canvass.progress(phone.list())
        val found = mapOf(
            "doors" to progress.doors,
            "done" to progress.done,
            "contacted" to progress.contacted,
            "apart" to progress.apart,
            "on_this_phone" to status.onThisPhone,
            "at_campaign" to status.atCampaign,
            "set_aside" to status.setAside,
            "conflicts" to status.conflicts,
            "waiting" to phone.canvass.walkList(phone.list()).waiting,
        )
        for ((name, expected) in step - setOf("phone", "do")) {
            assertEquals(expected.jsonPrimitive.long, found.getValue(name).toLong(), name)
        }
    }

    private suspend fun resolve(phone: Phone, value: String) {
        val conflict = phone.canvass.conflicts(phone.list()).single()
        val chosen = conflict.candidates.single { it.value == listOf(value) }
        phone.canvass
            .resolveConflict(phone.list(), conflict.household, conflict.conflict, chosen.change)
    }

    private suspend fun claim(phone: Phone, step: JsonObject) {
        val results = phone.canvass.claim(phone.list(), listOf(phone.door(step.text("door"))))
        assertEquals(listOf(named<ClaimOutcome>(step.text("outcome"))), results.map { it.outcome })
    }

    private suspend fun near(phone: Phone, step: JsonObject) {
        val here = phone.canvass.household(phone.list(), phone.door(step.text("door"))).point
        val radiusM = step.getValue("radius_m").jsonPrimitive.double
        val near =
            phone.canvass.nearestUnclaimed(phone.list(), here, step.number("count").toUInt(), radiusM)
        assertEquals(step.texts("equals"), near.map { it.door.address.oneLine() })
    }

    private suspend fun survey(phone: Phone, step: JsonObject) {
        val door = phone.door(step.text("door"))
        val who = person(phone, door, step)
        val view =
            phone.canvass.survey(phone.list(), door, who, step.textOrNull("language").orEmpty())
        val first = view.questions.first()
        val person = phone.canvass.household(phone.list(), door).people.single { it.person == who }
        val told = listOf(
            view.language, view.languageReason.name.lowercase(), first.label, first.frame,
            person.languageNotSpoken.toString(),
        )
        assertEquals(step.texts("equals"), told)
    }

    private suspend fun asks(phone: Phone, step: JsonObject) {
        val door = phone.door(step.text("door"))
        val who = person(phone, door, step)
        val view = phone.canvass.household(phone.list(), door)
        val said = view.people.single { it.person == who }.asks.map { ask ->
            val state = listOf(ask.state?.name?.lowercase() ?: "none")
            val channels = ask.consent?.channels.orEmpty().map { it.name.lowercase() }
            val withdrawn = if (ask.withdrawn) listOf("withdrawn") else emptyList()
            (state + channels + withdrawn).joinToString(" ")
        }
        assertEquals(step.texts("equals"), said)
    }

    private suspend fun followUps(phone: Phone, step: JsonObject) {
        val said = phone.canvass.followUps(phone.list()).map {
            val at = phone.canvass.household(phone.list(), it.household).address
            "${at.oneLine()} ${it.phase.name.lowercase()}"
        }
        assertEquals(step.texts("equals"), said)
    }

    private suspend fun record(phone: Phone, step: JsonObject) {
        val (canvass, list) = phone.canvass to phone.list()
        val door = phone.door(step.text("door"))
        val saved = when (val what = step.text("do")) {
            "attempt" -> attempt(phone, list, door, step)
            "answer" -> answer(phone, list, door, step)
            "result" -> result(phone, list, door, step)
            "note" -> canvass.recordNote(list, door, step.text("text"))
            "do_not_contact" -> canvass.setDoNotContact(list, door)
            "undo" -> canvass.undo(list, door, changes.getValue(step.text("change")))
            "add_person" -> canvass.addPerson(
                PersonMetInput(list, door, step.text("given_name"), step.text("family_name"), ""),
            )
            "contact" -> canvass.recordContact(
                ContactInput(
                    list, door, person(phone, door, step),
                    named<ContactMedium>(step.text("medium")),
                    named<ContactMark>(step.text("mark")),
                    step.text("value"),
                ),
            )
            "call" -> canvass.recordCall(
                CallInput(
                    list, door, person(phone, door, step),
                    named<ContactChannel>(step.text("channel")), step.text("number"),
                    step.textOrNull("result")?.let { named<CanvassResult>(it) },
                ),
            )
            "access" -> canvass.recordAccess(list, door, named<Access>(step.text("access")))
            "ask" -> canvass.recordAsk(
                AskInput(
                    list, door, person(phone, door, step), kind(step),
                    named<AskState>(step.text("state")),
                    step["consent"]?.jsonObject?.let(::consent),
                    step.textOrNull("attempt")?.let(changes::getValue),
                ),
            )
            "withdraw" ->
                canvass.withdrawConsent(list, door, person(phone, door, step), kind(step))
            "come_back" -> canvass.recordFollowUp(FollowUpInput(list, door, null, window(step), null))
            "literature" -> canvass.setLiterature(
                list, door, changes.getValue(step.text("attempt")), step.flag("left"),
            )
            "correct" -> canvass.recordCorrection(
                CorrectionInput(
                    list, door, null, named<CorrectedField>(step.text("field")), step.text("value"),
                ),
            )
            else -> error("no step $what")
        }
        step.textOrNull("keep")?.let { changes[it] = saved.change }
        step.textOrNull("keep_person")?.let { people[it] = checkNotNull(saved.person) }
    }

    /** How a door is reached, in words, who says so, and how many things there are worth a look. */
    private suspend fun reached(phone: Phone, step: JsonObject) {
        val door = phone.door(step.text("door"))
        val view = phone.canvass.household(phone.list(), door)
        val said = view.access
        assertEquals(
            step.texts("equals"),
            listOf(said?.sentence.orEmpty(), said?.by.orEmpty(), view.notices.size.toString()),
        )
    }

    private suspend fun attempt(phone: Phone, list: ListId, door: HouseholdId, step: JsonObject): Saved {
        val results = step["people"]?.jsonArray.orEmpty().map { told ->
            val person = told.jsonObject
            PersonResult(person(phone, door, person), named<CanvassResult>(person.text("result")))
        }
        val result = step.textOrNull("result")?.let { named<CanvassResult>(it) }
        val corrects = step.textOrNull("corrects")?.let(changes::getValue)
        val literature = "literature" in step && step.flag("literature")
        val comeBack = step["come_back"]?.jsonObject?.let(::window)
        return phone.canvass
            .recordAttempt(AttemptInput(list, door, result, results, corrects, literature, comeBack))
    }

    private suspend fun answer(phone: Phone, list: ListId, door: HouseholdId, step: JsonObject): Saved {
        val person = person(phone, door, step)
        val attempt = step.textOrNull("attempt")?.let(changes::getValue)
        return phone.canvass
            .recordAnswer(AnswerInput(list, door, person, step.text("question"), answerValue(step), attempt))
    }

    private suspend fun talk(phone: Phone, step: JsonObject) {
        val (canvass, list) = phone.canvass to phone.list()
        val door = phone.door(step.text("door"))
        val person = person(phone, door, step)
        val language = step.textOrNull("language") ?: "en"
        val taken = step.textOrNull("step")
        val screen = if (taken == null) {
            canvass.conversation(list, door, person, language)
        } else {
            canvass.converse(
                ConversationInput(list, door, person, conversationStep(taken, step), language),
            )
        }
        step.textOrNull("keep_attempt")?.let { changes[it] = checkNotNull(screen.attempt) }
        val view = screen.view
        val found = listOf(
            view.version,
            screen.newerVersion.orEmpty(),
            view.question?.name.orEmpty(),
            view.question?.label.orEmpty(),
            "${view.done} of ${view.asked}",
            view.given.filterNot { it.counts }.joinToString(" ") { it.question },
            screen.recorded.size.toString(),
        )
        assertEquals(step.texts("equals"), found)
    }

    private suspend fun result(phone: Phone, list: ListId, door: HouseholdId, step: JsonObject): Saved {
        val person = if ("person" in step || "met" in step) person(phone, door, step) else null
        val result = named<CanvassResult>(step.text("result"))
        val attempt = step.textOrNull("attempt")?.let(changes::getValue)
        return phone.canvass.recordResult(ResultInput(list, door, person, result, attempt))
    }

    private suspend fun floor(phone: Phone, step: JsonObject) {
        val list = phone.list()
        val floors = phone.canvass.floors(list, phone.door(step.text("door")))
        val open = floors.single { it.floor?.toLong() == step.number("floor") }.open
        val result = named<CanvassResult>(step.text("result"))
        val saved = phone.canvass.recordResults(list, open, result)
        assertEquals(step.number("recorded"), saved.size.toLong())
        this.floors[step.text("keep")] = saved
    }

    /** A person by their place in the household, or one met, by name. */
    private suspend fun person(phone: Phone, door: HouseholdId, step: JsonObject): PersonId =
        step.textOrNull("met")?.let(people::getValue)
            ?: phone.canvass.household(phone.list(), door).people[step.number("person").toInt()].person
}

/** What a step answers. */
private fun answerValue(step: JsonObject): AnswerValue = when {
    "choice" in step -> AnswerValue.Choice(step.text("choice"))
    "choices" in step ->
        AnswerValue.Choices(step.getValue("choices").jsonArray.map { it.jsonPrimitive.content })
    "number" in step -> AnswerValue.Number(step.getValue("number").jsonPrimitive.double)
    "scale" in step -> AnswerValue.Scale(step.getValue("scale").jsonPrimitive.int)
    "date" in step -> AnswerValue.Date(step.text("date"))
    else -> AnswerValue.Text(step.text("text"))
}

private fun conversationStep(name: String, step: JsonObject): ConversationStep = when (name) {
    "answer" -> ConversationStep.Answer(step.text("question"), answerValue(step))
    "clear" -> ConversationStep.Clear(step.text("question"))
    "skip" -> ConversationStep.Skip(step.text("question"))
    "go_to" -> ConversationStep.GoTo(step.text("question"))
    "back" -> ConversationStep.Back
    "next" -> ConversationStep.Next
    "finish" -> ConversationStep.Finish
    "stop" -> ConversationStep.Stop
    else -> error("no step $name")
}

/** What the texts of QR codes are together. */
fun scanned(frames: List<String>): ByteArray = FrameCollector().use { collector ->
    frames.mapNotNull(collector::take).single()
}

/** A phone of a scenario: its engine, and the clock that it looks at. */
private class Phone(private val config: EngineConfig, private val keys: FileKeyVault, val clock: TestClock) {
    lateinit var canvass: Canvass
        private set

    suspend fun restart() {
        if (::canvass.isInitialized) canvass.close()
        canvass = Canvass.open(config, keys, clock)
    }

    suspend fun list(): ListId = canvass.walkLists().first().list

    suspend fun door(address: String): HouseholdId {
        var from: String? = null
        do {
            val page = canvass.doors(list(), from)
            page.doors.firstOrNull {
                it.address.oneLine() == address
            }?.let { return it.household }
            from = page.next
        } while (from != null)
        error("no door $address")
    }

    companion object {
        suspend fun open(folder: File, step: JsonObject): Phone {
            val config = EngineConfig(folder.path, testSeed = step.number("seed").toULong())
            val clock = TestClock(Instant.ofEpochMilli(step.number("clock_ms")))
            return Phone(config, FileKeyVault(folder.resolve("keys")), clock).apply { restart() }
        }
    }
}

/** An address, as doors are named here. */
private fun Address.oneLine(): String = "$houseNumber $street $unit".trim()

/** A kind of ask by its name in files. */
private fun kind(step: JsonObject): AskKind = when (val name = step.text("kind")) {
    "volunteer" -> AskKind.Volunteer
    "yard_sign" -> AskKind.YardSign
    "pledge_to_vote" -> AskKind.PledgeToVote
    "ride_to_polls" -> AskKind.RideToPolls
    "contact_me" -> AskKind.ContactMe
    else -> AskKind.Own(name)
}

private fun consent(told: JsonObject): ConsentInput = ConsentInput(
    told.text("words"), told.text("language"),
    told.texts("channels").map { named<ContactChannel>(it) },
)

/** A window in the local time of the scenarios' town. */
private fun window(told: JsonObject): TimeWindow = TimeWindow(
    Instant.ofEpochMilli(told.number("from_ms")), Instant.ofEpochMilli(told.number("until_ms")), -240,
)

/** Byte for byte; both sides are shown as text. */
private fun assertFile(name: String, found: ByteArray) {
    val expected = fixture(name).readBytes()
    if (!expected.contentEquals(found)) {
        fail<Unit>("$name: expected ${expected.decodeToString()}, found ${found.decodeToString()}")
    }
}

/** An enum's value by its lower snake case name. */
private inline fun <reified E : Enum<E>> named(name: String): E =
    enumValues<E>().first { it.name.replace("_", "") == name.replace("_", "").uppercase() }

private fun JsonObject.text(name: String): String = getValue(name).jsonPrimitive.content

private fun JsonObject.texts(name: String): List<String> =
    getValue(name).jsonArray.map { it.jsonPrimitive.content }

private fun JsonObject.textOrNull(name: String): String? = get(name)?.jsonPrimitive?.content

private fun JsonObject.flag(name: String): Boolean = getValue(name).jsonPrimitive.boolean

private fun JsonObject.number(name: String): Long = getValue(name).jsonPrimitive.long
