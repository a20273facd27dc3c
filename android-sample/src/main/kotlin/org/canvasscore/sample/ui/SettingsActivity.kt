package org.canvasscore.sample.ui

import android.content.Intent
import android.os.Bundle
import android.widget.Button
import android.widget.RadioGroup
import android.widget.TextView
import org.canvasscore.Canvass
import org.canvasscore.model.LengthUnit
import org.canvasscore.sample.R
import org.canvasscore.sample.SettingsScreen

/** Settings: language, unit of lengths, and another invitation. */
class SettingsActivity : ScreenActivity(R.layout.screen_settings) {
    override fun ready(canvass: Canvass, saved: Bundle?) {
        val screen = SettingsScreen(canvass, scope)
        val choices = Choices(this)
        requireViewById<RadioGroup>(R.id.languages).apply {
            check(LANGUAGES.getValue(choices.language))
            setOnCheckedChangeListener { _, button ->
                choices.language = LANGUAGES.entries.first { it.value == button }.key
                screen.setLanguages(choices.languages())
                recreate()
            }
        }
        requireViewById<RadioGroup>(R.id.units).apply {
            check(if (choices.unit == LengthUnit.FEET) R.id.unit_feet else R.id.unit_metres)
            setOnCheckedChangeListener { _, button ->
                choices.unit = if (button == R.id.unit_feet) LengthUnit.FEET else LengthUnit.METRES
            }
        }
        requireViewById<Button>(R.id.join_again).setOnClickListener {
            startActivity(Intent(this, JoinActivity::class.java))
        }
        showErrors(screen)
        show(screen.state) { state ->
            requireViewById<TextView>(R.id.status).text = state.status?.sentence
            requireViewById<Button>(R.id.share_diagnostics).apply {
                isEnabled = state.diagnostics.isNotEmpty()
                setOnClickListener { share(state.diagnostics) }
            }
        }
        screen.start()
    }

    /** Hands it to whichever app the canvasser chooses; nothing leaves the phone by itself. */
    private fun share(diagnostics: String) {
        val send = Intent(Intent.ACTION_SEND).setType("text/plain").putExtra(Intent.EXTRA_TEXT, diagnostics)
        startActivity(Intent.createChooser(send, null))
    }

    private companion object {
        val LANGUAGES = mapOf("" to R.id.language_phone, "en" to R.id.language_en, "es" to R.id.language_es)
    }
}
