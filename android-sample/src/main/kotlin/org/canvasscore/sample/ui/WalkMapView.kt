package org.canvasscore.sample.ui

import android.content.Context
import android.graphics.Canvas
import android.graphics.Paint
import android.graphics.Path
import android.graphics.PointF
import android.util.AttributeSet
import android.view.GestureDetector
import android.view.MotionEvent
import android.view.ScaleGestureDetector
import android.view.View
import kotlin.math.atan
import kotlin.math.ln
import kotlin.math.log2
import kotlin.math.min
import kotlin.math.pow
import kotlin.math.sinh
import kotlin.math.tan
import org.canvasscore.model.Bounds
import org.canvasscore.model.MapFeatures
import org.canvasscore.model.MapLine
import org.canvasscore.model.MapPin
import org.canvasscore.model.Point
import org.canvasscore.model.WalkListSummary
import org.canvasscore.sample.R

/**
 * Draws what the core gives for a map, in the order in which it is given: streets and their names,
 * the turf's outline, the way ahead, one pin per building with its doors.
 *
 * It knows where it looks, in the flat square of web maps, and asks for what lies there. What is
 * on the map, and where, is the core's.
 */
class WalkMapView(context: Context, attributes: AttributeSet) : View(context, attributes) {
    /** Is asked for what lies within the bounds, at this zoom level. */
    var onLook: (Bounds, Double) -> Unit = { _, _ -> }

    /** Is told of the pin that was tapped. */
    var onTap: (MapPin) -> Unit = {}

    private var features: MapFeatures? = null
    private var centre: FlatPoint? = null
    private var zoom = FIRST_ZOOM
    private var isWhole = true
    private var summary: WalkListSummary? = null
    private val paints = MapPaints(context)

    private val gestures = GestureDetector(
        context,
        object : GestureDetector.SimpleOnGestureListener() {
            override fun onDown(event: MotionEvent): Boolean = true

            override fun onScroll(
                first: MotionEvent?, event: MotionEvent, x: Float, y: Float,
            ): Boolean {
                moveBy(x, y)
                return true
            }

            override fun onDoubleTap(event: MotionEvent): Boolean {
                zoomBy(1.0)
                return true
            }

            override fun onSingleTapConfirmed(event: MotionEvent): Boolean = tapAt(event.x, event.y)
        },
    )

    private val pinch = ScaleGestureDetector(
        context,
        object : ScaleGestureDetector.SimpleOnScaleGestureListener() {
            override fun onScale(detector: ScaleGestureDetector): Boolean {
                zoomBy(log2(detector.scaleFactor.toDouble()))
                return true
            }
        },
    )

    /** Whether there is something to see. */
    val isDrawn: Boolean get() = isShown && centre != null && !features?.pins.isNullOrEmpty()

    /** Shows what was asked for. */
    fun show(features: MapFeatures) {
        if (features == this.features) return
        this.features = features
        if (isWhole && centre == null) showWhole() else invalidate()
    }

    /** Asks anew, once something was recorded. */
    fun refresh(summary: WalkListSummary) {
        if (summary == this.summary) return
        this.summary = summary
        look()
    }

    /** Shows the whole list. */
    fun showWhole() {
        val whole = features?.whole ?: return
        val (left, bottom) = flat(whole.southWest)
        val (right, top) = flat(whole.northEast)
        isWhole = true
        centre = FlatPoint((left + right) / 2, (top + bottom) / 2)
        if (width == 0) return
        val room = PADDING_DP * 2
        val wide = (width / density - room) / (TILE * (right - left).coerceAtLeast(SMALL))
        val high = (height / density - room) / (TILE * (bottom - top).coerceAtLeast(SMALL))
        zoom = log2(min(wide, high)).coerceIn(LEAST_ZOOM, MOST_ZOOM)
        look()
    }

    /** Goes nearer by so many levels, or away. */
    fun zoomBy(levels: Double) {
        isWhole = false
        zoom = (zoom + levels).coerceIn(LEAST_ZOOM, MOST_ZOOM)
        look()
    }

    override fun onSizeChanged(width: Int, height: Int, oldWidth: Int, oldHeight: Int) {
        super.onSizeChanged(width, height, oldWidth, oldHeight)
        if (isWhole) showWhole() else look()
    }

    override fun onTouchEvent(event: MotionEvent): Boolean {
        pinch.onTouchEvent(event)
        return gestures.onTouchEvent(event) || super.onTouchEvent(event)
    }

