package org.canvasscore.sample

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import org.canvasscore.Canvass
import org.canvasscore.FrameCollector
import org.canvasscore.FrameProgress

/** What the Phone to phone screen shows. */
data class PhoneToPhoneState(
    /** Texts of QR codes for the other phone to scan; none before something was made. */
    val frames: List<String> = emptyList(),
    /** The one that is shown. */
    val at: Int = 0,
    /** The same as one file. */
    val file: ByteArray? = null,
    /** How many codes of the other phone are there. */
    val progress: FrameProgress = FrameProgress(0u, 0u),
    /** What a bundle brought, in words. */
    val told: String = "",
)

/**
 * Work from phone to phone, where there is no network.
 *
 * The phone that takes shows what it has; the one that gives scans that and shows a bundle of
 * what the other lacks; the one that takes scans the bundle.
 */
class PhoneToPhoneScreen(private val canvass: Canvass, scope: CoroutineScope) :
    Screen<PhoneToPhoneState>(PhoneToPhoneState(), scope) {
    private var collector = FrameCollector()

    /** Forgets codes and files: the other way round now. */
    fun begin() {
        collector.close()
        collector = FrameCollector()
        show { PhoneToPhoneState() }
    }

    /** To take: shows what this phone has. */
    fun ask(): Job = act { offer(canvass.peerSummary()) }

    /** To give: takes one code of what the other phone has; after the last one shows a bundle. */
    fun scanSummary(text: String): Job = scan(text) { summary -> give(summary) }

    /** To take: takes one code of a bundle; after the last one it is taken in. */
    fun scanBundle(text: String): Job = scan(text) { bundle -> take(bundle) }

    /** To give: the same with a file. */
    fun openSummary(bytes: ByteArray): Job = act { give(bytes) }

    /** To take: the same with a file. */
    fun openBundle(bytes: ByteArray): Job = act { take(bytes) }

    /** The next code; after the last one the first. */
    fun nextFrame() = show { it.copy(at = if (it.at == it.frames.lastIndex) 0 else it.at + 1) }

    private fun scan(text: String, whole: suspend (ByteArray) -> Unit): Job = act {
        val bytes = collector.take(text)
        show { it.copy(progress = collector.progress()) }
        if (bytes != null) {
            collector.close()
            collector = FrameCollector()
            whole(bytes)
        }
    }

    private suspend fun give(summary: ByteArray) = offer(canvass.makeBundle(summary))

    private suspend fun take(bundle: ByteArray) {
        val told = canvass.bundleSentence(canvass.applyBundle(bundle))
        show { PhoneToPhoneState(told = told) }
    }

    private suspend fun offer(bytes: ByteArray) {
        val frames = canvass.qrFrames(bytes)
        show { PhoneToPhoneState(frames = frames, file = bytes) }
    }
}
