package org.canvasscore.sample.ui

import android.content.Intent
import android.net.Uri
import android.view.View
import android.widget.CheckBox
import android.widget.EditText
import android.widget.ImageView
import android.widget.ListView
import android.widget.RadioButton
import java.io.File
import java.time.Duration
import kotlinx.coroutines.runBlocking
import org.canvasscore.Canvass
import org.canvasscore.FrameCollector
import org.canvasscore.model.AnswerValue
import org.canvasscore.model.CanvassResult
import org.canvasscore.model.ConversationInput
import org.canvasscore.model.ConversationStep
import org.canvasscore.model.HouseholdId
import org.canvasscore.model.ListId
import org.canvasscore.model.SyncOutcome
import org.canvasscore.sample.R
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

/** The whole offline day, by clicks alone, against the real backend; killed midway. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35], application = TestApp::class, qualifiers = "en-rUS-w411dp-h891dp-xhdpi")
class DayTest {
    @get:Rule
    val folder = TemporaryFolder()

    private lateinit var campaign: Campaign
    private lateinit var phone: Phone

    /** The teammate's phone. */
    private lateinit var birch: Canvass

    @Before
    fun begin() {
        campaign = Campaign(folder.root)
        TestApp.isPhoneOf(campaign, "ash", null)
        phone = Phone()
        runBlocking {
            birch = campaign.phone("birch", null)
            birch.join(campaign.invitation("Birch"))
            assertEquals(SyncOutcome.COMPLETE, birch.sync().outcome)
        }
    }

    @After
    fun end() {
        birch.close()
        campaign.close()
    }

    @Test
    fun `a day from the invitation to the last sync`() {
        join()
        lookAtTheMapAndTheWay()
        val door = recordResults()
        takeNotes()
        converse(door)
        addPerson()
        killed()
        disagree(door)
        give()
        take()
        sync()
        askForHelp()
        assertEquals(emptyList<String>(), Reach.faults(phone))
    }

    private fun join() {
        phone.start()
        phone.on<JoinActivity> { phone.says("Scan the QR code") }
        phone.type(R.id.invitation, "hello")
        phone.press(R.id.join)
        phone.until("the refusal") { phone.view<View>(R.id.error).isShown }
        phone.type(R.id.invitation, campaign.invitation("Ash"))
        phone.press(R.id.join)
        phone.on<WalkListActivity> { phone.says("0 of 60 doors done, 60 left.") }
        assertEquals("List 1: Saturday", phone.screen.title)
    }

    private fun lookAtTheMapAndTheWay() {
        phone.press(R.id.tab_map)
        phone.until("the map") { phone.view<WalkMapView>(R.id.map).isShown }
        phone.press(R.id.zoom_in)
        phone.press(R.id.zoom_whole)
        phone.press(R.id.tab_way)
        phone.until("the way") { phone.view<ListView>(R.id.way).childCount > 0 }
        phone.press(R.id.tab_list)
        phone.until("the list") { phone.view<ListView>(R.id.doors).childCount > 0 }
    }

    /** The door, and a person beside it, of one knock; a slip is taken back. */
    private fun recordResults(): HouseholdId {
        phone.press(R.id.open_next)
        phone.on<HouseholdActivity> { phone.view<View>(R.id.result_of).isShown && phone.says("Nobody home") }
        phone.press("Nobody home")
        phone.until("it is saved") { phone.says("Saved on this phone") && phone.says("You, just now: Nobody home.") }
        phone.press(R.id.undo)
        phone.until("it is taken back") { phone.says("Nothing was recorded here yet.") }
        phone.press("Spoken with")
        phone.until("it is saved") { phone.says("You, just now: Spoken with.") }
        val person = phone.seen().filterIsInstance<RadioButton>().last()
        person.performClick()
        phone.press("Declined to talk")
        phone.until("both stand side by side") { phone.says("You, just now: Spoken with, ${person.text}: Declined to talk.") }
        phone.press(R.id.literature)
        phone.until("literature") { phone.says("left a leaflet") }
        val household = phone.screen.intent.getStringExtra(ScreenActivity.HOUSEHOLD)
        return HouseholdId.fromString(household)
    }

    private fun takeNotes() {
        phone.type(R.id.note, "Ring twice")
        phone.change("+land")
        phone.until("the screen, turned") { phone.says("left a leaflet") }
        assertEquals("Ring twice", phone.view<EditText>(R.id.note).text.toString())
        phone.change("+port")
        phone.until("the screen, turned back") { phone.says("left a leaflet") }
        phone.press(R.id.save_note)
        phone.until("the note") { phone.says("You, just now") && phone.says("Ring twice") }
    }

    /** Steps, back, another language, an earlier answer changed, and what they want. */
    private fun converse(door: HouseholdId) {
        phone.press("Talk")
        // The first person of the first door prefers Spanish.
        phone.on<SurveyActivity> { phone.says("¿apoyaría a nuestros candidatos?") }
        phone.press("English")
        phone.until("English") { phone.says("would you support our candidates?") }
        phone.press("Strong support")
        phone.until("the next question") { phone.says("What matters most to you in town?") }
        phone.press(R.id.back)
        phone.until("the one before") { phone.says("Do not read the options out.") }
        phone.press("Leans to us")
        phone.until("the next question") { phone.says("What matters most to you in town?") }
        listOf("Schools", "Clean river").forEach { phone.press(it) }
        phone.press(R.id.next)
        phone.until("the answers so far") { phone.says("Clean river") && phone.says("Leans to us") }
        while (phone.view<View>(R.id.skip).isEnabled && !phone.says("End of the script")) step()
        phone.press(R.id.next)
        phone.until("the end") { phone.says("The conversation is finished.") }
        phone.press(R.id.consent)
        phone.press("Yes")
        phone.until("the ask") { asked(door) == 1 }
        phone.press(R.id.come_back)
        phone.until("when to come back") { phone.says("the list offers this door then") }
        phone.back()
    }

    /** Answers a question, whatever kind it is, or passes over it. */
    private fun step() {
        val place = phone.texts().first { it.startsWith("Question") }
        val box = phone.seen().filterIsInstance<CheckBox>().firstOrNull { it.id == View.NO_ID }
        val field = phone.seen().filterIsInstance<EditText>().firstOrNull()
        val isThere = { phone.texts().any { it == place } }
        when {
            // A tick is an answer: the next question comes by itself.
            phone.says("Confirm to go on.") -> box!!.performClick()
            field != null && phone.says("number") -> {
                field.setText("2")
                phone.press(R.id.next)
            }
            else -> phone.press(R.id.skip)
        }
        phone.until("the step after $place") { !isThere() }
    }

    private fun asked(door: HouseholdId): Int = runBlocking {
        phone.engine().household(list(phone.engine()), door).people.sumOf { it.asks.size }
    }

    private fun addPerson() {
        phone.on<HouseholdActivity> { true }
        phone.press(R.id.add_person)
        phone.on<AddPersonActivity> { phone.says("Given name") }
        phone.press(R.id.add)
        phone.until("the refusal") { phone.view<View>(R.id.error).isShown }
        phone.type(R.id.given_name, "Tansy")
        phone.type(R.id.family_name, "Brookthatcher")
        phone.press("español")
        phone.press(R.id.add)
        phone.on<HouseholdActivity> { phone.says("Tansy Brookthatcher") && phone.says("Met at the door.") }
    }

    /** Nothing that was acknowledged is gone; every screen comes back; what was saved is ids. */
    private fun killed() {
        phone.type(R.id.note, "Typed and never saved")
        val saved = phone.kill()
        phone.on<HouseholdActivity> { phone.says("Tansy Brookthatcher") && phone.says("Ring twice") }
        for (bundle in saved) {
            val text = bundle.deepText()
            for (secret in listOf("Tansy", "Brookthatcher", "Ring twice", "Typed", "Leans")) {
                assertFalse("$secret is in the saved state: $text", secret in text)
            }
        }
        phone.back()
        phone.on<WalkListActivity> { phone.says("doors done") }
    }

    /** Ash and Birch answer for the same person; one tap settles it. */
    private fun disagree(door: HouseholdId) {
        val person = runBlocking { phone.engine().household(list(phone.engine()), door).people.first { it.answers > 0u }.person }
        runBlocking {
            val value = AnswerValue.Choice("5")
            birch.converse(ConversationInput(list(birch), door, person, ConversationStep.Answer("support", value), ""))
            assertEquals(SyncOutcome.COMPLETE, birch.sync().outcome)
        }
        phone.press(R.id.nav_sync)
        phone.on<SyncActivity> { phone.says("only on this phone") }
        phone.press(R.id.sync)
        phone.until("what they disagree on") { phone.says("Which one is right?") }
        val theirs = phone.texts().single { it.startsWith("Birch wrote: Strongly against") }
        assertTrue(phone.says("You wrote: Leans to us"))
        phone.press(theirs)
        phone.until("it is settled") { !phone.says("Which one is right?") }
        phone.back()
    }

    /** Hands work to Birch, who has no network: over codes that are scanned. */
    private fun give() {
        knockAtNext()
        phone.press(R.id.nav_phones)
        phone.on<PhoneToPhoneActivity> { phone.says("Give") }
        for (frame in runBlocking { birch.qrFrames(birch.peerSummary()) }) {
            phone.type(R.id.scanned, frame)
            phone.press(R.id.scan)
        }
        phone.until("the code") { phone.view<View>(R.id.code).isShown }
        val report = runBlocking { birch.applyBundle(scanned()) }
        assertTrue(report.changes > 0u)
        assertEquals(0u, report.refused)
    }

    private fun knockAtNext() {
        phone.press(R.id.open_next)
        phone.on<HouseholdActivity> { phone.says("Nobody home") }
        phone.press("Nobody home")
        phone.until("it is saved") { phone.says("You, just now: Nobody home.") }
        phone.back()
        phone.on<WalkListActivity> { true }
    }

    /** What a camera reads, code after code. */
    private fun scanned(): ByteArray = FrameCollector().use { collector ->
        repeat(MOST_FRAMES) {
            collector.take(phone.view<ImageView>(R.id.code).tag as String)?.let { return it }
            phone.press(R.id.next_frame)
        }
        error("the codes give no whole")
    }

    /** Takes Birch's work, who comes with a file. */
    private fun take() {
        runBlocking {
            val household = birch.nextStop(list(birch))!!.doors.first().household
            birch.recordResults(list(birch), listOf(household), CanvassResult.LEFT_LITERATURE)
        }
        phone.press(R.id.take)
        phone.press(R.id.show)
        phone.until("the code") { phone.view<View>(R.id.code).isShown }
        val bundle = runBlocking { birch.makeBundle(scanned()) }
        phone.press(R.id.open_file)
        assertEquals(Intent.ACTION_OPEN_DOCUMENT, phone.asked?.action)
        phone.give(Uri.parse("content://documents/work.canvass"), bundle)
        phone.until("it is taken in") { phone.says("of another phone") }
        phone.back()
    }

    private fun sync() {
        campaign.clock.advance(Duration.ofMinutes(5))
        phone.press(R.id.nav_sync)
        phone.on<SyncActivity> { phone.says("Last exchange with the campaign: 5 minutes ago.") }
        phone.press(R.id.sync)
        phone.until("everything is safe") {
            phone.says("Everything you recorded is safe at the campaign.") && phone.says("Everything is exchanged")
        }
        runBlocking {
            assertEquals(SyncOutcome.COMPLETE, birch.sync().outcome)
            phone.engine().sync()
            assertEquals(birch.stateDigest(list(birch)), phone.engine().stateDigest(list(phone.engine())))
        }
    }

    /** What is handed on names nobody and no door. */
    private fun askForHelp() {
        phone.back()
        phone.press(R.id.nav_settings)
        phone.on<SettingsActivity> { phone.view<View>(R.id.share_diagnostics).isEnabled }
        phone.press(R.id.share_diagnostics)
        @Suppress("DEPRECATION")
        val send = phone.asked?.getParcelableExtra<Intent>(Intent.EXTRA_INTENT)
        val told = send?.getStringExtra(Intent.EXTRA_TEXT).orEmpty()
        assertEquals(runBlocking { phone.engine().diagnostics().json }, told)
        assertFalse(told.contains("Ash"))
    }

    private fun list(canvass: Canvass): ListId = runBlocking { canvass.walkLists().single().list }

    private fun android.os.Bundle.deepText(): String = keySet().joinToString { key ->
        @Suppress("DEPRECATION")
        val value = get(key)
        (value as? android.os.Bundle)?.deepText() ?: "$key=$value"
    }

    private companion object {
        const val MOST_FRAMES = 200
    }
}
