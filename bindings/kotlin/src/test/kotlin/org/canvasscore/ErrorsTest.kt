package org.canvasscore

import java.io.File
import kotlinx.coroutines.test.runTest
import org.canvasscore.model.ClosedBecause
import org.canvasscore.model.ImportOptions
import org.canvasscore.model.NewCampaign
import org.canvasscore.model.StoreFile
import org.canvasscore.model.What
import org.canvasscore.testing.TestClock
import org.canvasscore.testing.inMemory
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** What an app makes of errors: a code for the log, a sentence for the person. */
class ErrorsTest {
    @TempDir
    lateinit var root: File

    private val place by lazy { Place(root) }

    /** One of each case, with its code. */
    private val all = mapOf(
        CanvassException.InvalidInput("empty_text", "") to "empty_text",
        CanvassException.BadFile("html", 1uL, null) to "html",
        CanvassException.BadScript("json", "") to "json",
        CanvassException.Cancelled() to "cancelled",
        CanvassException.NotFound(What.LIST) to "not_found",
        CanvassException.NotYours() to "not_yours",
        CanvassException.NoCampaign() to "no_campaign",
        CanvassException.AlreadyInCampaign() to "already_in_campaign",
        CanvassException.NotArrived() to "not_arrived",
        CanvassException.ListClosed(ClosedBecause.EXPIRED) to "list_closed",
        CanvassException.TryLater() to "try_later",
        CanvassException.KeyLost(StoreFile.MAIN) to "key_lost",
        CanvassException.WrongKey(StoreFile.MAIN) to "wrong_key",
        CanvassException.StorageCorrupt(StoreFile.MAIN) to "storage_corrupt",
        CanvassException.NewerDatabase(StoreFile.MAIN, 9u, 1u) to "newer_database",
        CanvassException.StorageFull() to "storage_full",
        CanvassException.StorageForbidden(StoreFile.DIRECTORY) to "storage_forbidden",
        CanvassException.InUse() to "in_use",
        CanvassException.Closed() to "closed",
        CanvassException.Panicked(false) to "panicked",
        CanvassException.Internal("device") to "device",
    )

    @Test
    fun `every error has a code, and a sentence in the canvasser's language`() {
        val cases = CanvassException::class.java.declaredClasses
            .filter { CanvassException::class.java.isAssignableFrom(it) }.toSet()
        assertEquals(cases, all.keys.map { it.javaClass }.toSet())
        for ((error, code) in all) {
            assertEquals(code, error.code)
            val english = error.userSentence(listOf("en-US"))
            val spanish = error.userSentence(listOf("es-US", "en"))
            assertTrue(english.endsWith(".") && spanish.endsWith("."), code)
            assertNotEquals(english, spanish, code)
            assertTrue(error.userSentence() in listOf(english, spanish), code)
        }
    }

    @Test
    fun `a directory that cannot be written is StorageForbidden`() = runTest {
        val file = File(root, "a file").apply { writeText("") }
        for (directory in listOf(File(file, "engine"), File("/proc/canvass"))) {
            failure<CanvassException.StorageForbidden> {
                Canvass.open(EngineConfig(directory.path), place.vault, TestClock(MORNING))
            }
        }
    }

    @Test
    fun `a damaged file is StorageCorrupt, and is left as it is`() = runTest {
        place.open().use { it.createCampaign(NewCampaign("Ward 3", "Ash")) }
        val database = File(root, "engine/main.db")
        database.writeBytes(ByteArray(database.length().toInt()) { 7 })
        val damaged = failure<CanvassException.StorageCorrupt> { place.open() }
        assertEquals(StoreFile.MAIN, damaged.file)
        assertTrue(database.readBytes().all { it.toInt() == 7 })
    }

    @Test
    fun `what only the campaign decides is NotYours`() = runTest {
        val doors = File(root, "doors.csv").apply { writeText("door_id,lat,lon\nd1,44,-73\n") }
        place.open().use { canvass ->
            canvass.join(invitationTo("https://campaign.example"))
            failure<CanvassException.NotYours> {
                canvass.importFile(doors.path, ImportOptions(null, null, false))
            }
        }
    }

    @Test
    fun `long work that its listener stops is Cancelled`() {
        CanvassEngine.open(place.config, place.vault, TestClock(MORNING)).use { engine ->
            engine.createCampaign(NewCampaign("Ward 3", "Ash"))
            val doors = File(root, "doors.csv").apply { writeText("door_id,lat,lon\nd1,44,-73\n") }
            val stop = object : ProgressListener {
                override fun goOn(done: ULong, total: ULong): Boolean = false
            }
            val error = runCatching {
                engine.importFile(doors.path, ImportOptions(null, null, false), stop)
            }
            assertTrue(error.exceptionOrNull() is CanvassException.Cancelled)
            engine.shutDown()
        }
    }

    @Test
    fun `a defect in a read arrives typed, and the engine goes on`() = runTest {
        Canvass.inMemory(1uL).use { canvass ->
            val (list, door) = canvass.oneDoor(root)
            canvass.recordNote(list, door, "before")
            canvass.panicInNextCall()
            val panicked = failure<CanvassException.Panicked> { canvass.household(list, door) }
            assertTrue(panicked.canGoOn)
            assertEquals(listOf("before"), canvass.household(list, door).notes.map { it.text })
            canvass.recordNote(list, door, "after")
            assertEquals("panicked", canvass.diagnostics().errors.single().code)
        }
    }

    @Test
    fun `a defect in a write stops the engine, and nothing that was saved is lost`() = runTest {
        place.open().use { canvass ->
            val (list, door) = canvass.oneDoor(root)
            canvass.recordNote(list, door, "before")
            canvass.panicInNextCall()
            val panicked = failure<CanvassException.Panicked> { canvass.recordNote(list, door, "lost") }
            assertFalse(panicked.canGoOn)
            failure<CanvassException.Panicked> { canvass.walkLists() }
        }
        place.open().use { canvass ->
            val (list, door) = canvass.firstDoor()
            assertEquals(listOf("before"), canvass.household(list, door).notes.map { it.text })
            canvass.recordNote(list, door, "after")
        }
    }

    @Test
    fun `a defect is made only in an engine with a test seed`() {
        val config = place.config.copy(testSeed = null)
        CanvassEngine.open(config, place.vault, TestClock(MORNING)).use { engine ->
            val refused = runCatching { engine.panicInNextCall() }.exceptionOrNull()
            assertEquals("only_in_tests", (refused as CanvassException.InvalidInput).code)
            assertTrue(engine.canGoOn())
            engine.shutDown()
            assertFalse(engine.canGoOn())
        }
    }
}
