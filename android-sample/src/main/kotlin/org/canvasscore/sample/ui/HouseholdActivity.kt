package org.canvasscore.sample.ui

import android.os.Bundle
import android.view.View
import android.view.ViewGroup
import android.widget.Button
import android.widget.CheckBox
import android.widget.EditText
import android.widget.GridLayout
import android.widget.RadioButton
import android.widget.RadioGroup
import android.widget.TextView
import org.canvasscore.Canvass
import org.canvasscore.model.HouseholdView
import org.canvasscore.model.PersonId
import org.canvasscore.model.ResultChoice
import org.canvasscore.sample.HouseholdScreen
import org.canvasscore.sample.HouseholdState
import org.canvasscore.sample.R

/** Household: who lives here and what happened; results within a thumb's reach at the bottom. */
class HouseholdActivity : ScreenActivity(R.layout.screen_household) {
    private lateinit var screen: HouseholdScreen
    private var hasMore = false
    private var shown: HouseholdState? = null

    override fun ready(canvass: Canvass, saved: Bundle?) {
        val attempt = saved?.getString(ATTEMPT)
        screen = HouseholdScreen(canvass, id(LIST), id(HOUSEHOLD), attempt, scope)
        button(R.id.add_person) {
            startActivity(to(this, AddPersonActivity::class.java, LIST to id(LIST), HOUSEHOLD to id(HOUSEHOLD)))
        }
        button(R.id.save_note) {
            val note = requireViewById<EditText>(R.id.note)
            screen.recordNote(note.text.toString())
            note.text.clear()
        }
        button(R.id.do_not_contact) { screen.setDoNotContact(null) }
        button(R.id.undo) { screen.undoLast() }
        requireViewById<CheckBox>(R.id.literature).apply {
            setOnClickListener { screen.setLiterature(isChecked) }
        }
        showErrors(screen)
        show(screen.state, ::render)
        screen.start()
    }

    override fun onSaveInstanceState(out: Bundle) {
        super.onSaveInstanceState(out)
        if (::screen.isInitialized) out.putString(ATTEMPT, screen.attempt)
    }

    private fun button(button: Int, press: () -> Unit) =
        requireViewById<Button>(button).setOnClickListener { press() }

    private fun render(state: HouseholdState) {
        val view = state.view ?: return
        if (shown?.view != view || shown?.floors != state.floors) renderHousehold(view, state)
        renderSaved(state)
        renderResultOf(view, state.person)
        renderResults(if (state.person == null) view.doorChoices else view.personChoices)
        shown = state
    }

    private fun renderHousehold(view: HouseholdView, state: HouseholdState) {
        requireViewById<TextView>(R.id.title).text = view.title
        requireViewById<TextView>(R.id.place).text = view.place
        fill(R.id.warnings) { warnings ->
            view.warnings.forEach { warnings.text(R.layout.row_warning, it) }
        }
        renderPeople(view)
        renderHistory(view)
        renderNotes(view)
        fill(R.id.conflicts) { conflicts ->
            if (view.conflicts.isNotEmpty()) conflicts.text(R.layout.part_section, getText(R.string.people_disagree))
            for (conflict in view.conflicts) {
                conflicts.text(R.layout.row_warning, conflict.title)
                for (value in conflict.candidates) {
                    conflicts.button(value.sentence) {
                        screen.resolveConflict(conflict.conflict, value.change)
                    }
                }
            }
        }
        renderFloors(state)
        requireViewById<View>(R.id.do_not_contact).isShown(!view.doNotContact)
    }

    private fun renderPeople(view: HouseholdView) = fill(R.id.people) { people ->
        for (person in view.people) {
            val row = people.part<View>(R.layout.row_person)
            row.requireViewById<TextView>(R.id.name).text = person.name
            row.requireViewById<TextView>(R.id.sentence).apply {
                text = person.sentence
                isShown(person.sentence.isNotEmpty())
            }
            row.requireViewById<Button>(R.id.talk).apply {
                isShown(view.hasScript && person.notContacted == null)
                setOnClickListener { talk(person.person) }
            }
        }
    }

