package org.canvasscore.sample

import java.io.File
import java.io.IOException
import java.time.Instant
import java.util.UUID
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runTest
import org.canvasscore.Canvass
import org.canvasscore.CanvassException
import org.canvasscore.EngineConfig
import org.canvasscore.SyncReply
import org.canvasscore.SyncTransport
import org.canvasscore.model.CanvassResult
import org.canvasscore.model.SyncOutcome
import org.canvasscore.testing.FileKeyVault
import org.canvasscore.testing.TestClock
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** Drives each screen as an activity would, without one. */
class ScreensTest {
    @TempDir
    lateinit var root: File

    private val list = UUID.randomUUID()
    private val household = UUID.randomUUID()

    private fun screens(
        transport: SyncTransport = SyncTransport { throw IOException() },
        test: suspend TestScope.(Canvass, CoroutineScope) -> Unit,
    ) = runTest {
        val config = EngineConfig(File(root, "engine").path, testSeed = 7uL)
        val clock = TestClock(Instant.parse("2026-10-03T09:00:00Z"))
        Canvass.open(config, FileKeyVault(File(root, "keys")), clock, transport)
            .use { test(it, backgroundScope) }
    }

    @Test
    fun `the Walk List screen shows the lists, and why one cannot be opened`() =
        screens { canvass, scope ->
            val screen = WalkListScreen(canvass, scope)
            screen.start()
            screen.open(list).join()
            assertTrue(screen.error.value is CanvassException.NotFound)
            screen.readOn().join()
            assertEquals(WalkListState(), screen.state.value)
        }

    @Test
    fun `the Household screen keeps nothing that was not saved`() = screens { canvass, scope ->
        val screen = HouseholdScreen(canvass, list, household, scope)
        screen.start().join()
        assertTrue(screen.error.value is CanvassException)
        for (act in listOf(
            screen.recordDoor(CanvassResult.NOT_HOME),
            screen.recordPeople(emptyList()),
            screen.recordNote("Ring twice"),
            screen.setDoNotContact(null),
            screen.addPerson("Ada", "", "en"),
        )) {
            act.join()
            assertTrue(screen.error.value is CanvassException)
        }
        assertEquals(HouseholdState(), screen.state.value)
    }

    @Test
    fun `the Survey screen keeps nothing that was not saved`() = screens { canvass, scope ->
        val screen = SurveyScreen(canvass, list, household, UUID.randomUUID(), "en", scope)
        screen.start().join()
        screen.answer("support", null).join()
        assertTrue(screen.error.value is CanvassException)
        assertEquals(SurveyState(), screen.state.value)
    }

    @Test
    fun `the Sync screen joins, syncs and says how it went`() =
        screens({ SyncReply(401, null, ByteArray(0)) }) { canvass, scope ->
            val screen = SyncScreen(canvass, scope)
            screen.start().join()
            assertTrue(screen.error.value is CanvassException.NoCampaign)
            val code = "00112233445566778899aabbccddeeff"
            screen.join("https://campaign.example/j/$code").join()
            assertEquals(null, screen.error.value)
            screen.start()
            assertTrue(screen.state.first { it.status != null }.status!!.hasServer)
            screen.sync().join()
            assertEquals(SyncOutcome.NOT_ENROLLED, screen.state.value.report?.outcome)
            assertFalse(screen.state.value.isSyncing)
        }
}
