package org.canvasscore.android

import android.content.Context
import java.io.File

/** Where an app keeps a campaign: one directory is one campaign. */
public object CanvassDirectory {
    /**
     * The directory of a campaign, under the app's own `no_backup` folder: Android copies nothing
     * of it to a cloud or to a new phone. What is unsent reaches the campaign by sync, by another
     * phone, or by the sealed copy; a copied database would be a second phone of the same name.
     *
     * [name] tells several campaigns of one app apart.
     */
    public fun of(context: Context, name: String = "campaign"): File {
        require(name.isNotEmpty() && name.all { it.isLetterOrDigit() || it in "-_" }) {
            "a campaign's folder is named with letters, digits, - and _"
        }
        return File(context.noBackupFilesDir, "canvass/$name")
    }
}
