package org.canvasscore.sample

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import org.canvasscore.Canvass
import org.canvasscore.model.SyncReport
import org.canvasscore.model.SyncStatus

/** What the Sync screen shows. */
data class SyncState(
    /** What is safe where. */
    val status: SyncStatus? = null,
    /** A sync is under way. */
    val isSyncing: Boolean = false,
    /** How the last sync went. */
    val report: SyncReport? = null,
)

/** What is safe where, and the button that syncs now. */
class SyncScreen(private val canvass: Canvass, scope: CoroutineScope) :
    Screen<SyncState>(SyncState(), scope) {
    private var syncing: Job? = null

    /** Shows the status. */
    fun start(): Job = act {
        canvass.observeSyncStatus().collect { status -> show { it.copy(status = status) } }
    }

    /** Takes an invitation; the next sync redeems it. */
    fun join(invitation: String): Job = act { canvass.join(invitation) }

    /** Syncs now. */
    fun sync(): Job = act {
        show { it.copy(isSyncing = true) }
        try {
            val report = canvass.sync()
            show { it.copy(report = report) }
        } finally {
            show { it.copy(isSyncing = false) }
        }
    }.also { syncing = it }

    /** Stops the sync that is under way; nothing is lost. */
    fun stop() {
        syncing?.cancel()
    }
}
