package org.canvasscore.sample.ui

import java.io.File
import java.time.Instant
import org.canvasscore.Canvass
import org.canvasscore.Clock
import org.canvasscore.CampaignServer
import org.canvasscore.EngineConfig
import org.canvasscore.testing.FileKeyVault
import org.canvasscore.testing.TestClock
import org.json.JSONObject

/** A generated town, a real backend that has it as one list, and phones in it. */
class Campaign(private val root: File) : AutoCloseable {
    /** The clock of every phone. */
    val clock = TestClock(Instant.parse("2026-10-03T14:00:00Z"))
    private val server = CampaignServer(File(root, "server"), 7uL, clock.wallMs())
    private val path: String

    init {
        val town = File(root, "town")
        val canvass = File(System.getProperty("canvass.root"), "target/release/canvass")
        val made = ProcessBuilder(canvass.path, "town", "--seed", "5", "--doors", "60", "--out", town.path)
            .redirectErrorStream(true).start()
        made.inputStream.readAllBytes()
        check(made.waitFor() == 0)
        val about = """{"name": "A day in the generated town"}""".toByteArray()
        path = "/v1/campaigns/${JSONObject(post("/v1/campaigns", about)).getString("campaign")}"
        post("$path/imports?kind=doors", File(town, "doors.csv").readBytes())
        post("$path/imports?kind=people", File(town, "people.csv").readBytes())
        post("$path/scripts", File(town, "script.json").readBytes())
        post("$path/streets", File(town, "streets.pack").readBytes())
        post("$path/turfs", """{"turfs": 1}""".toByteArray())
        post("$path/lists", """{"name": "Saturday", "turf": 1, "with_contacts": true}""".toByteArray())
    }

    private fun post(path: String, body: ByteArray): String =
        server.operator("POST", path, body).decodeToString()

    /** The link with which a canvasser joins. */
    fun invitation(canvasser: String): String {
        val asked = """{"canvasser": "$canvasser", "lists": [1]}"""
        val made = JSONObject(post("$path/invitations", asked.toByteArray()))
        return server.address + made.getString("path")
    }

    /** The engine of a phone, by name; each has ids of its own that come again with the name. */
    suspend fun phone(name: String, seed: ULong?): Canvass = Canvass.open(
        EngineConfig(File(root, "$name/engine").path, testSeed = seed),
        FileKeyVault(File(root, "$name/keys")),
        clock,
    )

    override fun close() = server.close()
}

/** The app over a campaign's phone instead of this one's keystore and clock. */
class TestApp : App() {
    override val clock: Clock get() = checkNotNull(time)

    override suspend fun open(): Canvass = checkNotNull(opens)()

    companion object {
        /** Opens the engine. */
        @Volatile
        var opens: (suspend () -> Canvass)? = null

        /** Tells the time. */
        @Volatile
        var time: Clock? = null

        /** The app is a phone of this campaign; seeded, so that pictures come out the same. */
        fun isPhoneOf(campaign: Campaign, name: String, seed: ULong?) {
            time = campaign.clock
            opens = { campaign.phone(name, seed) }
        }
    }
}
