package dev.ringflow.examples

import dev.ringflow.Ring
import dev.ringflow.coroutines.openFile
import dev.ringflow.coroutines.read
import dev.ringflow.file.HashAlgorithm
import org.apache.commons.codec.digest.Blake3
import java.nio.ByteBuffer
import java.nio.file.Path
import java.nio.file.StandardOpenOption.READ
import java.security.MessageDigest
import java.util.HexFormat

private const val PIECE = 64 * 1024

/** The hash of a file that has content but no size, as the kernel's own in `/proc`: read to its end. */
internal suspend fun hashWithoutSize(ring: Ring, path: Path, algorithm: HashAlgorithm): String {
    val sha256 = MessageDigest.getInstance("SHA-256")
    val blake3 = Blake3.initHash()
    val piece = ByteBuffer.allocate(PIECE)
    ring.openFile(path, READ).closing { file ->
        var position = 0L
        while (true) {
            val count = file.read(piece.clear(), position)
            if (count < 0) break
            position += count
            when (algorithm) {
                HashAlgorithm.SHA_256 -> sha256.update(piece.array(), 0, count)
                HashAlgorithm.BLAKE3 -> blake3.update(piece.array(), 0, count)
            }
        }
    }
    val hash = if (algorithm == HashAlgorithm.SHA_256) sha256.digest() else blake3.doFinalize(HashAlgorithm.LENGTH)
    return HexFormat.of().formatHex(hash)
}
