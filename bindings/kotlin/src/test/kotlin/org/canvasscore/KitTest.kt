package org.canvasscore

import java.io.File
import kotlin.time.Duration.Companion.minutes
import kotlinx.coroutines.test.runTest
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** This package proves itself with the kit, as any embedder proves a shell of their own. */
class KitTest {
    @TempDir
    lateinit var root: File

    private val program = PROJECT.resolve("target/release/canvass").path

    private fun canvass(vararg arguments: String): Int =
        ProcessBuilder(program, *arguments).inheritIO().start().waitFor()

    /** Replays every day behind a bad network; a line for each digest. */
    private suspend fun results(kit: File, faults: Int): List<String> =
        kit.resolve("scenarios").listFiles().orEmpty().sorted().flatMap { file ->
            val day = Json.parseToJsonElement(file.readText()).jsonObject
            val name = file.nameWithoutExtension
            val folder = root.resolve("$name-$faults")
            val serve = listOf(kit.resolve("serve.sh").path, name, folder.resolve("server").path, "$faults")
            CampaignServer(folder.resolve("server"), serve, mapOf("CANVASS" to program)).use { server ->
                Replay(folder, server, kit.resolve("files"), patience = 30).use { replay ->
                    day.getValue("steps").jsonArray.mapIndexedNotNull { number, step ->
                        line(name, number, step.jsonObject, replay)
                    }
                }
            }
        }

    private suspend fun line(day: String, number: Int, step: JsonObject, replay: Replay): String? {
        if (step["do"]?.jsonPrimitive?.content != "digest") {
            replay.step(step)
            return null
        }
        val digest = replay.digest(step.getValue("phone").jsonPrimitive.content)
        return """{"scenario":"$day","step":$number,"digest":"$digest"}"""
    }

    @Test
    fun `the kit passes this shell, and fails one that is wrong`() = runTest(timeout = 10.minutes) {
        val kit = root.resolve("kit")
        assertEquals(0, canvass("kit", "--out", kit.path, "--doors", "80"))
        val lines = results(kit, faults = 7)
        assertTrue(lines.size >= 18) { "${lines.size}" }
        val file = root.resolve("results.jsonl")
        file.writeText(lines.joinToString("\n"))
        assertEquals(0, canvass("kit", "check", kit.path, "--results", file.path))
        file.writeText(lines.drop(1).joinToString("\n"))
        assertEquals(1, canvass("kit", "check", kit.path, "--results", file.path))
    }
}
