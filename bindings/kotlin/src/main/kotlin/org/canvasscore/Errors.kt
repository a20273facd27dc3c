package org.canvasscore

import java.util.Locale

/** What this is, as a stable code for logs and programs; `docs/errors.md` lists them all. */
public val CanvassException.code: String
    get() = errorCode(this)

/**
 * What to tell the person who holds the phone: a sentence or two with the next step, in the first
 * of these [languages] (BCP 47 tags) that the core speaks. It repeats nothing that anybody wrote.
 */
public fun CanvassException.userSentence(
    languages: List<String> = listOf(Locale.getDefault().toLanguageTag()),
): String = errorSentence(this, languages)
