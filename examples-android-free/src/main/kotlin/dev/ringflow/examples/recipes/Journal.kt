package dev.ringflow.examples.recipes

import dev.ringflow.Ring
import dev.ringflow.coroutines.link
import dev.ringflow.coroutines.openFile
import dev.ringflow.coroutines.readFully
import dev.ringflow.coroutines.size
import dev.ringflow.file.RingFile
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import java.nio.ByteBuffer
import java.nio.file.Path
import java.nio.file.StandardOpenOption.CREATE
import java.nio.file.StandardOpenOption.READ
import java.nio.file.StandardOpenOption.WRITE
import java.util.zip.CRC32

// snippet-begin: journal
/** A write-ahead log: each record is its length, a checksum, and the content. */
class Journal private constructor(private val ring: Ring, private val file: RingFile) : AutoCloseable by file {
    private val turn = Mutex()
    private var end = 0L

    /** Returns when the record is on the disk. After a failure the next record takes its place. */
    suspend fun append(content: ByteArray): Unit = turn.withLock {
        val record = ByteBuffer.allocateDirect(HEAD + content.size)
        record.putInt(content.size).putInt(checksum(content)).put(content).flip()
        ring.link {
            write(file, record, end)
            syncData(file)
        }
        end += HEAD + content.size
    }

    /** Every whole record. What a crash has cut off is written over by the next append. */
    suspend fun recover(): List<ByteArray> = turn.withLock {
        end = 0
        buildList {
            while (true) {
                val content = recordAt(end) ?: break
                add(content)
                end += HEAD + content.size
            }
        }
    }

    private suspend fun recordAt(position: Long): ByteArray? {
        val left = file.size() - position - HEAD
        if (left < 0) return null
        val head = ByteBuffer.allocateDirect(HEAD)
        file.readFully(head, position)
        head.flip()
        val length = head.getInt()
        val checksum = head.getInt()
        if (length <= 0 || length > left) return null
        val content = ByteBuffer.allocate(length)
        file.readFully(content, position + HEAD)
        return content.array().takeIf { checksum(it) == checksum }
    }

    companion object {
        private const val HEAD = 8

        suspend fun open(ring: Ring, path: Path): Journal = Journal(ring, ring.openFile(path, READ, WRITE, CREATE))

        private fun checksum(content: ByteArray) = CRC32().also { it.update(content) }.value.toInt()
    }
}
// snippet-end: journal
