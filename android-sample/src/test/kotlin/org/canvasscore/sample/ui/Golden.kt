package org.canvasscore.sample.ui

import android.graphics.Bitmap
import android.graphics.Canvas
import java.awt.Color
import java.awt.Image
import java.awt.image.BufferedImage
import java.awt.image.DataBuffer
import java.awt.image.IndexColorModel
import java.io.ByteArrayInputStream
import java.io.ByteArrayOutputStream
import java.io.File
import java.time.Duration
import javax.imageio.ImageIO
import kotlin.math.abs
import kotlin.math.max

/** Pictures of screens, compared with those that were looked at. */
class Golden(private val folder: File, private val made: File) {
    private val failures = mutableListOf<String>()

    /** Compares what a screen looks like with its picture, once it has come to look like it. */
    fun check(phone: Phone, name: String) {
        val picture = File(folder, "$name.png")
        if (System.getenv("CANVASS_BLESS") == "1") {
            folder.mkdirs()
            picture.writeBytes(small(atRest(phone)))
        }
        val expected = if (picture.exists()) read(picture.readBytes()) else null
        val seen = expected?.let { come(phone, it) } ?: taken(phone)
        val difference = expected?.let { difference(it, seen) } ?: Difference(1.0, null)
        val bytes = small(seen)
        if (bytes.size > MOST_BYTES) failures += "$name: ${bytes.size} bytes"
        if (difference.share > MOST_DIFFERENCE) {
            made.mkdirs()
            File(made, "$name.png").writeBytes(bytes)
            difference.where?.let { ImageIO.write(it, "png", File(made, "$name.difference.png")) }
            failures += "$name: %.2f %% of its pixels differ".format(difference.share * 100)
        }
        failures += Reach.faults(phone).map { "$name: $it" }
    }

    /** What the screen looks like now. */
    private fun taken(phone: Phone): BufferedImage {
        val view = phone.screen.window.decorView
        // A tick or a dot that is being drawn is drawn.
        Phone.below(view).forEach { it.jumpDrawablesToCurrentState() }
        val bitmap = Bitmap.createBitmap(view.width, view.height, Bitmap.Config.ARGB_8888)
        view.draw(Canvas(bitmap))
        val image = BufferedImage(bitmap.width, bitmap.height, BufferedImage.TYPE_INT_ARGB)
        val pixels = IntArray(bitmap.width * bitmap.height)
        bitmap.getPixels(pixels, 0, bitmap.width, 0, 0, bitmap.width, bitmap.height)
        image.setRGB(0, 0, bitmap.width, bitmap.height, pixels, 0, bitmap.width)
        return image
    }

    /** The screen once it looks like its picture, or as it stays: what it reads comes as it may. */
    private fun come(phone: Phone, picture: BufferedImage): BufferedImage {
        val deadline = System.nanoTime() + PATIENCE.toNanos()
        while (true) {
            val now = taken(phone)
            if (difference(picture, now).share <= MOST_DIFFERENCE || System.nanoTime() > deadline) return now
            phone.rest(STEP)
        }
    }

    /** What the screen looks like once it has looked the same for a while. */
    private fun atRest(phone: Phone): BufferedImage {
        var last = taken(phone)
        var since = System.nanoTime()
        while (System.nanoTime() - since < REST.toNanos()) {
            phone.rest(STEP)
            val now = taken(phone)
            if (difference(last, now).share > 0) since = System.nanoTime()
            last = now
        }
        return last
    }

