package org.canvasscore.sample.ui

import android.os.Bundle
import android.view.View
import android.widget.Button
import android.widget.EditText
import android.widget.RadioButton
import android.widget.RadioGroup
import android.widget.TextView
import java.util.Locale
import org.canvasscore.Canvass
import org.canvasscore.sample.AddPersonScreen
import org.canvasscore.sample.R

/** Add a person: someone met at the door whom no file knew. */
class AddPersonActivity : ScreenActivity(R.layout.screen_add_person) {
    override fun ready(canvass: Canvass, saved: Bundle?) {
        val screen = AddPersonScreen(canvass, id(LIST), id(HOUSEHOLD), scope)
        showLanguages()
        requireViewById<Button>(R.id.add).setOnClickListener {
            screen.add(typed(R.id.given_name), typed(R.id.family_name), language())
        }
        showErrors(screen)
        show(screen.state) { state ->
            requireViewById<TextView>(R.id.title).text = state.title
            if (state.saved != null) finish()
        }
        screen.start()
    }

    private fun typed(field: Int): String = requireViewById<EditText>(field).text.toString()

    private fun showLanguages() {
        val group = requireViewById<RadioGroup>(R.id.languages)
        for (tag in LANGUAGES) {
            group.part<RadioButton>(R.layout.part_radio).apply {
                this.tag = tag
                val locale = Locale.forLanguageTag(tag)
                text = if (tag.isEmpty()) getText(R.string.language_unknown) else locale.getDisplayLanguage(locale)
                isChecked = tag.isEmpty()
            }
        }
    }

    private fun language(): String {
        val group = requireViewById<RadioGroup>(R.id.languages)
        return group.findViewById<View>(group.checkedRadioButtonId)?.tag as? String ?: ""
    }

    private companion object {
        val LANGUAGES = listOf("", "en", "es", "fr", "vi", "zh", "ar")
    }
}
