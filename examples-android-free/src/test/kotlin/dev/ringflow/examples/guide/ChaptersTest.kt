package dev.ringflow.examples.guide

import dev.ringflow.Ring
import dev.ringflow.RingGroup
import dev.ringflow.RingOptions
import dev.ringflow.coroutines.accept
import dev.ringflow.coroutines.connect
import dev.ringflow.coroutines.listen
import dev.ringflow.coroutines.openFile
import dev.ringflow.coroutines.receiveFully
import dev.ringflow.coroutines.sendFully
import dev.ringflow.coroutines.shutdownOutput
import dev.ringflow.examples.content
import dev.ringflow.examples.drivers
import dev.ringflow.examples.file
import dev.ringflow.examples.onlyIf
import dev.ringflow.examples.openRing
import dev.ringflow.file.RingOpenOption
import dev.ringflow.net.RingSocket
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.future.await
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import java.net.InetSocketAddress
import java.nio.ByteBuffer
import java.nio.file.StandardOpenOption.READ
import java.nio.file.StandardOpenOption.WRITE
import java.util.concurrent.CancellationException
import java.util.zip.CRC32
import kotlin.io.path.readBytes
import kotlin.io.path.writeText
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toJavaDuration

/** Every snippet of the chapters runs, on every driver that is here, and does what the text says. */
class ChaptersTest :
    FunSpec({
        val loopback = InetSocketAddress("127.0.0.1", 0)
        val directory = tempdir().toPath()
        val bytes = content(200_000)
        val source = file(directory, "source", 200_000)
        val text = directory.resolve("text").apply { writeText("one\ntwo\n") }

        fun sum(from: Int) = CRC32().also { it.update(bytes, from, 50_000) }.value

        fun onRing(driver: String, block: suspend (Ring) -> Unit) = openRing(driver).use { ring ->
            runBlocking(Dispatchers.Default) { withTimeout(30.seconds) { block(ring) } }
        }

        /** Both ends of a connection. */
        suspend fun connected(ring: Ring, block: suspend (RingSocket, RingSocket) -> Unit) = coroutineScope {
            ring.listen(loopback).use { server ->
                val accepted = async { server.accept() }
                ring.connect(server.localAddress()).use { near -> accepted.await().use { far -> block(near, far) } }
            }
        }

        test("the machine answers in both languages") {
            askTheMachine().joinToString("\n") shouldContain "this ring uses "
            Symptoms.askTheMachine().map { it.substringBefore(':') } shouldBe
                askTheMachine().map { it.substringBefore(':') }
        }

        for (driver in drivers()) {
            test("$driver: two reads share the loop thread, and hashing leaves it") {
                onRing(driver) { ring ->
                    ring.openFile(source, READ).use { file ->
                        sumOfTwo(file, 50_000) shouldBe sum(0) + sum(50_000)
                        Threads.sumOfTwo(file, 50_000).await() shouldBe sum(0) + sum(50_000)
                    }
                }
            }

            test("$driver: a receive that is given up gives its buffer back") {
                onRing(driver) { ring ->
                    connected(ring) { near, far ->
                        val buffer = ByteBuffer.allocateDirect(5)
                        receiveWithin(near, buffer, 20.milliseconds).shouldBeNull()
                        shouldThrow<CancellationException> {
                            Giving.receiveWithin(ring, near, buffer, 20.milliseconds.toJavaDuration()).await()
                        }
                        far.sendFully(ByteBuffer.wrap("still".toByteArray()))
                        receiveWithin(near, buffer, 30.seconds) shouldBe 5
                    }
                }
            }

            test("$driver: a pool and groups of buffers") {
                onRing(driver) { ring ->
                    ring.openFile(source, READ).use { file ->
                        Memories.firstByte(ring, file, 7) shouldBe bytes[7 * 4096]
                    }
                    messages(ring).use { group ->
                        connected(ring) { near, far ->
                            val counted = async { count(far, group) }
                            near.sendFully(ByteBuffer.wrap(bytes))
                            near.shutdownOutput()
                            counted.await() shouldBe bytes.size
                        }
                        group.held() shouldBe 0
                    }
                    Memories.messages(ring).use { group ->
                        connected(ring) { near, far ->
                            val counted = Memories.count(far, group)
                            near.sendFully(ByteBuffer.wrap(bytes))
                            near.shutdownOutput()
                            counted.await() shouldBe bytes.size
                        }
                        group.held() shouldBe 0
                    }
                }
            }

            test("$driver: a buffer that is kept is good until it is closed") {
                onRing(driver) { ring ->
                    connected(ring) { near, far ->
                        near.sendFully(ByteBuffer.wrap("kept".toByteArray()))
                        near.shutdownOutput()
                        val kept = keepFirst(far, 1).single()
                        Charsets.UTF_8.decode(kept.byteBuffer()).toString() shouldBe "kept"
                        kept.close()
                        shouldThrow<IllegalStateException> { kept.byteBuffer() }
                    }
                }
            }

            test("$driver: a chain says what it did, or which member failed") {
                onRing(driver) { ring ->
                    val log = file(directory, "log of $driver", 0)
                    ring.openFile(log, WRITE).use { file ->
                        commit(ring, file, ByteBuffer.wrap(content(100)), 0) shouldBe "100 bytes are on the disk"
                        Linked.commit(ring, file, ByteBuffer.wrap(content(10)), 100) shouldBe "10 bytes are on the disk"
                    }
                    log.readBytes().size shouldBe 110
                }
            }

            test("$driver: a read within its time") {
                onRing(driver) { ring ->
                    ring.openFile(source, READ).use { file ->
                        readWithin(file, ByteBuffer.allocateDirect(10), 30.seconds) shouldBe 10
                        val limit = 30.seconds.toJavaDuration()
                        Linked.readWithin(file, ByteBuffer.allocateDirect(10), limit).await() shouldBe 10
                    }
                }
            }

            test("$driver: large blocks are sent from one buffer twice") {
                onRing(driver) { ring ->
                    connected(ring) { near, far ->
                        val sent = ByteBuffer.allocateDirect(bytes.size).put(bytes)
                        val sending = launch {
                            sendTwice(near, sent.flip())
                            ZeroCopy.sendTwice(near, sent.flip())
                        }
                        repeat(4) {
                            val received = ByteBuffer.allocateDirect(bytes.size)
                            far.receiveFully(received)
                            received.flip() shouldBe ByteBuffer.wrap(bytes)
                        }
                        sending.join()
                    }
                }
            }

            test("$driver: kotlinx-io, okio, and a future for Java") {
                onRing(driver) { ring ->
                    ring.openFile(text, READ).use { firstLine(it) shouldBe "one" }
                    firstLineByKotlinxIo(ring.openFile(text, READ)) shouldBe "one"
                    firstLineByOkio(ring.openFile(text, READ)) shouldBe "one"
                    coroutineScope { firstLineAsync(ring, text).await() shouldBe "one" }
                }
            }

            test("$driver: a group of rings serves on all of them") {
                RingGroup.open(RingOptions.builder().driver(driver).build(), 2).use { group ->
                    runBlocking(Dispatchers.Default) {
                        withTimeout(30.seconds) {
                            val server = group.listenAsync(loopback).await()
                            val serving = launch { echoOnAllCores(server) }
                            echoes(group, server.localPort())
                            server.closeAsync().await()
                            serving.join()
                        }
                    }
                }
            }
        }

        test("a group with threads that stay where they are, and a handler in Java") {
            Modes.pinnedGroup().use { group ->
                runBlocking(Dispatchers.Default) {
                    withTimeout(30.seconds) {
                        group.size() shouldBe Runtime.getRuntime().availableProcessors()
                        val server = Modes.listen(group, loopback).await()
                        val serving = server.serve { socket ->
                            val buffer = ByteBuffer.allocateDirect(4)
                            socket.receiveFullyAsync(buffer)
                                .thenCompose { socket.sendFullyAsync(buffer.flip()) }
                                .whenComplete { _, _ -> socket.closeAsync() }
                        }
                        echoes(group, server.localPort())
                        server.closeAsync().await()
                        serving.await()
                    }
                }
            }
            pinnedGroup().use { group -> group.rings().size shouldBeGreaterThan 0 }
        }

        test("a quick ring opens anywhere, and says what it left out") {
            Modes.quickRing().use { ring -> ring.capabilities().details().isNotEmpty() shouldBe true }
            quickRing().use { ring -> ring.driver() shouldBe Ring.open().use { it.driver() } }
        }

        test("uring: a direct descriptor, and an ordinary one made of it").config(
            enabledOrReasonIf = { onlyIf("uring" in drivers(), "uring cannot be had here") }
        ) {
            onRing("uring") { ring ->
                readDirect(ring, source, ByteBuffer.allocateDirect(100)) shouldBe 100
                Descriptors.readDirect(ring, source, ByteBuffer.allocateDirect(100)) shouldBe 100
                ring.openFile(source, READ, RingOpenOption.DIRECT_DESCRIPTOR).use { direct ->
                    direct.isDirectDescriptor shouldBe true
                    descriptorOf(direct) shouldBeGreaterThan 2
                    Descriptors.descriptorOf(direct) shouldBeGreaterThan 2
                }
            }
        }
    })

private suspend fun echoes(group: RingGroup, port: Int) {
    group.next().connect(InetSocketAddress("127.0.0.1", port)).use { socket ->
        socket.sendFully(ByteBuffer.wrap("echo".toByteArray()))
        val answer = ByteBuffer.allocateDirect(4)
        socket.receiveFully(answer)
        Charsets.UTF_8.decode(answer.flip()).toString() shouldBe "echo"
    }
}
