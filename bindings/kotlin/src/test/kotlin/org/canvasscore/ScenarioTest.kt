package org.canvasscore

import java.io.File
import kotlin.time.Duration.Companion.minutes
import kotlinx.coroutines.test.runTest
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** The days of work that Rust, Kotlin and Swift replay alike. */
class ScenarioTest {
    @TempDir
    lateinit var root: File

    @Test
    fun `an offline day gives its digest and its files`() = replay("offline_day")

    @Test
    fun `what is handed from phone to phone gives one digest everywhere`() = replay("phone_to_phone")

    @Test
    fun `what two claim unheard of each other is held by one and both are told`() = replay("claims")

    @Test
    fun `what people want and when to come back is the same everywhere`() =
        replay("asks_and_follow_ups")

    @Test
    fun `a conversation goes on where it was left and a floor is recorded as one`() = replay("conversation")

    @Test
    fun `a script changes during the shift and every answer keeps its version`() = replay("script_versions")

    @Test
    fun `what is said in two languages is the same everywhere`() = replay("two_languages")

    @Test
    fun `calls and their codes are the same everywhere`() = replay("channels")

    @Test
    fun `what is in the way of doors is the same everywhere`() = replay("access")

    private fun replay(name: String) = runTest(timeout = 2.minutes) {
        val about = scenario(name).getValue("server").jsonObject
        val seed = about.getValue("test_seed").jsonPrimitive.long.toULong()
        val now = about.getValue("test_clock_ms").jsonPrimitive.long
        CampaignServer(root.resolve("server"), seed, now).use { server ->
            Replay(root, server).use { replay ->
                scenarioSteps(name).forEachIndexed { number, step ->
                    try {
                        replay.step(step)
                    } catch (failed: Throwable) {
                        throw AssertionError("step $number $step: ${failed.message}", failed)
                    }
                }
            }
        }
    }
}
