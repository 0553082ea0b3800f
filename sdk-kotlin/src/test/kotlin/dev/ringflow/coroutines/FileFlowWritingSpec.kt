package dev.ringflow.coroutines

import dev.ringflow.buffer.RingBuffer
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.nio.ByteBuffer
import java.nio.channels.ClosedChannelException
import java.nio.channels.NonWritableChannelException
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardOpenOption.APPEND
import java.nio.file.StandardOpenOption.READ
import java.nio.file.StandardOpenOption.WRITE
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger

class FileFlowWritingSpec :
    FunSpec({
        onEachDriver {
            for ((kind, allocate) in listOf<Pair<String, (Int) -> ByteBuffer>>(
                "direct" to ByteBuffer::allocateDirect,
                "heap" to ByteBuffer::allocate
            )) {
                test("a flow that fills the same $kind buffer again and again is written whole and in order") { ring ->
                    val content = bytes(1_000_000)
                    for (dispatcher in listOf(ring.dispatcher, Dispatchers.Default)) {
                        withTempFile { path ->
                            ring.openFile(path, READ, WRITE).use { file ->
                                val written = withContext(dispatcher) {
                                    file.writeFrom(pieces(content, allocate(5000)), position = 7)
                                }
                                written shouldBe content.size
                            }
                            Files.readAllBytes(path).drop(7).toByteArray() shouldBe content
                        }
                    }
                    ring.inFlight() shouldBe 0
                }
            }

            test("buffers that are empty, larger than the pieces, and read-only") { ring ->
                val content = bytes(700_000)
                withTempFile { path ->
                    ring.openFile(path, WRITE).use { file ->
                        val buffers = listOf(
                            ByteBuffer.allocate(0),
                            ByteBuffer.wrap(content, 0, 500_000),
                            ByteBuffer.allocateDirect(10).position(10),
                            ByteBuffer.wrap(content, 500_000, 200_000).asReadOnlyBuffer()
                        )
                        file.writeFrom(buffers.asFlow()) shouldBe 700_000L
                        buffers.forEach { it.hasRemaining() shouldBe false }
                        file.writeFrom(listOf<ByteBuffer>().asFlow(), position = 5) shouldBe 0L
                    }
                    Files.readAllBytes(path) shouldBe content
                }
            }

            test("a file is copied through its own chunks, without copies in memory") { ring ->
                val content = bytes(3_000_001)
                withTempFile(content) { path ->
                    withTempFile { copy ->
                        ring.openFile(path).use { source ->
                            ring.openFile(copy, WRITE).use { target ->
                                target.writeFrom(source.chunks()) shouldBe content.size
                                Files.readAllBytes(copy) shouldBe content
                                ring.bufferPool(5000, 3).use { pool ->
                                    withContext(ring.dispatcher) {
                                        target.writeFrom(source.chunks(pool), inFlight = 10) shouldBe content.size
                                    }
                                    pool.available() shouldBe 3
                                }
                                Files.readAllBytes(copy) shouldBe content
                            }
                        }
                    }
                }
                ring.inFlight() shouldBe 0
            }

            test("leases are taken over and closed") { ring ->
                withTempFile { path ->
                    ring.openFile(path, WRITE).use { file ->
                        ring.bufferPool(1000, 5).use { pool ->
                            val leases = ArrayList<RingBuffer>()
                            val written = file.writeFrom(
                                (1..20).asFlow().map { number ->
                                    pool.awaitBuffer().also { lease ->
                                        leases += lease
                                        repeat(1000) { lease.byteBuffer().put(number.toByte()) }
                                        lease.byteBuffer().flip()
                                    }
                                }
                            )
                            written shouldBe 20_000
                            pool.available() shouldBe 5
                            leases.forEach { shouldThrow<IllegalStateException> { it.byteBuffer() } }
                        }
                    }
                    Files.readAllBytes(path) shouldBe ByteArray(20_000) { (it / 1000 + 1).toByte() }
                }
            }

            test("an appending file keeps the order, whatever the position") { ring ->
                val content = bytes(200_000)
                withTempFile(bytes(10)) { path ->
                    ring.openFile(path, APPEND).use { file ->
                        file.isAppending shouldBe true
                        file.writeFrom(pieces(content, ByteBuffer.allocate(999)), position = 3, inFlight = 8) shouldBe
                            200_000
                    }
                    Files.readAllBytes(path) shouldBe bytes(10) + content
                }
            }

            test(
                "the flow is held up by writes in flight, and a cancelled call ends when the kernel has let go"
            ) { ring ->
                withTempFile { path ->
                    ring.openFile(path, WRITE).use { file ->
                        ring.bufferPool(1000, 8).use { pool ->
                            val gate = CountDownLatch(1)
                            val held = CompletableDeferred<Unit>()
                            ring.execute {
                                held.complete(Unit)
                                gate.await(30, TimeUnit.SECONDS)
                            }
                            held.await()
                            val emitted = AtomicInteger()
                            val writing = launch(Dispatchers.Default) {
                                file.writeFrom(
                                    flow<RingBuffer> {
                                        while (true) {
                                            emit(pool.awaitBuffer())
                                            emitted.incrementAndGet()
                                        }
                                    },
                                    inFlight = 3
                                )
                            }
                            until("three writes are on their way") { emitted.get() == 3 }
                            repeat(100) { kotlinx.coroutines.yield() }
                            emitted.get() shouldBe 3
                            pool.available() shouldBe 4 // the fourth waits in emit
                            writing.cancel()
                            repeat(100) { kotlinx.coroutines.yield() }
                            writing.isCompleted shouldBe false
                            pool.available() shouldBeLessThanOrEqual 5
                            gate.countDown()
                            writing.join()
                            writing.isCancelled shouldBe true
                            pool.available() shouldBe 8
                        }
                    }
                }
            }

            test("a flow that fails has what came before written, and its failure thrown") { ring ->
                withTempFile { path ->
                    ring.openFile(path, WRITE).use { file ->
                        shouldThrow<ArithmeticException> {
                            file.writeFrom(
                                flow<ByteBuffer> {
                                    repeat(3) { emit(ByteBuffer.wrap(bytes(1000))) }
                                    throw ArithmeticException()
                                }
                            )
                        }
                        Files.readAllBytes(path) shouldBe bytes(1000) + bytes(1000) + bytes(1000)
                    }
                }
                ring.inFlight() shouldBe 0
            }

            test("a write that fails ends the flow when it emits next") { ring ->
                withTempFile { path ->
                    val file = ring.openFile(path, WRITE)
                    val ended = CompletableDeferred<Unit>()
                    shouldThrow<ClosedChannelException> {
                        file.writeFrom(
                            flow<ByteBuffer> {
                                try {
                                    repeat(10) {
                                        emit(ByteBuffer.wrap(bytes(1000)))
                                        if (it == 3) file.closeAndJoin()
                                    }
                                    error("it went on")
                                } finally {
                                    ended.complete(Unit)
                                }
                            },
                            inFlight = 2
                        )
                    }
                    ended.isCompleted shouldBe true
                    ring.openFile(path, READ).use { reading ->
                        shouldThrow<NonWritableChannelException> {
                            reading.writeFrom(listOf(ByteBuffer.allocate(1)).asFlow())
                        }
                        shouldThrow<IllegalArgumentException> { reading.writeFrom(listOf<ByteBuffer>().asFlow(), -1) }
                        shouldThrow<IllegalArgumentException> { reading.writeFrom(listOf<RingBuffer>().asFlow(), 0, 0) }
                        ring.bufferPool(10, 1).use { pool ->
                            shouldThrow<NonWritableChannelException> {
                                reading.writeFrom(listOf(pool.acquire()).asFlow())
                            }
                            pool.available() shouldBe 1
                        }
                    }
                }
                ring.inFlight() shouldBe 0
            }

            test("a full disk is told") { ring ->
                val full = Path.of("/dev/full")
                if (Files.exists(full)) {
                    ring.openFile(full, WRITE).use { file ->
                        shouldThrow<java.io.IOException> {
                            file.writeFrom(pieces(bytes(10_000), ByteBuffer.allocate(100)))
                        }
                    }
                }
            }
        }
    })

/** Emits the content in pieces of the size of the buffer, which is always the same one. */
private fun pieces(content: ByteArray, buffer: ByteBuffer): Flow<ByteBuffer> = flow {
    for (from in content.indices step buffer.capacity()) {
        buffer.clear().put(content, from, minOf(buffer.capacity(), content.size - from)).flip()
        emit(buffer)
        buffer.clear()
        while (buffer.hasRemaining()) buffer.put(-1)
    }
}
