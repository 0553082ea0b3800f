package dev.ringflow.examples.recipes

import dev.ringflow.Ring
import dev.ringflow.coroutines.copyTo
import dev.ringflow.coroutines.hashFile
import dev.ringflow.coroutines.openFile
import dev.ringflow.coroutines.read
import dev.ringflow.coroutines.size
import dev.ringflow.coroutines.walk
import dev.ringflow.file.RingFile
import dev.ringflow.file.TransferOptions
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.flatMapMerge
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.toList
import java.io.ByteArrayOutputStream
import java.nio.ByteBuffer
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardOpenOption.CREATE
import java.nio.file.StandardOpenOption.READ
import java.nio.file.StandardOpenOption.TRUNCATE_EXISTING
import java.nio.file.StandardOpenOption.WRITE
import kotlin.time.Duration

// snippet-begin: copy
suspend fun copy(ring: Ring, source: Path, target: Path): Long = ring.openFile(source, READ).use { from ->
    ring.openFile(target, WRITE, CREATE, TRUNCATE_EXISTING).use { to ->
        from.copyTo(0, from.size(), to, 0)
    }
}
// snippet-end: copy

// snippet-begin: tail

/** Every line of a file, and lines that are added later; it never completes by itself. */
fun RingFile.tail(pause: Duration): Flow<String> = flow {
    val buffer = ByteBuffer.allocateDirect(64 * 1024)
    val line = ByteArrayOutputStream()
    var position = 0L
    while (true) {
        val bytes = read(buffer.clear(), position)
        if (bytes == -1) {
            delay(pause)
            continue
        }
        position += bytes
        buffer.flip()
        while (buffer.hasRemaining()) {
            val next = buffer.get().toInt()
            if (next == '\n'.code) {
                emit(line.toString(Charsets.UTF_8))
                line.reset()
            } else {
                line.write(next)
            }
        }
    }
}
// snippet-end: tail

// snippet-begin: hash
@OptIn(ExperimentalCoroutinesApi::class)
suspend fun hashAll(ring: Ring, directory: Path): Map<Path, String?> {
    val options = TransferOptions.builder().plainHash(true).build()
    return ring.fileSystem().walk(directory)
        .filter { Files.isRegularFile(it) }
        .flatMapMerge(concurrency = 8) { file -> flow { emit(file to ring.hashFile(file, options).plainHex()) } }
        .toList()
        .sortedBy { (file) -> file }
        .toMap()
}
// snippet-end: hash
