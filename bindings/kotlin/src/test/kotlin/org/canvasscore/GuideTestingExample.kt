package org.canvasscore

import kotlinx.coroutines.flow.first
import kotlinx.coroutines.test.runTest
import org.canvasscore.model.AttemptInput
import org.canvasscore.model.CanvassResult
import org.canvasscore.model.ImportOptions
import org.canvasscore.model.NewCampaign
import org.canvasscore.model.SyncOutcome
import org.canvasscore.testing.FakeNetwork
import org.canvasscore.testing.NetworkFault
import org.canvasscore.testing.inMemory
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File

// docs/embedding-android.md shows these tests.
class GuideTestingExample {
    @TempDir
    lateinit var folder: File

    @Test
    fun `a knock shows on the list at once`() = runTest {
        Canvass.inMemory(seed = 7uL).use { canvass ->
            val list = canvass.createCampaign(NewCampaign("Ward 3", "Ash"))
            val doors = folder.resolve("doors.csv")
            doors.writeText("door_id,house_number,street,lat,lon\nd1,1,Willow St,44.001,-73.4\n")
            canvass.importFile(doors.path, ImportOptions(null, null, false))
            val door = canvass.doors(list).doors.first().household
            canvass.recordAttempt(AttemptInput(list, door, CanvassResult.NOT_HOME, emptyList(), null))
            assertEquals(1u, canvass.observeWalkList(list).first().summary.progress.done)
        }
    }

    @Test
    fun `a hotel's sign-in page does no harm`() = runTest {
        val network = FakeNetwork().apply { fault = NetworkFault.WebPage }
        Canvass.inMemory(seed = 7uL, network = network).use { canvass ->
            canvass.join("https://campaign.example/j/00112233445566778899aabbccddeeff")
            assertEquals(SyncOutcome.OFFLINE, canvass.sync().outcome)
        }
    }
}
