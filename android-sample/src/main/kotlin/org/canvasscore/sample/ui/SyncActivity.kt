package org.canvasscore.sample.ui

import android.os.Bundle
import android.view.View
import android.view.ViewGroup
import android.widget.Button
import android.widget.TextView
import org.canvasscore.Canvass
import org.canvasscore.sample.R
import org.canvasscore.sample.SyncScreen
import org.canvasscore.sample.SyncState

/** Sync: what is safe where, what people disagree on, and the button that syncs now. */
class SyncActivity : ScreenActivity(R.layout.screen_sync) {
    private lateinit var screen: SyncScreen

    override fun ready(canvass: Canvass, saved: Bundle?) {
        screen = SyncScreen(canvass, scope)
        requireViewById<Button>(R.id.sync).setOnClickListener { screen.sync() }
        requireViewById<Button>(R.id.stop).setOnClickListener { screen.stop() }
        showErrors(screen)
        show(screen.state, ::render)
        screen.start()
    }

    private fun render(state: SyncState) {
        val status = state.status ?: return
        requireViewById<TextView>(R.id.status).text = status.sentence
        requireViewById<TextView>(R.id.last_sync).text = status.lastSyncSentence
        requireViewById<TextView>(R.id.told).apply {
            text = state.told
            isShown(state.told.isNotEmpty())
        }
        requireViewById<View>(R.id.progress).isShown(state.isSyncing)
        requireViewById<View>(R.id.stop).isShown(state.isSyncing)
        requireViewById<View>(R.id.sync).isShown(!state.isSyncing)
        renderConflicts(state)
        renderSetAside(state)
    }

    private fun renderConflicts(state: SyncState) {
        val part = requireViewById<ViewGroup>(R.id.conflicts)
        part.removeAllViews()
        if (state.conflicts.isEmpty()) return
        part.text(R.layout.part_section, getText(R.string.conflicts))
        for ((list, conflict) in state.conflicts) {
            part.text(R.layout.part_head, conflict.title)
            for (value in conflict.candidates) {
                part.button(value.sentence) { screen.resolve(list, conflict, value.change) }
            }
        }
    }

    private fun renderSetAside(state: SyncState) {
        val part = requireViewById<ViewGroup>(R.id.set_aside)
        part.removeAllViews()
        if (state.setAside.isEmpty()) return
        part.text(R.layout.part_section, getText(R.string.set_aside))
        for (change in state.setAside) {
            part.text(R.layout.part_head, change.title)
            part.text(R.layout.part_text, change.sentence)
        }
        part.button(getText(R.string.set_aside_retry)) {
            screen.retrySetAside()
            screen.sync()
        }
    }
}
