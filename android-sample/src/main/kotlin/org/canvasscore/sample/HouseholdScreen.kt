package org.canvasscore.sample

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import org.canvasscore.Canvass
import org.canvasscore.model.CanvassResult
import org.canvasscore.model.ChangeId
import org.canvasscore.model.ConflictId
import org.canvasscore.model.ContactInput
import org.canvasscore.model.DoorSaved
import org.canvasscore.model.FloorView
import org.canvasscore.model.HouseholdId
import org.canvasscore.model.HouseholdView
import org.canvasscore.model.ListId
import org.canvasscore.model.PersonId
import org.canvasscore.model.PersonMetInput
import org.canvasscore.model.ResultInput
import org.canvasscore.model.Saved

/** What the Household screen shows. */
data class HouseholdState(
    /** The household. */
    val view: HouseholdView? = null,
    /** The floors of its building. */
    val floors: List<FloorView> = emptyList(),
    /** Whose result is tapped next; nothing for the door as a whole. */
    val person: PersonId? = null,
    /** What was saved last, to be taken back if it was a slip. */
    val saved: Saved? = null,
    /** The doors of a floor that were saved last, to be taken back together. */
    val savedDoors: List<DoorSaved> = emptyList(),
)

/**
 * One door: who lives there, what happened before, and what happens now.
 *
 * Results that are tapped one after another belong to one knock: someone answered, and the others
 * were not at home. [attempt] is that knock, kept while the screen is.
 */
class HouseholdScreen(
    private val canvass: Canvass,
    private val list: ListId,
    private val household: HouseholdId,
    attempt: ChangeId?,
    scope: CoroutineScope,
) : Screen<HouseholdState>(HouseholdState(), scope) {
    /** The knock to which the next result belongs; nothing for a new one. */
    var attempt: ChangeId? = attempt
        private set

    /** Shows the household. */
    fun start(): Job = act {
        canvass.observeHousehold(list, household).collect { view ->
            val floors = canvass.floors(list, household)
            show { it.copy(view = view, floors = floors) }
        }
    }

    /** Whose result is tapped next; nothing for the door as a whole. */
    fun select(person: PersonId?) = show { it.copy(person = person) }

    /** Records a result with one tap: of the person that is selected, or of the door. */
    fun record(result: CanvassResult): Job = save {
        val person = state.value.person
        canvass.recordResult(ResultInput(list, household, person, result, attempt))
            .also { attempt = it.attempt }
    }

    /** Nobody was home at any door of this floor that is still to be knocked on. */
    fun nobodyHome(floor: FloorView): Job = act {
        val saved = canvass.recordResults(list, floor.open, CanvassResult.NOT_HOME)
        show { it.copy(savedDoors = saved, saved = null) }
    }

    /** Notes that literature was left at this knock, or takes that back. */
    fun setLiterature(left: Boolean): Job = save {
        canvass.setLiterature(list, household, checkNotNull(attempt), left)
    }

    /** Records a note. */
    fun recordNote(text: String): Job = save { canvass.recordNote(list, household, text) }

    /** Rewrites a note; an empty text retracts it. */
    fun editNote(note: ChangeId, text: String): Job =
        save { canvass.editNote(list, household, note, text) }

    /** Marks a person, or the whole household, as not to be contacted. */
    fun setDoNotContact(person: PersonId?): Job =
        save { canvass.setDoNotContact(list, household, person) }

    /** Adds a person met at the door. */
    fun addPerson(givenName: String, familyName: String, language: String): Job = save {
        canvass.addPerson(PersonMetInput(list, household, givenName, familyName, language))
    }

    /** Records what was learnt about a phone number or e-mail address. */
    fun recordContact(input: ContactInput): Job = save { canvass.recordContact(input) }

    /** Settles a conflict in favour of one of its values. */
    fun resolveConflict(conflict: ConflictId, chosen: ChangeId): Job =
        save { canvass.resolveConflict(list, household, conflict, chosen) }

    /** Takes back a change of one's own. */
    fun undo(change: ChangeId): Job = act {
        canvass.undo(list, household, change)
        if (change == attempt) attempt = null
        show { it.copy(saved = null) }
    }

    /** Takes back what was saved last. */
    fun undoLast(): Job {
        val saved = state.value.saved
        if (saved != null) return undo(saved.change)
        return act {
            canvass.undoResults(list, state.value.savedDoors)
            show { it.copy(savedDoors = emptyList()) }
        }
    }

    private fun save(record: suspend () -> Saved): Job = act {
        val saved = record()
        show { it.copy(saved = saved, savedDoors = emptyList()) }
    }
}
