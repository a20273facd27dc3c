package org.canvasscore.sample

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import org.canvasscore.Canvass
import org.canvasscore.model.SyncOutcome

/** What the Join screen shows. */
data class JoinState(
    /** The invitation is being redeemed. */
    val isJoining: Boolean = false,
    /** How that went, in words. */
    val told: String = "",
    /** The lists are here. */
    val hasJoined: Boolean = false,
)

/** An invitation, by QR code or link: taken, and redeemed at once. */
class JoinScreen(private val canvass: Canvass, scope: CoroutineScope) :
    Screen<JoinState>(JoinState(), scope) {
    /** Takes an invitation and redeems it. */
    fun join(invitation: String): Job = act {
        show { JoinState(isJoining = true) }
        try {
            canvass.join(invitation)
            val report = canvass.sync()
            val told = canvass.syncSentence(report)
            show { it.copy(told = told, hasJoined = report.outcome == SyncOutcome.COMPLETE) }
        } finally {
            show { it.copy(isJoining = false) }
        }
    }
}
