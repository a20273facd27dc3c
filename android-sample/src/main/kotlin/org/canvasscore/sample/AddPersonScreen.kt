package org.canvasscore.sample

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import org.canvasscore.Canvass
import org.canvasscore.model.HouseholdId
import org.canvasscore.model.ListId
import org.canvasscore.model.PersonMetInput
import org.canvasscore.model.Saved

/** What the Add a person screen shows. */
data class AddPersonState(
    /** The door, for the title. */
    val title: String = "",
    /** Whom it added. */
    val saved: Saved? = null,
)

/** Someone met at the door whom no file knew. */
class AddPersonScreen(
    private val canvass: Canvass,
    private val list: ListId,
    private val household: HouseholdId,
    scope: CoroutineScope,
) : Screen<AddPersonState>(AddPersonState(), scope) {
    /** Shows which door it is. */
    fun start(): Job = act {
        val view = canvass.household(list, household)
        show { it.copy(title = view.title) }
    }

    /** Adds the person. */
    fun add(givenName: String, familyName: String, language: String): Job = act {
        val saved = canvass.addPerson(
            PersonMetInput(list, household, givenName, familyName, language),
        )
        show { it.copy(saved = saved) }
    }
}
