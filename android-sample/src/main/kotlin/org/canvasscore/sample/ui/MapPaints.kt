package org.canvasscore.sample.ui

import android.content.Context
import android.graphics.DashPathEffect
import android.graphics.Paint
import android.graphics.Typeface
import org.canvasscore.model.WayKind
import org.canvasscore.sample.R

/** Colours and widths of the map, by day and by night. */
class MapPaints(private val context: Context) {
    private val metrics = context.resources.displayMetrics

    /** The ground between the streets. */
    val ground = context.getColor(R.color.map_ground)

    /** The turf, and its border. */
    val turf = fill(R.color.map_turf)
    val turfLine = line(R.color.map_turf_line, 2f).apply {
        pathEffect = DashPathEffect(floatArrayOf(dp(8f), dp(5f)), 0f)
    }

    /** The way ahead. */
    val route = line(R.color.map_route, 4f)

    /** Pins: still to do, done, next; the rim around each, and the number in it. */
    val leftPin = fill(R.color.pin_left)
    val donePin = fill(R.color.pin_done)
    val nextPin = line(R.color.pin_next, 4f)
    val pinRim = fill(R.color.map_ground)
    val number = text(R.color.pin_text, 13f).apply { typeface = Typeface.DEFAULT_BOLD }
    val pin = dp(7f)
    val bigPin = dp(13f)
    val rim = dp(1.5f)

    /** Names of streets. */
    val label = text(R.color.map_label, 12f)
    val halo = text(R.color.map_label_halo, 12f).apply {
        style = Paint.Style.STROKE
        strokeWidth = dp(3f)
    }

    /** Whom to thank for the streets. */
    val attribution = text(R.color.map_label, 10f).apply { textAlign = Paint.Align.LEFT }
    val gap = dp(6f)

    private val paths = line(R.color.map_path, 1.5f)
    private val none = line(R.color.map_ground, 0f)
    private val edges = WayKind.entries.associateWith { line(R.color.map_street_edge, width(it) + 2f) }
    private val streets = WayKind.entries.associateWith { line(R.color.map_street, width(it)) }

    /** What a street is drawn with. */
    fun street(kind: WayKind): Paint = if (isStreet(kind)) streets.getValue(kind) else paths

    /** What is drawn below it, a little wider. */
    fun edge(kind: WayKind): Paint = if (isStreet(kind)) edges.getValue(kind) else none

    private fun isStreet(kind: WayKind) = when (kind) {
        WayKind.PATH, WayKind.SIDEWALK, WayKind.CROSSING, WayKind.STEPS -> false
        else -> true
    }

    private fun width(kind: WayKind) = when (kind) {
        WayKind.PRIMARY -> 12f
        WayKind.SECONDARY -> 10f
        WayKind.TERTIARY -> 9f
        WayKind.SERVICE -> 4f
        else -> 7f
    }

    private fun dp(size: Float) = size * metrics.density

    private fun fill(colour: Int) = Paint(Paint.ANTI_ALIAS_FLAG).apply { color = context.getColor(colour) }

    private fun line(colour: Int, widthDp: Float) = fill(colour).apply {
        style = Paint.Style.STROKE
        strokeWidth = dp(widthDp)
        strokeJoin = Paint.Join.ROUND
        strokeCap = Paint.Cap.ROUND
    }

    /** Text grows with the size of type that was chosen for the phone. */
    private fun text(colour: Int, sizeSp: Float) = fill(colour).apply {
        textSize = android.util.TypedValue.applyDimension(android.util.TypedValue.COMPLEX_UNIT_SP, sizeSp, metrics)
        textAlign = Paint.Align.CENTER
    }
}
