package org.canvasscore.android

import android.content.ContentResolver
import android.content.Context
import android.os.SystemClock
import android.provider.Settings
import java.util.UUID
import org.canvasscore.Clock

/**
 * The [Clock] of an Android phone.
 *
 * The time since the phone started counts sleep. A start is told by the number that Android
 * counts them with; where it does not (it may be absent on a changed system), a boot lasts as
 * long as the process, and the engine trusts the clock a little less.
 */
public class AndroidClock(context: Context) : Clock {
    private val resolver: ContentResolver = context.applicationContext.contentResolver
    private val process = "process-${UUID.randomUUID()}"

    override fun wallMs(): Long = System.currentTimeMillis()

    override fun bootId(): String {
        val count = Settings.Global.getInt(resolver, Settings.Global.BOOT_COUNT, UNKNOWN)
        return if (count == UNKNOWN) process else "boot-$count"
    }

    override fun sinceBootMs(): ULong = SystemClock.elapsedRealtime().toULong()

    private companion object {
        const val UNKNOWN = -1
    }
}
