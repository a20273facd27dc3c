package org.canvasscore.android

import android.content.Context
import java.io.File
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.canvasscore.model.SyncOutcome
import org.canvasscore.model.SyncReport
import org.canvasscore.model.WalkListView
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment

/** The functions of the guide for Android, one after the other as a reader would call them. */
@RunWith(RobolectricTestRunner::class)
class GuideTest {
    private val context: Context = RuntimeEnvironment.getApplication()

    @Before
    fun install() = FakeAndroidKeyStore.install()

    private fun doors(): File = File(context.cacheDir, "doors.csv").apply {
        writeText("door_id,house_number,street,lat,lon\nd1,1,Willow St,44.001,-73.4\n")
    }

    @Test
    fun `the guide's functions open, import, show, record and observe`() = runBlocking {
        openCampaign(context).use { canvass ->
            speakTheirLanguage(canvass)
            val list = campaignWithoutServer(canvass, doors())
            val door = firstScreen(canvass).page.doors.single().household
            nobodyHome(canvass, list, door)
            val seen = ArrayList<WalkListView>()
            val showing = showWalkList(canvass, list, this) { seen += it }
            withTimeout(10_000) { while (seen.isEmpty()) kotlinx.coroutines.yield() }
            showing.cancel()
            assertEquals(1u, seen.first().summary.progress.done)
            val reports = ArrayList<SyncReport>()
            keepSyncing(canvass, this) { reports += it }.join()
            assertEquals(SyncOutcome.NO_SERVER, reports.last().outcome)
            val told = ArrayList<String>()
            saveNote(canvass, list, door, "Gate on the left") { told += it }
            saveNote(canvass, list, door, "") { told += it }
            assertTrue(told.single().isNotBlank())
        }
    }

    @Test
    fun `an invitation is kept without a network`() = runBlocking {
        openCampaign(context).use { canvass ->
            // A port that nothing listens on.
            val link = "http://127.0.0.1:9/j/00112233445566778899aabbccddeeff"
            assertEquals(SyncOutcome.OFFLINE, join(canvass, link).outcome)
        }
    }
}