    /** All pictures side by side, for the documents; made anew with them. */
    fun sheet(file: File, names: List<String>, columns: Int) {
        if (System.getenv("CANVASS_BLESS") != "1") return
        val rows = (names.size + columns - 1) / columns
        val sheet = BufferedImage(columns * (SHEET_WIDTH + GAP) + GAP, rows * (SHEET_HEIGHT + GAP) + GAP, BufferedImage.TYPE_INT_RGB)
        val pen = sheet.createGraphics()
        pen.color = Color(0x8A, 0x94, 0x9A)
        pen.fillRect(0, 0, sheet.width, sheet.height)
        names.forEachIndexed { at, name ->
            val picture = read(File(folder, "$name.png").readBytes())
                .getScaledInstance(SHEET_WIDTH, SHEET_HEIGHT, Image.SCALE_SMOOTH)
            val (row, column) = at / columns to at % columns
            pen.drawImage(picture, GAP + column * (SHEET_WIDTH + GAP), GAP + row * (SHEET_HEIGHT + GAP), null)
        }
        pen.dispose()
        // Scaled letters have more shades than a palette: every fourth does.
        val pixels = sheet.getRGB(0, 0, sheet.width, sheet.height, null, 0, sheet.width)
        for (at in pixels.indices) pixels[at] = pixels[at] and 0xFCFCFC or (0xFF shl 24)
        file.writeBytes(small(pixels, sheet.width, sheet.height))
    }

    /** Fails with all that was wrong. */
    fun settle() = check(failures.isEmpty()) {
        "${failures.joinToString("\n")}\nwhat was made lies in $made; CANVASS_BLESS=1 takes it as it is now"
    }

    /** A picture in its 256 most frequent colours: a third of the bytes, and nobody sees it. */
    private fun small(image: BufferedImage): ByteArray =
        small(image.getRGB(0, 0, image.width, image.height, null, 0, image.width), image.width, image.height)

    private fun small(pixels: IntArray, width: Int, height: Int): ByteArray {
        val often = pixels.toList().groupingBy { it }.eachCount()
        val colours = often.entries.sortedWith(compareBy({ -it.value }, { it.key })).take(MOST_COLOURS).map { it.key }
        val place = often.keys.associateWith { colour -> colours.indices.minBy { apart(colours[it], colour) } }
        val model = IndexColorModel(8, colours.size, colours.toIntArray(), 0, false, -1, DataBuffer.TYPE_BYTE)
        val image = BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, model)
        pixels.forEachIndexed { at, pixel -> image.raster.setSample(at % width, at / width, 0, place.getValue(pixel)) }
        return ByteArrayOutputStream().also { ImageIO.write(image, "png", it) }.toByteArray()
    }

    private fun read(bytes: ByteArray): BufferedImage = ImageIO.read(ByteArrayInputStream(bytes))

    /** Where two pictures differ: a little does not count. */
    private fun difference(one: BufferedImage, other: BufferedImage): Difference {
        if (one.width != other.width || one.height != other.height) return Difference(1.0, null)
        val where = BufferedImage(one.width, one.height, BufferedImage.TYPE_INT_RGB)
        var differ = 0
        for (y in 0 until one.height) for (x in 0 until one.width) {
            if (isOther(one.getRGB(x, y), other.getRGB(x, y))) {
                differ++
                where.setRGB(x, y, 0xFF0000)
            }
        }
        return Difference(differ.toDouble() / (one.width * one.height), where)
    }

    private fun isOther(one: Int, other: Int): Boolean = apart(one, other) > A_LITTLE

    /** How far two colours are apart, in the channel in which they are farthest. */
    private fun apart(one: Int, other: Int): Int = listOf(0, 8, 16).fold(0) { most, at ->
        max(most, abs((one shr at and 0xFF) - (other shr at and 0xFF)))
    }

    /** The share of pixels that differ, and where they are. */
    private class Difference(val share: Double, val where: BufferedImage?)

    private companion object {
        const val MOST_BYTES = 120 * 1024
        const val MOST_DIFFERENCE = 0.005
        const val A_LITTLE = 48
        const val MOST_COLOURS = 256
        const val SHEET_WIDTH = 274
        const val SHEET_HEIGHT = 594
        const val GAP = 10
        val PATIENCE: Duration = Duration.ofSeconds(20)
        val REST: Duration = Duration.ofMillis(400)
        val STEP: Duration = Duration.ofMillis(40)
    }
}
