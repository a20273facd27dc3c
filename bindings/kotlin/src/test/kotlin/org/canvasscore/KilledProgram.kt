package org.canvasscore

import java.io.File
import kotlinx.coroutines.runBlocking
import org.canvasscore.model.AttemptInput
import org.canvasscore.model.CanvassResult
import org.canvasscore.model.ChangeId
import org.canvasscore.model.ListId
import org.canvasscore.model.SyncOutcome

/**
 * The program that [KillTest] starts in a process of its own and kills. It opens the engine in a
 * directory, records without end, and says each id once the call has returned; with `sync` it
 * syncs after every few changes, and says what the campaign has received.
 */
object KilledProgram {
    private const val CHANGES_PER_SYNC = 4

    @JvmStatic
    fun main(arguments: Array<String>): Unit = runBlocking {
        Place(File(arguments[0])).openUnseeded().use { canvass ->
            if (arguments[1] == "sync") canvass.recordAndSync() else canvass.record { }
        }
    }

    private suspend fun Canvass.record(afterEach: suspend (ChangeId) -> Unit): Nothing {
        val list = walkLists().single().list
        val doors = doors(list).doors.map { it.household }
        while (true) {
            for (door in doors) {
                val knock = AttemptInput(list, door, CanvassResult.NOT_HOME, emptyList(), null)
                val change = recordAttempt(knock).change
                say("saved $change")
                afterEach(change)
            }
        }
    }

    private suspend fun Canvass.recordAndSync(): Nothing {
        val unsaid = mutableListOf<ChangeId>()
        record { change ->
            unsaid += change
            if (unsaid.size == CHANGES_PER_SYNC) {
                check(sync().outcome == SyncOutcome.COMPLETE)
                check(syncStatus().onThisPhone == 0u)
                unsaid.forEach { say("received $it") }
                unsaid.clear()
            }
        }
    }

    private fun say(line: String) {
        println(line)
        System.out.flush()
    }
}
