package org.canvasscore.sample

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import org.canvasscore.CanvassException

/**
 * What every screen has: a state to show, and an error that the last act ended with.
 *
 * [scope] ends with the screen; in an activity it is the view model's own scope.
 */
abstract class Screen<State>(initial: State, private val scope: CoroutineScope) {
    private val mutableState = MutableStateFlow(initial)
    private val mutableError = MutableStateFlow<CanvassException?>(null)

    /** What to show. */
    val state: StateFlow<State> = mutableState.asStateFlow()

    /** Why the last act did nothing; nothing when it did. */
    val error: StateFlow<CanvassException?> = mutableError.asStateFlow()

    protected fun show(change: (State) -> State) = mutableState.update(change)

    /** Does something that may fail, and keeps its error to be shown. */
    protected fun act(work: suspend () -> Unit): Job = scope.launch {
        mutableError.value = null
        try {
            work()
        } catch (failed: CanvassException) {
            mutableError.value = failed
        }
    }
}
