package org.canvasscore.android

import android.content.Context
import android.util.Log
import java.io.File
import java.util.Locale
import kotlin.time.Duration.Companion.minutes
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.launch
import org.canvasscore.Canvass
import org.canvasscore.CanvassException
import org.canvasscore.EngineConfig
import org.canvasscore.code
import org.canvasscore.model.AttemptInput
import org.canvasscore.model.CanvassResult
import org.canvasscore.model.HouseholdId
import org.canvasscore.model.ImportOptions
import org.canvasscore.model.ListId
import org.canvasscore.model.NewCampaign
import org.canvasscore.model.Saved
import org.canvasscore.model.SyncReport
import org.canvasscore.model.WalkListView
import org.canvasscore.userSentence

// docs/embedding-android.md shows these functions, and GuideTest runs them.

suspend fun openCampaign(context: Context): Canvass =
    Canvass.open(
        EngineConfig(CanvassDirectory.of(context).path), // under no_backup: never in a cloud
        AndroidKeyVault(context), // the databases' keys, wrapped by Android Keystore
        AndroidClock(context), // a clock that cannot be turned back unnoticed
    )

suspend fun join(canvass: Canvass, invitation: String): SyncReport {
    canvass.join(invitation) // kept on this phone, also without a network
    return canvass.sync() // redeems it, and fetches this phone's walk lists
}

suspend fun campaignWithoutServer(canvass: Canvass, doors: File): ListId {
    val list = canvass.createCampaign(NewCampaign(name = "Ward 3", canvasser = "Ash"))
    canvass.importFile(doors.path, ImportOptions(null, null, false)) { done, total ->
        Log.d("import", "$done of $total bytes")
    }
    canvass.planOrder(list)
    return list
}

suspend fun firstScreen(canvass: Canvass): WalkListView {
    val list = canvass.walkLists().first().list
    return canvass.walkList(list) // progress, the next stop, the first hundred doors
}

suspend fun nobodyHome(canvass: Canvass, list: ListId, door: HouseholdId): Saved =
    canvass.recordAttempt(AttemptInput(list, door, CanvassResult.NOT_HOME, emptyList(), null))

fun showWalkList(
    canvass: Canvass,
    list: ListId,
    scope: CoroutineScope,
    draw: (WalkListView) -> Unit,
) = scope.launch {
    canvass.observeWalkList(list).collect { view -> draw(view) }
}

fun keepSyncing(canvass: Canvass, scope: CoroutineScope, tell: (SyncReport) -> Unit) =
    scope.launch {
        val last = canvass.keepSyncing(every = 1.minutes) { report -> tell(report) }
        tell(last) // trying again cannot help: there is no server, or it refuses this phone
    }

suspend fun saveNote(
    canvass: Canvass,
    list: ListId,
    door: HouseholdId,
    text: String,
    show: (String) -> Unit,
) {
    try {
        canvass.recordNote(list, door, text)
    } catch (error: CanvassException) {
        Log.w("canvass", error.code)
        show(error.userSentence())
    }
}

suspend fun speakTheirLanguage(canvass: Canvass) {
    canvass.setLanguages(listOf(Locale.getDefault().toLanguageTag()))
}
