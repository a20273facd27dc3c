package org.example

import java.nio.file.Files
import kotlinx.coroutines.runBlocking
import org.canvasscore.Canvass
import org.canvasscore.EngineConfig
import org.canvasscore.model.AttemptInput
import org.canvasscore.model.CanvassResult
import org.canvasscore.model.ExportFormat
import org.canvasscore.model.ImportOptions
import org.canvasscore.model.NewCampaign
import org.canvasscore.testing.FileKeyVault

/** A campaign on one machine: doors in, a knock, results out, all of it again after a restart. */
fun main() = runBlocking {
    val folder = Files.createTempDirectory("canvass").toFile()
    try {
        val doors = folder.resolve("doors.csv")
        doors.writeText(
            "door_id,house_number,street,unit,town,zip,lat,lon\n" +
                "d1,1,Willow St,,Lakewater,00000,44.001,-73.4\n" +
                "d2,3,Willow St,,Lakewater,00000,44.002,-73.4\n",
        )
        val config = EngineConfig(folder.resolve("engine").path)
        val keys = FileKeyVault(folder.resolve("keys"))
        val list = Canvass.open(config, keys).use { canvass ->
            val list = canvass.createCampaign(NewCampaign("Ward 3", "Ash"))
            canvass.importFile(doors.path, ImportOptions(null, null, false))
            val first = canvass.walkList(list).page.doors.first().household
            canvass.recordAttempt(AttemptInput(list, first, CanvassResult.NOT_HOME, emptyList(), null))
            list
        }
        Canvass.open(config, keys).use { canvass ->
            val csv = canvass.export(list, ExportFormat.CSV).bytes.decodeToString()
            check(csv.lines().count { "not_home" in it } == 1) { "one knock is exported" }
        }
        println("consumer: 1 test ran: doors came in, a knock went out")
    } finally {
        folder.deleteRecursively()
    }
}
