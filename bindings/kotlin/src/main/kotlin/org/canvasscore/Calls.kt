package org.canvasscore

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/** Calls the engine on threads that are not the caller's, and keeps its errors typed. */
internal class Calls(private val engine: CanvassEngine) {
    private val threads: CoroutineDispatcher = Dispatchers.IO.limitedParallelism(PARALLEL_CALLS)

    suspend operator fun <T> invoke(block: (CanvassEngine) -> T): T = withContext(threads) {
        try {
            block(engine)
        } catch (gone: IllegalStateException) {
            // The generated object throws this once it has been freed, whoever freed it.
            if (engine.uniffiIsDestroyed) throw CanvassException.Closed()
            throw gone
        }
    }

    private companion object {
        /** Calls that run side by side: one writes, and a screen or two read. */
        const val PARALLEL_CALLS = 4
    }
}
