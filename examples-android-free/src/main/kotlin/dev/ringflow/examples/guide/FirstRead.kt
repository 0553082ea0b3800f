package dev.ringflow.examples.guide

import dev.ringflow.Ring
import dev.ringflow.coroutines.dispatcher
import dev.ringflow.coroutines.openFile
import dev.ringflow.coroutines.read
import kotlinx.coroutines.runBlocking
import java.nio.ByteBuffer
import java.nio.file.Path
import java.nio.file.StandardOpenOption.READ

// snippet-begin: first-read
fun beginningOf(path: Path): String = Ring.open().use { ring ->
    runBlocking(ring.dispatcher) {
        ring.openFile(path, READ).use { file ->
            val buffer = ByteBuffer.allocateDirect(4096)
            file.read(buffer, position = 0)
            Charsets.UTF_8.decode(buffer.flip()).toString()
        }
    }
}
// snippet-end: first-read
