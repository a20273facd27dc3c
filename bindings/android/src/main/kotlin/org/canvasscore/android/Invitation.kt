package org.canvasscore.android

import android.content.Intent
import org.canvasscore.Canvass

/**
 * Invitations as they reach an app: by a link that opens it, or by the text of a QR code.
 *
 * What an invitation looks like is the core's business. Nothing here takes one apart: the text is
 * handed to [Canvass.join] as it came, which refuses what is none.
 *
 * An app declares the links it opens in its manifest: `canvass:` links, and the campaign's own
 * `https://…/j/…` if it serves Android's `assetlinks.json`.
 * ```xml
 * <intent-filter>
 *     <action android:name="android.intent.action.VIEW" />
 *     <category android:name="android.intent.category.DEFAULT" />
 *     <category android:name="android.intent.category.BROWSABLE" />
 *     <data android:scheme="canvass" />
 * </intent-filter>
 * <intent-filter android:autoVerify="true">
 *     <action android:name="android.intent.action.VIEW" />
 *     <category android:name="android.intent.category.DEFAULT" />
 *     <category android:name="android.intent.category.BROWSABLE" />
 *     <data android:scheme="https" android:host="campaign.example" android:pathPrefix="/j/" />
 * </intent-filter>
 * ```
 */
public object Invitation {
    /** The text with which a link has opened the app; nothing if it was opened otherwise. */
    public fun of(intent: Intent): String? =
        intent.takeIf { it.action == Intent.ACTION_VIEW }?.dataString
}
