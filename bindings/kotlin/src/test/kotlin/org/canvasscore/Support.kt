package org.canvasscore

import com.sun.net.httpserver.HttpExchange
import com.sun.net.httpserver.HttpServer
import java.io.File
import java.net.InetAddress
import java.net.InetSocketAddress
import java.time.Instant
import java.util.concurrent.Executors
import org.canvasscore.model.HouseholdId
import org.canvasscore.model.ImportOptions
import org.canvasscore.model.ListId
import org.canvasscore.model.NewCampaign
import org.canvasscore.testing.FileKeyVault
import org.canvasscore.testing.TestClock
import org.junit.jupiter.api.Assertions.assertTrue

/** A moment after 1970 with a fraction, before which no test's clock goes. */
val MORNING: Instant = Instant.parse("2026-10-03T09:00:00.250Z")

/** Where an engine under test keeps its files, and its keys beside them. */
class Place(val root: File) {
    val config get() = EngineConfig(File(root, "engine").path, testSeed = 7uL)
    val vault get() = FileKeyVault(File(root, "keys"))

    suspend fun open(
        vault: KeyVault = this.vault,
        clock: Clock = TestClock(MORNING),
        transport: SyncTransport = HttpSyncTransport(),
    ): Canvass = Canvass.open(config, vault, clock, transport)

    /** With ids by chance: no other phone has the same, and none comes again after a restart. */
    suspend fun openUnseeded(clock: Clock = TestClock(MORNING)): Canvass =
        Canvass.open(config.copy(testSeed = null), vault, clock)
}

/** An invitation to the server at [address]. */
fun invitationTo(address: String): String = "$address/j/00112233445566778899aabbccddeeff"

/** The error that [block] ends with, which must be of the type asked for. */
suspend inline fun <reified E : Throwable> failure(crossinline block: suspend () -> Unit): E {
    val thrown = try {
        block()
        null
    } catch (error: Throwable) {
        error
    }
    assertTrue(thrown is E) { "expected ${E::class.simpleName}, got $thrown" }
    return thrown as E
}

/** A campaign of this phone's own over a file of doors. */
suspend fun Canvass.ownCampaign(doors: File): ListId {
    val list = createCampaign(NewCampaign("Ward 3", "Ash"))
    importFile(doors.path, ImportOptions(null, null, false))
    return list
}

/** A campaign of this phone's own with one door; a file for it is made in [folder]. */
suspend fun Canvass.oneDoor(folder: File): Pair<ListId, HouseholdId> {
    val doors = File(folder, "one door.csv")
    doors.writeText(
        "door_id,house_number,street,unit,town,zip,lat,lon\n" +
            "d1,1,Willow St,,Lakewater,00000,44.2,-73.4\n",
    )
    ownCampaign(doors)
    return firstDoor()
}

/** An HTTP server on this machine that answers every request as it is told. */
class LocalServer(answer: (HttpExchange) -> Unit) : AutoCloseable {
    private val threads = Executors.newCachedThreadPool()
    private val server =
        HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0)

    val address: String get() = "http://127.0.0.1:${server.address.port}"

    init {
        server.executor = threads
        server.createContext("/") { exchange -> exchange.use(answer) }
        server.start()
    }

    override fun close() {
        server.stop(0)
        threads.shutdownNow()
    }

    private fun HttpExchange.use(answer: (HttpExchange) -> Unit) = try {
        answer(this)
    } finally {
        close()
    }
}

/** Answers with [status] and [body]. */
fun HttpExchange.answer(status: Int, body: String, vararg headers: Pair<String, String>) {
    requestBody.readAllBytes()
    headers.forEach { (name, value) -> responseHeaders.add(name, value) }
    val bytes = body.toByteArray()
    sendResponseHeaders(status, if (bytes.isEmpty()) -1 else bytes.size.toLong())
    responseBody.write(bytes)
}
