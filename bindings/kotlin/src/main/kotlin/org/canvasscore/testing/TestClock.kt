package org.canvasscore.testing

import java.time.Duration
import java.time.Instant
import java.util.concurrent.atomic.AtomicLong
import org.canvasscore.Clock

/** A [Clock] that stands still until it is told to go on: for tests only. */
public class TestClock(start: Instant) : Clock {
    private val startMs = start.toEpochMilli()
    private val sinceMs = AtomicLong()

    /** Lets time pass. */
    public fun advance(by: Duration) {
        require(!by.isNegative) { "time does not run backwards" }
        sinceMs.addAndGet(by.toMillis())
    }

    /** Lets time pass until it is [moment]. */
    public fun advanceTo(moment: Instant): Unit =
        advance(Duration.ofMillis(moment.toEpochMilli() - wallMs()))

    override fun wallMs(): Long = startMs + sinceMs.get()

    override fun bootId(): String = "test"

    override fun sinceBootMs(): ULong = sinceMs.get().toULong()
}
