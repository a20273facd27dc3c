package org.canvasscore.testing

import java.nio.file.Files
import java.time.Instant
import org.canvasscore.Canvass
import org.canvasscore.CallbackException
import org.canvasscore.Clock
import org.canvasscore.EngineConfig
import org.canvasscore.KeyVault
import org.canvasscore.SyncTransport
import java.util.concurrent.ConcurrentHashMap

/** Where the clock of [inMemory] stands if no other is given. */
public val TEST_MORNING: Instant = Instant.parse("2026-10-03T14:00:00Z")

/**
 * An engine for an app's tests: its ids and keys follow from [seed], its keys live in this object
 * alone, its clock stands still and its network has no server unless others are given.
 *
 * The same seed and calls give the same ids. It leaves nothing behind: SQLite's files are kept in
 * a private temporary directory, sealed under keys that nobody has after this process, and are
 * deleted on [Canvass.close]. (Files in memory alone would need a file system of SQLite's in the
 * phone's library that no phone uses.)
 *
 * ```
 * val canvass = Canvass.inMemory(seed = 7uL)
 * val list = canvass.createCampaign(NewCampaign("Ward 3", "Ash"))
 * canvass.importFile(doors.path, ImportOptions(null, null, false))
 * val door = canvass.doors(list).doors.first()
 * canvass.recordResult(ResultInput(list, door.household, null, CanvassResult.NOT_HOME))
 * ```
 */
public suspend fun Canvass.Companion.inMemory(
    seed: ULong,
    clock: Clock = TestClock(TEST_MORNING),
    network: SyncTransport = FakeNetwork(),
): Canvass {
    val directory = Files.createTempDirectory("canvass-test").toFile()
    val config = EngineConfig(directory.resolve("engine").path, testSeed = seed)
    try {
        return open(config, MemoryKeyVault(), clock, network) { directory.deleteRecursively() }
    } catch (failed: Throwable) {
        directory.deleteRecursively()
        throw failed
    }
}

/** A [KeyVault] that keeps its keys in this object, and forgets them with it: for tests only. */
public class MemoryKeyVault : KeyVault {
    private val kept = ConcurrentHashMap<String, ByteArray>()

    override fun wrap(alias: String, key: ByteArray): ByteArray {
        kept[alias] = key.copyOf()
        return alias.toByteArray()
    }

    override fun unwrap(alias: String, wrapped: ByteArray): ByteArray =
        kept[alias]?.copyOf() ?: throw CallbackException.Lost()

    override fun delete(alias: String) {
        kept.remove(alias)
    }
}
