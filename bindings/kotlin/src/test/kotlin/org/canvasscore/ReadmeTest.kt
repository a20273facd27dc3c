package org.canvasscore

import java.io.File
import kotlin.time.Duration.Companion.minutes
import kotlinx.coroutines.test.runTest
import org.canvasscore.model.SyncOutcome
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

class ReadmeTest {
    @TempDir
    lateinit var root: File

    @Test
    fun `the example of the README knocks on a door, and the campaign hears of it`() =
        runTest(timeout = 2.minutes) {
            CampaignServer(root.resolve("server"), 7uL, MORNING.toEpochMilli()).use { server ->
                val replay = Replay(root, server)
                scenarioSteps("offline_day").takeWhile { "operator" in it }.forEach { replay.step(it) }
                val place = Place(root)
                val invitation = server.address + replay.kept("ash")
                val report = firstKnock(place.config.directory, place.vault, invitation)
                assertEquals(SyncOutcome.COMPLETE, report.outcome)
                assertEquals(1u, report.sent)
                val export = "/v1/campaigns/${replay.kept("campaign")}/export/csv"
                assertTrue("not_home" in server.operator("GET", export, ByteArray(0)).decodeToString())
            }
        }
}
