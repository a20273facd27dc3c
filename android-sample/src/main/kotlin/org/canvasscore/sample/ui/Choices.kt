package org.canvasscore.sample.ui

import android.content.Context
import android.content.SharedPreferences
import java.util.Locale
import org.canvasscore.model.LengthUnit

/** What the canvasser has chosen in the settings. */
class Choices(private val context: Context) {
    private val kept: SharedPreferences = context.getSharedPreferences("choices", Context.MODE_PRIVATE)

    /** The app's language as a BCP 47 tag; empty for the phone's. */
    var language: String
        get() = kept.getString(LANGUAGE, "").orEmpty()
        set(tag) = kept.edit().putString(LANGUAGE, tag).apply()

    /** The unit of lengths. */
    var unit: LengthUnit
        get() = if (kept.getBoolean(FEET, false)) LengthUnit.FEET else LengthUnit.METRES
        set(unit) = kept.edit().putBoolean(FEET, unit == LengthUnit.FEET).apply()

    /** The languages to speak in, the preferred one first. */
    fun languages(): List<String> {
        val phone = context.resources.configuration.locales.toLanguageTags().split(',')
        return listOf(language).filter(String::isNotEmpty) + phone
    }

    /** The same context in the language that was chosen. */
    fun localized(): Context {
        if (language.isEmpty()) return context
        val configuration = android.content.res.Configuration(context.resources.configuration)
        configuration.setLocale(Locale.forLanguageTag(language))
        return context.createConfigurationContext(configuration)
    }

    private companion object {
        const val LANGUAGE = "language"
        const val FEET = "feet"
    }
}
