package org.canvasscore.sample.ui

import android.view.View
import android.view.ViewGroup
import android.widget.AbsListView
import android.widget.EditText
import android.widget.ImageView
import android.widget.TextView
import kotlin.math.roundToInt

/** What keeps a control of a screen from being found, read or hit with a thumb. */
object Reach {
    private const val FINGER_DP = 48

    /** Everything that is wrong with what is shown. */
    fun faults(phone: Phone): List<String> {
        val seen = phone.seen()
        val labelled = seen.map { it.labelFor }.toSet()
        val density = phone.screen.resources.displayMetrics.density
        val finger = (FINGER_DP * density).roundToInt()
        return seen.flatMap { view ->
            listOfNotNull(
                nameless(view, labelled),
                small(view, finger),
                (view as? TextView)?.let(::clipped),
            ).map { "${phone.screen.javaClass.simpleName}: $it" }
        }
    }

    private fun isPressed(view: View) = view.isClickable || view.parent is AbsListView

    private fun nameless(view: View, labelled: Set<Int>): String? {
        val isPicture = view is ImageView &&
            view.importantForAccessibility != View.IMPORTANT_FOR_ACCESSIBILITY_NO
        if (!isPressed(view) && !isPicture) return null
        val name = when {
            !view.contentDescription.isNullOrBlank() -> return null
            view is EditText -> if (view.id in labelled) return null else view.hint
            else -> Phone.below(view).filterIsInstance<TextView>().firstOrNull { it.text.isNotBlank() }?.text
        }
        return if (name.isNullOrBlank()) "no name for ${describe(view)}" else null
    }

    private fun small(view: View, finger: Int): String? {
        if (!isPressed(view) || view is WalkMapView) return null
        return if (view.width < finger || view.height < finger) {
            "${view.width}x${view.height} is less than a finger: ${describe(view)}"
        } else {
            null
        }
    }

    /** Lines that do not fit into the view that shows them. */
    private fun clipped(view: TextView): String? {
        val layout = view.layout ?: return null
        if (view is EditText) return null
        val room = view.height - view.compoundPaddingTop - view.compoundPaddingBottom
        val isCut = layout.height > room + 1 ||
            (0 until layout.lineCount).any { layout.getEllipsisCount(it) > 0 } ||
            (0 until layout.lineCount).any { layout.getLineMax(it) > layout.width + 1 }
        return if (isCut) "cut: ${describe(view)}" else null
    }

    private fun describe(view: View): String {
        val name = if (view.id == View.NO_ID) "" else runCatching { view.resources.getResourceEntryName(view.id) }.getOrDefault("")
        val text = (view as? TextView)?.text ?: (view as? ViewGroup)?.let { "" }
        return "${view.javaClass.simpleName} $name '$text'"
    }
}
