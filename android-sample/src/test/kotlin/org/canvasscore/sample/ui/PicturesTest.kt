package org.canvasscore.sample.ui

import android.widget.CheckBox
import android.widget.TextView
import java.io.File
import java.time.Duration
import kotlinx.coroutines.runBlocking
import org.canvasscore.Canvass
import org.canvasscore.model.AnswerValue
import org.canvasscore.model.CanvassResult
import org.canvasscore.model.ConversationInput
import org.canvasscore.model.ConversationStep
import org.canvasscore.model.DoorView
import org.canvasscore.model.HouseholdId
import org.canvasscore.model.PersonId
import org.canvasscore.model.ResultInput
import org.canvasscore.sample.R
import org.junit.After
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode

/** Every screen as it looks, with a day's work in it; four also by night, in Spanish, in large type. */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(sdk = [35], application = TestApp::class, qualifiers = "en-rUS-w411dp-h891dp-xhdpi")
class PicturesTest {
    @get:Rule
    val folder = TemporaryFolder()

    private val sample = File(System.getProperty("canvass.root"), "android-sample")
    private val golden = Golden(File(sample, "src/test/golden"), File(sample, "target/golden"))
    private lateinit var campaign: Campaign
    private lateinit var phone: Phone

    @After
    fun end() = campaign.close()

    @Test
    fun `every screen looks as it did when it was looked at`() {
        campaign = Campaign(folder.root)
        TestApp.isPhoneOf(campaign, "ash", 21uL)
        phone = Phone()
        join()
        val (door, person) = runBlocking { work() }
        walkList()
        household(door)
        sync()
        survey(door, person)
        addPerson(door)
        phones()
        settings()
        golden.sheet(File(sample, "../docs/screens-android.png"), SHEET, columns = 6)
        golden.settle()
    }

    private companion object {
        val SHEET = listOf(
            "join", "walk_list", "map", "way", "household", "household_saved",
            "survey", "survey_end", "add_person", "sync", "phone_to_phone_take", "settings",
            "walk_list_night", "map_night", "household_es", "survey_large", "sync_es", "household_large",
        )
    }

    private fun join() {
        phone.start()
        phone.on<JoinActivity> { true }
        golden.check(phone, "join")
        phone.type(R.id.invitation, campaign.invitation("Ash"))
        phone.press(R.id.join)
        phone.on<WalkListActivity> { phone.says("doors done") }
    }

    /** A morning's work, Birch's among it: results, notes, and a conflict. */
    private suspend fun work(): Pair<HouseholdId, PersonId> {
        val ash = phone.engine()
        val list = ash.walkLists().single().list
        val doors = ash.doors(list).doors
        val results = listOf(CanvassResult.CONTACTED, CanvassResult.NOT_HOME, CanvassResult.LEFT_LITERATURE)
        doors.take(9).forEachIndexed { at, door ->
            ash.recordResult(ResultInput(list, door.household, null, results[at % results.size]))
            campaign.clock.advance(Duration.ofMinutes(4))
        }
        val (door, person) = meant(ash, doors)
        campaign.phone("birch", 22uL).use { birch ->
            birch.join(campaign.invitation("Birch"))
            birch.sync()
            birch.recordNote(list, door, "The bell is broken: knock at the side door.")
            val step = ConversationStep.Answer("support", AnswerValue.Choice("4"))
            birch.converse(ConversationInput(list, door, person, step, ""))
            birch.sync()
        }
        campaign.clock.advance(Duration.ofMinutes(20))
        val step = ConversationStep.Answer("support", AnswerValue.Choice("2"))
        ash.converse(ConversationInput(list, door, person, step, ""))
        ash.sync()
        ash.recordResult(ResultInput(list, doors[9].household, null, CanvassResult.NOT_HOME))
        return door to person
    }

    /** The first door of two people or more who may be spoken with. */
    private suspend fun meant(ash: Canvass, doors: List<DoorView>): Pair<HouseholdId, PersonId> {
        val list = ash.walkLists().single().list
        for (door in doors.drop(10).filter { it.people >= 2u }) {
            val people = ash.household(list, door.household).people
            val first = people.firstOrNull { it.notContacted == null && it.language == "en" } ?: continue
            return door.household to first.person
        }
        error("nobody to talk with")
    }

