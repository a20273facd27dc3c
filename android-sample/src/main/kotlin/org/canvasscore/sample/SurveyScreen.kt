package org.canvasscore.sample

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import org.canvasscore.Canvass
import org.canvasscore.model.AnswerValue
import org.canvasscore.model.AskInput
import org.canvasscore.model.AskKind
import org.canvasscore.model.AskState
import org.canvasscore.model.ChangeId
import org.canvasscore.model.ConsentInput
import org.canvasscore.model.ConversationInput
import org.canvasscore.model.ConversationScreen
import org.canvasscore.model.ConversationStep
import org.canvasscore.model.FollowUpInput
import org.canvasscore.model.HouseholdId
import org.canvasscore.model.HouseholdView
import org.canvasscore.model.ListId
import org.canvasscore.model.PersonId
import org.canvasscore.model.PersonView
import org.canvasscore.model.TimeWindow

/** What the Survey screen shows. */
data class SurveyState(
    /** The question at hand, with what was answered so far. */
    val screen: ConversationScreen? = null,
    /** The door. */
    val household: HouseholdView? = null,
    /** Whom it is with. */
    val person: PersonView? = null,
)

/**
 * A conversation with one person, step by step; each answer is saved as it is tapped, and the
 * conversation goes on where it was after the app was killed.
 *
 * [language] is the one that was asked for; empty for the one that is best for this person.
 */
class SurveyScreen(
    private val canvass: Canvass,
    private val list: ListId,
    private val household: HouseholdId,
    private val person: PersonId,
    language: String,
    scope: CoroutineScope,
) : Screen<SurveyState>(SurveyState(), scope) {
    /** The language that was asked for; empty for the one that is best for this person. */
    var language: String = language
        private set

    private val attempt: ChangeId? get() = state.value.screen?.attempt

    /** Shows the question at hand, and what the person wants of the campaign. */
    fun start(): Job = act {
        read()
        canvass.observeHousehold(list, household).collect { view ->
            val person = view.people.find { it.person == person }
            show { it.copy(household = view, person = person) }
        }
    }

    /** Asks in another language of the script. */
    fun speak(language: String): Job = act {
        this.language = language
        read()
    }

    /** Records an answer to a question, and stays there. */
    fun answer(question: String, value: AnswerValue): Job =
        step(ConversationStep.Answer(question, value))

    /** Takes an answer back. */
    fun clear(question: String): Job = step(ConversationStep.Clear(question))

    /** Goes on to the next question. */
    fun next(): Job = step(ConversationStep.Next)

    /** Goes back to the question before. */
    fun back(): Job = step(ConversationStep.Back)

    /** Passes over a question. */
    fun skip(question: String): Job = step(ConversationStep.Skip(question))

    /** Goes to a question that was answered before, to answer it otherwise. */
    fun goTo(question: String): Job = step(ConversationStep.GoTo(question))

    /** Ends the conversation with everything answered. */
    fun finish(): Job = step(ConversationStep.Finish)

    /** Ends it before that: the door was closed. */
    fun stop(): Job = step(ConversationStep.Stop)

    /** Records what the person wants of the campaign, and the words they agreed to, if they did. */
    fun ask(kind: AskKind, isWanted: Boolean, consent: ConsentInput?): Job = act {
        val state = if (isWanted) AskState.WANTED else AskState.DECLINED
        canvass.recordAsk(AskInput(list, household, person, kind, state, consent, attempt))
    }

    /** Records when somebody is to come back to this person. */
    fun comeBack(window: TimeWindow): Job = act {
        canvass.recordFollowUp(FollowUpInput(list, household, person, window, attempt))
    }

    private suspend fun read() {
        val screen = canvass.conversation(list, household, person, language)
        show { it.copy(screen = screen) }
    }

    private fun step(step: ConversationStep): Job = act {
        val screen = canvass.converse(ConversationInput(list, household, person, step, language))
        show { it.copy(screen = screen) }
    }
}
