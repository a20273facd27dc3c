package org.canvasscore

import java.util.concurrent.atomic.AtomicLong
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.job
import kotlinx.coroutines.withContext

/** Calls the engine on threads that are not the caller's, and keeps its errors typed. */
internal class Calls(private val engine: CanvassEngine) {
    private val threads: CoroutineDispatcher = Dispatchers.IO.limitedParallelism(PARALLEL_CALLS)
    private val count = AtomicLong()

    /** How many calls were made. */
    val made: Long get() = count.get()

    suspend operator fun <T> invoke(block: (CanvassEngine) -> T): T = withContext(threads) {
        count.incrementAndGet()
        try {
            block(engine)
        } catch (gone: IllegalStateException) {
            // The generated object throws this once it has been freed, whoever freed it.
            if (engine.uniffiIsDestroyed) throw CanvassException.Closed()
            throw gone
        }
    }

    /** A long call, which ends without a result when its caller is cancelled. */
    suspend fun <T> cancellably(
        onProgress: (ULong, ULong) -> Unit,
        block: (CanvassEngine, ProgressListener) -> T,
    ): T {
        val progress = WhileActive(currentCoroutineContext().job, onProgress)
        try {
            return invoke { block(it, progress) }
        } catch (cancelled: CanvassException.Cancelled) {
            currentCoroutineContext().ensureActive()
            throw cancelled
        }
    }

    private class WhileActive(
        private val caller: Job,
        private val onProgress: (ULong, ULong) -> Unit,
    ) : ProgressListener {
        override fun goOn(done: ULong, total: ULong): Boolean {
            onProgress(done, total)
            return caller.isActive
        }
    }

    private companion object {
        /** Calls that run side by side: one writes, and a screen or two read. */
        const val PARALLEL_CALLS = 4
    }
}
