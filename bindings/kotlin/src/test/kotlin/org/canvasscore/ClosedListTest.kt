package org.canvasscore

import java.io.File
import java.time.Duration
import org.canvasscore.model.ClosedBecause
import org.canvasscore.model.SyncOutcome
import org.canvasscore.model.WalkListSummary
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** Lists that may not be read any more. */
class ClosedListTest {
    @TempDir
    lateinit var root: File

    @Test
    fun `a withdrawn list is closed, and what was unsent of it still leaves`() = withPhones(root) { two ->
        val saved = two.ash.knock()
        val (list, door) = two.ash.firstDoor()
        two.operator("POST", "/lists/1/withdraw")
        assertEquals(SyncOutcome.COMPLETE, two.ash.sync().outcome)
        val closed = failure<CanvassException.ListClosed> { two.ash.household(list, door) }
        assertEquals(ClosedBecause.WITHDRAWN, closed.why)
        assertEquals(emptyList<WalkListSummary>(), two.ash.walkLists())
        assertTrue(saved.change in two.operator("GET", "/export/csv"))
    }

    @Test
    fun `a list says until when it can be read, and is closed after it`() = withPhones(root) { two ->
        val saved = two.ash.knock()
        val (list, door) = two.ash.firstDoor()
        val until = two.ash.walkLists().single().readableUntil!!
        assertTrue(until > MORNING)
        two.clock.advanceTo(until + Duration.ofMinutes(1))
        val closed = failure<CanvassException.ListClosed> { two.ash.household(list, door) }
        assertEquals(ClosedBecause.EXPIRED, closed.why)
        assertEquals(SyncOutcome.COMPLETE, two.ash.sync().outcome)
        assertTrue(saved.change in two.operator("GET", "/export/csv"))
    }
}
