package dev.ringflow.examples.guide

import dev.ringflow.Ring
import dev.ringflow.coroutines.install
import dev.ringflow.coroutines.openFile
import dev.ringflow.coroutines.read
import dev.ringflow.file.RingFile
import dev.ringflow.file.RingOpenOption
import java.nio.ByteBuffer
import java.nio.file.Path
import java.nio.file.StandardOpenOption.READ

// snippet-begin: direct
suspend fun readDirect(ring: Ring, path: Path, buffer: ByteBuffer): Int =
    ring.openFile(path, READ, RingOpenOption.DIRECT_DESCRIPTOR).use { it.read(buffer, position = 0) }

/** The same file with a descriptor of the process, for code that wants one. */
suspend fun descriptorOf(direct: RingFile): Int = direct.install().use { it.descriptor() }
// snippet-end: direct
