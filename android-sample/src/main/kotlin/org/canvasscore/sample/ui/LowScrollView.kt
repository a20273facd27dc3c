package org.canvasscore.sample.ui

import android.content.Context
import android.util.AttributeSet
import android.widget.ScrollView

/** Stands at the bottom of a screen, takes half of it at most, and scrolls beyond. */
class LowScrollView(context: Context, attributes: AttributeSet) : ScrollView(context, attributes) {
    override fun onMeasure(widthMeasureSpec: Int, heightMeasureSpec: Int) {
        val most = resources.displayMetrics.heightPixels / 2
        super.onMeasure(widthMeasureSpec, MeasureSpec.makeMeasureSpec(most, MeasureSpec.AT_MOST))
    }
}
