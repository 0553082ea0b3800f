package dev.ringflow.coroutines

import dev.ringflow.RingClosedException
import dev.ringflow.file.FileStat
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.longs.shouldBeGreaterThanOrEqual
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.io.EOFException
import java.nio.ByteBuffer
import java.nio.ReadOnlyBufferException
import java.nio.channels.ClosedChannelException
import java.nio.channels.NonReadableChannelException
import java.nio.channels.NonWritableChannelException
import java.nio.file.FileAlreadyExistsException
import java.nio.file.Files
import java.nio.file.NoSuchFileException
import java.nio.file.Path
import java.nio.file.StandardOpenOption.CREATE_NEW
import java.nio.file.StandardOpenOption.READ
import java.nio.file.StandardOpenOption.WRITE

class FilesSpec :
    FunSpec({
        onEachDriver {
            for ((kind, allocate) in listOf<Pair<String, (Int) -> ByteBuffer>>(
                "direct" to ByteBuffer::allocateDirect,
                "heap" to ByteBuffer::allocate
            )) {
                test("reads and writes with $kind buffers between position and limit") { ring ->
                    withTempFile(bytes(1000)) { path ->
                        ring.openFile(path, READ, WRITE).use { file ->
                            val buffer = allocate(100).position(10).limit(30)
                            file.read(buffer, 500) shouldBe 20
                            buffer.position() shouldBe 30
                            buffer.limit() shouldBe 30
                            buffer.clear().filledBetween(10, 30) shouldBe bytes(1000).copyOfRange(500, 520)
                            buffer.filledBetween(0, 10) shouldBe ByteArray(10)
                            buffer.filledBetween(30, 100) shouldBe ByteArray(70)

                            file.write(buffer.position(12).limit(15), 0) shouldBe 3
                            buffer.position() shouldBe 15
                            Files.readAllBytes(path).copyOf(3) shouldBe bytes(1000).copyOfRange(502, 505)
                        }
                    }
                }

                test("readFully and writeFully move everything, $kind") { ring ->
                    val content = bytes(300_000)
                    withTempFile { path ->
                        ring.openFile(path, READ, WRITE).use { file ->
                            val source = allocate(content.size).put(content).flip()
                            file.writeFully(source, 7) shouldBe content.size
                            source.hasRemaining() shouldBe false
                            val target = allocate(content.size)
                            file.readFully(target, 7) shouldBe content.size
                            target.filled() shouldBe content
                        }
                    }
                }
            }

            test("reads and writes with pooled buffers") { ring ->
                withTempFile { path ->
                    ring.bufferPool(4096, 2).use { pool ->
                        ring.openFile(path, READ, WRITE).use { file ->
                            val lease = pool.acquire()
                            lease.byteBuffer().put(bytes(4096)).flip()
                            file.write(lease, 0) shouldBe 4096
                            lease.byteBuffer().rewind()
                            file.writeFully(lease, 4096) shouldBe 4096
                            lease.byteBuffer().clear()
                            file.read(lease, 4096) shouldBe 4096
                            lease.byteBuffer().filled() shouldBe bytes(4096)
                            lease.byteBuffer().clear()
                            file.readFully(lease, 2048) shouldBe 4096
                            lease.close()
                            pool.available() shouldBe 2
                        }
                    }
                }
            }

            test("tells the end of a file from nothing to read") { ring ->
                withTempFile(bytes(10)) { path ->
                    ring.openFile(path).use { file ->
                        file.read(ByteBuffer.allocateDirect(10), 10) shouldBe -1
                        file.read(ByteBuffer.allocateDirect(0), 0) shouldBe 0
                        val buffer = ByteBuffer.allocateDirect(20)
                        shouldThrow<EOFException> { file.readFully(buffer, 4) }
                        buffer.filled() shouldBe bytes(10).copyOfRange(4, 10)
                    }
                }
            }

            test("sync, syncData, stat, size, truncate") { ring ->
                withTempFile(bytes(5000)) { path ->
                    ring.openFile(path, READ, WRITE).use { file ->
                        file.sync() shouldBe Unit
                        file.syncData() shouldBe Unit
                        file.size() shouldBe 5000L
                        file.truncate(1234) shouldBe Unit
                        val stat = file.stat()
                        stat.size() shouldBe 1234L
                        stat.type() shouldBe FileStat.Type.REGULAR
                        Files.size(path) shouldBe 1234L
                    }
                }
            }

            test("failures keep the classes of NIO, and show the caller") { ring ->
                val missing = Path.of("/", "no", "such", "file")
                val onLoop = shouldThrow<NoSuchFileException> {
                    withContext(ring.dispatcher) { ring.openFile(missing) }
                }
                onLoop.file shouldContain "such"
                val elsewhere = shouldThrow<NoSuchFileException> { openWithin(missing) { ring.openFile(it) } }
                elsewhere.stackTraceToString() shouldContain "FilesSpecKt.openWithin"
                withTempFile { path ->
                    shouldThrow<FileAlreadyExistsException> { ring.openFile(path, WRITE, CREATE_NEW) }
                }
            }

            test("wrong arguments are refused before the kernel sees them") { ring ->
                withTempFile(bytes(10)) { path ->
                    val submitted = ring.metrics().submitted()
                    shouldThrow<IllegalArgumentException> { ring.listen(ANY_PORT, backlog = 0) }
                    ring.metrics().submitted() shouldBe submitted
                    ring.openFile(path, READ).use { file ->
                        shouldThrow<IllegalArgumentException> { file.read(ByteBuffer.allocateDirect(1), -1) }
                        shouldThrow<ReadOnlyBufferException> {
                            file.read(ByteBuffer.allocateDirect(1).asReadOnlyBuffer(), 0)
                        }
                        shouldThrow<NonWritableChannelException> { file.write(ByteBuffer.allocateDirect(1), 0) }
                        shouldThrow<NonWritableChannelException> { file.truncate(1) }
                    }
                    ring.openFile(path, WRITE).use { file ->
                        shouldThrow<NonReadableChannelException> { file.read(ByteBuffer.allocateDirect(1), 0) }
                    }
                }
            }

            test("closeAndJoin closes, again too, and a closed file is an exception") { ring ->
                withTempFile { path ->
                    val before = ring.openHandles()
                    val file = withContext(ring.dispatcher) { ring.openFile(path) }
                    ring.openHandles() shouldBe before + 1
                    withContext(ring.dispatcher) {
                        file.closeAndJoin()
                        ring.metrics().openHandles() shouldBe before
                    }
                    file.closeAndJoin()
                    file.isOpen shouldBe false
                    shouldThrow<ClosedChannelException> { file.read(ByteBuffer.allocateDirect(1), 0) }
                    shouldThrow<ClosedChannelException> { file.sync() }
                }
            }

            test("a closed ring is an exception") { ring ->
                withTempFile(bytes(10)) { path ->
                    val file = ring.openFile(path)
                    ring.closeAndJoin()
                    shouldThrow<RingClosedException> { ring.openFile(path) }
                    shouldThrow<RingClosedException> { file.read(ByteBuffer.allocateDirect(1), 0) }
                    file.closeAndJoin()
                    ring.closeAndJoin()
                }
            }

            test("10,000 reads, each after the one before, on the loop thread and off it") { ring ->
                withTempFile(bytes(10_000)) { path ->
                    ring.openFile(path).use { file ->
                        for (dispatcher in listOf(ring.dispatcher, Dispatchers.Default)) {
                            withContext(dispatcher) {
                                val buffer = ByteBuffer.allocateDirect(1)
                                val read = ByteArray(10_000) {
                                    file.read(buffer.clear(), it.toLong()) shouldBe 1
                                    buffer.get(0)
                                }
                                read.toList() shouldContainExactly bytes(10_000).toList()
                            }
                        }
                        ring.metrics().completed() shouldBeGreaterThanOrEqual 20_000
                    }
                }
            }
        }
    })

private fun ByteBuffer.filledBetween(from: Int, to: Int) = ByteArray(to - from).also { get(from, it) }

private suspend fun <T> openWithin(path: Path, open: suspend (Path) -> T): T {
    val opened = open(path)
    return opened // not a tail call, so that the frame is there to be seen
}
