package org.canvasscore.sample.ui

import android.content.Intent
import android.os.Bundle
import android.widget.Button
import android.widget.EditText
import android.widget.TextView
import android.view.View
import org.canvasscore.Canvass
import org.canvasscore.android.Invitation
import org.canvasscore.sample.JoinScreen
import org.canvasscore.sample.R

/** Join: an invitation, from a link or a QR code. */
class JoinActivity : ScreenActivity(R.layout.screen_join) {
    override fun ready(canvass: Canvass, saved: Bundle?) {
        val screen = JoinScreen(canvass, scope)
        val field = requireViewById<EditText>(R.id.invitation)
        val join = requireViewById<Button>(R.id.join)
        Invitation.of(intent)?.let(field::setText)
        join.setOnClickListener { screen.join(field.text.toString()) }
        showErrors(screen)
        show(screen.state) { state ->
            join.isEnabled = !state.isJoining
            requireViewById<View>(R.id.progress).isShown(state.isJoining)
            requireViewById<TextView>(R.id.told).apply {
                text = state.told
                isShown(state.told.isNotEmpty())
            }
            if (state.hasJoined) {
                val walk = Intent(this, WalkListActivity::class.java)
                startActivity(walk.addFlags(Intent.FLAG_ACTIVITY_CLEAR_TOP))
                finish()
            }
        }
    }
}
