package org.canvasscore.sample.ui

import android.os.Bundle
import android.view.View
import android.view.ViewGroup
import android.widget.Button
import android.widget.RadioButton
import android.widget.RadioGroup
import android.widget.TextView
import java.util.Locale
import org.canvasscore.Canvass
import org.canvasscore.model.ConversationEnd
import org.canvasscore.model.ConversationView
import org.canvasscore.model.QuestionView
import org.canvasscore.model.TextDirection
import org.canvasscore.sample.R
import org.canvasscore.sample.SurveyScreen
import org.canvasscore.sample.SurveyState

/** Survey: one question at a time, in the person's language; what they want at the end. */
class SurveyActivity : ScreenActivity(R.layout.screen_survey) {
    private lateinit var screen: SurveyScreen
    private lateinit var wishes: Wishes
    private var shown: ConversationView? = null
    private var answer: QuestionPart? = null

    override fun ready(canvass: Canvass, saved: Bundle?) {
        val language = saved?.getString(LANGUAGE).orEmpty()
        screen = SurveyScreen(canvass, id(LIST), id(HOUSEHOLD), id(PERSON), language, scope)
        wishes = Wishes(this, screen)
        requireViewById<Button>(R.id.back).setOnClickListener { screen.back() }
        showErrors(screen)
        show(screen.state, ::render)
        screen.start()
    }

    override fun onSaveInstanceState(out: Bundle) {
        super.onSaveInstanceState(out)
        if (::screen.isInitialized) out.putString(LANGUAGE, screen.language)
    }

    private fun render(state: SurveyState) {
        requireViewById<TextView>(R.id.title).text = state.person?.name
        requireViewById<TextView>(R.id.door).text = state.household?.title
        val view = state.screen?.view ?: return
        if (view != shown) {
            renderLanguages(view)
            renderQuestion(view)
            renderGiven(view)
            renderSteps(view)
            shown = view
        }
        wishes.show(requireViewById(R.id.wishes), state)
    }

    private fun renderLanguages(view: ConversationView) {
        val chips = requireViewById<RadioGroup>(R.id.languages)
        chips.removeAllViews()
        for (tag in view.languages) {
            chips.part<RadioButton>(R.layout.part_chip).apply {
                val locale = Locale.forLanguageTag(tag)
                text = locale.getDisplayLanguage(locale)
                isChecked = tag == view.language
                setOnClickListener { screen.speak(tag) }
            }
        }
    }

    private fun renderQuestion(view: ConversationView) {
        val part = requireViewById<ViewGroup>(R.id.question)
        part.removeAllViews()
        // The script's words run their own way, whatever the phone's language is.
        part.layoutDirection = when (view.direction) {
            TextDirection.LEFT_TO_RIGHT -> View.LAYOUT_DIRECTION_LTR
            TextDirection.RIGHT_TO_LEFT -> View.LAYOUT_DIRECTION_RTL
        }
        view.notes.forEach { part.text(R.layout.part_note, it.text) }
        val question = view.question
        answer = question?.let { QuestionPart(this, part, it, screen) }
        if (question == null) renderEnd(part, view)
    }

    private fun renderEnd(part: ViewGroup, view: ConversationView) {
        val ended = when (view.ended) {
            ConversationEnd.FINISHED -> R.string.survey_finished
            ConversationEnd.STOPPED -> R.string.survey_stopped
            null -> R.string.survey_end
        }
        part.text(R.layout.part_section, getText(ended))
        if (view.missing.isEmpty()) return
        part.text(R.layout.part_section, getText(R.string.survey_missing))
        view.missing.zip(view.missingLabels).forEach { (question, label) ->
            part.button(label) { screen.goTo(question) }
        }
    }

    private fun renderGiven(view: ConversationView) {
        val part = requireViewById<ViewGroup>(R.id.given)
        part.removeAllViews()
        if (view.given.isEmpty()) return
        part.text(R.layout.part_section, getText(R.string.given))
        for (given in view.given) {
            val row = part.action(given.label, "", getText(R.string.change_answer)) {
                screen.goTo(given.question)
            }
            val words = row.requireViewById<View>(R.id.more).parent as ViewGroup
            given.words.forEach { words.text(R.layout.part_text, it) }
            if (!given.counts) words.text(R.layout.part_text, getText(R.string.does_not_count))
        }
    }

    private fun renderSteps(view: ConversationView) {
        val question = view.question
        requireViewById<Button>(R.id.back).isEnabled = view.mayGoBack
        requireViewById<Button>(R.id.skip).apply {
            setText(if (question == null || !view.maySkip) R.string.survey_stop else R.string.survey_skip)
            isEnabled = view.ended == null
            setOnClickListener { skipOrStop(view, question) }
        }
        requireViewById<Button>(R.id.next).apply {
            setText(if (question == null) R.string.survey_finish else R.string.survey_next)
            isEnabled = view.ended == null && (question != null || view.mayFinish)
            setOnClickListener {
                if (question == null) screen.finish() else if (answer?.submit() != true) screen.next()
            }
        }
    }

    private fun skipOrStop(view: ConversationView, question: QuestionView?) {
        if (question != null && view.maySkip) screen.skip(question.name) else screen.stop()
    }

    private companion object {
        const val LANGUAGE = "language"
    }
}
