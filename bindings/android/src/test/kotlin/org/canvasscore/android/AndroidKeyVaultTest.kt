package org.canvasscore.android

import android.content.Context
import android.os.UserManager
import android.security.keystore.KeyPermanentlyInvalidatedException
import java.security.KeyStoreException
import org.canvasscore.CallbackException
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf

/** The vault over a stand-in for the phone's Keystore. */
@RunWith(RobolectricTestRunner::class)
class AndroidKeyVaultTest {
    private val context: Context = RuntimeEnvironment.getApplication()
    private val key = ByteArray(32) { it.toByte() }

    @Before
    fun install() = FakeAndroidKeyStore.install()

    @Test
    fun `what was wrapped is unwrapped, by a later process as well`() {
        val blob = AndroidKeyVault(context).wrap("main", key)
        assertArrayEquals(key, AndroidKeyVault(context).unwrap("main", blob))
        assertEquals(setOf("org.canvasscore.main"), FakeAndroidKeyStore.keys.keys)
        assertFalse(blob.toList().windowed(8).contains(key.toList().take(8)))
    }

    @Test
    fun `each blob is another, and each alias has a key of its own`() {
        val vault = AndroidKeyVault(context)
        val first = vault.wrap("list-1", key)
        assertFalse(first.contentEquals(vault.wrap("list-1", key)))
        vault.wrap("list-2", key)
        assertEquals(2, FakeAndroidKeyStore.keys.size)
        assertThrows(CallbackException.Lost::class.java) { vault.unwrap("list-2", first) }
    }

    @Test
    fun `an alias that is gone is lost, and is not made anew by reading`() {
        val vault = AndroidKeyVault(context)
        val blob = vault.wrap("main", key)
        vault.delete("main")
        vault.delete("main")
        assertThrows(CallbackException.Lost::class.java) { vault.unwrap("main", blob) }
        assertTrue(FakeAndroidKeyStore.keys.isEmpty())
    }

    @Test
    fun `a key that Android has invalidated is lost`() {
        val vault = AndroidKeyVault(context)
        val blob = vault.wrap("main", key)
        FakeAndroidKeyStore.failure = KeyPermanentlyInvalidatedException()
        assertThrows(CallbackException.Lost::class.java) { vault.unwrap("main", blob) }
    }

    @Test
    fun `damaged and short blobs are lost`() {
        val vault = AndroidKeyVault(context)
        val blob = vault.wrap("main", key)
        for (length in 0 until blob.size) {
            assertThrows(CallbackException.Lost::class.java) {
                vault.unwrap("main", blob.copyOf(length))
            }
        }
        blob[blob.size / 2] = (blob[blob.size / 2] + 1).toByte()
        assertThrows(CallbackException.Lost::class.java) { vault.unwrap("main", blob) }
    }

    @Test
    fun `before the first unlock everything is locked, and nothing changes`() {
        val vault = AndroidKeyVault(context)
        val blob = vault.wrap("main", key)
        val users = shadowOf(context.getSystemService(UserManager::class.java))
        users.setUserUnlocked(false)
        assertThrows(CallbackException.Locked::class.java) { vault.unwrap("main", blob) }
        assertThrows(CallbackException.Locked::class.java) { vault.wrap("other", key) }
        assertThrows(CallbackException.Locked::class.java) { vault.delete("main") }
        users.setUserUnlocked(true)
        assertArrayEquals(key, vault.unwrap("main", blob))
    }

    @Test
    fun `trouble with Keystore is no loss`() {
        val vault = AndroidKeyVault(context)
        val blob = vault.wrap("main", key)
        FakeAndroidKeyStore.failure = KeyStoreException("busy")
        val failed = assertThrows(CallbackException.Failed::class.java) { vault.unwrap("main", blob) }
        assertEquals("Android Keystore: KeyStoreException", failed.reason)
    }
}
