package dev.ringflow.coroutines

import dev.ringflow.Ring
import dev.ringflow.RingClosedException
import dev.ringflow.buffer.RingBuffer
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.io.ByteArrayOutputStream
import java.nio.ByteBuffer
import java.nio.channels.AsynchronousCloseException
import java.nio.channels.FileChannel
import java.nio.channels.NonReadableChannelException
import java.nio.file.Files
import java.nio.file.StandardOpenOption.READ
import java.nio.file.StandardOpenOption.WRITE
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit

class FileChunksSpec :
    FunSpec({
        onEachDriver {
            for (size in listOf(0, 1, 999, 1000, 1001, 4096, 50_000)) {
                test("$size bytes come whole and in order, in full chunks but the last") { ring ->
                    val content = bytes(size)
                    withTempFile(content) { path ->
                        ring.openFile(path).use { file ->
                            val chunks = file.chunks(1000).map { it.content() }.toList()
                            chunks.map { it.size } shouldContainExactly
                                List(size / 1000) { 1000 } + listOf(size % 1000).filter { it > 0 }
                            chunks.joined() shouldBe content
                            file.chunks(1000, position = 700, readAhead = 1).map {
                                it.content()
                            }.toList().joined() shouldBe
                                content.drop(700).toByteArray()
                        }
                    }
                }
            }

            for ((name, dispatcher) in listOf<Pair<String, (Ring) -> kotlinx.coroutines.CoroutineDispatcher>>(
                "the loop" to { it.dispatcher },
                "another thread" to { Dispatchers.Default }
            )) {
                test("chunks of 256 KiB collected on $name, and mapped there by flowOn") { ring ->
                    val content = bytes(3_000_000)
                    withTempFile(content) { path ->
                        ring.openFile(path).use { file ->
                            val direct = withContext(dispatcher(ring)) { file.chunks().map { it.content() }.toList() }
                            direct.map { it.size } shouldContainExactly
                                List(11) { 256 * 1024 } + (3_000_000 - 11 * 256 * 1024)
                            direct.joined() shouldBe content
                            file.chunks().map { it.content() }.flowOn(dispatcher(ring)).toList().joined() shouldBe
                                content
                        }
                    }
                    ring.inFlight() shouldBe 0
                }
            }

            test("reads ahead, and no further than there are buffers") { ring ->
                withTempFile(bytes(100_000)) { path ->
                    ring.openFile(path).use { file ->
                        val submitted = ring.metrics().submitted()
                        file.chunks(1000, readAhead = 3).take(1).collect {
                            until("three reads are ahead") { ring.metrics().submitted() - submitted == 4L }
                            withContext(ring.dispatcher) { ring.metrics().submitted() - submitted shouldBe 4L }
                        }
                        ring.bufferPool(1000, 2).use { pool ->
                            val before = ring.metrics().submitted()
                            file.chunks(pool, readAhead = 10).take(1).collect {
                                pool.available() shouldBe 0
                                withContext(ring.dispatcher) {} // what was handed in before this is submitted
                                ring.metrics().submitted() - before shouldBe 2L
                            }
                            pool.available() shouldBe 2
                        }
                    }
                }
            }

            test("waits for a buffer if others have all") { ring ->
                withTempFile(bytes(5000)) { path ->
                    ring.openFile(path).use { file ->
                        ring.bufferPool(1000, 2).use { pool ->
                            val theirs = List(2) { pool.acquire() }
                            val all = async { file.chunks(pool).map { it.content() }.toList().joined() }
                            until("it waits") { pool.statistics().waiting() == 1 }
                            theirs.forEach(RingBuffer::close)
                            all.await() shouldBe bytes(5000)
                            pool.available() shouldBe 2
                        }
                    }
                }
            }

            test("a chunk is closed when the collector returns, and may be closed before") { ring ->
                withTempFile(bytes(5000)) { path ->
                    ring.openFile(path).use { file ->
                        val kept = file.chunks(1000).onEach { it.byteBuffer() }.toList()
                        kept.size shouldBe 5
                        kept.forEach { shouldThrow<IllegalStateException> { it.byteBuffer() } }
                        file.chunks(1000).map { chunk -> chunk.use { it.content() } }.toList().joined() shouldBe
                            bytes(5000)
                    }
                }
            }

            test("an operation on a chunk keeps its memory when the collector has returned") { ring ->
                withTempFile(bytes(5000)) { path ->
                    withTempFile { copy ->
                        ring.openFile(path, READ).use { file ->
                            ring.openFile(copy, WRITE).use { target ->
                                ring.bufferPool(1000, 3).use { pool ->
                                    val writes = ArrayList<dev.ringflow.RingFuture<Int>>()
                                    file.chunks(pool).collect {
                                        writes +=
                                            target.writeFullyAsync(it, writes.size * 1000L)
                                    }
                                    writes.forEach { it.join() }
                                    Files.readAllBytes(copy) shouldBe bytes(5000)
                                    pool.available() shouldBe 3
                                }
                            }
                        }
                    }
                }
            }

            test("take, a failing collector and a cancelled one give all buffers back") { ring ->
                withTempFile(bytes(100_000)) { path ->
                    ring.openFile(path).use { file ->
                        ring.bufferPool(1000, 6).use { pool ->
                            for (dispatcher in listOf(ring.dispatcher, Dispatchers.Default)) {
                                withContext(dispatcher) {
                                    repeat(50) {
                                        file.chunks(pool).take(1 + it % 5).toList().size shouldBe 1 + it % 5
                                        pool.available() shouldBe 6
                                        var seen = 0
                                        shouldThrow<ArithmeticException> {
                                            file.chunks(pool).collect { _ ->
                                                if (seen++ ==
                                                    it
                                                ) {
                                                    throw ArithmeticException()
                                                }
                                            }
                                        }
                                        pool.available() shouldBe 6
                                    }
                                    val endless = launch(start = CoroutineStart.UNDISPATCHED) {
                                        while (true) file.chunks(pool).collect { }
                                    }
                                    withContext(ring.dispatcher) {}
                                    endless.cancel()
                                    endless.join()
                                    pool.available() shouldBe 6
                                }
                            }
                        }
                    }
                }
                ring.inFlight() shouldBe 0
            }

            test("a cancelled collection ends only when the kernel has let go") { ring ->
                withTempFile(bytes(100_000)) { path ->
                    ring.openFile(path).use { file ->
                        ring.bufferPool(1000, 6).use { pool ->
                            val gate = CountDownLatch(1)
                            val held = CompletableDeferred<Unit>()
                            ring.execute {
                                held.complete(Unit)
                                gate.await(30, TimeUnit.SECONDS)
                            }
                            held.await()
                            val collecting = launch(Dispatchers.Default) { file.chunks(pool).collect { } }
                            until("reads are on their way") { pool.available() == 2 }
                            collecting.cancel()
                            repeat(100) { kotlinx.coroutines.yield() }
                            collecting.isCompleted shouldBe false
                            pool.available() shouldBe 2
                            gate.countDown()
                            collecting.join()
                            collecting.isCancelled shouldBe true
                            pool.available() shouldBe 6
                        }
                    }
                }
            }

            test("a file that shrinks ends at its new end, one that grows at an end that it had") { ring ->
                withTempFile(bytes(10_000)) { path ->
                    FileChannel.open(path, WRITE).use { other ->
                        ring.openFile(path).use { file ->
                            val chunks = file.chunks(1000, readAhead = 2).map { it.content() }.onEach {
                                if (other.size() == 10_000L) other.truncate(4500)
                            }.toList()
                            chunks.size shouldBeLessThanOrEqual 5
                            chunks.joined() shouldBe bytes(10_000).copyOf(chunks.sumOf { it.size })
                            (chunks.sumOf { it.size } >= 4500) shouldBe true

                            var grown = 0
                            val longer = file.chunks(1000, readAhead = 1).map { it.content() }.onEach {
                                if (grown++ <
                                    5
                                ) {
                                    other.write(ByteBuffer.wrap(ByteArray(1000)), 4500 + (grown - 1) * 1000L)
                                }
                            }.toList()
                            longer.joined().copyOf(4500) shouldBe bytes(4500)
                            longer.joined().drop(4500).all { it == 0.toByte() } shouldBe true
                        }
                    }
                }
            }

            test("a file without a size, as the system's own are, is read to its end") { ring ->
                val status = java.nio.file.Path.of("/proc/self/maps")
                if (Files.exists(status)) {
                    ring.openFile(status).use { file ->
                        val text = String(file.chunks(100).map { it.content() }.toList().joined())
                        text.lines().size shouldBe text.lines().filter { "-" in it || it.isEmpty() }.size
                        (text.length > 4096) shouldBe true
                    }
                }
            }

            test("failures reach the collector, and the buffers come back") { ring ->
                withTempFile(bytes(100_000)) { path ->
                    ring.bufferPool(1000, 6).use { pool ->
                        ring.openFile(path, WRITE).use { file ->
                            shouldThrow<NonReadableChannelException> { file.chunks(pool).collect { } }
                        }
                        ring.openFile(path).use { file ->
                            shouldThrow<IllegalArgumentException> { file.chunks(0) }
                            shouldThrow<IllegalArgumentException> { file.chunks(10, position = -1) }
                            shouldThrow<IllegalArgumentException> { file.chunks(10, readAhead = 0) }
                            shouldThrow<IllegalArgumentException> { file.chunks(1 shl 30) }
                            val failure = shouldThrow<java.io.IOException> {
                                file.chunks(pool, readAhead = 2).collect { file.closeAndJoin() }
                            }
                            (
                                failure is AsynchronousCloseException ||
                                    failure is java.nio.channels.ClosedChannelException
                                ) shouldBe
                                true
                        }
                        pool.available() shouldBe 6
                    }
                    val file = ring.openFile(path)
                    ring.closeAndJoin()
                    shouldThrow<RingClosedException> { file.chunks().collect { } }
                }
            }

            test("a closing ring ends a collection on its own dispatcher") { ring ->
                withTempFile(bytes(100_000)) { path ->
                    val file = ring.openFile(path)
                    val collecting =
                        async(ring.dispatcher) { runCatching { while (true) file.chunks(1000).collect { } } }
                    until("it runs") { ring.metrics().completed() > 10 }
                    withContext(Dispatchers.IO) { ring.close() }
                    val failure = try {
                        collecting.await().exceptionOrNull()
                    } catch (e: CancellationException) {
                        e
                    }
                    (
                        failure is RingClosedException || failure is java.io.IOException ||
                            failure is CancellationException
                        ) shouldBe
                        true
                }
            }
        }
    })

private fun RingBuffer.content(): ByteArray = byteBuffer().run { ByteArray(remaining()).also { get(it) } }

private fun List<ByteArray>.joined(): ByteArray = ByteArrayOutputStream().also { forEach(it::write) }.toByteArray()
