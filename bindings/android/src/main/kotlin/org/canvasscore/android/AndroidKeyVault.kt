package org.canvasscore.android

import android.content.Context
import android.os.UserManager
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.KeyProperties
import android.security.keystore.UserNotAuthenticatedException
import java.security.GeneralSecurityException
import java.security.KeyStore
import java.security.UnrecoverableKeyException
import javax.crypto.AEADBadTagException
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec
import org.canvasscore.CallbackException
import org.canvasscore.KeyVault

/**
 * The [KeyVault] of an Android app: one AES-256-GCM key per alias, which Android Keystore makes
 * and never gives away.
 *
 * The keys ask for no fingerprint, so that background sync works; they can be used once the phone
 * was unlocked after it started. Before that every call is [CallbackException.Locked] and nothing
 * is changed. An alias that is gone, or that Android has invalidated for good, is
 * [CallbackException.Lost]; so is a blob that its key does not open. Anything else that Keystore
 * reports is [CallbackException.Failed]: the engine tries again later and recreates nothing.
 *
 * Aliases stand under [prefix] in the app's own part of Keystore, so that they do not meet others.
 */
public class AndroidKeyVault(
    context: Context,
    private val prefix: String = "org.canvasscore.",
) : KeyVault {
    private val userManager = context.getSystemService(UserManager::class.java)

    override fun wrap(alias: String, key: ByteArray): ByteArray = typed {
        // Keystore makes the nonce itself, and refuses one of ours.
        val cipher = Cipher.getInstance(TRANSFORMATION)
        cipher.init(Cipher.ENCRYPT_MODE, readOrMake(prefix + alias))
        cipher.updateAAD(alias.toByteArray())
        val nonce = cipher.iv
        check(nonce.size == NONCE_BYTES) { "Keystore has changed the length of its nonces" }
        nonce + cipher.doFinal(key)
    }

    override fun unwrap(alias: String, wrapped: ByteArray): ByteArray = typed {
        val key = read(prefix + alias) ?: throw CallbackException.Lost()
        if (wrapped.size <= NONCE_BYTES) throw CallbackException.Lost()
        val cipher = Cipher.getInstance(TRANSFORMATION)
        cipher.init(Cipher.DECRYPT_MODE, key, GCMParameterSpec(TAG_BITS, wrapped, 0, NONCE_BYTES))
        cipher.updateAAD(alias.toByteArray())
        cipher.doFinal(wrapped, NONCE_BYTES, wrapped.size - NONCE_BYTES)
    }

    override fun delete(alias: String): Unit = typed {
        keystore().deleteEntry(prefix + alias)
    }

    private fun keystore(): KeyStore = KeyStore.getInstance(PROVIDER).apply { load(null) }

    private fun read(name: String): SecretKey? = keystore().getKey(name, null) as SecretKey?

    private fun readOrMake(name: String): SecretKey = read(name) ?: make(name)

    private fun make(name: String): SecretKey {
        val purposes = KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT
        val spec = KeyGenParameterSpec.Builder(name, purposes)
            .setKeySize(KEY_BITS)
            .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
            .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
            .build()
        return KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, PROVIDER)
            .apply { init(spec) }
            .generateKey()
    }

    /** Every failure as the engine tells them apart. */
    private inline fun <T> typed(work: () -> T): T {
        if (userManager?.isUserUnlocked == false) throw CallbackException.Locked()
        return try {
            work()
        } catch (gone: KeyPermanentlyInvalidatedException) {
            throw CallbackException.Lost()
        } catch (gone: UnrecoverableKeyException) {
            throw CallbackException.Lost()
        } catch (wrong: AEADBadTagException) {
            throw CallbackException.Lost()
        } catch (locked: UserNotAuthenticatedException) {
            throw CallbackException.Locked()
        } catch (failed: GeneralSecurityException) {
            throw CallbackException.Failed("Android Keystore: ${failed.javaClass.simpleName}")
        } catch (failed: IllegalStateException) {
            throw CallbackException.Failed("Android Keystore: ${failed.javaClass.simpleName}")
        }
    }

    private companion object {
        const val PROVIDER = "AndroidKeyStore"
        const val TRANSFORMATION = "AES/GCM/NoPadding"
        const val KEY_BITS = 256
        const val NONCE_BYTES = 12
        const val TAG_BITS = 128
    }
}
