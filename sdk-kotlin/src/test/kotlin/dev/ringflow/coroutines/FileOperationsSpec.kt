package dev.ringflow.coroutines

import dev.ringflow.Support
import dev.ringflow.file.FileAdvice
import dev.ringflow.file.RingFile
import dev.ringflow.file.RingOpenOption.DIRECT_DESCRIPTOR
import dev.ringflow.spi.OpCode
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.longs.shouldBeGreaterThanOrEqual
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.io.EOFException
import java.nio.ByteBuffer
import java.nio.channels.NonWritableChannelException
import java.nio.file.Files
import java.nio.file.StandardOpenOption.APPEND
import java.nio.file.StandardOpenOption.READ
import java.nio.file.StandardOpenOption.WRITE

class FileOperationsSpec :
    FunSpec({
        onEachDriver {
            test("reads and writes on, at the file's own position") { ring ->
                withTempFile(bytes(1000)) { path ->
                    ring.bufferPool(100, 1).use { pool ->
                        ring.openFile(path, READ, WRITE).use { file ->
                            val buffer = ByteBuffer.allocateDirect(100)
                            file.read(buffer) shouldBe 100
                            file.readFully(buffer.clear()) shouldBe 100
                            buffer.filled() shouldBe bytes(1000).copyOfRange(100, 200)
                            pool.acquire().use { lease ->
                                file.read(lease) shouldBe 100
                                lease.byteBuffer().clear()
                                file.readFully(lease) shouldBe 100
                                lease.byteBuffer().filled() shouldBe bytes(1000).copyOfRange(300, 400)
                                file.write(ByteBuffer.wrap(ByteArray(100))) shouldBe 100
                                file.writeFully(ByteBuffer.wrap(ByteArray(100))) shouldBe 100
                                lease.byteBuffer().clear()
                                file.write(lease) shouldBe 100
                                lease.byteBuffer().clear()
                                file.writeFully(lease) shouldBe 100
                            }
                            Files.readAllBytes(path) shouldBe bytes(1000).also { all ->
                                all.fill(0, 400, 600)
                                all.copyInto(all, 600, 300, 400)
                                all.copyInto(all, 700, 300, 400)
                            }
                            val rest = ByteBuffer.allocate(300)
                            shouldThrow<EOFException> { file.readFully(rest) }
                            rest.position() shouldBe 200
                            file.read(rest) shouldBe -1
                        }
                    }
                }
            }

            test("appends wherever the end is") { ring ->
                withTempFile(bytes(10)) { path ->
                    ring.bufferPool(10, 1).use { pool ->
                        ring.openFile(path, READ, WRITE).use { file ->
                            file.isAppending shouldBe false
                            file.append(ByteBuffer.wrap(bytes(5))) shouldBe 5
                            pool.acquire().use { lease ->
                                lease.byteBuffer().put(bytes(10)).flip()
                                file.append(lease) shouldBe 10
                            }
                            Files.readAllBytes(path) shouldBe bytes(10) + bytes(5) + bytes(10)
                            coroutineScope {
                                repeat(50) { launch { file.append(ByteBuffer.wrap(ByteArray(3))) } }
                            }
                            file.size() shouldBe 175
                        }
                        ring.openFile(path, READ).use { file ->
                            shouldThrow<NonWritableChannelException> { file.append(ByteBuffer.allocate(1)) }
                        }
                    }
                }
            }

            test("scatters and gathers") { ring ->
                withTempFile(bytes(1000)) { path ->
                    ring.openFile(path, READ, WRITE).use { file ->
                        val parts =
                            arrayOf(ByteBuffer.allocate(7), ByteBuffer.allocateDirect(0), ByteBuffer.allocateDirect(93))
                        file.read(parts, 900) shouldBe 100
                        parts.flatMap { it.filled().toList() }.toByteArray() shouldBe bytes(1000).copyOfRange(900, 1000)
                        parts.forEach(ByteBuffer::clear)
                        file.readFully(parts, 5) shouldBe 100
                        parts.forEach(ByteBuffer::flip)
                        file.write(parts, 0) shouldBe 100
                        parts.forEach(ByteBuffer::rewind)
                        file.writeFully(parts, 1000) shouldBe 100
                        Files.readAllBytes(path) shouldBe
                            bytes(1000).also { it.copyInto(it, 0, 5, 105) } + bytes(1000).copyOfRange(5, 105)
                        parts.forEach(ByteBuffer::clear)
                        file.read(parts, 1100) shouldBe -1
                        shouldThrow<EOFException> { file.readFully(parts, 1050) }
                        parts.sumOf { it.position() } shouldBe 50
                    }
                }
            }

            test("allocate, punchHole, nextData, nextHole and advise, or the reason why not") { ring ->
                withTempFile(bytes(64 * 1024)) { path ->
                    ring.openFile(path, READ, WRITE).use { file ->
                        file.ifSupported(OpCode.ALLOCATE, { allocate(0, 128 * 1024) }) {
                            file.size() shouldBe 128 * 1024
                            file.allocate(0, 256 * 1024, keepSize = true)
                            file.size() shouldBe 128 * 1024
                            file.truncate(64 * 1024)
                        }
                        file.ifSupported(OpCode.PUNCH_HOLE, { punchHole(16 * 1024, 16 * 1024) }) {
                            Files.readAllBytes(path) shouldBe bytes(64 * 1024).also { it.fill(0, 16 * 1024, 32 * 1024) }
                        }
                        file.ifSupported(OpCode.NEXT_DATA, { nextData(0) }) { it shouldBe 0 }
                        file.ifSupported(OpCode.NEXT_HOLE, { nextHole(1) }) { it shouldBeGreaterThanOrEqual 16 * 1024 }
                        file.ifSupported(OpCode.ADVISE, { advise(0, 4096, FileAdvice.WILL_NEED) }) { it shouldBe Unit }
                    }
                }
            }

            test("syncRange and directIoAlignment") { ring ->
                withTempFile(bytes(10_000)) { path ->
                    ring.openFile(path, READ, WRITE).use { file ->
                        file.syncRange(0, 10_000) shouldBe Unit
                        val alignment = file.directIoAlignment()
                        if (alignment.isSupported) Integer.bitCount(alignment.memory()) shouldBe 1
                    }
                }
            }

            test("copies into another file and over a connection") { ring ->
                val content = bytes(300_000)
                withTempFile(content) { path ->
                    withTempFile(bytes(10)) { copy ->
                        ring.openFile(path).use { file ->
                            ring.openFile(copy, READ, WRITE).use { target ->
                                file.copyTo(1000, 299_000, target, 10) shouldBe 299_000
                                Files.readAllBytes(copy) shouldBe bytes(10) + content.drop(1000)
                                file.copyTo(299_990, 100, target, 0) shouldBe 10
                                shouldThrow<NonWritableChannelException> { target.copyTo(0, 1, file, 0) }
                            }
                            val (ours, theirs) = ring.pair()
                            ours.use {
                                theirs.use {
                                    val received = ByteBuffer.allocateDirect(content.size)
                                    val receiving = async { theirs.receiveFully(received) }
                                    file.copyTo(0, Long.MAX_VALUE, ours) shouldBe content.size
                                    receiving.await()
                                    received.filled() shouldBe content
                                }
                            }
                        }
                    }
                }
            }

            test("a direct descriptor is installed as an ordinary one, where the kernel can") { ring ->
                withTempFile(bytes(10)) { path ->
                    ring.openFile(path, READ).use { file ->
                        shouldThrow<IllegalStateException> { file.install() }
                    }
                    if (ring.capabilities().support(OpCode.INSTALL_DESCRIPTOR) != Support.NONE) {
                        ring.openFile(path, READ, DIRECT_DESCRIPTOR).use { file ->
                            file.install().use { installed ->
                                file.closeAndJoin()
                                installed.isDirectDescriptor shouldBe false
                                installed.read(ByteBuffer.allocate(10), 0) shouldBe 10
                            }
                        }
                    }
                }
            }

            test("cancelled callers get the CancellationException, and the kernel has let go") { ring ->
                withTempFile(bytes(100_000)) { path ->
                    ring.openFile(path, READ, WRITE).use { file ->
                        for (dispatcher in listOf(ring.dispatcher, Dispatchers.Default)) {
                            repeat(100) { round ->
                                val buffers = Array(4) { ByteBuffer.allocateDirect(1000) }
                                val job = Job()
                                val calls = listOf<suspend () -> Unit>(
                                    { file.read(buffers, 0) },
                                    { file.append(ByteBuffer.allocate(0)) },
                                    { file.syncRange(0, 10) },
                                    { file.copyTo(0, 1000, file, 50_000) }
                                )
                                val caller = launch(dispatcher + job) {
                                    repeat(round % 7) { kotlinx.coroutines.yield() }
                                    calls[round % calls.size]()
                                }
                                repeat(round % 5) { kotlinx.coroutines.yield() }
                                job.cancelAndJoin()
                                caller.isCompleted shouldBe true
                                buffers.forEach { buffer -> for (i in 0 until 1000) buffer.put(i, 1) }
                                withContext(ring.dispatcher) {}
                                buffers.forEach { buffer -> for (i in 0 until 1000) buffer.get(i) shouldBe 1 }
                            }
                        }
                        ring.inFlight() shouldBe 0
                        val cancelled = Job().also { it.cancel() }
                        val submitted = ring.metrics().submitted()
                        shouldThrow<CancellationException> { withContext(cancelled) { file.syncRange(0, 1) } }
                        ring.metrics().submitted() shouldBe submitted
                    }
                }
            }
        }
    })

/** Looks at the outcome where the driver can do it; where it cannot, at the reason. */
private suspend fun <T> RingFile.ifSupported(code: OpCode, call: suspend RingFile.() -> T, check: suspend (T) -> Unit) {
    if (ring().capabilities().support(code) != Support.NONE) {
        check(call())
    } else {
        shouldThrow<UnsupportedOperationException> { call() }.message shouldContain ring().driver()
    }
}
