package org.canvasscore

import java.io.IOException
import org.canvasscore.model.SyncRequest

/**
 * Carries one request to the server and brings back its answer.
 *
 * [HttpSyncTransport] is the one that needs nothing else. An app that has an HTTP client
 * already, with its certificates and proxies, implements this with it.
 */
public fun interface SyncTransport {
    /**
     * Sends [request] by POST and gives the answer, whatever its status.
     *
     * It sets `Content-Type` and `Accept` to [SyncRequest.mediaType] and `Authorization` to
     * [SyncRequest.authorization] if there is one, follows no redirect, gives up after
     * [SyncRequest.timeoutMs], refuses an answer longer than [SyncRequest.maxReplyBytes] while
     * it reads it, and stops at once when it is cancelled.
     *
     * @throws IOException when there is no answer: no network, a timeout, a broken connection,
     *   an answer that is too long.
     */
    public suspend fun send(request: SyncRequest): SyncReply
}

/** An answer of the server. */
public class SyncReply(
    /** The HTTP status. */
    public val status: Int,
    /** The header `Retry-After`, if it was there and counts seconds. */
    public val retryAfterS: UInt?,
    /** The body, as it came. */
    public val body: ByteArray,
)