    private fun talk(person: PersonId) = startActivity(
        to(this, SurveyActivity::class.java, LIST to id(LIST), HOUSEHOLD to id(HOUSEHOLD), PERSON to person),
    )

    private fun renderHistory(view: HouseholdView) = fill(R.id.history) { history ->
        requireViewById<View>(R.id.history_none).isShown(view.attempts.isEmpty())
        for (attempt in view.attempts) {
            if (attempt.mayUndo) {
                history.action(attempt.sentence, "", getText(R.string.undo_this)) {
                    screen.undo(attempt.attempt)
                }
            } else {
                history.text(R.layout.part_text, attempt.sentence)
            }
        }
    }

    private fun renderNotes(view: HouseholdView) = fill(R.id.notes) { notes ->
        for (note in view.notes) {
            if (note.own) {
                notes.action(note.text, note.byline, getText(R.string.undo_this)) {
                    screen.editNote(note.note, "")
                }
            } else {
                notes.text(R.layout.part_note, note.text)
                notes.text(R.layout.part_text, note.byline)
            }
        }
    }

    private fun renderFloors(state: HouseholdState) {
        requireViewById<View>(R.id.floors_head).isShown(state.floors.size > 1)
        fill(R.id.floors) { floors ->
            if (state.floors.size < 2) return@fill
            for (floor in state.floors) {
                if (floor.open.isEmpty()) {
                    floors.text(R.layout.part_text, floor.sentence)
                } else {
                    floors.action(floor.sentence, "", getText(R.string.floor_nobody)) {
                        screen.nobodyHome(floor)
                    }
                }
            }
        }
    }

    private fun renderSaved(state: HouseholdState) {
        val isSaved = state.saved != null || state.savedDoors.isNotEmpty()
        requireViewById<View>(R.id.saved_bar).isShown(isSaved)
        requireViewById<CheckBox>(R.id.literature).apply {
            val attempt = state.view?.attempts?.find { it.attempt == screen.attempt }
            isShown(attempt != null)
            isChecked = attempt?.literature == true
        }
    }

    /** Whose result the buttons below record. */
    private fun renderResultOf(view: HouseholdView, selected: PersonId?) {
        val chips = requireViewById<RadioGroup>(R.id.result_of)
        if (shown?.view?.people == view.people && shown?.person == selected) return
        chips.removeAllViews()
        chip(chips, getText(R.string.whole_door), null, selected)
        for (person in view.people.filter { it.notContacted == null }) {
            chip(chips, person.name, person.person, selected)
        }
    }

    private fun chip(chips: ViewGroup, name: CharSequence, person: PersonId?, selected: PersonId?) =
        chips.part<RadioButton>(R.layout.part_chip).apply {
            text = name
            isChecked = person == selected
            setOnClickListener { screen.select(person) }
        }

    private fun renderResults(choices: List<ResultChoice>) {
        val grid = requireViewById<GridLayout>(R.id.results)
        grid.removeAllViews()
        for (choice in choices.filter { it.isOften || hasMore }) {
            grid.button(choice.name) { screen.record(choice.result) }.inGrid()
        }
        val more = if (hasMore) R.string.fewer_results else R.string.more_results
        grid.button(getText(more)) {
            hasMore = !hasMore
            renderResults(choices)
        }.inGrid(grid.columnCount)
    }

    private fun View.inGrid(columns: Int = 1) {
        val margin = resources.getDimensionPixelSize(R.dimen.gap)
        layoutParams = GridLayout.LayoutParams(layoutParams).apply {
            width = 0
            setMargins(margin, margin, margin, margin)
            columnSpec = GridLayout.spec(GridLayout.UNDEFINED, columns, GridLayout.FILL, 1f)
            rowSpec = GridLayout.spec(GridLayout.UNDEFINED, GridLayout.FILL)
        }
    }

    private fun fill(container: Int, fill: (ViewGroup) -> Unit) {
        val view = requireViewById<ViewGroup>(container)
        view.removeAllViews()
        fill(view)
    }

    private companion object {
        const val ATTEMPT = "attempt"
    }
}
