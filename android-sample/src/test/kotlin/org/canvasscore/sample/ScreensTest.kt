package org.canvasscore.sample

import java.io.File
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
import org.canvasscore.model.AnswerValue
import org.canvasscore.model.CanvassResult
import org.canvasscore.model.HouseholdId
import org.canvasscore.model.ImportOptions
import org.canvasscore.model.ListId
import org.canvasscore.model.NewCampaign
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

    private fun screens(
        transport: SyncTransport = SyncTransport { error("nothing is sent") },
        test: suspend TestScope.(Canvass, CoroutineScope) -> Unit,
    ) = runTest {
        val config = EngineConfig(File(root, "engine").path, testSeed = 7uL)
        val clock = TestClock(Instant.parse("2026-10-03T09:00:00Z"))
        Canvass.open(config, FileKeyVault(File(root, "keys")), clock, transport)
            .use { test(it, backgroundScope) }
    }

    /** A campaign of this phone's own, with the doors, people and script of the fixture. */
    private suspend fun Canvass.campaign(): ListId {
        val list = createCampaign(NewCampaign("Ward 3", "Ash"))
        for (name in listOf("doors.csv", "people.csv")) {
            importFile(fixture(name).path, ImportOptions(null, null, false))
        }
        putScript(fixture("script.json").readText())
        return list
    }

    private fun fixture(name: String): File =
        File(System.getProperty("canvass.root")).resolve("tests/fixtures/offline_day").resolve(name)

    private suspend fun Canvass.door(list: ListId, number: String, street: String): HouseholdId =
        doors(list).doors.first {
            it.address.houseNumber == number && it.address.street == street
        }.household

    @Test
    fun `the Walk List screen shows the lists, their doors, and what a knock changes`() =
        screens { canvass, scope ->
            val screen = WalkListScreen(canvass, scope)
            screen.start()
            screen.open(UUID.randomUUID()).join()
            assertTrue(screen.error.value is CanvassException.NotFound)

            val list = canvass.campaign()
            assertEquals(list, screen.state.first { !it.lists.isNullOrEmpty() }.lists!!.single().list)
            screen.open(list)
            val shown = screen.state.first { it.view != null }
            assertEquals(shown.view!!.page.doors, shown.doors)
            screen.readOn().join()
            assertEquals(shown.doors, screen.state.value.doors, "there is no next page")

            val knocked = shown.view.next!!.doors.first().household
            HouseholdScreen(canvass, list, knocked, null, scope).record(CanvassResult.NOT_HOME).join()
            val after = screen.state.first { it.view!!.summary.progress.done == 1u }
            assertEquals(
                CanvassResult.NOT_HOME, after.doors.first { it.household == knocked }.result)
        }

    @Test
    fun `the Household screen shows what was saved, and takes a slip back`() =
        screens { canvass, scope ->
            val list = canvass.campaign()
            val screen = HouseholdScreen(canvass, list, canvass.door(list, "2", "Willow St"), null, scope)
            screen.start()
            val person = screen.state.first { it.view != null }.view!!.people.first().person
            screen.select(person)
            screen.record(CanvassResult.REFUSED).join()
            screen.select(null)
            screen.record(CanvassResult.CONTACTED).join()
            screen.recordNote("Ring twice").join()
            screen.addPerson("Ada", "", "en").join()
            screen.setDoNotContact(person).join()
            val view = screen.state.first { it.view!!.people.first().notContacted != null }.view!!
            assertEquals("Ring twice", view.notes.single().text)
            val knock = view.attempts.single()
            assertEquals(CanvassResult.REFUSED, knock.people.single().result)
            assertEquals(CanvassResult.CONTACTED, knock.door, "side by side, of the same knock")
            assertTrue(view.people.last().met)

            screen.undo(view.attempts.single().attempt).join()
            screen.state.first { it.view!!.attempts.isEmpty() }
            screen.undo(view.attempts.single().attempt).join()
            assertTrue(screen.error.value is CanvassException.InvalidInput)
        }

    @Test
    fun `the Survey screen saves each answer as it is tapped, within one knock`() =
        screens { canvass, scope ->
            val list = canvass.campaign()
            val door = canvass.door(list, "6", "Willow St")
            val person = canvass.household(list, door).people.first().person
            val screen = SurveyScreen(canvass, list, door, person, "es", scope)
            screen.start()
            val begun = screen.state.first { it.screen != null && it.person != null }.screen!!
            assertEquals("es", begun.view.language)
            assertEquals(listOf("en", "es"), begun.view.languages)

            screen.answer("support", AnswerValue.Choice("purple")).join()
            assertEquals("support", (screen.error.value as CanvassException.InvalidInput).question)
            assertEquals(null, screen.state.value.screen!!.attempt)

            screen.answer("support", AnswerValue.Choice("2")).join()
            screen.answer("issues", AnswerValue.Choices(listOf("roads"))).join()
            val after = screen.state.value.screen!!
            assertEquals(listOf("Se inclina a favor", "Calles"), after.view.given.flatMap { it.words })
            val knock = canvass.household(list, door).attempts.single().attempt
            assertEquals(knock, after.attempt)

            screen.back().join()
            assertEquals("issues", screen.state.value.screen!!.view.question?.name)
            screen.speak("en").join()
            assertEquals("What matters most to you?", screen.state.value.screen!!.view.question?.label)
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
