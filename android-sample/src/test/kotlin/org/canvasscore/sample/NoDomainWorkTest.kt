package org.canvasscore.sample

import java.io.File
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** The app orders, counts, measures and words nothing: that is the core's. */
class NoDomainWorkTest {
    private val main = File(System.getProperty("canvass.root"), "android-sample/src/main")

    /** What such work looks like in Kotlin. */
    private val work = Regex(
        """sorted|groupBy|partition|sumOf|\.sum\(|\.count\b|count \{|\.average\(|maxBy|minBy|distinct|""" +
            """[dD]istance|StringBuilder|buildString|joinTo|String\.format|\.format\("|" \+|\+ "|\$\{|"\$""",
    )

    /** What the same signs stand for elsewhere, line by line. */
    private val other = listOf(
        // Ids of a back stack, not words that anybody reads.
        "putExtra(",
    )

    private fun sources() = main.walk().filter { it.extension == "kt" }.toList()

    @Test
    fun `no sorting, counting, measuring or wording stands in the app`() {
        assertTrue(sources().size > 15)
        val found = sources().flatMap { file ->
            file.readLines().withIndex()
                .filter { (_, line) -> work.containsMatchIn(line) && other.none { it in line } }
                .map { (at, line) -> "${file.name}:${at + 1}: ${line.trim()}" }
        }
        assertEquals(emptyList<String>(), found)
    }

    @Test
    fun `every label is a resource, in both languages`() {
        val literal = Regex("""android:(text|hint|contentDescription)="[^@?]""")
        val layouts = File(main, "res/layout").listFiles().orEmpty()
        assertEquals(emptyList<String>(), layouts.filter { literal.containsMatchIn(it.readText()) }.map { it.name })
        assertEquals(keys("values") - keys("values", "translatable=\"false\""), keys("values-es") - FIXED)
        val spanish = keys("values-es")
        assertTrue(spanish.containsAll(keys("values") - FIXED))
    }

    private fun keys(folder: String, with: String = ""): Set<String> =
        File(main, "res/$folder/strings.xml").readLines()
            .filter { with in it }
            .mapNotNull { Regex("""<string name="(\w+)"""").find(it)?.groupValues?.get(1) }
            .toSet()

    private companion object {
        val FIXED = setOf("app_name", "settings_language_en", "settings_language_es")
    }
}
