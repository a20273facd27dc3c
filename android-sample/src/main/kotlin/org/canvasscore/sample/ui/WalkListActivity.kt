package org.canvasscore.sample.ui

import android.content.Intent
import android.os.Bundle
import android.view.View
import android.widget.Button
import android.widget.ImageButton
import android.widget.LinearLayout
import android.widget.ListView
import android.widget.ProgressBar
import android.widget.RadioButton
import android.widget.RadioGroup
import android.widget.TextView
import java.util.UUID
import org.canvasscore.Canvass
import org.canvasscore.model.HouseholdId
import org.canvasscore.model.ListId
import org.canvasscore.model.WalkListSummary
import org.canvasscore.model.WalkListView
import org.canvasscore.sample.R
import org.canvasscore.sample.WalkListScreen
import org.canvasscore.sample.WalkListState

/** Walk List: the doors in order, the map, the way, and the next stop within a thumb's reach. */
class WalkListActivity : ScreenActivity(R.layout.screen_walk_list) {
    private lateinit var screen: WalkListScreen
    private lateinit var doors: DoorsAdapter
    private lateinit var way: WayAdapter
    private lateinit var map: WalkMapView
    private var list: ListId? = null
    private var isAtNext = false
    private var seen: WalkListView? = null

    override fun ready(canvass: Canvass, saved: Bundle?) {
        screen = WalkListScreen(canvass, scope)
        list = saved?.getString(LIST)?.let(UUID::fromString)
        prepareDoors()
        prepareMap()
        prepareWay()
        requireViewById<RadioGroup>(R.id.tabs).setOnCheckedChangeListener { _, tab -> turnTo(tab) }
        navigate(R.id.nav_sync, SyncActivity::class.java)
        navigate(R.id.nav_phones, PhoneToPhoneActivity::class.java)
        navigate(R.id.nav_settings, SettingsActivity::class.java)
        turnTo(requireViewById<RadioGroup>(R.id.tabs).checkedRadioButtonId)
        showErrors(screen)
        show(screen.state, ::render)
        screen.start()
        list?.let(screen::open)
    }

    override fun onSaveInstanceState(out: Bundle) {
        super.onSaveInstanceState(out)
        list?.let { out.putString(LIST, it.toString()) }
    }

    private fun prepareDoors() {
        doors = DoorsAdapter(this)
        requireViewById<ListView>(R.id.doors).apply {
            adapter = doors
            setOnItemClickListener { _, _, at, _ -> doors.doors.getOrNull(at)?.let { open(it.household) } }
            setOnScrollListener(AtEnd { screen.readOn() })
        }
    }

    private fun prepareMap() {
        map = requireViewById(R.id.map)
        map.onLook = { bounds, zoom -> screen.look(bounds, zoom) }
        map.onTap = { pin -> screen.tap(pin) { open(it.household) } }
        requireViewById<ImageButton>(R.id.zoom_in).setOnClickListener { map.zoomBy(1.0) }
        requireViewById<ImageButton>(R.id.zoom_out).setOnClickListener { map.zoomBy(-1.0) }
        requireViewById<ImageButton>(R.id.zoom_whole).setOnClickListener { map.showWhole() }
    }

    private fun prepareWay() {
        way = WayAdapter(this)
        requireViewById<ListView>(R.id.way).apply {
            adapter = way
            setOnItemClickListener { _, _, at, _ ->
                way.steps.getOrNull(at)?.households?.firstOrNull()?.let(::open)
            }
        }
    }

    private fun navigate(button: Int, to: Class<out ScreenActivity>) {
        requireViewById<Button>(button).setOnClickListener { startActivity(Intent(this, to)) }
    }

    private fun turnTo(tab: Int) {
        requireViewById<View>(R.id.doors).isShown(tab == R.id.tab_list)
        requireViewById<View>(R.id.map_frame).isShown(tab == R.id.tab_map)
        requireViewById<View>(R.id.way).isShown(tab == R.id.tab_way)
        readWay()
    }

    /** The way is read while it is looked at, and anew once something was recorded. */
    private fun readWay() {
        if (requireViewById<View>(R.id.way).visibility == View.VISIBLE) screen.readWay(Choices(this).unit)
    }

    private fun open(household: HouseholdId) {
        val list = list ?: return
        startActivity(to(this, HouseholdActivity::class.java, LIST to list, HOUSEHOLD to household))
    }

    private fun render(state: WalkListState) {
        val lists = state.lists ?: return
        if (list == null) {
            list = lists.firstOrNull()?.list
            list?.let(screen::open)
        }
        if (lists.isEmpty()) showNothing() else renderList(state, lists)
    }

    /** No list: either nobody joined, or none has arrived. */
    private fun showNothing() {
        if (intent.action == Intent.ACTION_MAIN) {
            intent.action = null
            startActivity(Intent(this, JoinActivity::class.java))
        }
        requireViewById<View>(R.id.next).isShown(false)
        tell(getString(R.string.no_list))
    }

    private fun tell(text: String) = requireViewById<TextView>(R.id.empty).let {
        it.text = text
        it.isShown(text.isNotEmpty())
    }

    private fun renderList(state: WalkListState, lists: List<WalkListSummary>) {
        val view = state.view ?: return
        val summary = view.summary
        title = summary.title
        requireViewById<TextView>(R.id.progress_text).text = summary.sentence
        requireViewById<ProgressBar>(R.id.progress).apply {
            max = summary.progress.doors.toInt()
            progress = summary.progress.done.toInt()
        }
        requireViewById<TextView>(R.id.waiting).apply {
            text = view.waitingSentence
            isShown(view.waitingSentence.isNotEmpty())
        }
        doors.show(state.doors)
        showNext(state)
        renderLists(lists)
        renderNext(state)
        state.map?.let(map::show)
        map.refresh(view.summary)
        if (view != seen) readWay()
        seen = view
        state.way?.let { way.show(it.steps) }
    }

    /** The list opens where the walk goes on. */
    private fun showNext(state: WalkListState) {
        val next = state.view?.next?.doors?.firstOrNull() ?: return
        val at = state.doors.indexOfFirst { it.household == next.household }
        if (isAtNext || at < 0) return
        isAtNext = true
        requireViewById<ListView>(R.id.doors).setSelectionFromTop(at, resources.displayMetrics.density.toInt() * 48)
    }

    private fun renderLists(lists: List<WalkListSummary>) {
        val chips = requireViewById<LinearLayout>(R.id.lists)
        chips.removeAllViews()
        for (other in lists.filter { it.list != list }) {
            val chip = chips.part<RadioButton>(R.layout.part_chip)
            chip.text = other.title
            chip.setOnClickListener {
                list = other.list
                screen.open(other.list)
            }
        }
    }

    private fun renderNext(state: WalkListState) {
        val next = state.view?.next
        requireViewById<View>(R.id.next).isShown(next != null)
        tell(if (next == null) getString(R.string.all_done) else "")
        if (next == null) return
        requireViewById<TextView>(R.id.next_sentence).text = next.sentence
        requireViewById<TextView>(R.id.next_title).text = next.title
        requireViewById<Button>(R.id.open_next).setOnClickListener {
            next.doors.firstOrNull()?.let { open(it.household) }
        }
    }
}
