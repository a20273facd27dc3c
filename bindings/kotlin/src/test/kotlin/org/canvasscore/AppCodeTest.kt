package org.canvasscore

import java.io.File
import java.time.Instant
import kotlinx.coroutines.test.runTest
import org.canvasscore.model.FfiConverterTypeTimestamp
import org.canvasscore.testing.TestClock
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** What the app gives the engine may fail; that arrives typed and harms nothing. */
class AppCodeTest {
    @TempDir
    lateinit var root: File

    private val place by lazy { Place(root) }

    @Test
    fun `a locked key store is TryLater, and the same directory opens later`() = runTest {
        val locked = FailingVault { throw CallbackException.Locked() }
        failure<CanvassException.TryLater> { place.open(vault = locked) }
        place.open().close()
        failure<CanvassException.TryLater> { place.open(vault = locked) }
        place.open().close()
    }

    @Test
    fun `a key store that lost its key is KeyLost, and nothing is made anew`() = runTest {
        place.open().close()
        val before = files()
        failure<CanvassException.KeyLost> {
            place.open(vault = FailingVault { throw CallbackException.Lost() })
        }
        assertEquals(before, files())
    }

    @Test
    fun `an exception that the key store did not declare arrives typed`() = runTest {
        val broken = FailingVault { error("a defect of the app") }
        val internal = failure<CanvassException.Internal> { place.open(vault = broken) }
        assertEquals("key_vault", internal.code)
        place.open().close()
    }

    @Test
    fun `a clock that throws is no reason to lose a change`() = runTest {
        place.open(clock = BrokenClock).use { canvass ->
            canvass.join(invitationTo("https://campaign.example"))
            assertTrue(canvass.syncStatus().hasServer)
        }
    }

    @Test
    fun `a listener that throws disturbs neither the caller nor the next listener`() = runTest {
        CanvassEngine.open(place.config, place.vault, TestClock(MORNING)).use { engine ->
            val told = mutableListOf<ULong>()
            val first = engine.subscribe(listener { error("a defect of the app") })
            val second = engine.subscribe(listener { told += it.revision })
            engine.join(invitationTo("https://campaign.example"))
            assertEquals(listOf(1uL), told)
            listOf(first, second).forEach(Subscription::close)
        }
    }

    @Test
    fun `moments cross unchanged to the microsecond`() {
        val moments = listOf(
            "0001-01-01T00:00:00Z",
            "1969-12-31T23:59:59.999999Z",
            "1969-12-31T23:59:59.750Z",
            "1970-01-01T00:00:00Z",
            "2026-10-03T09:00:00.000001Z",
            "2300-02-28T23:59:59.999999Z",
        )
        for (moment in moments.map(Instant::parse)) {
            val crossed = FfiConverterTypeTimestamp.lift(FfiConverterTypeTimestamp.lower(moment))
            assertEquals(moment, crossed)
        }
    }

    @Test
    fun `the system's clock runs forwards within one boot`() {
        val clock = SystemClock()
        val before = clock.sinceBootMs()
        Thread.sleep(30)
        assertTrue(clock.sinceBootMs() > before)
        assertTrue(clock.bootId().isNotEmpty())
        assertEquals(clock.bootId(), clock.bootId())
        assertTrue(clock.wallMs() > MORNING.minusSeconds(YEAR_S).toEpochMilli())
    }

    @Test
    fun `the vault for tests keeps what it wrapped until the alias is deleted`() {
        val vault = place.vault
        val key = ByteArray(64) { it.toByte() }
        val wrapped = vault.wrap("a", key)
        assertNotEquals(key.toList(), wrapped.takeLast(key.size))
        assertTrue(key.contentEquals(place.vault.unwrap("a", wrapped)))
        vault.wrap("b", key)
        assertLost { vault.unwrap("b", wrapped) }
        vault.delete("a")
        vault.delete("a")
        assertLost { vault.unwrap("a", wrapped) }
    }

    private fun assertLost(block: () -> Unit) {
        org.junit.jupiter.api.Assertions.assertThrows(CallbackException.Lost::class.java, block)
    }

    private fun files(): Map<String, List<Byte>> = File(root, "engine").walk()
        .filter { it.isFile && it.name != "engine.lock" }
        .associate { it.name to it.readBytes().toList() }

    private class FailingVault(private val fail: () -> Nothing) : KeyVault {
        override fun wrap(alias: String, key: ByteArray): ByteArray = fail()

        override fun unwrap(alias: String, wrapped: ByteArray): ByteArray = fail()

        override fun delete(alias: String): Unit = fail()
    }

    private object BrokenClock : Clock {
        override fun wallMs(): Long = throw CallbackException.Failed("no clock")

        override fun bootId(): String = error("a defect of the app")

        override fun sinceBootMs(): ULong = error("a defect of the app")
    }

    private companion object {
        const val YEAR_S = 365L * 24 * 60 * 60
    }
}
