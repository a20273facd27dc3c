package org.canvasscore

import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.flow
import org.canvasscore.model.ChangeNotice
import org.canvasscore.model.HouseholdId
import org.canvasscore.model.ListId

/**
 * Turns reads into flows.
 *
 * A flow listens before it reads for the first time, so that no commit falls between the two.
 * However many commits come while its collector is busy, it reads once for all of them.
 */
internal class Observation(private val call: Calls, private val open: Job) {
    /** What [read] gives, now and after each commit that it [concerns], until the engine closes. */
    fun <T> of(concerns: (ChangeNotice) -> Boolean, read: (CanvassEngine) -> T): Flow<T> = flow {
        val stale = Channel<Unit>(Channel.CONFLATED)
        val ending = open.invokeOnCompletion { stale.close() }
        val listener = Stale(concerns, stale)
        try {
            val subscription = call { it.subscribe(listener) }
            try {
                stale.trySend(Unit)
                for (commit in stale) emit(call(read))
            } finally {
                subscription.cancel()
                subscription.close()
            }
        } catch (closed: CanvassException.Closed) {
            // The engine was closed between two reads: the flow has ended.
        } finally {
            ending.dispose()
        }
    }.distinctUntilChanged()

    private class Stale(
        private val concerns: (ChangeNotice) -> Boolean,
        private val stale: Channel<Unit>,
    ) : ChangeListener {
        override fun changed(notice: ChangeNotice) {
            if (concerns(notice)) stale.trySend(Unit)
        }
    }
}

/** Whether a commit may have changed this list: it was about it, or about no list in particular. */
internal fun ChangeNotice.concerns(list: ListId): Boolean =
    this.list == null || this.list == list

/** Whether a commit may have changed this household. */
internal fun ChangeNotice.concerns(list: ListId, household: HouseholdId): Boolean =
    concerns(list) && (this.household == null || this.household == household)