    override fun onDraw(canvas: Canvas) {
        canvas.drawColor(paints.ground)
        val features = features ?: return
        if (centre == null) return
        features.streets.forEach { draw(canvas, it, paints.edge(it.kind)) }
        features.streets.forEach { draw(canvas, it, paints.street(it.kind)) }
        val turf = Path().apply { features.turf.forEach { addPath(path(it).apply { close() }) } }
        canvas.drawPath(turf, paints.turf)
        canvas.drawPath(turf, paints.turfLine)
        canvas.drawPath(path(features.route), paints.route)
        for (label in features.labels) drawLabel(canvas, label.text, screen(label.point), label.angleDegrees)
        features.pins.forEach { drawPin(canvas, it) }
        canvas.drawText(features.attribution, paints.gap, height - paints.gap, paints.attribution)
    }

    private fun draw(canvas: Canvas, line: MapLine, paint: Paint) =
        canvas.drawPath(path(line.points), paint)

    private fun path(points: List<Point>): Path = Path().apply {
        points.forEachIndexed { at, point ->
            val on = screen(point)
            if (at == 0) moveTo(on.x, on.y) else lineTo(on.x, on.y)
        }
    }

    private fun drawLabel(canvas: Canvas, text: String, at: PointF, angle: Double) {
        canvas.save()
        canvas.rotate(angle.toFloat(), at.x, at.y)
        val line = at.y + paints.label.textSize / 3
        canvas.drawText(text, at.x, line, paints.halo)
        canvas.drawText(text, at.x, line, paints.label)
        canvas.restore()
    }

    private fun drawPin(canvas: Canvas, pin: MapPin) {
        val at = screen(pin.point)
        val isDone = pin.done == pin.doors
        val radius = if (pin.doors > 1u || pin.isNext) paints.bigPin else paints.pin
        if (pin.isNext) canvas.drawCircle(at.x, at.y, radius + paints.gap / 2, paints.nextPin)
        canvas.drawCircle(at.x, at.y, radius + paints.rim, paints.pinRim)
        canvas.drawCircle(at.x, at.y, radius, if (isDone) paints.donePin else paints.leftPin)
        if (pin.doors > 1u) {
            canvas.drawText(pin.doors.toString(), at.x, at.y + paints.number.textSize / 3, paints.number)
        }
    }

    private fun tapAt(x: Float, y: Float): Boolean {
        val finger = FINGER_DP * density
        val pins = features?.pins ?: return false
        // The last one drawn lies on top.
        val hit = pins.lastOrNull { pin ->
            val at = screen(pin.point)
            at.x in x - finger..x + finger && at.y in y - finger..y + finger
        }
        hit?.let(onTap)
        return hit != null
    }

    private fun moveBy(x: Float, y: Float) {
        val centre = centre ?: return
        isWhole = false
        this.centre = FlatPoint(centre.x + x / scale, centre.y + y / scale)
        look()
    }

    /** Asks for what lies within the view, and for the whole list's bounds before that. */
    private fun look() {
        invalidate()
        val centre = centre ?: return onLook(Bounds(Point(0.0, 0.0), Point(0.0, 0.0)), zoom)
        if (width == 0) return
        val x = width / 2 / scale
        val y = height / 2 / scale
        val southWest = round(centre.x - x, centre.y + y)
        val northEast = round(centre.x + x, centre.y - y)
        onLook(Bounds(southWest, northEast), zoom)
    }

    private val density get() = resources.displayMetrics.density

    /** Pixels of the screen that the whole world takes. */
    private val scale get() = TILE * density * 2.0.pow(zoom)

    private fun screen(point: Point): PointF {
        val at = flat(point)
        val centre = centre ?: at
        val x = (at.x - centre.x) * scale + width / 2
        val y = (at.y - centre.y) * scale + height / 2
        return PointF(x.toFloat(), y.toFloat())
    }

    /** A point in the square of web maps, 0 to 1. */
    private fun flat(point: Point): FlatPoint {
        val y = ln(tan(Math.PI / 4 + Math.toRadians(point.lat) / 2))
        return FlatPoint(point.lon / 360 + 0.5, 0.5 - y / (2 * Math.PI))
    }

    private fun round(x: Double, y: Double): Point {
        val lat = Math.toDegrees(atan(sinh(Math.PI * (1 - 2 * y))))
        return Point(lat, (x - 0.5) * 360)
    }

    private companion object {
        const val TILE = 256.0
        const val FIRST_ZOOM = 16.0
        const val LEAST_ZOOM = 11.0
        const val MOST_ZOOM = 20.0
        const val PADDING_DP = 64.0
        const val FINGER_DP = 24f
        const val SMALL = 1e-7
    }
}

/** A point in the square of web maps. */
private data class FlatPoint(val x: Double, val y: Double)
