package org.canvasscore.testing

import java.io.IOException
import java.net.SocketTimeoutException
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.delay
import org.canvasscore.SyncReply
import org.canvasscore.SyncTransport
import org.canvasscore.model.SyncRequest

/** What a network may do in place of carrying a request. */
public sealed interface NetworkFault {
    /** There is no network. */
    public data object Offline : NetworkFault

    /** Nobody answers, until the caller gives up. */
    public data object Silent : NetworkFault

    /** A web page answers in the server's place, with status 200: a sign-in page of a hotel's. */
    public data object WebPage : NetworkFault

    /** The answer ends in the middle. The server has seen the request. */
    public data object HalfBody : NetworkFault

    /** The server asks for patience: status 429. */
    public data class Busy(val retryAfterS: UInt) : NetworkFault

    /** The server has seen the request, and its answer is lost. */
    public data object LostReply : NetworkFault
}

/**
 * A network for tests: it carries requests to [server], or does what [fault] or [then] say.
 *
 * Without a server it is as if there were no network. What never answers lets its caller wait for
 * [silence] only, in place of the half minute that a request may take.
 */
public class FakeNetwork(
    private val server: SyncTransport? = null,
    private val silence: Duration = 50.milliseconds,
) : SyncTransport {
    private val next = ConcurrentLinkedQueue<NetworkFault>()
    private val asked = AtomicInteger()

    /** What happens to every request from now on; nothing: they are carried. */
    @Volatile
    public var fault: NetworkFault? = null

    /** How many requests there were. */
    public val requests: Int get() = asked.get()

    /** What happens to the coming requests, one after the other, before [fault] counts again. */
    public fun then(vararg faults: NetworkFault) {
        next.addAll(faults)
    }

    override suspend fun send(request: SyncRequest): SyncReply {
        asked.incrementAndGet()
        return when (val fault = next.poll() ?: fault) {
            null -> carry(request)
            NetworkFault.Offline -> throw IOException("no network")
            NetworkFault.Silent -> {
                delay(silence)
                throw SocketTimeoutException("no answer in time")
            }
            NetworkFault.WebPage -> SyncReply(OK, null, PAGE.toByteArray())
            NetworkFault.HalfBody -> {
                val whole = carry(request)
                SyncReply(whole.status, whole.retryAfterS, whole.body.copyOf(whole.body.size / 2))
            }
            is NetworkFault.Busy -> SyncReply(BUSY, fault.retryAfterS, ByteArray(0))
            NetworkFault.LostReply -> {
                carry(request)
                throw IOException("the answer is lost")
            }
        }
    }

    private suspend fun carry(request: SyncRequest): SyncReply =
        server?.send(request) ?: throw IOException("no network")

    private companion object {
        const val OK = 200
        const val BUSY = 429
        const val PAGE = "<!doctype html><title>Sign in</title><p>Welcome to our network."
    }
}
