package org.canvasscore

import java.io.File
import java.io.IOException
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.firstOrNull
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import org.canvasscore.model.ChangeNotice
import org.canvasscore.model.SyncStatus
import org.canvasscore.testing.TestClock
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** A listener that hands on. */
fun listener(changed: (ChangeNotice) -> Unit): ChangeListener = object : ChangeListener {
    override fun changed(notice: ChangeNotice) = changed(notice)
}

/** The first value of a flow; nothing when it ends without one. */
suspend fun <T> Flow<T>.firstOrNullOfEnded(): T? = firstOrNull()

class ObservationTest {
    @TempDir
    lateinit var root: File

    private val place by lazy { Place(root) }

    private fun engine() = CanvassEngine.open(place.config, place.vault, TestClock(MORNING))

    private fun server(number: Int) = invitationTo("https://campaign-$number.example")

    @Test
    fun `a listener hears of each commit until it is cancelled`() {
        engine().use { engine ->
            val told = mutableListOf<ULong>()
            val subscription = engine.subscribe(listener { told += it.revision })
            engine.join(server(1))
            engine.join(server(2))
            subscription.cancel()
            subscription.cancel()
            engine.join(server(3))
            assertEquals(listOf(1uL, 2uL), told)
            subscription.close()
        }
    }

    @Test
    fun `a listener may call back into the engine`() {
        engine().use { engine ->
            val read = mutableListOf<Boolean>()
            engine.subscribe(listener { read += engine.syncStatus().hasServer }).use {
                engine.join(server(1))
            }
            assertEquals(listOf(true), read)
        }
    }

    @Test
    fun `a listener that is closed, or whose engine is, hears nothing more`() {
        val told = AtomicInteger()
        engine().use { engine ->
            engine.subscribe(listener { told.incrementAndGet() }).close()
            engine.join(server(1))
            assertEquals(0, told.get())
            engine.subscribe(listener { told.incrementAndGet() })
            engine.shutDown()
            runCatching { engine.join(server(2)) }
        }
        assertEquals(0, told.get())
    }

    @Test
    fun `ten thousand subscriptions come and go`() {
        engine().use { engine ->
            val told = AtomicInteger()
            repeat(10_000) { engine.subscribe(listener { told.incrementAndGet() }).close() }
            engine.join(server(1))
            assertEquals(0, told.get())
        }
    }

    @Test
    fun `a flow gives what is there, then what it becomes`() = runTest {
        place.open().use { canvass ->
            canvass.join(server(1))
            val seen = mutableListOf<SyncStatus>()
            val collector = launch { canvass.observeSyncStatus().collect { seen += it } }
            while (seen.isEmpty()) awaitOthers()
            LocalServer { it.answer(500, "") }.use { server ->
                canvass.join(invitationTo(server.address))
                canvass.sync()
                while (seen.last().nextTry == null) awaitOthers()
            }
            collector.cancelAndJoin()
            assertEquals(null, seen.first().nextTry)
            assertEquals(seen, seen.distinct(), "equal values are given once")
        }
    }

    @Test
    fun `a flow reads once for all commits that came while it was busy`() = runTest {
        place.open().use { canvass ->
            canvass.join(server(0))
            var reads = 0
            val collector = launch {
                canvass.observeSyncStatus().collect {
                    reads++
                    repeat(50) { number -> canvass.join(server(number)) }
                }
            }
            while (reads == 0) awaitOthers()
            awaitOthers()
            collector.cancelAndJoin()
            assertTrue(reads <= 2) { "$reads" }
        }
    }

    @Test
    fun `no commit falls between listening and the first read`() = runTest {
        repeat(100) { round ->
            Place(File(root, "$round")).open(transport = { throw IOException() }).use { canvass ->
                canvass.join(server(round))
                val seen = async(Dispatchers.Default) {
                    withTimeout(10.seconds) {
                        canvass.observeSyncStatus().first { it.nextTry != null }
                    }
                }
                canvass.sync()
                assertNotNull(seen.await())
            }
        }
    }

    @Test
    fun `a flow fails as its read does, and ends when the engine is closed`() = runTest {
        val canvass = place.open()
        failure<CanvassException.NoCampaign> { canvass.observeSyncStatus().first() }
        val ended = async { canvass.observeWalkLists().toList() }
        awaitOthers()
        canvass.close()
        assertTrue(ended.await().size <= 1)
    }

    @Test
    fun `a thousand flows come and go`() = runTest {
        place.open().use { canvass ->
            repeat(1_000) { canvass.observeWalkLists().first() }
        }
    }

    /** Lets the engine's threads, which keep real time, get on. */
    private suspend fun awaitOthers() =
        withContext(Dispatchers.IO) { Thread.sleep(20) }
}
