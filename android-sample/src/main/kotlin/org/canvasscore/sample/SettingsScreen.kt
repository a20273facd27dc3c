package org.canvasscore.sample

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import org.canvasscore.Canvass
import org.canvasscore.model.SyncStatus

/** What the Settings screen shows. */
data class SettingsState(
    /** What is safe where: to be read before anything is removed from the phone. */
    val status: SyncStatus? = null,
    /** How the engine is doing, without anything personal: for whoever helps. */
    val diagnostics: String = "",
)

/** The language, the unit of lengths, and where the work is. What is chosen is the app's to keep. */
class SettingsScreen(private val canvass: Canvass, scope: CoroutineScope) :
    Screen<SettingsState>(SettingsState(), scope) {
    /** Shows the settings. */
    fun start(): Job = act {
        canvass.observeSyncStatus().collect { status ->
            val diagnostics = canvass.diagnostics().json
            show { it.copy(status = status, diagnostics = diagnostics) }
        }
    }

    /** Has sentences made in the first of these languages that the core speaks. */
    fun setLanguages(tags: List<String>): Job = act { canvass.setLanguages(tags) }
}
