package org.canvasscore

import java.io.File
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.test.runTest
import org.canvasscore.model.BundleReport
import org.canvasscore.model.ExportFormat
import org.canvasscore.testing.inMemory
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** Calls that no scenario makes. What they mean is tested in Rust. */
class WholeApiTest {
    @TempDir
    lateinit var root: File

    @Test
    fun `a note is rewritten, and a mark is set and lifted`() = runTest {
        Canvass.inMemory(1uL).use { canvass ->
            val (list, door) = canvass.oneDoor(root)
            val note = canvass.recordNote(list, door, "Blue gate").change
            canvass.editNote(list, door, note, "Green gate")
            assertEquals(listOf("Green gate"), canvass.household(list, door).notes.map { it.text })
            canvass.setDoNotContact(list, door)
            assertTrue(canvass.household(list, door).doNotContact)
            canvass.liftDoNotContact(list, door)
            assertFalse(canvass.household(list, door).doNotContact)
        }
    }

    @Test
    fun `results go out with a table of codes`() = runTest {
        Canvass.inMemory(1uL).use { canvass ->
            val (list, _) = canvass.oneDoor(root)
            val table = """{"backend":"van","channels":[]}"""
            assertEquals(0uL, canvass.exportWithCodes(list, ExportFormat.VAN, table).records)
            val refused = failure<CanvassException.InvalidInput> {
                canvass.exportWithCodes(list, ExportFormat.VAN, "{")
            }
            assertEquals("codes_shape", refused.code)
        }
    }

    @Test
    fun `reports are told in a sentence`() = runTest {
        Canvass.inMemory(1uL).use { canvass ->
            canvass.oneDoor(root)
            val synced = canvass.syncSentence(canvass.sync())
            val handed = canvass.bundleSentence(BundleReport(2u, 1u, 0u, 0u))
            assertTrue(synced.endsWith(".") && handed.endsWith("."), "$synced $handed")
            canvass.setLanguages(listOf("es"))
            assertTrue(canvass.syncSentence(canvass.sync()) != synced)
        }
    }

    @Test
    fun `each screen is observed`() = withPhones(root) { (ash, _) ->
        val (list, door) = ash.firstDoor()
        val person = ash.doors(list).doors.firstNotNullOf { at ->
            ash.household(list, at.household).people.firstOrNull()?.let { at.household to it.person }
        }
        assertEquals(emptyList<Any>(), ash.observeConflicts(list).first())
        val survey = ash.observeSurvey(list, person.first, person.second, "en").first()
        assertTrue(survey.questions.isNotEmpty())
        val walked = kotlinx.coroutines.coroutineScope {
            val seen = async { ash.observeWalkList(list).first { it.summary.progress.done > 0u } }
            val noted = async { ash.observeHousehold(list, door).first { it.attempts.isNotEmpty() } }
            ash.knock()
            assertEquals(1, noted.await().attempts.size)
            seen.await()
        }
        assertEquals(1u, walked.summary.progress.done)
    }
}
