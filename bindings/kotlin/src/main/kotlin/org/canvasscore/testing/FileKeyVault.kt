package org.canvasscore.testing

import java.io.File
import java.io.IOException
import java.nio.file.FileAlreadyExistsException
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.attribute.PosixFilePermissions
import java.security.GeneralSecurityException
import java.security.SecureRandom
import javax.crypto.Cipher
import javax.crypto.spec.GCMParameterSpec
import javax.crypto.spec.SecretKeySpec
import org.canvasscore.CallbackException
import org.canvasscore.KeyVault

/**
 * A [KeyVault] of plain key files, one per alias: for tests only.
 *
 * Whoever can read [directory] can read every key. An app uses Android Keystore.
 */
public class FileKeyVault(private val directory: File) : KeyVault {
    private val random = SecureRandom()

    override fun wrap(alias: String, key: ByteArray): ByteArray = typed {
        val nonce = ByteArray(NONCE_BYTES).also(random::nextBytes)
        nonce + cipher(Cipher.ENCRYPT_MODE, readOrMake(alias), nonce, alias).doFinal(key)
    }

    override fun unwrap(alias: String, wrapped: ByteArray): ByteArray = typed {
        val key = read(alias) ?: throw CallbackException.Lost()
        if (wrapped.size < NONCE_BYTES) throw CallbackException.Lost()
        val nonce = wrapped.copyOf(NONCE_BYTES)
        cipher(Cipher.DECRYPT_MODE, key, nonce, alias)
            .doFinal(wrapped, NONCE_BYTES, wrapped.size - NONCE_BYTES)
    }

    override fun delete(alias: String): Unit = typed {
        Files.deleteIfExists(path(alias))
    }

    private fun path(alias: String): Path = directory.toPath().resolve("$alias.key")

    private fun read(alias: String): ByteArray? =
        path(alias).takeIf(Files::exists)?.let(Files::readAllBytes)

    private fun readOrMake(alias: String): ByteArray {
        read(alias)?.let { return it }
        val key = ByteArray(KEY_BYTES).also(random::nextBytes)
        Files.createDirectories(directory.toPath())
        return try {
            val path = Files.createFile(path(alias))
            if ("posix" in path.fileSystem.supportedFileAttributeViews()) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"))
            }
            Files.write(path, key)
            key
        } catch (another: FileAlreadyExistsException) {
            Files.readAllBytes(path(alias))
        }
    }

    private fun cipher(mode: Int, key: ByteArray, nonce: ByteArray, alias: String): Cipher =
        Cipher.getInstance("AES/GCM/NoPadding").apply {
            init(mode, SecretKeySpec(key, "AES"), GCMParameterSpec(TAG_BITS, nonce))
            updateAAD(alias.toByteArray())
        }

    /** A key that does not open the blob is as lost as one that is gone. */
    private inline fun <T> typed(block: () -> T): T = try {
        block()
    } catch (failed: GeneralSecurityException) {
        throw CallbackException.Lost()
    } catch (failed: IOException) {
        throw CallbackException.Failed("the key file cannot be read or written")
    }

    private companion object {
        const val KEY_BYTES = 32
        const val NONCE_BYTES = 12
        const val TAG_BITS = 128
    }
}
