package org.canvasscore.sample

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import org.canvasscore.Canvass
import org.canvasscore.model.ChangeId
import org.canvasscore.model.ConflictView
import org.canvasscore.model.ListId
import org.canvasscore.model.SetAsideView
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
    /** The same in words. */
    val told: String = "",
    /** What people disagree on, by list. */
    val conflicts: List<Pair<ListId, ConflictView>> = emptyList(),
    /** What the campaign keeps and could not use. */
    val setAside: List<SetAsideView> = emptyList(),
)

/** What is safe where, what people disagree on, and the button that syncs now. */
class SyncScreen(private val canvass: Canvass, scope: CoroutineScope) :
    Screen<SyncState>(SyncState(), scope) {
    private var syncing: Job? = null

    /** Shows the status. */
    fun start(): Job = act {
        canvass.observeSyncStatus().collect { status ->
            val conflicts = canvass.walkLists().flatMap { list ->
                canvass.conflicts(list.list).map { list.list to it }
            }
            val setAside = canvass.setAside()
            show { it.copy(status = status, conflicts = conflicts, setAside = setAside) }
        }
    }

    /** Takes an invitation; the next sync redeems it. */
    fun join(invitation: String): Job = act { canvass.join(invitation) }

    /** Syncs now. */
    fun sync(): Job = act {
        show { it.copy(isSyncing = true) }
        try {
            val report = canvass.sync()
            val told = canvass.syncSentence(report)
            show { it.copy(report = report, told = told) }
        } finally {
            show { it.copy(isSyncing = false) }
        }
    }.also { syncing = it }

    /** Stops the sync that is under way; nothing is lost. */
    fun stop() {
        syncing?.cancel()
    }

    /** Settles a conflict in favour of one of its values. */
    fun resolve(list: ListId, conflict: ConflictView, chosen: ChangeId): Job = act {
        canvass.resolveConflict(list, conflict.household, conflict.conflict, chosen)
    }

    /** Asks the campaign, with the next sync, to try what it could not use again. */
    fun retrySetAside(): Job = act { canvass.retrySetAside() }
}
