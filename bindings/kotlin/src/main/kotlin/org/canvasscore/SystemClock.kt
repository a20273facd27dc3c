package org.canvasscore

import java.io.File
import java.io.IOException
import java.util.UUID

/**
 * The clock of a desktop or server JVM.
 *
 * On Linux it tells the kernel's own boot and uptime, sleep included. Where these cannot be
 * read, a boot lasts as long as the process: the engine then trusts the clock a little less.
 * On Android implement [Clock] with `android.os.SystemClock.elapsedRealtime()` and
 * `Settings.Global.BOOT_COUNT`.
 */
public class SystemClock : Clock {
    private val bootId = read("/proc/sys/kernel/random/boot_id")?.trim()
    private val processId = UUID.randomUUID().toString()
    private val startedNs = System.nanoTime()

    override fun wallMs(): Long = System.currentTimeMillis()

    override fun bootId(): String = if (uptimeMs() != null) bootId ?: processId else processId

    override fun sinceBootMs(): ULong =
        (uptimeMs() ?: ((System.nanoTime() - startedNs) / NANOS_PER_MILLI)).toULong()

    private fun uptimeMs(): Long? = bootId?.let { read("/proc/uptime") }
        ?.substringBefore(' ')
        ?.toBigDecimalOrNull()
        ?.movePointRight(MILLI_DIGITS)
        ?.toLong()

    private fun read(path: String): String? = try {
        File(path).readText()
    } catch (absent: IOException) {
        null
    }

    private companion object {
        const val NANOS_PER_MILLI = 1_000_000L
        const val MILLI_DIGITS = 3
    }
}
