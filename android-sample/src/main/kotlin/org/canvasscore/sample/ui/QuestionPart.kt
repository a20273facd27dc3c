package org.canvasscore.sample.ui

import android.app.DatePickerDialog
import android.content.Context
import android.text.InputType
import android.view.ViewGroup
import android.widget.CheckBox
import android.widget.CompoundButton
import android.widget.EditText
import android.widget.LinearLayout
import android.widget.RadioButton
import java.time.LocalDate
import java.time.format.DateTimeFormatter
import java.time.format.FormatStyle
import org.canvasscore.model.AnswerValue
import org.canvasscore.model.QuestionKind
import org.canvasscore.model.QuestionView
import org.canvasscore.sample.R
import org.canvasscore.sample.SurveyScreen

/**
 * The question at hand: its words, and what it is answered with. One choice is answered with one
 * tap; what is typed or ticked is answered with the button that goes on.
 */
class QuestionPart(
    private val context: Context,
    private val part: ViewGroup,
    private val question: QuestionView,
    private val screen: SurveyScreen,
) {
    private var typed: (() -> AnswerValue?)? = null

    init {
        question.headings.forEach { part.text(R.layout.part_section, it) }
        part.text(R.layout.part_text, question.frame)
        part.text(R.layout.part_question, question.label)
        question.hint?.let { part.text(R.layout.part_hint, it) }
        val faults = listOfNotNull(question.constraintMessage ?: question.fault)
        faults.filter(String::isNotEmpty).forEach { part.text(R.layout.row_warning, it) }
        when (val kind = question.kind) {
            is QuestionKind.SingleChoice -> single()
            is QuestionKind.MultipleChoice -> multiple()
            is QuestionKind.Integer -> number(InputType.TYPE_NUMBER_FLAG_SIGNED)
            is QuestionKind.Decimal -> number(InputType.TYPE_NUMBER_FLAG_DECIMAL)
            is QuestionKind.Text -> text()
            is QuestionKind.Scale -> scale(kind)
            is QuestionKind.Date -> date()
            is QuestionKind.Acknowledge -> acknowledge()
        }
        if (question.answer != null) {
            part.button(context.getText(R.string.clear_answer)) { screen.clear(question.name) }
        }
    }

    /** Answers with what was typed or ticked; tells whether there was anything. */
    fun submit(): Boolean {
        val value = typed?.invoke() ?: return false
        if (value == question.answer) return false
        answer(value)
        return true
    }

    private fun answer(value: AnswerValue) = screen.answer(question.name, value)

    private fun single() {
        val chosen = (question.answer as? AnswerValue.Choice)?.option
        for (option in question.options) {
            part.part<RadioButton>(R.layout.part_radio).apply {
                text = option.label
                isChecked = option.name == chosen
                setOnClickListener { answer(AnswerValue.Choice(option.name)) }
            }
        }
    }

    private fun multiple() {
        val chosen = (question.answer as? AnswerValue.Choices)?.options.orEmpty()
        val boxes = question.options.associate { option ->
            option.name to part.part<CheckBox>(R.layout.part_check).apply {
                text = option.label
                isChecked = option.name in chosen
            }
        }
        typed = {
            val ticked = boxes.filterValues(CompoundButton::isChecked).keys.toList()
            AnswerValue.Choices(ticked).takeIf { ticked.isNotEmpty() }
        }
    }

    private fun field(type: Int): EditText = part.part<EditText>(R.layout.part_field).apply {
        id = R.id.answer
        inputType = type
        contentDescription = question.label
    }

    private fun number(flag: Int) {
        val field = field(InputType.TYPE_CLASS_NUMBER or flag)
        (question.answer as? AnswerValue.Number)?.let { field.setText(plain(it.value)) }
        // What is no number is told by the core.
        typed = { field.text.toString().ifEmpty { null }?.let { AnswerValue.Number(it.toDoubleOrNull() ?: Double.NaN) } }
    }

    private fun plain(value: Double): String = value.toBigDecimal().stripTrailingZeros().toPlainString()

    private fun text() {
        val field = field(InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_FLAG_MULTI_LINE or InputType.TYPE_TEXT_FLAG_CAP_SENTENCES)
        (question.answer as? AnswerValue.Text)?.let { field.setText(it.text) }
        typed = { field.text.toString().ifEmpty { null }?.let(AnswerValue::Text) }
    }

    private fun scale(kind: QuestionKind.Scale) {
        kind.minLabel?.let { part.text(R.layout.part_hint, it) }
        val chosen = (question.answer as? AnswerValue.Scale)?.value
        val points = part.part<LinearLayout>(R.layout.part_points)
        for (point in kind.min..kind.max) {
            points.part<RadioButton>(R.layout.part_chip).apply {
                text = point.toString()
                isChecked = point == chosen
                setOnClickListener { answer(AnswerValue.Scale(point)) }
            }
        }
        kind.maxLabel?.let { part.text(R.layout.part_hint, it) }
    }

    private fun date() {
        val chosen = (question.answer as? AnswerValue.Date)?.let { LocalDate.parse(it.date) }
        val label = chosen?.format(DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG))
        part.button(label ?: context.getText(R.string.choose_date)) {
            val from = chosen ?: LocalDate.now()
            val picked = DatePickerDialog.OnDateSetListener { _, year, month, day ->
                answer(AnswerValue.Date(LocalDate.of(year, month + 1, day).toString()))
            }
            DatePickerDialog(context, picked, from.year, from.monthValue - 1, from.dayOfMonth).show()
        }
    }

    private fun acknowledge() {
        val option = question.options.firstOrNull()
        part.part<CheckBox>(R.layout.part_check).apply {
            text = option?.label ?: context.getText(R.string.acknowledge)
            isChecked = question.answer != null
            setOnClickListener { answer(AnswerValue.Choice(option?.name ?: OK)) }
        }
    }

    private companion object {
        const val OK = "OK"
    }
}
