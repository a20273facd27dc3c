package org.canvasscore.sample

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import org.canvasscore.Canvass
import org.canvasscore.model.AttemptInput
import org.canvasscore.model.CanvassResult
import org.canvasscore.model.ChangeId
import org.canvasscore.model.ConflictId
import org.canvasscore.model.ContactInput
import org.canvasscore.model.HouseholdId
import org.canvasscore.model.HouseholdView
import org.canvasscore.model.ListId
import org.canvasscore.model.PersonId
import org.canvasscore.model.PersonMetInput
import org.canvasscore.model.PersonResult
import org.canvasscore.model.Saved

/** What the Household screen shows. */
data class HouseholdState(
    /** The household. */
    val view: HouseholdView? = null,
    /** What was saved last, to be taken back if it was a slip. */
    val saved: Saved? = null,
)

/** One door: who lives there, what happened before, and what happens now. */
class HouseholdScreen(
    private val canvass: Canvass,
    private val list: ListId,
    private val household: HouseholdId,
    scope: CoroutineScope,
) : Screen<HouseholdState>(HouseholdState(), scope) {
    /** Shows the household. */
    fun start(): Job = act {
        canvass.observeHousehold(list, household).collect { view -> show { it.copy(view = view) } }
    }

    /** Records a knock with one result for the door as a whole. */
    fun recordDoor(result: CanvassResult): Job = save {
        canvass.recordAttempt(AttemptInput(list, household, result, emptyList(), null))
    }

    /** Records a knock with results for single people. */
    fun recordPeople(results: List<PersonResult>): Job = save {
        canvass.recordAttempt(AttemptInput(list, household, null, results, null))
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
    fun undo(change: ChangeId): Job = save { canvass.undo(list, household, change) }

    private fun save(record: suspend () -> Saved): Job = act {
        val saved = record()
        show { it.copy(saved = saved) }
    }
}
