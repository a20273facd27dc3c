package org.canvasscore

import java.io.BufferedReader
import java.io.File
import kotlin.random.Random
import kotlinx.coroutines.runBlocking
import org.canvasscore.model.ExportFormat
import org.canvasscore.model.ImportOptions
import org.canvasscore.model.NewCampaign
import org.canvasscore.model.SyncOutcome
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/**
 * Java processes killed in the middle of their work, with no chance to put anything right.
 * `CANVASS_KILLS` says how often; 20 times if it is not set.
 */
class KillTest {
    @TempDir
    lateinit var root: File

    private val kills = System.getenv("CANVASS_KILLS")?.toInt() ?: 20
    private val chance = Random(1)
    private val saved = mutableSetOf<String>()
    private val received = mutableSetOf<String>()

    @Test
    fun `a process killed while it records loses nothing it called saved`() = forEachPlace { place, kills ->
        val list = place.openUnseeded().use { canvass ->
            canvass.createCampaign(NewCampaign("Ward 3", "Ash")).also {
                canvass.importFile(fixture("offline_day/doors.csv").path, ImportOptions(null, null, false))
            }
        }
        repeat(kills) { round ->
            startAndKill(place, "record")
            place.openUnseeded().use { canvass ->
                val file = canvass.export(list, ExportFormat.CSV).bytes.decodeToString()
                checkSaved(ids(file), round + 1)
            }
        }
    }

    @Test
    fun `a process killed in mid-sync loses nothing, and nothing arrives twice`() = forEachPlace { place, kills ->
        CampaignServer(place.root.resolve("server"), 7uL, MORNING.toEpochMilli()).use { server ->
            val replay = Replay(place.root.resolve("replay"), server)
            scenarioSteps("offline_day").takeWhile { "operator" in it }.forEach { replay.step(it) }
            val export = "/v1/campaigns/${replay.kept("campaign")}/export/csv"
            val campaignIds = { ids(server.operator("GET", export, ByteArray(0)).decodeToString()) }
            place.openUnseeded().use { canvass ->
                canvass.join(server.address + replay.kept("ash"))
                assertEquals(SyncOutcome.COMPLETE, canvass.sync().outcome)
            }
            repeat(kills) { round ->
                startAndKill(place, "sync")
                val there = campaignIds()
                assertEquals(emptySet<String>(), received - there, "kill ${round + 1}: received, and lost")
            }
            place.openUnseeded().use { assertEquals(SyncOutcome.COMPLETE, it.sync().outcome) }
            checkSaved(campaignIds(), kills)
        }
    }

    /** A phone, and perhaps a campaign, for each so many kills: with all of them in one, rounds grow slow. */
    private fun forEachPlace(work: suspend (Place, kills: Int) -> Unit) = runBlocking {
        List(kills) { it }.chunked(KILLS_PER_PLACE).forEach { rounds ->
            saved.clear()
            received.clear()
            val here = root.resolve("from-${rounds.first()}").also { it.mkdir() }
            work(Place(here), rounds.size)
            here.deleteRecursively()
        }
    }

    /** All that was called saved is there, and at most one more for each kill. */
    private fun checkSaved(there: Set<String>, kills: Int) {
        assertEquals(emptySet<String>(), saved - there, "after $kills kills: lost")
        assertTrue(there.size <= saved.size + kills) { "${there.size} of ${saved.size} saved" }
    }

    /** The ids of a file of changes, each of which stands there once. */
    private fun ids(csv: String): Set<String> {
        val rows = csv.trim().lines().drop(1).map { it.substringBefore(',') }
        assertEquals(rows.size, rows.toSet().size, "a change stands twice")
        return rows.toSet()
    }

    /** Starts the program, hears some of what it says, kills it within a moment. */
    private fun startAndKill(place: Place, work: String) {
        val process = start(place, work)
        process.inputReader().use { lines ->
            repeat(1 + chance.nextInt(CHANGES)) { note(lines) { "the program ended by itself" } }
            Thread.sleep(chance.nextLong(MILLIS), chance.nextInt(NANOS))
            // Through the handle: the process's own call would close what there is to read.
            check(process.toHandle().destroyForcibly())
            process.waitFor()
            // What it still managed to say.
            generateSequence { lines.readLine() }.forEach(::note)
        }
    }

    private fun note(lines: BufferedReader, otherwise: () -> String) =
        note(checkNotNull(lines.readLine(), otherwise))

    private fun note(line: String) {
        val (word, id) = line.split(' ')
        (if (word == "saved") saved else received) += id
    }

    private fun start(place: Place, work: String): Process = ProcessBuilder(
        File(System.getProperty("java.home"), "bin/java").path,
        // It lives for a second: no time is spent on making it fast.
        "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
        "-Djna.library.path=${System.getProperty("jna.library.path")}",
        "-Dcanvass.root=${PROJECT.path}",
        "-cp", System.getProperty("surefire.test.class.path") ?: System.getProperty("java.class.path"),
        KilledProgram::class.java.name, place.root.path, work,
    ).redirectError(ProcessBuilder.Redirect.INHERIT).start()

    private companion object {
        const val KILLS_PER_PLACE = 50
        /** So many things are heard at most before the kill. */
        const val CHANGES = 40
        /** The kill comes in any moment of what follows: a save takes one of these, a sync several. */
        const val MILLIS = 12L
        const val NANOS = 1_000_000
    }
}
