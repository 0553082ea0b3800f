package dev.ringflow.coroutines

import dev.ringflow.buffer.BufferGroup
import dev.ringflow.buffer.BufferGroupOptions
import dev.ringflow.buffer.ReceivedBuffer
import dev.ringflow.net.IncomingOptions
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.selects.onTimeout
import kotlinx.coroutines.selects.select
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import java.io.ByteArrayOutputStream
import java.io.IOException
import java.nio.ByteBuffer
import java.nio.channels.ClosedChannelException
import kotlin.random.Random
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

class IncomingSpec :
    FunSpec({
        onEachDriver {
            for (name in listOf("the loop thread", "other threads")) {
                test("delivers all that comes, in order, and ends with the peer, on $name") { ring ->
                    withContext(if (name == "the loop thread") ring.dispatcher else Dispatchers.Default) {
                        val (client, server) = ring.pair()
                        val content = bytes(3_000_000)
                        launch {
                            client.sendFully(direct(content))
                            client.shutdownOutput()
                        }
                        val received = ByteArrayOutputStream()
                        server.incoming().collect { received.write(it.toByteArray()) }
                        received.toByteArray() shouldBe content
                        until("all buffers are back") { BufferGroup.ofRing(ring).held() == 0 }
                    }
                }
            }

            test("a buffer is valid in the collector, beyond it only if it is retained") { ring ->
                val (client, server) = ring.pair()
                val kept = ArrayList<ReceivedBuffer>()
                val seen = Channel<Unit>(Channel.UNLIMITED)
                val collecting = launch(ring.dispatcher) {
                    server.incoming().collect {
                        it.remaining() shouldBe 1
                        kept.add(if (kept.isEmpty()) it.retain() else it)
                        seen.send(Unit)
                    }
                }
                repeat(2) {
                    client.sendFully(direct(byteArrayOf(it.toByte())))
                    seen.receive()
                }
                client.shutdownOutput()
                collecting.join()
                kept[0].byteBuffer().get() shouldBe 0
                BufferGroup.ofRing(ring).held() shouldBe 1
                kept[0].close()
                shouldThrow<IllegalStateException> { kept[1].byteBuffer() }
                until("all buffers are back") { BufferGroup.ofRing(ring).held() == 0 }
            }

            test("copied bytes survive operators with queues") { ring ->
                val (client, server) = ring.pair()
                val content = bytes(500_000)
                launch {
                    client.sendFully(direct(content))
                    client.shutdownOutput()
                }
                val parts = server.incoming().copied().buffer(100).flowOn(ring.dispatcher).map {
                    if (Random.nextInt(10) == 0) delay(1.milliseconds)
                    it
                }.toList()
                parts.fold(ByteArrayOutputStream()) { all, part -> all.apply { write(part) } }.toByteArray() shouldBe
                    content
            }

            test("a slow collector holds up the peer, and memory stays bounded") { ring ->
                val group = BufferGroup.create(
                    ring,
                    BufferGroupOptions.builder().count(16).bufferSize(1024).build()
                )
                val (client, server) = ring.pair()
                val content = bytes(20_000_000)
                val goOn = CompletableDeferred<Unit>()
                val sending = launch(ring.dispatcher) {
                    client.sendFully(direct(content))
                    client.shutdownOutput()
                }
                val received = ByteArrayOutputStream()
                val collecting = launch(ring.dispatcher) {
                    server.incoming(IncomingOptions.builder().group(group).maxHeld(4).build()).collect {
                        goOn.await()
                        received.write(it.toByteArray())
                    }
                }
                until("buffers are held") { group.held() >= 4 }
                delay(20.milliseconds)
                sending.isActive shouldBe true
                goOn.complete(Unit)
                collecting.join()
                received.toByteArray().contentEquals(content) shouldBe true
                group.held() shouldBe 0
                group.close()
            }

            test("cancelling the collector ends the receive, and its buffers come back") { ring ->
                for (dispatcher in listOf(ring.dispatcher, Dispatchers.Default)) {
                    val (client, server) = ring.pair()
                    val collecting = launch(dispatcher) { server.incoming().collect { awaitCancellation() } }
                    client.sendFully(direct(bytes(20_000)))
                    until("a buffer is held") { BufferGroup.ofRing(ring).held() > 0 }
                    collecting.cancelAndJoin()
                    until("nothing is in flight, nothing held") {
                        ring.inFlight() == 0L && BufferGroup.ofRing(ring).held() == 0
                    }
                    val waiting = launch(dispatcher) { server.incoming().collect {} }
                    until("it receives") { ring.inFlight() > 0L }
                    waiting.cancelAndJoin()
                    until("nothing is in flight") { ring.inFlight() == 0L }
                    client.closeAndJoin()
                    server.closeAndJoin()
                }
            }

            test("a collector that has enough ends the receive, and the connection goes on") { ring ->
                val (client, server) = ring.pair()
                client.sendFully(direct(bytes(3)))
                server.incoming().map { it.toByteArray() }.first() shouldBe bytes(3)
                until("nothing is in flight") { ring.inFlight() == 0L }
                client.sendFully(direct(bytes(4)))
                val buffer = ByteBuffer.allocateDirect(4)
                server.receiveFully(buffer)
                buffer.filled() shouldBe bytes(4)
            }

            test("what the collector throws comes out, and the buffer is back") { ring ->
                val (client, server) = ring.pair()
                client.sendFully(direct(bytes(3)))
                shouldThrow<IllegalStateException> { server.incoming().collect { error("bad") } }.message shouldBe "bad"
                until("all buffers are back") { BufferGroup.ofRing(ring).held() == 0 }
            }

            test("a connection that is closed on this side fails the flow") { ring ->
                for (dispatcher in listOf(ring.dispatcher, Dispatchers.Default)) {
                    val (client, server) = ring.pair()
                    val collecting = async(dispatcher) { runCatching { server.incoming().collect {} } }
                    until("it receives") { ring.inFlight() > 0L }
                    server.closeAndJoin()
                    (collecting.await().exceptionOrNull() is ClosedChannelException) shouldBe true
                    client.closeAndJoin()
                }
            }

            test("a second collector is refused, and the first goes on") { ring ->
                val (client, server) = ring.pair()
                val collecting = async(ring.dispatcher) { server.incoming().copied().toList() }
                until("it receives") { ring.inFlight() > 0L }
                shouldThrow<IllegalStateException> { server.incoming().collect {} }
                client.sendFully(direct(bytes(7)))
                client.shutdownOutput()
                collecting.await().single() shouldBe bytes(7)
            }

            test("a connection that the peer resets fails the flow") { ring ->
                val (client, server) = ring.pair()
                val collecting = async(ring.dispatcher) { runCatching { server.incoming().collect {} } }
                until("it receives") { ring.inFlight() > 0L }
                client.abortAsync()
                (collecting.await().exceptionOrNull() is IOException) shouldBe true
            }

            test("a wait for the next bytes that times out loses none of them") { ring ->
                withContext(ring.dispatcher) {
                    val (client, server) = ring.pair()
                    val content = bytes(3_000)
                    val random = Random(7)
                    launch {
                        for (byte in content) {
                            client.sendFully(direct(byteArrayOf(byte)))
                            if (random.nextInt(20) == 0) delay(1.milliseconds)
                        }
                        client.shutdownOutput()
                    }
                    val received = ByteArrayOutputStream()
                    var timeouts = 0
                    server.incomingStream().use { stream ->
                        while (true) {
                            try {
                                val bytes = withTimeout(1.milliseconds) { stream.next() } ?: break
                                received.write(bytes.toByteArray())
                            } catch (_: TimeoutCancellationException) {
                                timeouts++
                            }
                        }
                    }
                    received.toByteArray() shouldBe content
                }
            }

            test("in 400 races of arrival and cancellation the next wait finds what came") { ring ->
                val (client, server) = ring.pair()
                val one = ByteBuffer.allocateDirect(1)
                server.incomingStream().use { stream ->
                    repeat(400) { round ->
                        val got = CompletableDeferred<Int>()
                        val waiting = launch(ring.dispatcher) {
                            val bytes = stream.next()
                            got.complete(requireNotNull(bytes).byteBuffer().get().toInt())
                        }
                        client.sendFully(one.clear().put(0, round.toByte()))
                        waiting.cancelAndJoin()
                        val byte = if (got.isCompleted) {
                            got.await()
                        } else {
                            withContext(ring.dispatcher) { stream.next()?.byteBuffer()?.get()?.toInt() }
                        }
                        byte shouldBe round.toByte().toInt()
                    }
                }
                until("all buffers are back") { BufferGroup.ofRing(ring).held() == 0 }
            }

            test("bytes and anything else can be selected from") { ring ->
                withContext(ring.dispatcher) {
                    val (client, server) = ring.pair()
                    val incoming = server.incomingIn(this)
                    select {
                        incoming.onReceive { "bytes" }
                        onTimeout(10.milliseconds) { "time" }
                    } shouldBe "time"
                    client.sendFully(direct(bytes(5)))
                    select {
                        incoming.onReceive { bytes -> bytes.use { it.toByteArray() } }
                        onTimeout(30.seconds) { null }
                    } shouldBe bytes(5)
                    client.shutdownOutput()
                    incoming.receiveCatching().isClosed shouldBe true
                    BufferGroup.ofRing(ring).held() shouldBe 0
                }
            }

            test("buffers that nobody received from the channel come back, whoever cancels") { ring ->
                for (byScope in listOf(true, false)) {
                    val (client, server) = ring.pair()
                    val channel = CompletableDeferred<AutoCloseable>()
                    val scope = launch(Dispatchers.Default) {
                        val incoming = server.incomingIn(this)
                        channel.complete { incoming.cancel() }
                    }
                    repeat(10) { client.sendFully(direct(bytes(100))) }
                    until("buffers are held") { BufferGroup.ofRing(ring).held() > 0 }
                    if (byScope) scope.cancelAndJoin() else channel.await().close()
                    scope.join()
                    until("nothing is in flight, nothing held") {
                        ring.inFlight() == 0L && BufferGroup.ofRing(ring).held() == 0
                    }
                    client.closeAndJoin()
                    server.closeAndJoin()
                }
            }

            test("connections can be selected from, and those that nobody took are closed") { ring ->
                withContext(ring.dispatcher) {
                    val server = ring.listen(ANY_PORT)
                    val connections = server.connectionsIn(this, capacity = 2)
                    val clients = List(5) { server.plainClient() }
                    val first = select { connections.onReceive { it } }
                    until("the others have come") { ring.openHandles() == 6L }
                    connections.cancel()
                    until("only what was taken is open") { ring.openHandles() == 2L }
                    first.closeAndJoin()
                    server.closeAndJoin()
                    clients.forEach { it.close() }
                }
            }

            test("many collectors share a group that is too small, and all get all of it") { ring ->
                val group = BufferGroup.create(ring, BufferGroupOptions.builder().count(4).bufferSize(512).build())
                val options = IncomingOptions.builder().group(group).maxHeld(2).build()
                val content = bytes(100_000)
                withContext(ring.dispatcher) {
                    val totals = List(20) {
                        val (client, server) = ring.pair()
                        launch {
                            client.sendFully(direct(content))
                            client.shutdownOutput()
                        }
                        async {
                            val received = ByteArrayOutputStream()
                            server.incoming(options).collect {
                                if (Random.nextInt(50) == 0) delay(1.milliseconds)
                                received.write(it.toByteArray())
                            }
                            received.toByteArray()
                        }
                    }
                    totals shouldHaveSize 20
                    totals.forEach { it.await().contentEquals(content) shouldBe true }
                }
                group.held() shouldBe 0
                group.close()
            }
        }
    })
