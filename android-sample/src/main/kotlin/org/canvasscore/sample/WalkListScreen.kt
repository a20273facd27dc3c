package org.canvasscore.sample

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import org.canvasscore.Canvass
import org.canvasscore.model.DoorView
import org.canvasscore.model.ListId
import org.canvasscore.model.Point
import org.canvasscore.model.WalkListSummary
import org.canvasscore.model.WalkListView

/** What the Walk List screen shows. */
data class WalkListState(
    /** The lists that this phone holds. */
    val lists: List<WalkListSummary> = emptyList(),
    /** The list that is open. */
    val view: WalkListView? = null,
    /** Its doors as far as they were scrolled to. */
    val doors: List<DoorView> = emptyList(),
    /** Where the next page begins; nothing after the last one. */
    val nextPage: String? = null,
)

/** The lists, and the one that is open with its progress, next stop and doors. */
class WalkListScreen(private val canvass: Canvass, scope: CoroutineScope) :
    Screen<WalkListState>(WalkListState(), scope) {
    private var opened: Job? = null

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
}
