package org.canvasscore.sample.ui

import android.content.Intent
import android.graphics.Bitmap
import android.graphics.Color
import android.graphics.drawable.BitmapDrawable
import android.os.Bundle
import android.view.View
import android.view.ViewGroup
import android.widget.Button
import android.widget.EditText
import android.widget.ImageView
import android.widget.ProgressBar
import android.widget.RadioGroup
import android.widget.TextView
import com.google.zxing.BarcodeFormat
import com.google.zxing.qrcode.QRCodeWriter
import org.canvasscore.Canvass
import org.canvasscore.sample.PhoneToPhoneScreen
import org.canvasscore.sample.PhoneToPhoneState
import org.canvasscore.sample.R

/**
 * Phone to phone: the one that takes shows its code, the one that gives scans it and shows a
 * bundle. Codes are drawn here; they are read by whatever scanner an app has, which fills the
 * field. A file does the same.
 */
class PhoneToPhoneActivity : ScreenActivity(R.layout.screen_phones) {
    private lateinit var screen: PhoneToPhoneScreen
    private lateinit var scan: ViewGroup
    private lateinit var code: ViewGroup
    private var isTaking = false

    override fun ready(canvass: Canvass, saved: Bundle?) {
        screen = PhoneToPhoneScreen(canvass, scope)
        isTaking = saved?.getBoolean(TAKING) ?: false
        turn(isTaking)
        requireViewById<RadioGroup>(R.id.way).setOnCheckedChangeListener { _, way ->
            screen.begin()
            turn(way == R.id.take)
        }
        showErrors(screen)
        show(screen.state, ::render)
    }

    override fun onSaveInstanceState(out: Bundle) {
        super.onSaveInstanceState(out)
        out.putBoolean(TAKING, isTaking)
    }

    /** The one that takes shows first and scans then; the one that gives the other way round. */
    private fun turn(taking: Boolean) {
        isTaking = taking
        val first = requireViewById<ViewGroup>(R.id.first_part)
        val then = requireViewById<ViewGroup>(R.id.then_part)
        first.removeAllViews()
        then.removeAllViews()
        requireViewById<TextView>(R.id.first).setText(if (taking) R.string.phones_take_first else R.string.phones_give_first)
        requireViewById<TextView>(R.id.then).setText(if (taking) R.string.phones_take_then else R.string.phones_give_then)
        code = (if (taking) first else then).part(R.layout.part_show)
        scan = (if (taking) then else first).part(R.layout.part_scan)
        prepare()
        render(screen.state.value)
    }

    private fun prepare() {
        button(code, R.id.show) { screen.ask() }.isShown(isTaking)
        button(code, R.id.next_frame) { screen.nextFrame() }
        button(code, R.id.save_file) {
            val create = Intent(Intent.ACTION_CREATE_DOCUMENT).addCategory(Intent.CATEGORY_OPENABLE)
            create.setType(BYTES).putExtra(Intent.EXTRA_TITLE, if (isTaking) SUMMARY else BUNDLE)
            ask(create, SAVE)
        }
        button(scan, R.id.scan) {
            val field = scan.requireViewById<EditText>(R.id.scanned)
            val text = field.text.toString().trim()
            if (isTaking) screen.scanBundle(text) else screen.scanSummary(text)
            field.text.clear()
        }
        button(scan, R.id.open_file) {
            ask(Intent(Intent.ACTION_OPEN_DOCUMENT).addCategory(Intent.CATEGORY_OPENABLE).setType(ANY), OPEN)
        }
    }

    private fun button(part: View, button: Int, press: () -> Unit): Button =
        part.requireViewById<Button>(button).apply { setOnClickListener { press() } }

    @Suppress("DEPRECATION")
    private fun ask(intent: Intent, what: Int) = startActivityForResult(intent, what)

    @Deprecated("the platform's own, which needs no library")
    override fun onActivityResult(what: Int, result: Int, data: Intent?) {
        val file = data?.data?.takeIf { result == RESULT_OK } ?: return
        if (what == SAVE) {
            val bytes = screen.state.value.file ?: return
            contentResolver.openOutputStream(file)?.use { it.write(bytes) }
        } else {
            val bytes = contentResolver.openInputStream(file)?.use { it.readBytes() } ?: return
            if (isTaking) screen.openBundle(bytes) else screen.openSummary(bytes)
        }
    }

    private fun render(state: PhoneToPhoneState) {
        requireViewById<TextView>(R.id.told).apply {
            text = state.told
            isShown(state.told.isNotEmpty())
        }
        val frame = state.frames.getOrNull(state.at)
        code.requireViewById<ImageView>(R.id.code).apply {
            isShown(frame != null)
            frame?.let { setImageDrawable(drawn(it)) }
            tag = frame
        }
        code.requireViewById<ProgressBar>(R.id.frames_shown).apply {
            isShown(state.frames.size > 1)
            max = state.frames.size
            progress = state.at + 1
        }
        code.requireViewById<View>(R.id.next_frame).isShown(state.frames.size > 1)
        code.requireViewById<View>(R.id.save_file).isShown(state.file != null)
        scan.requireViewById<ProgressBar>(R.id.frames_there).apply {
            isShown(state.progress.of > 0u)
            max = state.progress.of.toInt()
            progress = state.progress.there.toInt()
        }
    }

    private fun drawn(text: String): BitmapDrawable {
        val code = QRCodeWriter().encode(text, BarcodeFormat.QR_CODE, 0, 0)
        val pixels = IntArray(code.width * code.height) { at ->
            if (code.get(at % code.width, at / code.width)) Color.BLACK else Color.WHITE
        }
        val bitmap = Bitmap.createBitmap(pixels, code.width, code.height, Bitmap.Config.ARGB_8888)
        // Enlarged without smoothing: a scanner wants edges.
        return BitmapDrawable(resources, bitmap).apply { isFilterBitmap = false }
    }

    private companion object {
        const val TAKING = "taking"
        const val SAVE = 1
        const val OPEN = 2
        const val BYTES = "application/octet-stream"
        const val ANY = "*/*"
        const val BUNDLE = "work.canvass"
        const val SUMMARY = "summary.canvass"
    }
}
