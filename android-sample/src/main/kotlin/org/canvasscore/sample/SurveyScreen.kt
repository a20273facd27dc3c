package org.canvasscore.sample

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import org.canvasscore.Canvass
import org.canvasscore.model.AnswerInput
import org.canvasscore.model.AnswerValue
import org.canvasscore.model.ChangeId
import org.canvasscore.model.HouseholdId
import org.canvasscore.model.ListId
import org.canvasscore.model.PersonId
import org.canvasscore.model.SurveyView

/** What the Survey screen shows. */
data class SurveyState(
    /** The questions, with the answers so far. */
    val view: SurveyView? = null,
    /** The knock during which this conversation goes on; nothing before the first answer. */
    val attempt: ChangeId? = null,
)

/** The script for one person; each answer is saved as it is tapped. */
class SurveyScreen(
    private val canvass: Canvass,
    private val list: ListId,
    private val household: HouseholdId,
    private val person: PersonId,
    private val language: String,
    scope: CoroutineScope,
) : Screen<SurveyState>(SurveyState(), scope) {
    /** Shows the questions. */
    fun start(): Job = act {
        canvass.observeSurvey(list, household, person, language)
            .collect { view -> show { it.copy(view = view) } }
    }

    /** Records an answer; nothing takes it back. */
    fun answer(question: String, value: AnswerValue?): Job = act {
        val attempt = state.value.attempt
        val saved = canvass.recordAnswer(
            AnswerInput(list, household, person, question, value, attempt),
        )
        show { it.copy(attempt = saved.attempt) }
    }
}
