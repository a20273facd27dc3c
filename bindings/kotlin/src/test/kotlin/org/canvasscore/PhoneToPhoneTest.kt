package org.canvasscore

import java.io.File
import org.canvasscore.model.BundleReport
import org.canvasscore.model.SavedWhere
import org.canvasscore.model.SetAsideView
import org.canvasscore.model.SyncOutcome
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** Work that goes from phone to phone; the scenario `phone_to_phone` has the whole way. */
class PhoneToPhoneTest {
    @TempDir
    lateinit var root: File

    @Test
    fun `a bundle is taken once, and over QR codes in any order`() = withPhones(root) { (ash, birch) ->
        ash.knock()
        val bundle = ash.makeBundle(birch.peerSummary())
        val frames = ash.qrFrames(bundle, frameBytes = 100u)
        FrameCollector().use { collector ->
            assertEquals(FrameProgress(0u, 0u), collector.progress())
            assertNull(collector.take(frames.last()))
            val wrong = failure<CanvassException.InvalidInput> { collector.take("hello") }
            assertEquals("not_a_frame", wrong.code)
            assertEquals(FrameProgress(1u, frames.size.toUInt()), collector.progress())
        }
        assertEquals(BundleReport(1u, 1u, 0u, 0u), birch.applyBundle(scanned(frames.shuffled())))
        val again = birch.applyBundle(bundle)
        assertEquals(BundleReport(0u, 0u, 1u, 0u), again)
        assertEquals("Everything in it was here already.", birch.bundleSentence(again))
        assertEquals(
            "Everything is exchanged with the campaign. 1 change of others came.",
            birch.syncSentence(birch.sync()),
        )
    }

    @Test
    fun `each record tells where it is safe`() = withPhones(root) { (ash, birch) ->
        ash.knock()
        val (list, door) = ash.firstDoor()
        assertEquals(SavedWhere.ON_THIS_PHONE, ash.household(list, door).attempts.single().saved)
        birch.applyBundle(ash.makeBundle(birch.peerSummary()))
        ash.applyBundle(birch.makeBundle(ash.peerSummary()))
        assertEquals(SavedWhere.ON_ANOTHER_PHONE, ash.household(list, door).attempts.single().saved)
        val status = ash.syncStatus()
        assertEquals(1u, status.onAnotherPhone)
        assertEquals("1 change is saved, and on another phone as well.", status.sentence)
    }

    @Test
    fun `nothing is set aside, and asking again is no harm`() = withPhones(root) { (ash) ->
        ash.retrySetAside()
        assertEquals(SyncOutcome.COMPLETE, ash.sync().outcome)
        assertEquals(emptyList<SetAsideView>(), ash.setAside())
    }

    @Test
    fun `bytes that are no bundle are refused`() = withPhones(root) { (ash, birch) ->
        ash.knock()
        val half = ash.makeBundle(birch.peerSummary()).let { it.copyOf(it.size / 2) }
        for (bytes in listOf(ByteArray(0), half)) {
            val refused = failure<CanvassException.InvalidInput> { birch.applyBundle(bytes) }
            assertEquals("bad_bundle", refused.code)
        }
    }

    @Test
    fun `unsent work lies sealed beside the database`() = withPhones(root) { (ash) ->
        val (list, door) = ash.firstDoor()
        ash.recordNote(list, door, "Ring twice")
        val sealed = File(ash.sealedCopy()).readBytes()
        assertTrue(sealed.isNotEmpty())
        assertFalse("Ring twice" in sealed.decodeToString())
    }
}
