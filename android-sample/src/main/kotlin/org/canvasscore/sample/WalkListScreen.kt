package org.canvasscore.sample

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import org.canvasscore.Canvass
import org.canvasscore.model.Bounds
import org.canvasscore.model.DirectionsView
import org.canvasscore.model.DoorView
import org.canvasscore.model.LengthUnit
import org.canvasscore.model.ListId
import org.canvasscore.model.MapFeatures
import org.canvasscore.model.MapPin
import org.canvasscore.model.Point
import org.canvasscore.model.WalkListSummary
import org.canvasscore.model.WalkListView

/** What the Walk List screen shows. */
data class WalkListState(
    /** The lists that this phone holds; nothing before they were read. */
    val lists: List<WalkListSummary>? = null,
    /** The list that is open. */
    val view: WalkListView? = null,
    /** Its doors as far as they were scrolled to. */
    val doors: List<DoorView> = emptyList(),
    /** Where the next page begins; nothing after the last one. */
    val nextPage: String? = null,
    /** The map, as far as it was looked at. */
    val map: MapFeatures? = null,
    /** The way past the next stops. */
    val way: DirectionsView? = null,
)

/** The lists, and the one that is open with its progress, next stop, doors, map and way. */
class WalkListScreen(private val canvass: Canvass, scope: CoroutineScope) :
    Screen<WalkListState>(WalkListState(), scope) {
    private var opened: Job? = null
    private var looking: Job? = null

    /** Shows the lists. */
    fun start(): Job = act {
        canvass.observeWalkLists().collect { lists -> show { it.copy(lists = lists) } }
    }

    /** Opens a list; again whenever the walker has moved to [here]. */
    fun open(list: ListId, here: Point? = null): Job {
        opened?.cancel()
        return act {
            canvass.observeWalkList(list, here).collect { view ->
                show {
                    it.copy(view = view, doors = view.page.doors, nextPage = view.page.next)
                }
            }
        }.also { opened = it }
    }

    /** Reads the next page of doors, when the last one has been scrolled to. */
    fun readOn(): Job = act {
        val list = state.value.view?.summary?.list ?: return@act
        val from = state.value.nextPage ?: return@act
        val page = canvass.doors(list, from)
        show {
            // Another page, or the list's first one anew, may have come meanwhile.
            if (it.nextPage != from) it else it.copy(doors = it.doors + page.doors, nextPage = page.next)
        }
    }

    /** Looks at a part of the map. */
    fun look(bounds: Bounds, zoom: Double): Job {
        looking?.cancel()
        return act {
            val list = state.value.view?.summary?.list ?: return@act
            val map = canvass.mapFeatures(list, bounds, zoom)
            show { it.copy(map = map) }
        }.also { looking = it }
    }

    /** The first door of a pin, to be opened. */
    fun tap(pin: MapPin, open: (DoorView) -> Unit): Job = act {
        val list = state.value.view?.summary?.list ?: return@act
        canvass.doors(list, pin.from, 1u).doors.forEach(open)
    }

    /** Reads the way past the next stops. */
    fun readWay(unit: LengthUnit): Job = act {
        val list = state.value.view?.summary?.list ?: return@act
        val way = canvass.directions(list, unit = unit)
        show { it.copy(way = way) }
    }
}
