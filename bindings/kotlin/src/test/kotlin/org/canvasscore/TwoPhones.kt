package org.canvasscore

import java.io.File
import kotlin.time.Duration.Companion.minutes
import kotlinx.coroutines.test.runTest
import org.canvasscore.model.AttemptInput
import org.canvasscore.model.CanvassResult
import org.canvasscore.model.HouseholdId
import org.canvasscore.model.ListId
import org.canvasscore.model.Saved
import org.canvasscore.model.SyncOutcome
import org.canvasscore.testing.TestClock
import org.junit.jupiter.api.Assertions.assertEquals

/** A real backend with a campaign of one list, and two phones that hold it. */
class TwoPhones(
    private val server: CampaignServer,
    private val path: String,
    /** Of both phones. */
    val clock: TestClock,
    val ash: Canvass,
    val birch: Canvass,
) {
    /** Where the backend listens. */
    val address: String get() = server.address

    operator fun component1(): Canvass = ash

    operator fun component2(): Canvass = birch

    /** An operator's request below the campaign. */
    fun operator(method: String, below: String, body: String = ""): String =
        server.operator(method, path + below, body.toByteArray()).decodeToString()
}

/** Runs a test with two phones that have joined. */
fun withPhones(root: File, work: suspend (TwoPhones) -> Unit) = runTest(timeout = 2.minutes) {
    CampaignServer(root.resolve("server"), 7uL, MORNING.toEpochMilli()).use { server ->
        val replay = Replay(root, server)
        scenarioSteps("phone_to_phone").takeWhile { "operator" in it }.forEach { replay.step(it) }
        val path = "/v1/campaigns/${replay.kept("campaign")}"
        val clock = TestClock(MORNING)
        Place(root.resolve("ash")).openUnseeded(clock).use { ash ->
            Place(root.resolve("birch")).openUnseeded(clock).use { birch ->
                for ((name, phone) in listOf("ash" to ash, "birch" to birch)) {
                    phone.join(server.address + replay.kept(name))
                    assertEquals(SyncOutcome.COMPLETE, phone.sync().outcome)
                }
                work(TwoPhones(server, path, clock, ash, birch))
            }
        }
    }
}

/** The first door of the only list. */
suspend fun Canvass.firstDoor(): Pair<ListId, HouseholdId> {
    val list = walkLists().single().list
    return list to doors(list).doors.first().household
}

/** Nobody is home at the first door. */
suspend fun Canvass.knock(): Saved {
    val (list, door) = firstDoor()
    return recordAttempt(AttemptInput(list, door, CanvassResult.NOT_HOME, emptyList(), null))
}
