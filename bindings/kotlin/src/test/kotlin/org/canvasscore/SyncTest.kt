@file:OptIn(ExperimentalCoroutinesApi::class)

package org.canvasscore

import com.sun.net.httpserver.HttpExchange
import java.io.File
import java.net.ServerSocket
import java.time.Duration
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withTimeout
import org.canvasscore.model.SyncOutcome
import org.canvasscore.model.SyncReport
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** Sync against what a phone really meets: no server, another server, half a server. */
class SyncTest {
    @TempDir
    lateinit var root: File

    private val place by lazy { Place(root) }

    /** Syncs with a server that answers as it is told. */
    private suspend fun syncWith(answer: (HttpExchange) -> Unit): SyncReport =
        LocalServer(answer).use { server ->
            place.open().use { canvass ->
                canvass.join(invitationTo(server.address))
                canvass.sync()
            }
        }

    @Test
    fun `without a campaign there is nothing to sync`() = runTest {
        place.open().use { failure<CanvassException.NoCampaign> { it.sync() } }
    }

    @Test
    fun `a server that cannot be reached is Offline, and names the next try`() = runTest {
        val port = ServerSocket(0).use { it.localPort }
        place.open().use { canvass ->
            canvass.join(invitationTo("http://127.0.0.1:$port"))
            val report = canvass.sync()
            assertEquals(SyncOutcome.OFFLINE, report.outcome)
            assertTrue(report.retryAt!! > MORNING)
            assertEquals(report.retryAt, canvass.syncStatus().nextTry)
        }
    }

    @Test
    fun `a page to log in to some network is Offline`() = runTest {
        val report = syncWith { it.answer(200, "<html><body>Welcome</body></html>") }
        assertEquals(SyncOutcome.OFFLINE, report.outcome)
    }

    @Test
    fun `a redirect is not followed`() = runTest {
        val followed = AtomicInteger()
        LocalServer { followed.incrementAndGet() }.use { gate ->
            val report = syncWith { it.answer(302, "", "Location" to "${gate.address}/login") }
            assertEquals(SyncOutcome.OFFLINE, report.outcome)
        }
        assertEquals(0, followed.get())
    }

    @Test
    fun `each status is what the engine makes of it`() = runTest {
        val expected = mapOf(
            401 to SyncOutcome.NOT_ENROLLED,
            404 to SyncOutcome.INVITATION_REFUSED,
            410 to SyncOutcome.INVITATION_REFUSED,
            422 to SyncOutcome.REFUSED,
            500 to SyncOutcome.SERVER_TROUBLE,
        )
        val outcomes = expected.keys.associateWith { status ->
            syncWith { it.answer(status, "no") }.outcome
        }
        assertEquals(expected, outcomes)
    }

    @Test
    fun `a server that asks for patience gets it`() = runTest {
        val report = syncWith { it.answer(503, "", "Retry-After" to "120") }
        assertEquals(SyncOutcome.SERVER_TROUBLE, report.outcome)
        assertFalse(report.retryAt!!.isBefore(MORNING.plusSeconds(120)))
    }

    @Test
    fun `half an answer is none`() = runTest {
        val report = syncWith { exchange ->
            exchange.requestBody.readAllBytes()
            exchange.sendResponseHeaders(200, 1_000)
            exchange.responseBody.write(ByteArray(10))
            exchange.responseBody.flush()
        }
        assertEquals(SyncOutcome.OFFLINE, report.outcome)
    }

    @Test
    fun `a connection that closes without an answer is none`() = runTest {
        val report = syncWith { it.close() }
        assertEquals(SyncOutcome.OFFLINE, report.outcome)
    }

    @Test
    fun `the wait that the engine asks for is kept, and not when someone is waiting`() = runTest {
        LocalServer { it.answer(503, "", "Retry-After" to "90") }.use { server ->
            place.open().use { canvass ->
                canvass.join(invitationTo(server.address))
                canvass.sync()
                val began = currentTime
                canvass.sync(now = true)
                assertTrue(currentTime - began < 90_000)
                canvass.sync(now = false)
                assertTrue(currentTime - began >= 90_000)
            }
        }
    }

    @Test
    fun `syncing goes on until trying again is useless`() = runTest {
        val requests = AtomicInteger()
        val reports = mutableListOf<SyncOutcome>()
        LocalServer { it.answer(if (requests.incrementAndGet() < 5) 500 else 401, "") }.use {
            place.open().use { canvass ->
                canvass.join(invitationTo(it.address))
                val last = canvass.keepSyncing(every = 5.minutes) { reports += it.outcome }
                assertEquals(SyncOutcome.NOT_ENROLLED, last.outcome)
            }
        }
        assertEquals(SyncOutcome.SERVER_TROUBLE, reports.first())
        assertEquals(SyncOutcome.NOT_ENROLLED, reports.last())
        assertTrue(currentTime >= Duration.ofMinutes(5).toMillis())
    }

    @Test
    fun `cancelling ends a sync at once, and the next one works`() = runBlocking(Dispatchers.Default) {
        val asked = CountDownLatch(1)
        val release = CountDownLatch(1)
        val patience = AtomicInteger()
        LocalServer { exchange ->
            if (patience.incrementAndGet() == 1) {
                asked.countDown()
                release.await(60, TimeUnit.SECONDS)
            }
            exchange.answer(401, "")
        }.use { server ->
            place.open().use { canvass ->
                canvass.join(invitationTo(server.address))
                val hanging = launch { canvass.sync() }
                assertTrue(asked.await(30, TimeUnit.SECONDS))
                withTimeout(5.seconds) { hanging.cancelAndJoin() }
                val next = async { canvass.sync() }
                assertEquals(SyncOutcome.NOT_ENROLLED, withTimeout(10.seconds) { next.await() }.outcome)
                release.countDown()
            }
        }
    }

    @Test
    fun `an app may bring its own transport`() = runTest {
        var asked: String? = null
        val transport = SyncTransport { request ->
            asked = request.url
            SyncReply(401, null, ByteArray(0))
        }
        place.open(transport = transport).use { canvass ->
            canvass.join(invitationTo("https://campaign.example/canvass"))
            assertEquals(SyncOutcome.NOT_ENROLLED, canvass.sync().outcome)
        }
        assertNotNull(asked)
        assertTrue(asked!!.startsWith("https://campaign.example/canvass/"))
    }
}
