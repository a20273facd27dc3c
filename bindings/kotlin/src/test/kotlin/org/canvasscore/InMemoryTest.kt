package org.canvasscore

import java.io.File
import java.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlinx.coroutines.test.runTest
import org.canvasscore.model.AttemptInput
import org.canvasscore.model.CanvassResult
import org.canvasscore.model.ListCondition
import org.canvasscore.model.SyncOutcome
import org.canvasscore.model.VaultCondition
import org.canvasscore.testing.FakeNetwork
import org.canvasscore.testing.MemoryKeyVault
import org.canvasscore.testing.NetworkFault
import org.canvasscore.testing.TEST_MORNING
import org.canvasscore.testing.TestClock
import org.canvasscore.testing.inMemory
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** What an app's own tests stand on. */
class InMemoryTest {
    @TempDir
    lateinit var root: File

    private fun left(): Set<String> = File(System.getProperty("java.io.tmpdir"))
        .list { _, name -> name.startsWith("canvass-test") }.orEmpty().toSet()

    @Test
    fun `an app's test needs five lines, and leaves no file`() = runTest {
        val before = left()
        Canvass.inMemory(seed = 7uL).use { canvass ->
            val (list, door) = canvass.oneDoor(root)
            val input = AttemptInput(list, door, CanvassResult.NOT_HOME, emptyList(), null)
            canvass.recordAttempt(input)
            assertEquals(1u, canvass.progress(list).done)
            assertEquals(1, (left() - before).size)
        }
        assertEquals(before, left())
    }

    @Test
    fun `the same seed and calls give the same ids and times`() = runTest {
        suspend fun day(seed: ULong) = Canvass.inMemory(seed).use { canvass ->
            val (list, door) = canvass.oneDoor(root)
            listOf(list, door, canvass.recordNote(list, door, "x").change) +
                canvass.household(list, door).notes.map { it.at }
        }
        val first = day(1uL)
        assertEquals(first, day(1uL))
        assertTrue(first != day(2uL))
    }

    @Test
    fun `the clock stands until it is moved`() = runTest {
        val clock = TestClock(TEST_MORNING)
        Canvass.inMemory(1uL, clock).use { canvass ->
            val (list, door) = canvass.oneDoor(root)
            clock.advance(Duration.ofMinutes(5))
            canvass.recordNote(list, door, "x")
            val at = canvass.household(list, door).notes.single().at
            assertEquals(TEST_MORNING.plusSeconds(300), at)
        }
    }

    @Test
    fun `each fault of a network is what the engine makes of it`() = runTest {
        val network = FakeNetwork(HttpSyncTransport())
        Canvass.inMemory(1uL, network = network).use { canvass ->
            canvass.join(invitationTo("https://campaign.example"))
            val expected = mapOf(
                NetworkFault.Offline to SyncOutcome.OFFLINE,
                NetworkFault.Silent to SyncOutcome.OFFLINE,
                NetworkFault.WebPage to SyncOutcome.OFFLINE,
                NetworkFault.Busy(60u) to SyncOutcome.SERVER_TROUBLE,
            )
            for ((fault, outcome) in expected) {
                network.fault = fault
                val before = network.requests
                assertEquals(outcome, canvass.sync().outcome, "$fault")
                assertTrue(network.requests > before)
                assertEquals(outcome, canvass.diagnostics().lastOutcome)
            }
        }
        Canvass.inMemory(1uL).use { canvass ->
            canvass.join(invitationTo("https://campaign.example"))
            assertEquals(SyncOutcome.OFFLINE, canvass.sync().outcome, "no server, no network")
        }
    }

    @Test
    fun `whatever a network does on the way, every change arrives once`() = withPhones(root) { phones ->
        val network = FakeNetwork(HttpSyncTransport())
        val invited = phones.operator("POST", "/invitations", """{"canvasser":"Cedar","lists":[1]}""")
        val path = Regex("\"path\":\"([^\"]+)\"").find(invited)!!.groupValues[1]
        Canvass.inMemory(9uL, TestClock(MORNING), network).use { canvass ->
            canvass.join(phones.address + path)
            val faults = listOf(
                NetworkFault.LostReply, NetworkFault.HalfBody, NetworkFault.WebPage,
                NetworkFault.Silent, NetworkFault.Offline, NetworkFault.Busy(1u),
            )
            var tries = 0
            while (canvass.sync().outcome != SyncOutcome.COMPLETE && tries < 20) tries++
            val (list, door) = canvass.firstDoor()
            for ((number, fault) in faults.withIndex()) {
                canvass.recordNote(list, door, "note $number")
                network.then(fault)
                while (canvass.sync().outcome != SyncOutcome.COMPLETE) tries++
            }
            assertTrue(tries < 40) { "$tries" }
            phones.ash.sync()
            val (same, there) = phones.ash.firstDoor()
            val notes = phones.ash.household(same, there).notes.map { it.text }
            assertEquals(faults.indices.map { "note $it" }, notes.sorted())
            assertEquals(canvass.stateDigest(list), phones.ash.stateDigest(same))
        }
    }

    @Test
    fun `diagnostics tell how it goes`() = runTest(timeout = 1.minutes) {
        Canvass.inMemory(3uL).use { canvass ->
            assertEquals(null, canvass.diagnostics().campaign)
            val (list, door) = canvass.oneDoor(root)
            canvass.recordNote(list, door, "Noteworthy-gate-code")
            failure<CanvassException.InvalidInput> { canvass.recordNote(list, door, "") }
            val told = canvass.diagnostics()
            assertEquals(1u, told.onThisPhone)
            assertEquals(ListCondition.Ready, told.lists.single().condition)
            assertEquals(VaultCondition.WORKING, told.vault)
            assertEquals(listOf("empty_text"), told.errors.map { it.code })
            assertTrue("\"on_this_phone\":1" in told.json)
            val private = listOf("Noteworthy", "Willow", "Ash", "Ward", "$list", "$door")
            for (word in private) assertTrue(word !in "$told", word)
        }
    }

    @Test
    fun `the vault in memory keeps what it wrapped until the alias is deleted`() {
        val vault = MemoryKeyVault()
        val wrapped = vault.wrap("a", byteArrayOf(1, 2))
        assertEquals(listOf<Byte>(1, 2), vault.unwrap("a", wrapped).toList())
        vault.delete("a")
        assertThrows(CallbackException.Lost::class.java) { vault.unwrap("a", wrapped) }
    }
}
