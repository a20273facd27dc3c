package org.canvasscore

import java.io.IOException
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import kotlin.system.measureTimeMillis
import kotlinx.coroutines.runBlocking
import org.canvasscore.model.SyncRequest
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class HttpSyncTransportTest {
    private val transport = HttpSyncTransport()

    private fun request(
        server: LocalServer,
        timeoutMs: UInt = 10_000u,
        maxReplyBytes: UInt = 1_000u,
        body: ByteArray = ByteArray(300) { it.toByte() },
    ) = SyncRequest(
        url = "${server.address}/v1/push",
        mediaType = "application/cbor",
        authorization = "Bearer secret",
        body = body,
        timeoutMs = timeoutMs,
        maxReplyBytes = maxReplyBytes,
    )

    @Test
    fun `the request arrives as it was given, and the answer comes back as it is`() = runBlocking {
        LocalServer { exchange ->
            val seen = listOf("Content-Type", "Accept", "Authorization")
                .map { exchange.requestHeaders.getFirst(it) }
            assertEquals(listOf("application/cbor", "application/cbor", "Bearer secret"), seen)
            assertEquals("POST", exchange.requestMethod)
            val body = exchange.requestBody.readAllBytes()
            exchange.responseHeaders.add("Retry-After", "7")
            exchange.sendResponseHeaders(429, body.size.toLong())
            exchange.responseBody.write(body)
        }.use { server ->
            val request = request(server)
            val reply = transport.send(request)
            assertEquals(429, reply.status)
            assertEquals(7u, reply.retryAfterS)
            assertArrayEquals(request.body, reply.body)
        }
    }

    @Test
    fun `a refusal without a body is an answer`() = runBlocking {
        for (status in listOf(204, 401, 403, 404, 500)) {
            LocalServer { it.answer(status, "", "WWW-Authenticate" to "Bearer") }.use { server ->
                val reply = transport.send(request(server))
                assertEquals(status, reply.status)
                assertEquals(0, reply.body.size)
            }
        }
    }

    @Test
    fun `an answer is read up to its limit and no further`() = runBlocking {
        LocalServer { it.answer(200, "x".repeat(1_000)) }.use { server ->
            assertEquals(1_000, transport.send(request(server)).body.size)
            failure<IOException> { transport.send(request(server, maxReplyBytes = 999u)) }
            Unit
        }
    }

    @Test
    fun `an answer without end is given up at its limit`() = runBlocking {
        LocalServer { exchange ->
            exchange.requestBody.readAllBytes()
            exchange.sendResponseHeaders(200, 0)
            val chunk = ByteArray(1_024)
            runCatching { while (true) exchange.responseBody.write(chunk) }
        }.use { server ->
            failure<IOException> { transport.send(request(server)) }
            Unit
        }
    }

    @Test
    fun `the timeout bounds the whole exchange, however steadily it drips`() = runBlocking {
        val stop = CountDownLatch(1)
        LocalServer { exchange ->
            exchange.requestBody.readAllBytes()
            exchange.sendResponseHeaders(200, 0)
            runCatching {
                while (!stop.await(50, TimeUnit.MILLISECONDS)) {
                    exchange.responseBody.write(1)
                    exchange.responseBody.flush()
                }
            }
        }.use { server ->
            val took = measureTimeMillis {
                failure<IOException> { transport.send(request(server, timeoutMs = 500u)) }
            }
            stop.countDown()
            assertTrue(took in 400..5_000) { "$took ms" }
        }
    }

    @Test
    fun `an address that is none is no answer`() = runBlocking {
        val broken = SyncRequest("https://not a host/", "a/b", null, ByteArray(0), 1_000u, 10u)
        failure<IOException> { transport.send(broken) }
        Unit
    }
}
