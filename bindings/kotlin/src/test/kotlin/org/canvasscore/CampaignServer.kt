package org.canvasscore

import java.io.File
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toJavaDuration

/** The project's own folder, as the build tells it. */
val PROJECT: File = File(System.getProperty("canvass.root"))

/** A file of the project's tests. */
fun fixture(name: String): File = PROJECT.resolve("tests/fixtures").resolve(name)

/** A backend in a process of its own, with its files in [data], begun by this [command]. */
class CampaignServer(data: File, command: List<String>, environment: Map<String, String>) : AutoCloseable {
    /** `canvass serve` with ids and time that are given. */
    constructor(data: File, testSeed: ULong, testClockMs: Long) : this(
        data,
        listOf(
            PROJECT.resolve("target/release/canvass").path,
            "serve", "--data", data.path, "--listen", "127.0.0.1:0",
            "--test-seed", "$testSeed", "--test-clock", "$testClockMs",
        ),
        emptyMap(),
    )

    private val process = ProcessBuilder(command)
        .apply { environment().putAll(environment) }
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start()

    /** Where it listens. */
    val address: String = process.inputReader().readLine()?.removePrefix("listening on ")
        ?: error("the backend did not start")
    private val token = data.resolve("operator.token").readText().trim()
    private val client = HttpClient.newHttpClient()

    /** An operator's request; the answer's body. Anything but 200 fails the test. */
    fun operator(method: String, path: String, body: ByteArray): ByteArray {
        val request = HttpRequest.newBuilder(URI("$address$path"))
            .timeout(PATIENCE.toJavaDuration())
            .header("Authorization", "Bearer $token")
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
            .build()
        val answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray())
        check(answer.statusCode() == OK) {
            "$method $path: ${answer.statusCode()} ${answer.body().decodeToString()}"
        }
        return answer.body()
    }

    override fun close() {
        process.destroy()
        process.waitFor()
    }

    private companion object {
        const val OK = 200
        val PATIENCE: Duration = 30.seconds
    }
}
