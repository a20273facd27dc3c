package org.canvasscore

import java.io.File
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.test.runTest
import org.canvasscore.model.AttemptInput
import org.canvasscore.model.Bounds
import org.canvasscore.model.CanvassResult
import org.canvasscore.model.ChangeId
import org.canvasscore.model.ContactChannel
import org.canvasscore.model.ExportFormat
import org.canvasscore.model.HouseholdId
import org.canvasscore.model.ListId
import org.canvasscore.model.Point
import org.canvasscore.testing.TestClock
import org.canvasscore.testing.inMemory
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** What an app may rely on under load: calls per screen, memory, and many threads at once. */
class LoadTest {
    @TempDir
    lateinit var root: File

    private fun doors(count: Int): File = File(root, "doors.csv").apply {
        bufferedWriter().use { out ->
            out.write("door_id,house_number,street,unit,town,zip,lat,lon\n")
            for (n in 1..count) out.write("d$n,$n,Willow St,,Lakewater,00000,${44 + n / 1e5},-73.4\n")
        }
    }

    @Test
    fun `a screen is at most ten calls, a knock at most three`() = withPhones(root) { phones ->
        val canvass = phones.ash
        val (list, door) = canvass.firstDoor()
        val (talked, person) = canvass.doors(list).doors.firstNotNullOf { at ->
            canvass.household(list, at.household).people.firstOrNull()?.let { at.household to it.person }
        }
        suspend fun cost(work: suspend () -> Unit): Long {
            val before = canvass.callsMade
            work()
            return canvass.callsMade - before
        }
        val everywhere = Bounds(Point(-60.0, -170.0), Point(60.0, 170.0))
        val screens = mapOf<String, suspend () -> Unit>(
            "Walk List" to {
                canvass.walkList(list)
                canvass.mapFeatures(list, everywhere, 16.0)
                canvass.followUps(list)
            },
            "Household" to {
                canvass.household(list, door)
                canvass.floors(list, door)
                canvass.offeredResults(ContactChannel.PHONE)
            },
            "Survey" to { canvass.conversation(list, talked, person, "en") },
            "Sync" to {
                canvass.syncStatus()
                canvass.conflicts(list)
                canvass.setAside()
            },
            "Settings" to { canvass.diagnostics() },
            "Walk List, observed" to { canvass.observeWalkList(list).first() },
            "Household, observed" to { canvass.observeHousehold(list, door).first() },
        )
        for ((name, open) in screens) {
            val calls = cost(open)
            assertTrue(calls in 1..10) { "$name: $calls" }
        }
        val knock = cost {
            canvass.recordAttempt(AttemptInput(list, door, CanvassResult.NOT_HOME, emptyList(), null))
            canvass.household(list, door)
            canvass.nextStop(list)
        }
        assertTrue(knock <= 3) { "$knock" }
    }

    @Test
    fun `subscribing and observing ten thousand times leaves nothing behind`() = runTest(timeout = 3.minutes) {
        Canvass.inMemory(1uL).use { canvass ->
            val (list, door) = canvass.oneDoor(root)
            suspend fun round(times: Int) =
                repeat(times) { canvass.observeHousehold(list, door).first() }
            round(10_000)
            val (heap, beside) = usedBytes()
            round(10_000)
            val (heapNow, besideNow) = usedBytes()
            assertTrue(heapNow - heap < MAX_HEAP_GROWTH_BYTES) { "${heapNow - heap} bytes of heap more" }
            assertTrue(besideNow - beside < MAX_GROWTH_BYTES) { "${besideNow - beside} bytes more" }
        }
    }

    /** What is in use once the garbage is gone: of the heap, and of the process beside it. */
    private fun usedBytes(): Pair<Long, Long> {
        var heap = heapBytes()
        // JNA frees its memory on a thread of its own, which is behind for a while.
        for (turn in 1..MAX_TURNS) {
            Thread.sleep(500)
            val now = heapBytes()
            val isSettled = heap - now < SETTLED_BYTES
            heap = now
            if (isSettled) break
        }
        val pages = File("/proc/self/statm").readText().split(' ')[1].toLong()
        return heap to pages * PAGE_BYTES - Runtime.getRuntime().totalMemory()
    }

    private fun heapBytes(): Long {
        System.gc()
        return Runtime.getRuntime().let { it.totalMemory() - it.freeMemory() }
    }

    @Test
    fun `eight threads hammer one engine, and every change that was saved is found`() = runBlocking {
        val lasts = (System.getenv("CANVASS_HAMMER_SECONDS")?.toInt() ?: 10).seconds
        Place(root).open(clock = TestClock(MORNING)).use { canvass ->
            val list = canvass.ownCampaign(doors(40))
            val doors = canvass.doors(list).doors.map { it.household }
            val saved = ConcurrentLinkedQueue<ChangeId>()
            val over = AtomicBoolean(false)
            val threads = Executors.newFixedThreadPool(THREADS)
            val work = (0 until THREADS).map { thread ->
                threads.submit {
                    runBlocking {
                        var turn = thread
                        while (!over.get()) {
                            saved += canvass.hammer(list, doors[turn % doors.size], turn, thread)
                            turn++
                        }
                    }
                }
            }
            val began = TimeSource.Monotonic.markNow()
            while (began.elapsedNow() < lasts && work.none { it.isDone }) Thread.sleep(20)
            over.set(true)
            work.forEach { it.get(120, TimeUnit.SECONDS) }
            threads.shutdown()
            assertTrue(saved.size > THREADS) { "${saved.size}" }
            assertEquals(saved.size, saved.toSet().size, "no id twice")
            val file = canvass.export(list, ExportFormat.CSV).bytes.decodeToString()
            val found = file.lineSequence().map { it.substringBefore(',') }.toHashSet()
            assertEquals(emptyList<ChangeId>(), saved.filterNot { it in found })
            println("hammered: ${saved.size} saved in $lasts")
        }
    }

    /** One turn of one thread: reads, observes and saves; what it saved. */
    private suspend fun Canvass.hammer(list: ListId, door: HouseholdId, turn: Int, thread: Int): ChangeId {
        when (turn % 5) {
            0 -> walkList(list)
            1 -> observeHousehold(list, door).first()
            2 -> syncStatus()
            3 -> doors(list, limit = 10u)
            else -> household(list, door)
        }
        return if (turn % 2 == 0) {
            recordNote(list, door, "note $thread $turn").change
        } else {
            recordAttempt(AttemptInput(list, door, CanvassResult.NOT_HOME, emptyList(), null)).change
        }
    }

    private companion object {
        const val THREADS = 8
        const val PAGE_BYTES = 4096L
        const val MAX_TURNS = 40
        const val SETTLED_BYTES = 256L * 1024
        const val MAX_HEAP_GROWTH_BYTES = 8L * 1024 * 1024
        const val MAX_GROWTH_BYTES = 48L * 1024 * 1024
    }
}
