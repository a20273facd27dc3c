package org.canvasscore.sample.ui

import android.content.Context
import android.view.LayoutInflater
import android.view.View
import android.view.ViewGroup
import android.widget.AbsListView
import android.widget.BaseAdapter
import android.widget.ImageView
import android.widget.TextView
import org.canvasscore.model.DirectionStep
import org.canvasscore.model.DoorView
import org.canvasscore.sample.R

/** The doors of a list, in the order in which the core gives them. */
class DoorsAdapter(private val context: Context) : BaseAdapter() {
    /** What is shown. */
    var doors: List<DoorView> = emptyList()
        private set

    /** Shows these doors. */
    fun show(doors: List<DoorView>) {
        if (doors == this.doors) return
        this.doors = doors
        notifyDataSetChanged()
    }

    override fun getCount(): Int = doors.size

    override fun getItem(at: Int): DoorView = doors[at]

    override fun getItemId(at: Int): Long = at.toLong()

    override fun getView(at: Int, reused: View?, parent: ViewGroup): View {
        val row = reused ?: LayoutInflater.from(context).inflate(R.layout.row_door, parent, false)
        val door = doors[at]
        row.requireViewById<TextView>(R.id.title).text = door.title
        row.requireViewById<TextView>(R.id.sentence).text = door.sentence
        val state = if (door.done) R.drawable.ic_done else R.drawable.ic_open
        row.requireViewById<ImageView>(R.id.state).setImageResource(state)
        return row
    }
}

/** The way past the next stops, step by step. */
class WayAdapter(private val context: Context) : BaseAdapter() {
    /** What is shown. */
    var steps: List<DirectionStep> = emptyList()
        private set

    /** Shows these steps. */
    fun show(steps: List<DirectionStep>) {
        this.steps = steps
        notifyDataSetChanged()
    }

    override fun getCount(): Int = steps.size

    override fun getItem(at: Int): DirectionStep = steps[at]

    override fun getItemId(at: Int): Long = at.toLong()

    override fun getView(at: Int, reused: View?, parent: ViewGroup): View {
        val row = reused ?: LayoutInflater.from(context).inflate(R.layout.row_text, parent, false)
        row.requireViewById<TextView>(R.id.text).text = steps[at].sentence
        return row
    }
}

/** Tells when the last row is scrolled to. */
class AtEnd(private val reached: () -> Unit) : AbsListView.OnScrollListener {
    override fun onScrollStateChanged(view: AbsListView, state: Int) = Unit

    override fun onScroll(view: AbsListView, first: Int, visible: Int, total: Int) {
        if (total > 0 && view.lastVisiblePosition == total - 1) reached()
    }
}
