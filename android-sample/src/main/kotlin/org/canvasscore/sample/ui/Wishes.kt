package org.canvasscore.sample.ui

import android.app.Activity
import android.app.DatePickerDialog
import android.view.View
import android.view.ViewGroup
import android.widget.ArrayAdapter
import android.widget.Button
import android.widget.CheckBox
import android.widget.RadioButton
import android.widget.Spinner
import android.widget.TextView
import java.time.Instant
import java.time.LocalDate
import java.time.LocalTime
import java.time.ZoneId
import java.time.format.DateTimeFormatter
import java.time.format.FormatStyle
import org.canvasscore.model.AskState
import org.canvasscore.model.ConsentInput
import org.canvasscore.model.ContactChannel
import org.canvasscore.model.PersonView
import org.canvasscore.model.TimeWindow
import org.canvasscore.sample.R
import org.canvasscore.sample.SurveyScreen
import org.canvasscore.sample.SurveyState

/** What a person wants of the campaign, and when to come back to them. */
class Wishes(private val activity: Activity, private val screen: SurveyScreen) {
    private var shown: PersonView? = null
    private var part: View? = null
    private val zone = ZoneId.systemDefault()
    private var day = Instant.ofEpochMilli((activity.application as App).clock.wallMs())
        .atZone(zone).toLocalDate().plusDays(1)

    /** Shows it at the end of the conversation. */
    fun show(into: ViewGroup, state: SurveyState) {
        val person = state.person
        val isEnd = state.screen?.view?.question == null && state.screen != null
        into.isShown(isEnd && person != null)
        if (!isEnd || person == null) return
        val part = part ?: into.part<View>(R.layout.part_wishes).also(::prepare)
        this.part = part
        if (person != shown) renderAsks(part, state, person)
        shown = person
        val saved = state.household?.followUps.orEmpty().any { it.person == person.person && !it.kept }
        part.requireViewById<View>(R.id.come_back_saved).isShown(saved)
    }

    private fun prepare(part: View) {
        val hours = (0..23).map { LocalTime.of(it, 0).format(DateTimeFormatter.ofLocalizedTime(FormatStyle.SHORT)) }
        for ((spinner, hour) in listOf(R.id.from to FIRST_HOUR, R.id.until to LAST_HOUR)) {
            part.requireViewById<Spinner>(spinner).apply {
                adapter = ArrayAdapter(activity, android.R.layout.simple_spinner_dropdown_item, hours)
                setSelection(hour)
            }
        }
        val choose = part.requireViewById<Button>(R.id.day)
        choose.text = day.format(DAY)
        choose.setOnClickListener {
            val picked = DatePickerDialog.OnDateSetListener { _, year, month, of ->
                day = LocalDate.of(year, month + 1, of)
                choose.text = day.format(DAY)
            }
            DatePickerDialog(activity, picked, day.year, day.monthValue - 1, day.dayOfMonth).show()
        }
        part.requireViewById<Button>(R.id.come_back).setOnClickListener { screen.comeBack(window(part)) }
    }

    private fun window(part: View): TimeWindow {
        val at = { spinner: Int ->
            day.atTime(part.requireViewById<Spinner>(spinner).selectedItemPosition, 0).atZone(zone)
        }
        val from = at(R.id.from)
        val offset = from.offset.totalSeconds / 60
        return TimeWindow(from.toInstant(), at(R.id.until).toInstant(), offset)
    }

    private fun renderAsks(part: View, state: SurveyState, person: PersonView) {
        val asks = part.requireViewById<ViewGroup>(R.id.asks)
        asks.removeAllViews()
        for (choice in state.household?.askChoices.orEmpty()) {
            val row = asks.part<View>(R.layout.row_ask)
            row.requireViewById<TextView>(R.id.name).text = choice.name
            val standing = person.asks.find { it.kind == choice.kind }?.state
            for ((button, isWanted) in listOf(R.id.yes to true, R.id.no to false)) {
                row.requireViewById<RadioButton>(button).apply {
                    isChecked = standing == if (isWanted) AskState.WANTED else AskState.DECLINED
                    setOnClickListener { screen.ask(choice.kind, isWanted, consent(part, isWanted)) }
                }
            }
        }
    }

    private fun consent(part: View, isWanted: Boolean): ConsentInput? {
        val box = part.requireViewById<CheckBox>(R.id.consent)
        if (!isWanted || !box.isChecked) return null
        val language = activity.resources.configuration.locales[0].toLanguageTag()
        return ConsentInput(box.text.toString(), language, listOf(ContactChannel.PHONE, ContactChannel.TEXT))
    }

    private companion object {
        const val FIRST_HOUR = 17
        const val LAST_HOUR = 19
        val DAY: DateTimeFormatter = DateTimeFormatter.ofLocalizedDate(FormatStyle.FULL)
    }
}
