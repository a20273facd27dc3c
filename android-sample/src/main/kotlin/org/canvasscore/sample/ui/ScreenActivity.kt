package org.canvasscore.sample.ui

import android.app.Activity
import android.content.Context
import android.content.Intent
import android.os.Bundle
import android.view.MenuItem
import android.view.View
import android.view.ViewGroup
import android.widget.EditText
import android.widget.TextView
import java.util.UUID
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.MainScope
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.launch
import org.canvasscore.Canvass
import org.canvasscore.CanvassException
import org.canvasscore.sample.R
import org.canvasscore.sample.Screen
import org.canvasscore.userSentence

/**
 * What every activity does: it opens the engine, shows its screen's state and errors, and finds
 * its way back.
 *
 * Which list, door and person it is about stands in the intent, as ids: so the system restores
 * every screen, after a rotation and after the process was killed. Names, answers and notes are
 * read from the core again; what was typed and not saved lives through a rotation in memory, and
 * never in the saved state.
 */
abstract class ScreenActivity(private val layout: Int) : Activity() {
    protected val scope: CoroutineScope = MainScope()

    /** Shows the screen, once the engine is open. */
    protected abstract fun ready(canvass: Canvass, saved: Bundle?)

    override fun attachBaseContext(base: Context) =
        super.attachBaseContext(Choices(base).localized())

    override fun onCreate(saved: Bundle?) {
        super.onCreate(saved)
        setContentView(layout)
        actionBar?.setDisplayHomeAsUpEnabled(!isTaskRoot || this !is WalkListActivity)
        actionBar?.setHomeActionContentDescription(R.string.up)
        scope.launch {
            try {
                val canvass = (application as App).canvass()
                ready(canvass, saved)
                restoreDrafts()
            } catch (failed: CanvassException) {
                showError(failed)
            }
        }
    }

    override fun onDestroy() {
        scope.cancel()
        super.onDestroy()
    }

    override fun onOptionsItemSelected(item: MenuItem): Boolean {
        if (item.itemId != android.R.id.home) return super.onOptionsItemSelected(item)
        finish()
        return true
    }

    /** Calls [render] with each state, as it comes. */
    protected fun <T> show(states: Flow<T>, render: (T) -> Unit) {
        scope.launch { states.collect { render(it) } }
    }

    /** Shows why the last act of a screen did nothing. */
    protected fun showErrors(screen: Screen<*>) = show(screen.error) { showError(it) }

    private fun showError(failed: CanvassException?) {
        val view = requireViewById<TextView>(R.id.error)
        view.text = failed?.userSentence(Choices(this).languages())
        view.isShown(failed != null)
    }

    /** An id that the screen was opened with. */
    protected fun id(name: String): UUID = UUID.fromString(intent.getStringExtra(name))

    private fun fields(): List<EditText> = buildList {
        fun look(view: View) {
            if (view is EditText && view.id != View.NO_ID) add(view)
            if (view is ViewGroup) for (at in 0 until view.childCount) look(view.getChildAt(at))
        }
        look(requireViewById(android.R.id.content))
    }

    @Deprecated("the platform's own, which needs no fragment")
    override fun onRetainNonConfigurationInstance(): Any =
        fields().associate { it.id to it.text.toString() }

    private fun restoreDrafts() {
        @Suppress("DEPRECATION")
        val drafts = lastNonConfigurationInstance as? Map<*, *> ?: return
        for (field in fields()) (drafts[field.id] as? String)?.let(field::setText)
    }

    companion object {
        /** The walk list. */
        const val LIST = "list"

        /** The household. */
        const val HOUSEHOLD = "household"

        /** The person. */
        const val PERSON = "person"

        /** An intent for a screen, with ids. */
        fun to(from: Context, screen: Class<out ScreenActivity>, vararg ids: Pair<String, UUID>): Intent =
            Intent(from, screen).apply { ids.forEach { (name, id) -> putExtra(name, id.toString()) } }
    }
}
