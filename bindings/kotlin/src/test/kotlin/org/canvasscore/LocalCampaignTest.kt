package org.canvasscore

import java.io.File
import java.util.concurrent.atomic.AtomicInteger
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.test.runTest
import org.canvasscore.model.Bounds
import org.canvasscore.model.ExportFormat
import org.canvasscore.model.HouseholdId
import org.canvasscore.model.ImportOptions
import org.canvasscore.model.ListId
import org.canvasscore.model.NewCampaign
import org.canvasscore.model.Point
import org.canvasscore.model.ShiftInput
import org.canvasscore.model.SyncOutcome
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** A campaign without a server: one phone, and files. */
class LocalCampaignTest {
    @TempDir
    lateinit var root: File

    private val place by lazy { Place(root) }
    private val anyFile = ImportOptions(null, null, false)

    private suspend fun Canvass.campaign(): ListId = createCampaign(NewCampaign("Ward 3", "Ash"))

    /** A file of many doors, along one street. */
    private fun doors(count: Int): String = File(root, "doors.csv").apply {
        bufferedWriter().use { out ->
            out.write("door_id,house_number,street,unit,town,zip,lat,lon\n")
            for (n in 1..count) {
                out.write("d$n,$n,Willow St,,Lakewater,00000,${44 + n / 1e5},-73.4\n")
            }
        }
    }.path

    @Test
    fun `files come in, doors are put in order, results go out`() = runTest {
        place.open().use { canvass ->
            val list = canvass.campaign()
            val told = mutableListOf<Pair<ULong, ULong>>()
            val doors = canvass.importFile(doors(250), anyFile) { done, total -> told += done to total }
            assertEquals(250uL, doors.tally.doors)
            assertEquals(File(root, "doors.csv").length().toULong(), told.last().first)
            assertTrue(told.all { (done, total) -> done <= total })
            assertEquals(null, canvass.importFile(doors(250), anyFile).file, "nothing new")
            canvass.putScript(fixture("offline_day/script.json").readText())
            assertEquals(250u, canvass.planOrder(list).stops)
            assertEquals(250L, canvass.export(list, ExportFormat.GEO_JSON).records.toLong())
            assertEquals(SyncOutcome.NO_SERVER, canvass.sync().outcome)
        }
    }

    @Test
    fun `a list is walked along its streets without a network`() = runTest {
        place.open().use { canvass ->
            val list = canvass.campaign()
            canvass.putStreets(fixture("walking/streets.pack").readBytes())
            canvass.importFile(fixture("walking/doors.csv").path, anyFile)
            assertEquals(0u, canvass.planOrder(list).straightStops)
            val said = canvass.directions(list, count = 200u).steps.map { it.sentence }
            assertEquals(fixture("walking/directions.txt").readLines(), said)

            val doors = canvass.doors(list).doors
            val around = Bounds(
                Point(doors.minOf { it.point.lat }, doors.minOf { it.point.lon }),
                Point(doors.maxOf { it.point.lat }, doors.maxOf { it.point.lon }),
            )
            val map = canvass.mapFeatures(list, around, 18.0)
            assertEquals(doors.size, map.pins.sumOf { it.doors.toInt() })
            assertTrue(map.streets.isNotEmpty() && map.route.size > map.pins.size)
            assertEquals("A generated town", map.attribution)

            val car = doors.first().point
            val shift = canvass.planShift(list, ShiftInput(30.0, car, null, true, 18u, -240))
            assertTrue(shift.stops in 1u..<map.pins.size.toUInt())
            assertTrue(shift.walkS + shift.workS <= 1800.5)
            assertEquals(map.pins.size.toUInt(), canvass.replan(list, car).stops)
            failure<CanvassException.InvalidInput> { canvass.putStreets(ByteArray(9)) }
        }
    }

    @Test
    fun `doors are read page by page, each of them once`() = runTest {
        place.open().use { canvass ->
            val list = canvass.campaign()
            canvass.importFile(doors(250), anyFile)
            val sizes = mutableListOf<Int>()
            val seen = mutableListOf<HouseholdId>()
            var from: String? = null
            do {
                val page = canvass.doors(list, from, limit = 120u)
                sizes += page.doors.size
                seen += page.doors.map { it.household }
                from = page.next
            } while (from != null)
            assertEquals(listOf(120, 120, 10), sizes)
            assertEquals(250, seen.distinct().size)
        }
    }

    @Test
    fun `cancelling an import keeps nothing of it`() = runBlocking(Dispatchers.Default) {
        place.open().use { canvass ->
            val list = canvass.campaign()
            val path = doors(60_000)
            val begun = CompletableDeferred<Job>()
            val calls = AtomicInteger()
            val import = async {
                canvass.importFile(path, anyFile) { _, _ ->
                    if (calls.incrementAndGet() == 1) runBlocking { begun.await().cancel() }
                }
            }
            begun.complete(import)
            failure<kotlin.coroutines.cancellation.CancellationException> { import.await() }
            assertEquals(0u, canvass.progress(list).doors)
            assertEquals(1, calls.get())
            assertEquals(60_000uL, canvass.importFile(path, anyFile).tally.doors)
        }
    }

    @Test
    fun `a file that does not fit says where, and keeps nothing`() = runTest {
        place.open().use { canvass ->
            val list = canvass.campaign()
            val page = File(root, "page.csv").apply { writeText("<!DOCTYPE html><html></html>") }
            val html = failure<CanvassException.BadFile> { canvass.importFile(page.path, anyFile) }
            assertEquals("html" to 1uL, html.code to html.row)
            val script = failure<CanvassException.BadScript> { canvass.putScript("{}") }
            assertTrue(script.code.isNotEmpty())
            failure<CanvassException.AlreadyInCampaign> { canvass.campaign() }
            assertEquals(0u, canvass.progress(list).doors)
        }
    }
}
