package dev.ringflow.coroutines

import dev.ringflow.buffer.BufferGroup
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlinx.io.Buffer
import kotlinx.io.bytestring.encodeToByteString
import kotlinx.io.readByteArray
import kotlinx.io.readDoubleLe
import kotlinx.io.readString
import kotlinx.io.writeDoubleLe
import java.io.EOFException
import java.io.IOException
import java.nio.ByteBuffer
import kotlin.random.Random
import kotlin.time.Duration.Companion.milliseconds

class ChannelsSpec :
    FunSpec({
        onEachDriver {
            test("a server that answers line by line") { ring ->
                val server = ring.listen(ANY_PORT)
                val serving = launch(ring.dispatcher) {
                    server.serve { socket ->
                        val input = socket.readChannel()
                        val output = socket.writeChannel()
                        input.lines().collect { line ->
                            output.writeLine(line.reversed())
                            output.flush()
                        }
                    }
                }
                ring.connect(server.localAddress()).use { socket ->
                    val input = socket.readChannel()
                    val output = socket.writeChannel()
                    repeat(100) {
                        output.writeString("line $it, łódź\r\n")
                        output.flush()
                        input.readLine() shouldBe "line $it, łódź".reversed()
                    }
                    output.writeString("no end")
                    output.close()
                    input.readLine() shouldBe "dne on"
                    input.readLine() shouldBe null
                    input.exhausted() shouldBe true
                }
                server.closeAndJoin()
                serving.join()
                until("all buffers are back") { BufferGroup.ofRing(ring).held() == 0 }
                ring.openHandles() shouldBe 0
            }

            test("numbers, blocks and texts come as they were written, off the loop thread, too") { ring ->
                val (client, server) = ring.pair()
                launch {
                    val output = client.writeChannel()
                    output.writeByte(-1)
                    output.writeShort(-2)
                    output.writeInt(Int.MIN_VALUE)
                    output.writeLong(Long.MAX_VALUE)
                    output.buffer.writeDoubleLe(1.5)
                    output.writeString("zażółć")
                    output.writeFully(bytes(200_000), 1000, 199_000)
                    output.writeFully(direct(bytes(100_000)))
                    output.writeFully("a--b--".encodeToByteString())
                    output.write(Buffer().apply { write(bytes(70_000)) }, 70_000)
                    output.close()
                    output.close()
                }
                val input = server.readChannel()
                input.readByte() shouldBe -1
                input.readShort() shouldBe -2
                input.peek(4)?.get(0) shouldBe 0x80.toByte()
                input.readInt() shouldBe Int.MIN_VALUE
                input.readLong() shouldBe Long.MAX_VALUE
                input.request(8) shouldBe true
                input.buffer.readDoubleLe() shouldBe 1.5
                input.readString("zażółć".encodeToByteArray().size) shouldBe "zażółć"
                input.readByteArray(198_000) shouldBe bytes(200_000).copyOfRange(1000, 199_000)
                val target = ByteBuffer.allocateDirect(100_000)
                input.readFully(target)
                target.filled() shouldBe bytes(100_000)
                input.readUntil("--".encodeToByteString())?.readString() shouldBe "a"
                input.readUntil("--".encodeToByteString())?.readString() shouldBe "b"
                input.discard(1000) shouldBe 1000
                input.readRemaining().readByteArray() shouldBe bytes(70_000).copyOfRange(1000, 70_000)
                input.discard() shouldBe 0
                input.readAvailable(ByteArray(1)) shouldBe -1
                input.readUntil("--".encodeToByteString()) shouldBe null
                input.peek(1) shouldBe null
                shouldThrow<EOFException> { input.readByte() }
            }

            test("reading in time limits loses no byte, whichever call they cut off") { ring ->
                withContext(ring.dispatcher) {
                    val (client, server) = ring.pair()
                    val random = Random(11)
                    launch {
                        val output = client.writeChannel()
                        repeat(2_000) {
                            output.writeString("$it")
                            output.flush()
                            if (it % 20 == 0) delay(2.milliseconds)
                            output.writeString("\n")
                            output.flush()
                        }
                        output.close()
                    }
                    val input = server.readChannel()
                    val lines = ArrayList<String>()
                    var timeouts = 0
                    while (true) {
                        try {
                            lines.add(withTimeout(random.nextLong(1, 3).milliseconds) { input.readLine() } ?: break)
                        } catch (_: TimeoutCancellationException) {
                            timeouts++
                        }
                    }
                    lines shouldContainExactly List(2_000) { "$it" }
                }
            }

            test("a peer that does not read holds up the writer") { ring ->
                val (client, server) = ring.pair()
                var written = 0
                val writing = launch(ring.dispatcher) {
                    val output = client.writeChannel()
                    repeat(20_000) {
                        output.writeFully(ByteArray(1000))
                        written++
                    }
                    output.close()
                }
                var before = -1
                until("nothing goes on") {
                    val same = written > 0 && before == written
                    before = written
                    delay(20.milliseconds)
                    same
                }
                writing.isActive shouldBe true
                server.readChannel().discard() shouldBe 20_000_000
                writing.join()
            }

            test("a connection that is closed fails what waits in a channel") { ring ->
                withContext(ring.dispatcher) {
                    val (client, server) = ring.pair()
                    val reading = async { runCatching { server.readChannel().readByte() } }
                    until("it receives") { ring.inFlight() > 0L }
                    server.closeAndJoin()
                    (reading.await().exceptionOrNull() is IOException) shouldBe true
                    client.closeAndJoin()
                    shouldThrow<IOException> { client.writeChannel().apply { writeByte(1) }.flush() }
                }
            }

            test("closing a read channel leaves the connection open, and everything else refuses to go on") { ring ->
                val (client, server) = ring.pair()
                val input = server.readChannel()
                client.sendFully(direct(bytes(10)))
                input.readByte() shouldBe 0
                input.close()
                shouldThrow<IllegalStateException> { input.readByte() }
                until("all buffers are back") { BufferGroup.ofRing(ring).held() == 0 && ring.inFlight() == 0L }
                val output = server.writeChannel()
                output.writeByte(5)
                output.close()
                shouldThrow<IllegalStateException> { output.writeByte(1) }
                shouldThrow<IllegalStateException> { output.flush() }
                client.readChannel().readRemaining().readByteArray() shouldBe byteArrayOf(5)
            }

            test("files have channels, too") { ring ->
                withTempFile("first\nsecond\r\n\nlast".encodeToByteArray()) { path ->
                    val channel = ring.openFile(path).asSuspendingSource().buffered()
                    channel.lines().take(2).toList() shouldContainExactly listOf("first", "second")
                    channel.lines().toList() shouldContainExactly listOf("", "last")
                    channel.close()
                }
                ring.openHandles() shouldBe 0
            }
        }

        test("lines and delimiters are found whatever pieces the bytes come in") {
            for (piece in listOf(1L, 2L, 3L, 7L, 100_000L)) {
                val text = "\n\r\na\rb\r\n${"x".repeat(20_000)}\r\n\r"
                val lines = ReadChannel(Pieces(text, piece)).lines().toList()
                lines shouldContainExactly listOf("", "", "a\rb", "x".repeat(20_000), "\r")
                val parts = ReadChannel(Pieces("a--b---c--", piece))
                List(4) { parts.readUntil("--".encodeToByteString())?.readString() } shouldContainExactly
                    listOf("a", "b", "-c", null)
                val early = ReadChannel(Pieces("abc", piece))
                shouldThrow<EOFException> { early.readUntil("x".encodeToByteString()) }
                shouldThrow<EOFException> { early.readInt() }
                early.readString(3) shouldBe "abc"
            }
        }

        test("what is too long is refused, and stays") {
            for (piece in listOf(1L, 4L, 100L)) {
                val channel = ReadChannel(Pieces("ok\n12345\n12345\r\nabcdef--", piece))
                channel.readLine(2) shouldBe "ok"
                val failure = shouldThrow<LineTooLongException> { channel.readLine(4) }
                failure.line shouldBe 2
                failure.maxLength shouldBe 4
                failure.message shouldContain "4 bytes"
                channel.readLine(5) shouldBe "12345"
                shouldThrow<LineTooLongException> { channel.readLine(4) }
                channel.readLine(5) shouldBe "12345"
                shouldThrow<IOException> { channel.readUntil("--".encodeToByteString(), 5) }
                channel.readUntil("--".encodeToByteString(), 6)?.readString() shouldBe "abcdef"
                shouldThrow<IOException> { ReadChannel(Pieces("abc", piece)).readRemaining(2) }
            }
            shouldThrow<IllegalArgumentException> { ReadChannel(Pieces("", 1)).readLine(-1) }
            shouldThrow<IllegalArgumentException> { ReadChannel(Pieces("", 1)).request(-1) }
            shouldThrow<IllegalArgumentException> { ReadChannel(Pieces("", 1)).readUntil("".encodeToByteString()) }
        }
    })

/** A text that comes in pieces. */
private class Pieces(text: String, private val most: Long) : SuspendingSource {
    private val left = Buffer().apply { write(text.encodeToByteArray()) }

    override suspend fun readAtMostTo(sink: Buffer, byteCount: Long): Long =
        left.readAtMostTo(sink, minOf(byteCount, most))

    override suspend fun close() = Unit

    override fun toString() = "Pieces"
}
