package dev.ringflow.coroutines

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.withContext
import okio.Buffer
import okio.FileHandle
import okio.FileSystem
import okio.IOException
import okio.Path.Companion.toOkioPath
import okio.buffer
import java.nio.channels.NonWritableChannelException
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardOpenOption.READ
import java.nio.file.StandardOpenOption.WRITE
import kotlin.random.Random

class OkioSpec :
    FunSpec({
        onEachDriver {
            test("reads and writes arrays and buffers at positions") { ring ->
                withTempFile(bytes(1000)) { path ->
                    ring.openFile(path, READ, WRITE).asFileHandle().use { handle ->
                        handle.readWrite shouldBe true
                        val array = ByteArray(100)
                        handle.read(500, array, 10, 20) shouldBe 20
                        array.copyOfRange(10, 30) shouldBe bytes(1000).copyOfRange(500, 520)
                        array.copyOf(10) shouldBe ByteArray(10)
                        array.copyOfRange(30, 100) shouldBe ByteArray(70)
                        handle.read(990, array, 0, 100) shouldBe 10
                        handle.read(1000, array, 0, 1) shouldBe -1
                        handle.read(5000, Buffer(), 1) shouldBe -1
                        handle.write(2000, bytes(50), 5, 40)
                        handle.size() shouldBe 2040
                        val buffer = Buffer()
                        handle.read(1000, buffer, 2000) shouldBe 1040
                        buffer.readByteArray() shouldBe ByteArray(1000) + bytes(50).copyOfRange(5, 45)
                    }
                }
            }

            test("sources and sinks work at positions, and tell and change them") { ring ->
                val content = bytes(300_000)
                withTempFile { path ->
                    ring.openFile(path, READ, WRITE).asFileHandle().use { handle ->
                        handle.sink(7).buffer().use { sink ->
                            sink.write(content, 0, 200_000)
                            handle.position(sink) shouldBe 200_007
                            sink.write(content, 200_000, 100_000)
                        }
                        handle.appendingSink().buffer().use { it.writeUtf8("the end") }
                        handle.source(7).buffer().use { source ->
                            source.readByteArray(300_000) shouldBe content
                            handle.position(source) shouldBe 300_007
                            source.readUtf8() shouldBe "the end"
                            handle.reposition(source, 9)
                            source.readByte() shouldBe content[2]
                            source.exhausted() shouldBe false
                        }
                    }
                    Files.readAllBytes(path) shouldBe ByteArray(7) + content + "the end".encodeToByteArray()
                }
            }

            test("resize cuts and extends with zeros, and flush makes durable") { ring ->
                withTempFile(bytes(1000)) { path ->
                    ring.openFile(path, READ, WRITE).asFileHandle().use { handle ->
                        handle.resize(10)
                        handle.size() shouldBe 10
                        handle.resize(100_000)
                        handle.flush()
                        Files.readAllBytes(path) shouldBe bytes(10).copyOf(100_000)
                        handle.sink().use { it.flush() }
                    }
                }
            }

            test("a handle for reading refuses to write, and so does a file that was opened for reading") { ring ->
                withTempFile(bytes(10)) { path ->
                    ring.openFile(path).asFileHandle(readWrite = false).use { handle ->
                        handle.readWrite shouldBe false
                        shouldThrow<IllegalStateException> { handle.write(0, bytes(1), 0, 1) }
                        shouldThrow<IllegalStateException> { handle.resize(0) }
                        shouldThrow<IllegalStateException> { handle.flush() }
                        shouldThrow<IllegalStateException> { handle.sink() }
                        handle.source().buffer().use { it.readByteArray() shouldBe bytes(10) }
                    }
                    ring.openFile(path).asFileHandle().use { handle ->
                        shouldThrow<NonWritableChannelException> { handle.write(0, bytes(1), 0, 1) }
                    }
                    Files.readAllBytes(path) shouldBe bytes(10)
                }
            }

            test("the file is closed when the handle and all its streams are, and a closed handle says so") { ring ->
                withTempFile(bytes(10)) { path ->
                    val file = ring.openFile(path, READ, WRITE)
                    val handle = file.asFileHandle()
                    val source = handle.source()
                    val sink = handle.sink(5)
                    handle.close()
                    handle.close()
                    shouldThrow<IllegalStateException> { handle.size() }
                    shouldThrow<IllegalStateException> { handle.read(0, ByteArray(1), 0, 1) }
                    shouldThrow<IllegalStateException> { handle.write(0, ByteArray(1), 0, 1) }
                    shouldThrow<IllegalStateException> { handle.resize(0) }
                    shouldThrow<IllegalStateException> { handle.flush() }
                    shouldThrow<IllegalStateException> { handle.source() }
                    source.read(Buffer(), 10) shouldBe 10
                    source.close()
                    file.isOpen shouldBe true
                    sink.write(Buffer().write(bytes(3)), 3)
                    sink.close()
                    file.isOpen shouldBe false
                    ring.openHandles() shouldBe 0
                    shouldThrow<IllegalStateException> { source.read(Buffer(), 1) }
                    handle.close()
                }
            }

            test("a file that was closed below its handle is an exception of the system's kind") { ring ->
                withTempFile(bytes(10)) { path ->
                    val file = ring.openFile(path)
                    val handle = file.asFileHandle(readWrite = false)
                    file.closeAndJoin()
                    shouldThrow<IOException> { handle.size() }
                    shouldThrow<IOException> { handle.read(0, ByteArray(1), 0, 1) }
                    handle.close()
                }
            }

            test("on the loop thread a handle is refused, and closing only begins") { ring ->
                withTempFile(bytes(10)) { path ->
                    val handle = ring.openFile(path, READ, WRITE).asFileHandle()
                    withContext(ring.dispatcher) {
                        for (call in listOf<(FileHandle) -> Unit>(
                            { it.read(0, ByteArray(1), 0, 1) },
                            { it.write(0, ByteArray(1), 0, 1) },
                            { it.size() },
                            { it.resize(0) },
                            { it.flush() },
                            { it.appendingSink() }
                        )) {
                            shouldThrow<IllegalStateException> { call(handle) }.message shouldContain "loop thread"
                        }
                        handle.close()
                    }
                    until("it is closed") { ring.openHandles() == 0L }
                    Files.size(path) shouldBe 10
                }
            }

            test("many threads share a handle") { ring ->
                withTempFile { path ->
                    ring.openFile(path, READ, WRITE).asFileHandle().use { handle ->
                        val content = bytes(8 * 50 * 1000)
                        withContext(Dispatchers.IO) {
                            (0 until 8).map { number ->
                                async {
                                    for (i in 0 until 50) {
                                        val at = (i * 8 + number) * 1000
                                        handle.write(at.toLong(), content, at, 1000)
                                        val array = ByteArray(1000)
                                        handle.read(at.toLong(), array, 0, 1000) shouldBe 1000
                                        array shouldBe content.copyOfRange(at, at + 1000)
                                    }
                                }
                            }.awaitAll()
                        }
                        Files.readAllBytes(path) shouldBe content
                    }
                }
            }

            test("random operations do what okio's own handle does") { ring ->
                for (seed in 1..10) {
                    withTempFile { ours ->
                        withTempFile { theirs ->
                            ring.openFile(ours, READ, WRITE).asFileHandle().use { handle ->
                                FileSystem.SYSTEM.openReadWrite(theirs.toOkioPath()).use { model ->
                                    compare(handle, model, Random(seed))
                                }
                            }
                            sameContent(ours, theirs)
                        }
                    }
                }
            }
        }
    })

private fun compare(handle: FileHandle, model: FileHandle, random: Random) {
    repeat(50) {
        val position = random.nextLong(100_000)
        val length = random.nextInt(if (random.nextBoolean()) 100 else 40_000)
        when (random.nextInt(5)) {
            0, 1 -> {
                val content = random.nextBytes(length)
                handle.write(position, Buffer().write(content), length.toLong())
                model.write(position, Buffer().write(content), length.toLong())
            }

            2, 3 -> {
                val found = Buffer()
                val expected = Buffer()
                handle.read(position, found, length.toLong()) shouldBe model.read(position, expected, length.toLong())
                found.readByteArray() shouldBe expected.readByteArray()
            }

            else -> {
                handle.resize(position)
                model.resize(position)
            }
        }
        handle.size() shouldBe model.size()
    }
}

private fun sameContent(ours: Path, theirs: Path) {
    Files.mismatch(ours, theirs) shouldBe -1
}
