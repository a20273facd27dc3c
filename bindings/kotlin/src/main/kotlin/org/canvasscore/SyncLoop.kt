package org.canvasscore

import java.io.IOException
import kotlin.time.Duration
import kotlinx.coroutines.delay
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import org.canvasscore.model.SyncInput
import org.canvasscore.model.SyncReport
import org.canvasscore.model.SyncRequest
import org.canvasscore.model.SyncStep

/**
 * Runs the engine's conversation with the server. What to send, when to try again and what an
 * answer means is the engine's; this only carries it.
 */
internal class SyncLoop(
    private val transport: SyncTransport,
    private val next: suspend (SyncInput) -> SyncStep,
) {
    private val alone = Mutex()

    suspend fun sync(now: Boolean): SyncReport = alone.withLock { converse(now) }

    suspend fun keepSyncing(every: Duration, onReport: (SyncReport) -> Unit): SyncReport {
        while (true) {
            val report = sync(now = false)
            onReport(report)
            if (report.isFinal) return report
            delay(every)
        }
    }

    private suspend fun converse(now: Boolean): SyncReport {
        var step = next(SyncInput.Begin(now))
        while (true) {
            step = when (val current = step) {
                is SyncStep.Send -> next(answer(current.request))
                is SyncStep.Wait -> {
                    delay(current.waitMs.toLong())
                    next(SyncInput.Waited)
                }
                is SyncStep.Done -> return current.report
            }
        }
    }

    private suspend fun answer(request: SyncRequest): SyncInput = try {
        val reply = transport.send(request)
        SyncInput.Reply(reply.status.toUShort(), reply.retryAfterS, reply.body)
    } catch (unreachable: IOException) {
        SyncInput.NoAnswer
    }
}
