package dev.ringflow.coroutines

import dev.ringflow.buffer.BufferPool
import dev.ringflow.file.RingFile
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.yield
import java.nio.ByteBuffer
import java.nio.file.Files
import java.nio.file.StandardOpenOption.READ
import java.nio.file.StandardOpenOption.WRITE
import kotlin.random.Random

private const val REGIONS = 24
private const val REGION = 12_000
private const val STEPS = 60

/**
 * Many coroutines read and write one file at once, each in a region of its own that it keeps a model of, and some of
 * their operations are cancelled at random moments. A cancelled write may have happened, wholly or up to some byte; a
 * cancelled read may have filled its buffer; but once the call has returned, nobody touches the memory any more. The
 * seed is printed; the environment variable `RINGFLOW_SEED` repeats the choices of a run, though not their timing.
 */
class FileRegionsSpec :
    FunSpec({
        onEachDriver {
            test("regions that many write at once, with random cancels, hold what was written there") { ring ->
                val seed = System.getenv("RINGFLOW_SEED")?.toLong() ?: Random.nextLong()
                println("$driver: seed $seed")
                withTempFile(ByteArray(REGIONS * REGION)) { path ->
                    ring.openFile(path, READ, WRITE).use { file ->
                        ring.bufferPool(REGION, REGIONS).use { pool ->
                            val regions = List(REGIONS) { Region(it, file, pool, Random(seed + it)) }
                            coroutineScope {
                                regions.map { region ->
                                    launch(if (region.number % 2 == 0) ring.dispatcher else Dispatchers.Default) {
                                        region.run()
                                    }
                                }.joinAll()
                            }
                            regions.forEach { it.checkMemory() }
                            pool.available() shouldBe REGIONS
                            ring.inFlight() shouldBe 0
                            Files.readAllBytes(path) shouldBe
                                regions.map { it.model }.reduce { all, next -> all + next }
                        }
                    }
                }
            }
        }
    })

private class Region(val number: Int, private val file: RingFile, private val pool: BufferPool, val random: Random) {
    private val begin = number.toLong() * REGION
    private val steps = ArrayList<String>()

    /** What the region holds. */
    val model = ByteArray(REGION)

    /** Memory of calls that have returned, which were filled with canaries then. */
    private val returned = ArrayList<ByteBuffer>()

    suspend fun run() {
        repeat(STEPS) {
            val from = random.nextInt(REGION)
            val length = random.nextInt(1, REGION - from + 1)
            val kind = Memory.Kind.entries[random.nextInt(Memory.Kind.entries.size)]
            val cancelledAfter = if (random.nextInt(3) == 0) random.nextInt(6) else -1
            val writes = random.nextBoolean()
            steps += "${if (writes) "write" else "read"} $length bytes at $from, $kind" +
                if (cancelledAfter >= 0) ", cancelled after $cancelledAfter turns" else ""
            if (writes) write(from, length, kind, cancelledAfter) else read(from, length, kind, cancelledAfter)
        }
    }

    private suspend fun write(from: Int, length: Int, kind: Memory.Kind, cancelledAfter: Int) {
        val new = random.nextBytes(length)
        val completed = transfer(kind, length, cancelledAfter, { it.duplicate().put(new) }) { bytes, lease ->
            val count = if (lease ==
                null
            ) {
                file.writeFully(bytes, begin + from)
            } else {
                file.writeFully(lease, begin + from)
            }
            check(count == length) { "$count bytes written: $this" }
        }
        if (completed) {
            new.copyInto(model, from)
            return
        }
        val found = ByteArray(length)
        file.readFully(ByteBuffer.wrap(found), begin + from)
        for (i in found.indices) {
            check(found[i] == new[i] || found[i] == model[from + i]) {
                "Byte ${from + i} is neither old nor new: $this"
            }
        }
        found.copyInto(model, from)
    }

    private suspend fun read(from: Int, length: Int, kind: Memory.Kind, cancelledAfter: Int) {
        transfer(kind, length, cancelledAfter, { }) { bytes, lease ->
            val start = bytes.position()
            val count = if (lease == null) file.readFully(bytes, begin + from) else file.readFully(lease, begin + from)
            check(count == length && bytes.position() == start + length) { "$count bytes read: $this" }
            val found = ByteArray(length).also { bytes.duplicate().get(start, it) }
            check(found.contentEquals(model.copyOfRange(from, from + length))) { "Other content: $this" }
        }
    }

    /** Runs a call, cancels it or not, and takes its memory back. True if it has returned normally. */
    private suspend fun transfer(
        kind: Memory.Kind,
        length: Int,
        cancelledAfter: Int,
        fill: (ByteBuffer) -> Unit,
        call: suspend (ByteBuffer, dev.ringflow.buffer.RingBuffer?) -> Unit
    ): Boolean {
        var completed = false
        val lease = if (kind == Memory.Kind.POOLED) pool.acquire() else null
        try {
            val bytes = lease?.byteBuffer()?.limit(length) ?: Memory(kind, length, null).own()
            fill(bytes)
            coroutineScope {
                val calling = launch {
                    call(bytes, lease)
                    completed = true
                }
                if (cancelledAfter >= 0) {
                    repeat(cancelledAfter) { yield() }
                    calling.cancel()
                }
            }
            fillWithCanaries(bytes)
            if (lease == null) returned += bytes
            checkMemory()
        } finally {
            lease?.close()
        }
        return completed
    }

    private fun fillWithCanaries(bytes: ByteBuffer) {
        bytes.clear()
        while (bytes.hasRemaining()) bytes.put(Memory.CANARY)
    }

    /** No kernel has written into memory that it had let go. */
    fun checkMemory() {
        for (bytes in returned) {
            for (i in 0 until bytes.capacity()) {
                check(bytes.get(i) == Memory.CANARY) { "Byte $i of memory that was ours again is not: $this" }
            }
        }
        if (returned.size > 8) returned.removeFirst()
    }

    override fun toString() = "region $number, after ${steps.joinToString("; ")}"
}
