package dev.ringflow.coroutines

import dev.ringflow.RingClosedException
import dev.ringflow.file.RingFile
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.io.Buffer
import kotlinx.io.buffered
import kotlinx.io.readByteArray
import kotlinx.io.readString
import kotlinx.io.writeString
import java.io.InterruptedIOException
import java.nio.channels.ClosedChannelException
import java.nio.channels.NonReadableChannelException
import java.nio.channels.NonWritableChannelException
import java.nio.file.Files
import java.nio.file.StandardOpenOption.READ
import java.nio.file.StandardOpenOption.WRITE
import kotlin.random.Random

class KotlinxIoSpec :
    FunSpec({
        onEachDriver {
            test("a raw source reads the file from a position to its end") { ring ->
                withTempFile(bytes(200_000)) { path ->
                    ring.openFile(path).use { file ->
                        val source = file.asRawSource(1000)
                        val buffer = Buffer()
                        source.readAtMostTo(buffer, 0) shouldBe 0
                        source.readAtMostTo(buffer, 10) shouldBe 10
                        buffer.readByteArray() shouldBe bytes(200_000).copyOfRange(1000, 1010)
                        while (source.readAtMostTo(buffer, Long.MAX_VALUE) != -1L) Unit
                        source.readAtMostTo(buffer, 1) shouldBe -1
                        buffer.readByteArray() shouldBe bytes(200_000).copyOfRange(1010, 200_000)
                    }
                }
            }

            test("buffered sources and sinks of kotlinx-io work on files") { ring ->
                withTempFile { path ->
                    val file = ring.openFile(path, READ, WRITE)
                    val sink = file.asRawSink(3).buffered()
                    repeat(10_000) { sink.writeString("line $it zażółć\n") }
                    sink.flush()
                    file.isOpen shouldBe true
                    val expected = (0 until 10_000).joinToString("") { "line $it zażółć\n" }
                    Files.readAllBytes(path) shouldBe ByteArray(3) + expected.encodeToByteArray()
                    file.asRawSource(3).buffered().readString() shouldBe expected
                    sink.close()
                    file.isOpen shouldBe false
                }
            }

            test("a sink writes many segments at a position, and leaves the rest of the buffer") { ring ->
                withTempFile(bytes(10)) { path ->
                    ring.openFile(path, WRITE).use { file ->
                        val buffer = Buffer().apply { write(bytes(300_000)) }
                        val sink = file.asRawSink(5)
                        sink.write(buffer, 0)
                        sink.write(buffer, 250_001)
                        buffer.size shouldBe 49_999
                        sink.write(buffer, 49_999)
                        Files.readAllBytes(path) shouldBe bytes(10).copyOf(5) + bytes(300_000)
                    }
                }
            }

            test("an appending sink begins at the end that the file has at the first write") { ring ->
                withTempFile(bytes(10)) { path ->
                    ring.openFile(path, WRITE).use { file ->
                        val blocking = file.asRawSink(append = true)
                        Files.write(path, bytes(20))
                        blocking.write(Buffer().apply { write(ByteArray(5) { 7 }) }, 5)
                        blocking.write(Buffer().apply { write(ByteArray(5) { 8 }) }, 5)
                        val suspending = file.asSuspendingSink(append = true)
                        suspending.write(Buffer(), 0)
                        suspending.write(Buffer().apply { write(ByteArray(5) { 9 }) }, 5)
                        Files.readAllBytes(path) shouldBe
                            bytes(20) + ByteArray(5) { 7 } + ByteArray(5) { 8 } + ByteArray(5) { 9 }
                    }
                }
            }

            test("what kotlinx-io forbids is refused, and so is what the file was not opened for") { ring ->
                withTempFile(bytes(10)) { path ->
                    val file = ring.openFile(path)
                    val writable = ring.openFile(path, WRITE)
                    val buffer = Buffer().apply { write(bytes(3)) }
                    shouldThrow<IllegalArgumentException> { file.asRawSource(-1) }
                    shouldThrow<IllegalArgumentException> { file.asRawSink(-1) }
                    shouldThrow<IllegalArgumentException> { file.asRawSource().readAtMostTo(buffer, -1) }
                    shouldThrow<IllegalArgumentException> { writable.asRawSink().write(buffer, 4) }
                    shouldThrow<IllegalArgumentException> { writable.asSuspendingSink().write(buffer, -1) }
                    shouldThrow<IllegalArgumentException> { writable.writeFrom(buffer, 0, 4) }
                    shouldThrow<IllegalArgumentException> { file.readInto(buffer, 0, -1) }
                    shouldThrow<NonWritableChannelException> { file.asRawSink().write(buffer, 1) }
                    shouldThrow<NonReadableChannelException> { writable.asRawSource().readAtMostTo(buffer, 1) }
                    buffer.readByteArray() shouldBe bytes(3)
                    val source = file.asRawSource()
                    source.close()
                    source.close()
                    shouldThrow<IllegalStateException> { source.readAtMostTo(buffer, 1) }
                    val sink = writable.asSuspendingSink()
                    sink.close()
                    sink.close()
                    shouldThrow<IllegalStateException> { sink.write(buffer, 0) }
                    shouldThrow<IllegalStateException> { sink.flush() }
                }
            }

            test("closing a source or sink closes its file once") { ring ->
                withTempFile(bytes(10)) { path ->
                    for (close in listOf<suspend (RingFile) -> Unit>(
                        { it.asRawSource().close() },
                        { it.asRawSink().close() },
                        { it.asSuspendingSource().close() },
                        { it.asSuspendingSink().close() }
                    )) {
                        val other = ring.openFile(path)
                        val file = ring.openFile(path)
                        val source = file.asRawSource()
                        close(file)
                        file.isOpen shouldBe false
                        close(file)
                        ring.openHandles() shouldBe 1
                        shouldThrow<ClosedChannelException> { source.readAtMostTo(Buffer(), 1) }
                        source.close()
                        other.closeAndJoin()
                    }
                }
            }

            test("a blocking source or sink on the loop thread is refused, and closing only begins") { ring ->
                withTempFile(bytes(10)) { path ->
                    val file = ring.openFile(path, READ, WRITE)
                    withContext(ring.dispatcher) {
                        val buffer = Buffer().apply { write(bytes(3)) }
                        shouldThrow<IllegalStateException> { file.asRawSource().readAtMostTo(buffer, 1) }
                            .message shouldContain "loop thread"
                        shouldThrow<IllegalStateException> { file.asRawSink().write(buffer, 1) }
                        shouldThrow<IllegalStateException> { file.asRawSink(append = true).write(buffer, 1) }
                        buffer.size shouldBe 3
                        file.asSuspendingSource().readAtMostTo(buffer, 10) shouldBe 10
                        file.asRawSource().close()
                        file.isOpen shouldBe false
                    }
                    until("it is closed") { ring.openHandles() == 0L }
                }
            }

            test("an interrupt cancels a blocking read, and leaves the file open") { ring ->
                withTempFile(bytes(10)) { path ->
                    ring.openFile(path).use { file ->
                        val buffer = Buffer()
                        Thread.currentThread().interrupt()
                        val outcome = runCatching { file.asRawSource().readAtMostTo(buffer, 10) }
                        Thread.interrupted() shouldBe true
                        if (outcome.isSuccess) {
                            buffer.readByteArray() shouldBe bytes(10)
                        } else {
                            (outcome.exceptionOrNull() is InterruptedIOException) shouldBe true
                            buffer.size shouldBe 0
                        }
                        file.asRawSource().readAtMostTo(buffer, 10) shouldBe 10
                        ring.inFlight() shouldBe 0
                    }
                }
            }

            test("readInto and writeFrom move as much as they are told, on the loop thread and off it") { ring ->
                for (dispatcher in listOf(ring.dispatcher, Dispatchers.Default)) {
                    withTempFile { path ->
                        ring.openFile(path, READ, WRITE).use { file ->
                            withContext(dispatcher) {
                                val content = bytes(300_000)
                                val source = Buffer().apply { write(content) }
                                file.writeFrom(source, 10, 200_000) shouldBe 200_000
                                source.size shouldBe 100_000
                                file.writeFrom(source, 200_010) shouldBe 100_000
                                source.exhausted() shouldBe true
                                val sink = Buffer()
                                file.readInto(sink, 10, 123_456) shouldBe 123_456
                                file.readInto(sink, 10 + 123_456, 1_000_000) shouldBe 300_000 - 123_456
                                sink.readByteArray() shouldBe content
                                file.readInto(sink, 300_010, 10) shouldBe -1
                                file.readInto(sink, 300_010, 0) shouldBe 0
                                sink.size shouldBe 0
                            }
                        }
                    }
                }
            }

            test("readInto hands on to a buffered sink") { ring ->
                withTempFile(bytes(100_000)) { path ->
                    ring.openFile(path).use { file ->
                        val target = Buffer()
                        val sink = (target as kotlinx.io.RawSink).buffered()
                        file.readInto(sink, 0, 100_000) shouldBe 100_000
                        sink.flush()
                        target.readByteArray() shouldBe bytes(100_000)
                    }
                }
            }

            test("suspending source and sink copy a large file") { ring ->
                val content = Random(1).nextBytes(5_000_003)
                withTempFile(content) { from ->
                    withTempFile { to ->
                        withContext(ring.dispatcher) {
                            val source = ring.openFile(from).asSuspendingSource()
                            val sink = ring.openFile(to, WRITE).asSuspendingSink()
                            val buffer = Buffer()
                            while (source.readAtMostTo(buffer, 1_000_000) != -1L) sink.write(buffer, buffer.size)
                            sink.flush()
                            sink.close()
                            source.close()
                        }
                        Files.readAllBytes(to) shouldBe content
                    }
                }
            }

            test("random reads and writes leave what they leave in an array") { ring ->
                for (seed in 1..10) {
                    withTempFile { path ->
                        val random = Random(seed)
                        var model = ByteArray(0)
                        ring.openFile(path, READ, WRITE).use { file ->
                            repeat(40) {
                                val position = random.nextInt(200_000)
                                val length = random.nextInt(if (random.nextBoolean()) 100 else 150_000)
                                val buffer = Buffer()
                                if (random.nextBoolean()) {
                                    val content = random.nextBytes(length)
                                    buffer.write(content)
                                    if (random.nextBoolean()) {
                                        file.writeFrom(buffer, position.toLong())
                                    } else {
                                        file.asRawSink(position.toLong()).write(buffer, length.toLong())
                                    }
                                    buffer.size shouldBe 0
                                    if (length > 0) model = model.copyOf(maxOf(model.size, position + length))
                                    content.copyInto(model, if (length > 0) position else 0)
                                } else {
                                    val there = minOf(length, model.size - position).coerceAtLeast(0)
                                    val read = file.readInto(buffer, position.toLong(), length.toLong())
                                    read shouldBe if (there == 0 && length > 0) -1 else there
                                    val expected =
                                        if (there == 0) ByteArray(0) else model.copyOfRange(position, position + there)
                                    buffer.readByteArray() shouldBe expected
                                }
                            }
                        }
                        Files.readAllBytes(path) shouldBe model
                    }
                }
            }

            test(
                "in 300 races of cancellation the buffer holds whole parts, and is not touched after the call"
            ) { ring ->
                val content = bytes(1_000_000)
                withTempFile(content) { path ->
                    ring.openFile(path).use { file ->
                        val random = Random(9)
                        var cancelled = 0
                        repeat(300) {
                            val buffer = Buffer()
                            var told = false
                            val reading = launch(Dispatchers.Default) {
                                try {
                                    file.readInto(buffer, 0, 1_000_000)
                                    told = true
                                } catch (e: CancellationException) {
                                    cancelled++
                                    throw e
                                }
                            }
                            pause(random)
                            reading.cancelAndJoin()
                            val size = buffer.size
                            if (told) size shouldBe 1_000_000
                            file.readInto(Buffer(), 0, 70_000)
                            buffer.size shouldBe size
                            val found = buffer.readByteArray()
                            found.contentEquals(content.copyOf(found.size)) shouldBe true
                        }
                        println("$driver: $cancelled of 300 reads were cancelled")
                        ring.inFlight() shouldBe 0
                    }
                }
            }

            test("in 300 races of cancellation a write takes from the buffer what it wrote") { ring ->
                val content = bytes(1_000_000)
                withTempFile { path ->
                    ring.openFile(path, READ, WRITE).use { file ->
                        val random = Random(11)
                        repeat(300) {
                            file.truncate(0)
                            val buffer = Buffer().apply { write(content) }
                            val writing = launch(Dispatchers.Default) { file.writeFrom(buffer, 0) }
                            pause(random)
                            writing.cancelAndJoin()
                            val written = 1_000_000 - buffer.size
                            file.size() shouldBe written
                            buffer.readByteArray()
                                .contentEquals(content.copyOfRange(written.toInt(), content.size)) shouldBe true
                        }
                    }
                }
            }

            test("a closed ring is an exception, and takes nothing from the buffer") { ring ->
                withTempFile(bytes(10)) { path ->
                    val file = ring.openFile(path, READ, WRITE)
                    ring.closeAndJoin()
                    val buffer = Buffer().apply { write(bytes(3)) }
                    shouldThrow<RingClosedException> { file.asRawSource().readAtMostTo(buffer, 1) }
                    shouldThrow<RingClosedException> { file.asRawSink().write(buffer, 3) }
                    shouldThrow<RingClosedException> { file.writeFrom(buffer, 0) }
                    shouldThrow<RingClosedException> { file.readInto(buffer, 0, 1) }
                    buffer.readByteArray() shouldBe bytes(3)
                    file.asRawSource().close()
                }
            }
        }
    })

/** Between half a microsecond and two milliseconds. */
private fun pause(random: Random) {
    val end = System.nanoTime() + (1L shl random.nextInt(9, 22))
    while (System.nanoTime() - end < 0) Thread.onSpinWait()
}
