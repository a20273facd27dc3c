package org.canvasscore.sample.ui

import android.app.Application
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import org.canvasscore.Canvass
import org.canvasscore.CanvassException
import org.canvasscore.Clock
import org.canvasscore.EngineConfig
import org.canvasscore.android.AndroidClock
import org.canvasscore.android.AndroidKeyVault
import org.canvasscore.android.CanvassDirectory

/** The process: it opens one engine, which all screens share. */
open class App : Application() {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    private var opening: Deferred<Canvass>? = null

    /** The clock by which the engine and the screens go. */
    open val clock: Clock by lazy { AndroidClock(this) }

    /** The engine; the first caller opens it. One that failed is tried again by the next. */
    suspend fun canvass(): Canvass {
        val opening = synchronized(this) {
            opening ?: scope.async { opened() }.also { opening = it }
        }
        return try {
            opening.await()
        } catch (failed: CanvassException) {
            synchronized(this) { if (this.opening == opening) this.opening = null }
            throw failed
        }
    }

    private suspend fun opened(): Canvass =
        open().also { it.setLanguages(Choices(this).languages()) }

    /** Opens the engine. Tests bring their own clock, keys and network. */
    protected open suspend fun open(): Canvass = Canvass.open(
        EngineConfig(CanvassDirectory.of(this).path),
        AndroidKeyVault(this),
        clock,
    )
}
