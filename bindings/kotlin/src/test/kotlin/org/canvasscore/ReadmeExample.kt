package org.canvasscore

import org.canvasscore.model.AttemptInput
import org.canvasscore.model.CanvassResult
import org.canvasscore.model.SyncReport

// The README shows these very lines.
// readme:begin
suspend fun firstKnock(directory: String, keys: KeyVault, invitation: String): SyncReport =
    Canvass.open(EngineConfig(directory), keys).use { canvass ->
        canvass.join(invitation) // its link, or the text of its QR code
        canvass.sync() // enrols this phone and fetches its walk lists

        val list = canvass.walkLists().first().list
        val screen = canvass.walkList(list) // progress, the next stop, the first doors
        val door = screen.page.doors.first().household
        val knock = AttemptInput(list, door, CanvassResult.NOT_HOME, emptyList(), corrects = null)
        canvass.recordAttempt(knock) // returns once it is durable on this phone

        canvass.sync() // whenever there is a network; nothing is lost without one
    }
// readme:end
