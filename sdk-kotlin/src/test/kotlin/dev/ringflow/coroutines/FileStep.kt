package dev.ringflow.coroutines

import dev.ringflow.buffer.BufferPool
import dev.ringflow.buffer.RingBuffer
import dev.ringflow.file.RingFile
import java.io.Closeable
import java.io.EOFException
import java.io.RandomAccessFile
import java.nio.ByteBuffer
import java.nio.file.Path
import kotlin.random.Random

/** One operation on a file, which the ring and the JDK both can do, with all that it takes. */
internal sealed interface FileStep {
    suspend fun onRing(file: RingFile, pool: BufferPool): Outcome

    fun onJdk(file: JdkFile): Outcome

    /** Without [position], at the file's own. */
    data class Read(val position: Long?, val into: Memory, val fully: Boolean) : FileStep {
        override suspend fun onRing(file: RingFile, pool: BufferPool): Outcome = into.lend(pool) { bytes, lease ->
            outcome(listOf(bytes)) {
                when {
                    position == null && lease == null -> if (fully) file.readFully(bytes) else file.read(bytes)
                    position == null -> if (fully) file.readFully(lease!!) else file.read(lease!!)
                    lease == null -> if (fully) file.readFully(bytes, position) else file.read(bytes, position)
                    else -> if (fully) file.readFully(lease, position) else file.read(lease, position)
                }
            }
        }

        override fun onJdk(file: JdkFile): Outcome = into.forJdk().let { bytes ->
            outcome(listOf(bytes)) {
                val done = file.read(listOf(bytes), position ?: file.own, fully)
                if (position == null) file.own += maxOf(0, done.count)
                done.result()
            }
        }
    }

    data class Write(val position: Long?, val from: Memory, val fully: Boolean) : FileStep {
        override suspend fun onRing(file: RingFile, pool: BufferPool): Outcome = from.lend(pool) { bytes, lease ->
            outcome(listOf(bytes)) {
                when {
                    position == null && lease == null -> if (fully) file.writeFully(bytes) else file.write(bytes)
                    position == null -> if (fully) file.writeFully(lease!!) else file.write(lease!!)
                    lease == null -> if (fully) file.writeFully(bytes, position) else file.write(bytes, position)
                    else -> if (fully) file.writeFully(lease, position) else file.write(lease, position)
                }
            }
        }

        override fun onJdk(file: JdkFile): Outcome = from.forJdk().let { bytes ->
            outcome(listOf(bytes)) {
                val count = file.write(listOf(bytes), position ?: file.own)
                if (position == null && count > 0) file.own = if (file.appending) file.size() else file.own + count
                count
            }
        }
    }

    data class Append(val from: Memory) : FileStep {
        override suspend fun onRing(file: RingFile, pool: BufferPool): Outcome = from.lend(pool) { bytes, lease ->
            outcome(listOf(bytes)) { if (lease == null) file.append(bytes) else file.append(lease) }
        }

        override fun onJdk(file: JdkFile): Outcome = from.forJdk().let { bytes ->
            outcome(listOf(bytes)) { file.write(listOf(bytes), file.size()) }
        }
    }

    data class Scatter(val position: Long, val into: List<Memory>, val fully: Boolean) : FileStep {
        override suspend fun onRing(file: RingFile, pool: BufferPool): Outcome {
            val buffers = into.map { it.own() }
            return outcome(buffers) {
                val array = buffers.toTypedArray()
                if (fully) file.readFully(array, position) else file.read(array, position)
            }
        }

        override fun onJdk(file: JdkFile): Outcome = into.map { it.forJdk() }.let { buffers ->
            outcome(buffers) { file.read(buffers, position, fully).result() }
        }
    }

    data class Gather(val position: Long, val from: List<Memory>, val fully: Boolean) : FileStep {
        override suspend fun onRing(file: RingFile, pool: BufferPool): Outcome {
            val buffers = from.map { it.own() }
            return outcome(buffers) {
                val array = buffers.toTypedArray()
                if (fully) file.writeFully(array, position) else file.write(array, position)
            }
        }

        override fun onJdk(file: JdkFile): Outcome = from.map { it.forJdk() }.let { buffers ->
            outcome(buffers) { file.write(buffers, position) }
        }
    }

    data class Truncate(val size: Long) : FileStep {
        override suspend fun onRing(file: RingFile, pool: BufferPool) = outcome { file.truncate(size) }

        override fun onJdk(file: JdkFile) = outcome { file.setSize(size) }
    }

    data class Allocate(val position: Long, val bytes: Long, val keepSize: Boolean) : FileStep {
        override suspend fun onRing(file: RingFile, pool: BufferPool) =
            outcome { file.allocate(position, bytes, keepSize) }

