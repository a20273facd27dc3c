package org.canvasscore.sample.ui

import android.app.Application
import android.content.Intent
import android.os.Bundle
import android.os.Looper
import android.os.Parcel
import android.view.View
import android.view.ViewGroup
import android.widget.CompoundButton
import android.widget.EditText
import android.widget.ListView
import android.widget.TextView
import java.time.Duration
import java.util.concurrent.locks.LockSupport
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.runBlocking
import org.canvasscore.Canvass
import org.canvasscore.CanvassException
import org.robolectric.Robolectric
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController

/** What a hand and an eye do with a phone: the back stack of activities, presses, and waiting. */
class Phone {
    private val app: App = RuntimeEnvironment.getApplication() as App
    private val stack = ArrayDeque<ActivityController<out ScreenActivity>>()

    /** The screen on top. */
    val screen: ScreenActivity get() = stack.last().get()

    /** Opens a screen on top of the others. */
    fun open(intent: Intent) {
        @Suppress("UNCHECKED_CAST")
        val of = Class.forName(intent.component!!.className) as Class<out ScreenActivity>
        stack += Robolectric.buildActivity(of, intent).setup()
    }

    /** Starts the app as its icon does. */
    fun start() = open(
        Intent(app, WalkListActivity::class.java).setAction(Intent.ACTION_MAIN),
    )

    /** Waits until something is so, while the main thread works. */
    fun until(what: String, isSo: () -> Boolean) {
        val deadline = System.nanoTime() + PATIENCE.toNanos()
        while (true) {
            shadowOf(Looper.getMainLooper()).idleFor(STEP)
            follow()
            if (isSo()) return
            check(System.nanoTime() < deadline) {
                "it never came to this: $what; ${stack.lastOrNull()?.let { "${screen.javaClass.simpleName}: ${texts()}" }}"
            }
            LockSupport.parkNanos(STEP.toNanos())
        }
    }

    /** Goes where the screen on top went: to another one, or back. */
    private fun follow() {
        while (true) {
            val started = shadowOf(app as Application).nextStartedActivity ?: break
            if (started.component?.packageName == app.packageName) open(started) else asked = started
        }
        for (gone in stack.filter { it.get().isFinishing }) {
            stack.remove(gone)
            gone.pause().stop().destroy()
        }
    }

    /** What another app was asked for last. */
    var asked: Intent? = null
        private set

    /** Waits for a screen. */
    inline fun <reified S : ScreenActivity> on(crossinline ready: () -> Boolean) {
        until("the screen ${S::class.simpleName}") { screen is S }
        until("what ${S::class.simpleName} shows") { ready() }
    }

    /** Goes back. */
    fun back() {
        screen.finish()
        until("back") { true }
    }

    /** A view of the screen on top. */
    fun <V : View> view(id: Int): V = screen.requireViewById(id)

    /** Lets the main thread work for a while. */
    fun rest(time: Duration) {
        val end = System.nanoTime() + time.toNanos()
        until("a rest") { System.nanoTime() >= end }
    }

    /** Presses a view, once it can be pressed. */
    fun press(id: Int) {
        until("it can be pressed: ${app.resources.getResourceEntryName(id)}") { canBePressed(view<View>(id)) }
        press(view<View>(id))
    }

    /** Presses the one with this text, once it can be pressed. */
    fun press(text: String) {
        until("it can be pressed: $text") { find(text)?.let(::canBePressed) == true }
        press(checkNotNull(find(text)))
    }

    private fun canBePressed(view: View) = view.isShown && view.isEnabled

    private fun press(view: View) {
        // A box or a chip changes by itself, whoever listens.
        check(view.performClick() || view is CompoundButton) { "nobody listens: $view" }
        until("a press") { true }
    }

    /** Presses a row of a list. */
    fun pressRow(list: Int, at: Int) {
        val rows = view<ListView>(list)
        rows.performItemClick(rows.getChildAt(at), at, at.toLong())
        until("a press") { true }
    }

    /** Types into a field. */
    fun type(id: Int, text: String) = view<EditText>(id).setText(text)

    /** Whether this is shown somewhere. */
    fun says(text: String): Boolean = texts().any { text in it }

    /** What is shown. */
    fun texts(): List<String> = seen().filterIsInstance<TextView>().map { it.text.toString() }

    /** All views that are shown. */
    fun seen(): List<View> = below(view(android.R.id.content)).filter(View::isShown)

    private fun find(text: String): View? = seen().filterIsInstance<TextView>()
        .firstOrNull { it.isClickable && it.text.toString() == text }

    /** The process is killed: what was saved of each screen, and its ids, are all that is left. */
    fun kill(): List<Bundle> {
        val left = stack.map { controller ->
            val saved = Bundle()
            controller.pause().saveInstanceState(saved).stop()
            Triple(controller.get().javaClass, controller.get().intent, throughParcel(saved))
        }
        stack.forEach { it.destroy() }
        stack.clear()
        shadowOf(Looper.getMainLooper()).idleFor(STEP)
        dropEngine()
        for ((screen, intent, saved) in left) {
            stack += Robolectric.buildActivity(screen, intent).setup(saved)
        }
        return left.map { (_, _, saved) -> saved }
    }

    /** Lets go of the engine as a killed process does: nobody closes it. */
    private fun dropEngine() {
        val field = App::class.java.getDeclaredField("opening").apply { isAccessible = true }
        val canvass = engine()
        field.set(app, null)
        val engine = Canvass::class.java.getDeclaredField("engine").apply { isAccessible = true }
        (engine.get(canvass) as AutoCloseable).close()
        // A call that was under way holds the directory until it has ended.
        until("the engine, opened again") {
            try {
                engine() != canvass
            } catch (inUse: CanvassException.InUse) {
                false
            }
        }
    }

    /** The engine that the screens share. */
    fun engine(): Canvass {
        val opened = with(kotlinx.coroutines.CoroutineScope(Dispatchers.IO)) { async { app.canvass() } }
        return runBlocking { opened.await() }
    }

    /** Another app gives the file that it was asked for. */
    fun give(file: android.net.Uri, bytes: ByteArray) {
        val resolver = shadowOf(app.contentResolver)
        resolver.registerInputStream(file, bytes.inputStream())
        val request = checkNotNull(asked)
        shadowOf(screen).receiveResult(request, android.app.Activity.RESULT_OK, Intent().setData(file))
        until("the file") { true }
    }

    /** Turns the phone, or changes what the system says of it. */
    fun change(qualifiers: String) {
        RuntimeEnvironment.setQualifiers(qualifiers)
        stack.last().configurationChange(app.resources.configuration).visible()
        until("the change") { true }
    }

    /** Sets the size of type. */
    fun fontScale(scale: Float) {
        RuntimeEnvironment.setFontScale(scale)
        stack.last().configurationChange(app.resources.configuration).visible()
        until("the change") { true }
    }

    companion object {
        private val PATIENCE = Duration.ofSeconds(60)
        private val STEP = Duration.ofMillis(4)

        /** Everything below a view, itself first. */
        fun below(view: View): List<View> = listOf(view) +
            ((view as? ViewGroup)?.let { group -> (0 until group.childCount).flatMap { below(group.getChildAt(it)) } }
                ?: emptyList())

        /** As the system keeps it: in bytes. */
        private fun throughParcel(bundle: Bundle): Bundle {
            val parcel = Parcel.obtain()
            parcel.writeBundle(bundle)
            parcel.setDataPosition(0)
            return checkNotNull(parcel.readBundle(Phone::class.java.classLoader)).also { parcel.recycle() }
        }
    }
}
