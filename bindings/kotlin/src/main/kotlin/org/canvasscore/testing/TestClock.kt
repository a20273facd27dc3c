package org.canvasscore.testing

import java.time.Duration
import java.time.Instant
import java.util.concurrent.atomic.AtomicLong
import org.canvasscore.Clock

/** A [Clock] that stands still until it is told to [advance]: for tests only. */
public class TestClock(start: Instant) : Clock {
    private val startMs = start.toEpochMilli()
    private val sinceMs = AtomicLong()

    /** Lets time pass. */
    public fun advance(by: Duration) {
        sinceMs.addAndGet(by.toMillis())
    }

    override fun wallMs(): Long = startMs + sinceMs.get()

    override fun bootId(): String = "test"

    override fun sinceBootMs(): ULong = sinceMs.get().toULong()
}