    private fun walkList() {
        phone.until("the doors") { phone.says("11 of 60 doors done") }
        inAllWays("walk_list") { phone.says("Dipper St") || phone.says("St") }
        phone.press(R.id.tab_map)
        phone.until("the map") { phone.view<WalkMapView>(R.id.map).isDrawn }
        golden.check(phone, "map")
        phone.change("+night")
        phone.press(R.id.tab_map)
        phone.until("the map") { phone.view<WalkMapView>(R.id.map).isDrawn }
        golden.check(phone, "map_night")
        phone.change("+notnight")
        phone.press(R.id.tab_way)
        phone.until("the way") { phone.view<android.widget.ListView>(R.id.way).childCount > 0 }
        golden.check(phone, "way")
    }

    private fun household(door: HouseholdId) {
        open(HouseholdActivity::class.java, door)
        phone.on<HouseholdActivity> { phone.says("side door") }
        inAllWays("household") { phone.says("side door") }
        phone.press(phone.texts().first { it == "Spoken with" })
        phone.until("it is saved") { phone.says("Saved on this phone") }
        golden.check(phone, "household_saved")
        phone.back()
    }

    private fun survey(door: HouseholdId, person: PersonId) {
        open(SurveyActivity::class.java, door, person)
        phone.on<SurveyActivity> { phone.says("What matters most") && isHeaded() }
        golden.check(phone, "survey_multiple")
        phone.press(R.id.back)
        phone.until("the first question") { phone.says("Do not read the options out.") }
        inAllWays("survey") { phone.says("Strong support") && isHeaded() }
        phone.press("Strongly against")
        phone.until("the next one") { phone.says("What matters most") }
        while (!phone.says("End of the script")) skip()
        golden.check(phone, "survey_end")
        phone.back()
    }

    /** With whom, and at which door, is read after the question. */
    private fun isHeaded(): Boolean = phone.view<TextView>(R.id.door).text.isNotEmpty()

    private fun skip() {
        val place = phone.texts().first { it.startsWith("Question") }
        if (phone.says("Confirm to go on.")) {
            phone.seen().filterIsInstance<CheckBox>().first().performClick()
        } else {
            phone.press(R.id.skip)
        }
        phone.until("the next") { phone.texts().none { it == place } }
    }

    private fun addPerson(door: HouseholdId) {
        open(AddPersonActivity::class.java, door)
        phone.on<AddPersonActivity> { phone.says("Nettlewick") || phone.says("St") || phone.says("Ave") }
        golden.check(phone, "add_person")
        phone.back()
    }

    private fun sync() {
        open(SyncActivity::class.java)
        phone.on<SyncActivity> { phone.says("Which one is right?") }
        inAllWays("sync") { phone.seen().filterIsInstance<android.widget.Button>().size > 2 }
        phone.back()
    }

    private fun phones() {
        open(PhoneToPhoneActivity::class.java)
        phone.on<PhoneToPhoneActivity> { phone.says("Give") }
        golden.check(phone, "phone_to_phone_give")
        phone.press(R.id.take)
        phone.press(R.id.show)
        phone.until("the code") { phone.view<android.view.View>(R.id.code).isShown }
        golden.check(phone, "phone_to_phone_take")
        phone.back()
    }

    private fun settings() {
        open(SettingsActivity::class.java)
        phone.on<SettingsActivity> { phone.says("only on this phone") }
        golden.check(phone, "settings")
        phone.back()
    }

    private fun open(screen: Class<out ScreenActivity>, door: HouseholdId? = null, person: PersonId? = null) {
        val list = runBlocking { phone.engine().walkLists().single().list }
        val ids = listOfNotNull(
            ScreenActivity.LIST to list,
            door?.let { ScreenActivity.HOUSEHOLD to it },
            person?.let { ScreenActivity.PERSON to it },
        )
        phone.open(ScreenActivity.to(phone.screen, screen, *ids.toTypedArray()))
    }

    /** By day, by night, in Spanish, and in type of twice the size. */
    private fun inAllWays(name: String, isShown: () -> Boolean) {
        golden.check(phone, name)
        phone.change("+night")
        phone.until("$name by night", isShown)
        golden.check(phone, "${name}_night")
        phone.change("+notnight")
        runBlocking { phone.engine().setLanguages(listOf("es-US")) }
        phone.change("+es-rUS")
        phone.until("$name in Spanish", isShown)
        golden.check(phone, "${name}_es")
        runBlocking { phone.engine().setLanguages(listOf("en-US")) }
        phone.change("+en-rUS")
        phone.until("$name in English", isShown)
        phone.fontScale(2f)
        phone.until("$name in large type", isShown)
        golden.check(phone, "${name}_large")
        phone.fontScale(1f)
        phone.until(name, isShown)
    }
}
