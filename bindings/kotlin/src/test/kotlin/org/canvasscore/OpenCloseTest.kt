package org.canvasscore

import java.io.File
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.test.runTest
import org.canvasscore.model.StoreFile
import org.canvasscore.testing.FileKeyVault
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

class OpenCloseTest {
    @TempDir
    lateinit var root: File

    private val place by lazy { Place(root) }

    @Test
    fun `a directory that belongs to no campaign says so`() = runTest {
        place.open().use { canvass ->
            assertEquals(emptyList<Any>(), canvass.walkLists())
            failure<CanvassException.NoCampaign> { canvass.syncStatus() }
        }
    }

    @Test
    fun `what was joined is there after closing and opening again`() = runTest {
        place.open().use { it.join(invitationTo("https://campaign.example")) }
        place.open().use { canvass ->
            val status = canvass.syncStatus()
            assertTrue(status.hasServer)
            assertFalse(status.enrolled)
        }
    }

    @Test
    fun `closing twice does nothing, and every later call is Closed`() = runTest {
        val canvass = place.open()
        canvass.close()
        canvass.close()
        failure<CanvassException.Closed> { canvass.walkLists() }
        failure<CanvassException.Closed> { canvass.join(invitationTo("https://campaign.example")) }
        failure<CanvassException.Closed> { canvass.sync() }
        assertEquals(null, canvass.observeWalkLists().firstOrNullOfEnded())
    }

    @Test
    fun `a directory is open once`() = runTest {
        place.open().use { failure<CanvassException.InUse> { place.open() } }
        place.open().close()
    }

    @Test
    fun `keys that are gone are told apart from keys that do not fit`() = runTest {
        place.open().close()
        val elsewhere = FileKeyVault(File(root, "other keys"))
        val lost = failure<CanvassException.KeyLost> { place.open(vault = elsewhere) }
        assertEquals(StoreFile.MAIN, lost.file)
        // The same alias, another key under it: what is wrapped does not open.
        elsewhere.wrap("canvass.main", ByteArray(32))
        failure<CanvassException.KeyLost> { place.open(vault = elsewhere) }
        // A vault that opens it and gives something else.
        failure<CanvassException.WrongKey> { place.open(vault = OtherKeys(place.vault)) }
        place.open().close()
    }

    @Test
    fun `eight threads call one engine`() = runBlocking {
        place.open().use { canvass ->
            canvass.join(invitationTo("https://campaign.example"))
            val threads = Executors.newFixedThreadPool(8)
            val calls = (1..8).map {
                threads.submit<Boolean> {
                    runBlocking {
                        (1..200).all {
                            canvass.walkLists().isEmpty() && canvass.syncStatus().hasServer &&
                                canvass.observeSyncStatus().first().hasServer
                        }
                    }
                }
            }
            assertTrue(calls.all { it.get(60, TimeUnit.SECONDS) })
            threads.shutdown()
        }
    }

    @Test
    fun `closing while others call ends their calls with Closed or an answer`() = runBlocking {
        val canvass = place.open()
        val threads = Executors.newFixedThreadPool(8)
        val calls = (1..8).map {
            threads.submit<Int> {
                runBlocking {
                    var answers = 0
                    failure<CanvassException.Closed> {
                        while (true) {
                            canvass.walkLists()
                            answers++
                        }
                    }
                    answers
                }
            }
        }
        Thread.sleep(100)
        canvass.close()
        assertTrue(calls.sumOf { it.get(60, TimeUnit.SECONDS) } > 0)
        threads.shutdown()
    }

    /** Gives another key than was wrapped. */
    private class OtherKeys(private val vault: KeyVault) : KeyVault by vault {
        override fun unwrap(alias: String, wrapped: ByteArray): ByteArray =
            vault.unwrap(alias, wrapped).map { (it + 1).toByte() }.toByteArray()
    }
}
