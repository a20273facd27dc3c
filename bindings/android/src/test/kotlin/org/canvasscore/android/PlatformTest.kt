package org.canvasscore.android

import android.content.Context
import android.content.Intent
import android.net.Uri
import android.provider.Settings
import java.io.File
import java.time.Duration
import javax.xml.parsers.DocumentBuilderFactory
import kotlinx.coroutines.runBlocking
import org.canvasscore.Canvass
import org.canvasscore.CanvassException
import org.canvasscore.EngineConfig
import org.canvasscore.model.NewCampaign
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.shadows.ShadowSystemClock
import org.w3c.dom.Document

/** The other pieces, and the engine opened over all of them. */
@RunWith(RobolectricTestRunner::class)
class PlatformTest {
    private val context: Context = RuntimeEnvironment.getApplication()
    private val module = File(System.getProperty("canvass.root"), "bindings/android")

    @Before
    fun install() = FakeAndroidKeyStore.install()

    private suspend fun open(): Canvass = Canvass.open(
        EngineConfig(CanvassDirectory.of(context).path), AndroidKeyVault(context), AndroidClock(context))

    @Test
    fun `an engine opens over them, and a phone whose keys are gone says so`() = runBlocking {
        val list = open().use { it.createCampaign(NewCampaign("Ward 3", "Ash")) }
        open().use { assertEquals(list, it.walkLists().single().list) }
        FakeAndroidKeyStore.keys.clear()
        assertThrows(CanvassException.KeyLost::class.java) { runBlocking { open() } }
        assertTrue(FakeAndroidKeyStore.keys.isEmpty())
    }

    @Test
    fun `the clock counts since the phone started, and tells starts apart`() {
        val clock = AndroidClock(context)
        val before = clock.sinceBootMs()
        ShadowSystemClock.advanceBy(Duration.ofHours(3))
        assertTrue(clock.sinceBootMs() - before >= 10_800_000uL)
        val resolver = context.contentResolver
        Settings.Global.putInt(resolver, Settings.Global.BOOT_COUNT, 7)
        val boot = clock.bootId()
        assertEquals(boot, AndroidClock(context).bootId())
        Settings.Global.putInt(resolver, Settings.Global.BOOT_COUNT, 8)
        assertNotEquals(boot, clock.bootId())
    }

    @Test
    fun `campaigns lie where nothing is backed up, one beside the other`() {
        val first = CanvassDirectory.of(context)
        assertTrue(first.startsWith(context.noBackupFilesDir))
        assertNotEquals(first, CanvassDirectory.of(context, "ward-4"))
        for (wrong in listOf("", "..", "a/b")) {
            assertThrows(IllegalArgumentException::class.java) { CanvassDirectory.of(context, wrong) }
        }
    }

    @Test
    fun `an invitation is handed to the core as it came`() = runBlocking {
        val text = "canvass://campaign.example/j/00112233445566778899aabbccddeeff"
        assertEquals(text, Invitation.of(Intent(Intent.ACTION_VIEW, Uri.parse(text))))
        assertNull(Invitation.of(Intent(Intent.ACTION_MAIN)))
        open().use { canvass ->
            assertThrows(CanvassException::class.java) { runBlocking { canvass.join("hello") } }
            canvass.join("https://campaign.example/j/00112233445566778899aabbccddeeff")
            assertTrue(canvass.syncStatus().hasServer)
        }
    }

    @Test
    fun `nothing of a campaign is backed up, in either form of the rules`() {
        val old = read("src/main/res/xml/canvass_backup_rules.xml")
        val new = read("src/main/res/xml/canvass_data_extraction_rules.xml")
        assertEquals("full-backup-content", old.documentElement.tagName)
        for (part in listOf("cloud-backup", "device-transfer")) {
            assertEquals(1, new.getElementsByTagName(part).length)
        }
        for ((rules, places) in listOf(old to 1, new to 2)) {
            val excluded = rules.getElementsByTagName("exclude")
            assertEquals(3 * places, excluded.length)
            assertEquals(0, rules.getElementsByTagName("include").length)
        }
        val application = read("src/main/AndroidManifest.xml").getElementsByTagName("application").item(0)
        val named = { name: String -> application.attributes.getNamedItem("android:$name").nodeValue }
        assertEquals("false", named("allowBackup"))
        assertEquals("@xml/canvass_backup_rules", named("fullBackupContent"))
        assertEquals("@xml/canvass_data_extraction_rules", named("dataExtractionRules"))
    }

    private fun read(path: String): Document =
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(File(module, path))
}
