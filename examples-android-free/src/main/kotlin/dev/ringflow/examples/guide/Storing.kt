package dev.ringflow.examples.guide

import dev.ringflow.Ring
import dev.ringflow.RingOptions
import dev.ringflow.WaitMode
import dev.ringflow.buffer.BufferPool
import dev.ringflow.buffer.BufferPoolOptions
import dev.ringflow.coroutines.chunks
import dev.ringflow.coroutines.copyFile
import dev.ringflow.coroutines.directIoAlignment
import dev.ringflow.coroutines.lines
import dev.ringflow.coroutines.link
import dev.ringflow.coroutines.openFile
import dev.ringflow.coroutines.readFully
import dev.ringflow.coroutines.withBuffer
import dev.ringflow.coroutines.writeFrom
import dev.ringflow.file.ResolveOption
import dev.ringflow.file.RingFile
import dev.ringflow.file.RingFileSystem
import dev.ringflow.file.RingOpenOption
import dev.ringflow.file.TransferOptions
import dev.ringflow.file.TransferResult
import kotlinx.coroutines.flow.count
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.future.await
import java.nio.ByteBuffer
import java.nio.file.Path
import java.nio.file.StandardOpenOption.CREATE
import java.nio.file.StandardOpenOption.READ
import java.nio.file.StandardOpenOption.TRUNCATE_EXISTING
import java.nio.file.StandardOpenOption.WRITE
import java.time.Duration
import java.util.zip.CRC32

// snippet-begin: chunks
suspend fun checksum(ring: Ring, path: Path): Long = ring.openFile(path, READ).use { file ->
    val sum = CRC32()
    file.chunks().collect { chunk -> sum.update(chunk.byteBuffer()) }
    sum.value
}

suspend fun errors(ring: Ring, log: Path): Int = ring.openFile(log, READ).use { file ->
    file.lines().filter { "ERROR" in it }.count()
}

suspend fun duplicate(ring: Ring, source: Path, target: Path): Long = ring.openFile(source, READ).use { from ->
    ring.openFile(target, WRITE, CREATE, TRUNCATE_EXISTING).use { to -> to.writeFrom(from.chunks()) }
}
// snippet-end: chunks

// snippet-begin: pool
fun recordPool(ring: Ring): BufferPool =
    BufferPool.create(ring, BufferPoolOptions.builder().bufferSize(4096).slabSize(64).maxSlabs(16).build())

suspend fun firstByte(pool: BufferPool, file: RingFile, record: Long): Byte = pool.withBuffer { buffer ->
    file.readFully(buffer, record * 4096)
    buffer.byteBuffer().get(0)
}
// snippet-end: pool

// snippet-begin: chain
suspend fun Ring.commit(log: RingFile, record: ByteBuffer, position: Long) {
    link {
        write(log, record, position)
        syncData(log)
    }
}
// snippet-end: chain

// snippet-begin: direct
suspend fun readBlock(ring: Ring, path: Path, block: Long): Byte =
    ring.openFile(path, READ, RingOpenOption.DIRECT_IO).use { file ->
        val size = maxOf(4096, file.directIoAlignment().position())
        recordPool(ring).use { pool ->
            pool.withBuffer { buffer ->
                file.readFully(buffer, block * size)
                buffer.byteBuffer().get(0)
            }
        }
    }
// snippet-end: direct

// snippet-begin: beneath
suspend fun openUpload(ring: Ring, directory: RingFile, name: String): RingFile = RingFileSystem.of(ring)
    .openAsync(directory, Path.of(name), setOf(ResolveOption.BENEATH, ResolveOption.NO_SYMLINKS), READ)
    .await()
// snippet-end: beneath

// snippet-begin: transfer
suspend fun backUp(ring: Ring, source: Path, target: Path): TransferResult {
    val options = TransferOptions.builder()
        .overwrite(true)
        .listener { progress -> println("${progress.phase()}: ${(100 * progress.fraction()).toInt()} %") }
        .build()
    return ring.copyFile(source, target, options)
}
// snippet-end: transfer

// snippet-begin: modes
fun quickRing(): Ring = Ring.open(
    RingOptions.builder()
        .waiting(WaitMode.HYBRID)
        .submissionThread(Duration.ofMillis(2))
        .polledCompletions(true)
        .build()
)
// snippet-end: modes
