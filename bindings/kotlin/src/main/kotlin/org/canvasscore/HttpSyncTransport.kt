package org.canvasscore

import java.io.ByteArrayOutputStream
import java.io.IOException
import java.io.InputStream
import java.net.HttpURLConnection
import java.net.MalformedURLException
import java.net.SocketTimeoutException
import java.net.URI
import java.net.URISyntaxException
import java.net.URL
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asExecutor
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import org.canvasscore.model.SyncRequest

/** [SyncTransport] over the platform's own [HttpURLConnection]. */
public class HttpSyncTransport : SyncTransport {
    override suspend fun send(request: SyncRequest): SyncReply = withContext(Dispatchers.IO) {
        // The connection's own timeouts bound one read each; this bounds them all together.
        withTimeoutOrNull(request.timeoutMs.toLong()) { exchangeCancellably(request) }
            ?: throw SocketTimeoutException("no answer in time")
    }

    private suspend fun exchangeCancellably(request: SyncRequest): SyncReply =
        suspendCancellableCoroutine { waiting ->
            val connection = prepare(request)
            waiting.invokeOnCancellation { connection.disconnect() }
            Dispatchers.IO.asExecutor().execute {
                val outcome = runCatching { exchange(connection, request) }
                connection.disconnect()
                outcome.fold(waiting::resume, waiting::resumeWithException)
            }
        }

    private fun prepare(request: SyncRequest): HttpURLConnection {
        val connection = address(request.url).openConnection() as HttpURLConnection
        connection.requestMethod = "POST"
        connection.connectTimeout = request.timeoutMs.toInt()
        connection.readTimeout = request.timeoutMs.toInt()
        connection.instanceFollowRedirects = false
        connection.useCaches = false
        connection.doOutput = true
        connection.setFixedLengthStreamingMode(request.body.size)
        connection.setRequestProperty("Content-Type", request.mediaType)
        connection.setRequestProperty("Accept", request.mediaType)
        // The limit on the answer's length counts bytes as they travel.
        connection.setRequestProperty("Accept-Encoding", "identity")
        request.authorization?.let { connection.setRequestProperty("Authorization", it) }
        return connection
    }

    private fun address(url: String): URL = try {
        URI(url).toURL()
    } catch (wrong: URISyntaxException) {
        throw MalformedURLException("not an address")
    } catch (wrong: IllegalArgumentException) {
        throw MalformedURLException("not an address")
    }

    private fun exchange(connection: HttpURLConnection, request: SyncRequest): SyncReply {
        connection.outputStream.use { it.write(request.body) }
        val status = connection.responseCode
        if (status < 0) throw IOException("not an HTTP answer")
        val body = connection.errorStream ?: if (status < FIRST_ERROR) connection.inputStream else null
        return SyncReply(
            status = status,
            retryAfterS = connection.getHeaderField("Retry-After")?.trim()?.toUIntOrNull(),
            body = body?.use { it.readAtMost(request.maxReplyBytes.toLong()) } ?: ByteArray(0),
        )
    }

    private fun InputStream.readAtMost(limit: Long): ByteArray {
        val bytes = ByteArrayOutputStream()
        val chunk = ByteArray(CHUNK_BYTES)
        while (true) {
            val count = read(chunk)
            if (count < 0) return bytes.toByteArray()
            if (bytes.size() + count > limit) throw IOException("the answer is too long")
            bytes.write(chunk, 0, count)
        }
    }

    private companion object {
        const val FIRST_ERROR = 400
        const val CHUNK_BYTES = 16 * 1024
    }
}