        override fun onJdk(file: JdkFile) =
            outcome { if (!keepSize && file.size() < position + bytes) file.setSize(position + bytes) }
    }

    data class PunchHole(val position: Long, val bytes: Long) : FileStep {
        override suspend fun onRing(file: RingFile, pool: BufferPool) = outcome { file.punchHole(position, bytes) }

        override fun onJdk(file: JdkFile) = outcome { file.fillWithZeros(position, bytes) }
    }

    data class Sync(val metadata: Boolean) : FileStep {
        override suspend fun onRing(file: RingFile, pool: BufferPool) =
            outcome { if (metadata) file.sync() else file.syncData() }

        override fun onJdk(file: JdkFile) = outcome { }
    }

    object Size : FileStep {
        override suspend fun onRing(file: RingFile, pool: BufferPool) = outcome { file.size() }

        override fun onJdk(file: JdkFile) = outcome { file.size() }

        override fun toString() = "Size"
    }
}

/** A buffer of [length] bytes between two guards, filled with canaries, or with [content]. */
internal data class Memory(val kind: Kind, val length: Int, val content: Int?) {
    enum class Kind { DIRECT, HEAP, POOLED }

    inline fun <T> lend(pool: BufferPool, block: (ByteBuffer, RingBuffer?) -> T): T {
        if (kind != Kind.POOLED) return block(own(), null)
        return pool.acquire().use { block(prepare(it.byteBuffer()), it) }
    }

    fun own(): ByteBuffer {
        val capacity = length + 2 * GUARD
        return prepare(if (kind == Kind.HEAP) ByteBuffer.allocate(capacity) else ByteBuffer.allocateDirect(capacity))
    }

    fun forJdk(): ByteBuffer = prepare(ByteBuffer.allocate(length + 2 * GUARD))

    private fun prepare(memory: ByteBuffer): ByteBuffer {
        memory.clear()
        while (memory.hasRemaining()) memory.put(CANARY)
        memory.position(GUARD).limit(GUARD + length)
        if (content != null) memory.duplicate().put(Random(content).nextBytes(length))
        return memory
    }

    companion object {
        const val GUARD = 16
        const val CANARY: Byte = 0x5A
    }
}

/** What an operation did: everything that a caller can see. */
internal data class Outcome(val result: Any?, val failure: String?, val buffers: List<SeenBuffer>)

/** [content] has a character for each byte, from the first guard to the last. */
internal data class SeenBuffer(val position: Int, val limit: Int, val content: String) {
    override fun toString() = "position $position, limit $limit, content ${content.hashCode()}"
}

private inline fun outcome(buffers: List<ByteBuffer> = listOf(), operation: () -> Any?): Outcome {
    val result = runCatching(operation)
    val seen = buffers.map { buffer ->
        // a pooled buffer has more behind the guard than the others
        val content = ByteArray(buffer.limit() + Memory.GUARD).also { buffer.duplicate().clear().get(it) }
        SeenBuffer(buffer.position(), buffer.limit(), String(content, Charsets.ISO_8859_1))
    }
    val value = result.getOrNull().let { if (it is Number) it.toLong() else it }
    return Outcome(value, result.exceptionOrNull()?.javaClass?.name, seen)
}

/** The same file by the JDK's means, except for the position that `read` and `write` without one use. */
internal class JdkFile(path: Path, val appending: Boolean) : Closeable {
    private val file = RandomAccessFile(path.toFile(), "rw")
    var own = 0L

    class Done(val count: Long, private val atEnd: Boolean, private val tooShort: Boolean) {
        fun result(): Long {
            if (tooShort) throw EOFException()
            return if (atEnd) -1 else count
        }
    }

    fun size(): Long = file.length()

    fun setSize(size: Long) = file.setLength(size)

    fun read(buffers: List<ByteBuffer>, position: Long, fully: Boolean): Done {
        val wanted = buffers.sumOf { it.remaining().toLong() }
        var count = 0L
        for (buffer in buffers) {
            while (buffer.hasRemaining()) {
                val read = file.channel.read(buffer, position + count)
                if (read < 0) return Done(count, atEnd = count == 0L && !fully, tooShort = fully && count < wanted)
                count += read
            }
        }
        return Done(count, atEnd = false, tooShort = false)
    }

    fun write(buffers: List<ByteBuffer>, position: Long): Long {
        var at = if (appending) size() else position
        var count = 0L
        for (buffer in buffers) {
            while (buffer.hasRemaining()) {
                val written = file.channel.write(buffer, at)
                at += written
                count += written
            }
        }
        return count
    }

    fun fillWithZeros(position: Long, bytes: Long) {
        val end = minOf(size(), position + bytes)
        if (position < end) file.channel.write(ByteBuffer.allocate((end - position).toInt()), position)
    }

    override fun close() = file.close()
}
