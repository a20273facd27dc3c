package org.canvasscore.sample.ui

import android.view.LayoutInflater
import android.view.View
import android.view.ViewGroup
import android.widget.Button
import android.widget.TextView
import org.canvasscore.sample.R

/** Shows a view, or takes its place away. */
fun View.isShown(shown: Boolean) {
    visibility = if (shown) View.VISIBLE else View.GONE
}

/** Adds a part from its layout. */
fun <T : View> ViewGroup.part(layout: Int): T {
    val view = LayoutInflater.from(context).inflate(layout, this, false)
    addView(view)
    @Suppress("UNCHECKED_CAST")
    return view as T
}

/** Adds a text. */
fun ViewGroup.text(layout: Int, text: CharSequence): TextView =
    part<TextView>(layout).also { it.text = text }

/** Adds a button. */
fun ViewGroup.button(text: CharSequence, press: () -> Unit): Button =
    part<Button>(R.layout.part_button).also {
        it.text = text
        it.setOnClickListener { press() }
    }

/** Adds a sentence with a button beside it. */
fun ViewGroup.action(sentence: String, more: String, label: CharSequence, press: () -> Unit): View {
    val row = part<View>(R.layout.row_action)
    row.requireViewById<TextView>(R.id.sentence).text = sentence
    row.requireViewById<TextView>(R.id.more).apply {
        text = more
        isShown(more.isNotEmpty())
    }
    row.requireViewById<Button>(R.id.action).apply {
        text = label
        setOnClickListener { press() }
    }
    return row
}
