package dev.ringflow.coroutines

import dev.ringflow.net.RingSocket
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.comparables.shouldBeGreaterThanOrEqualTo
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.nio.ByteBuffer
import java.nio.channels.SocketChannel

class ConnectionsSpec :
    FunSpec({
        onEachDriver {
            for (name in listOf("the loop thread", "another thread")) {
                test("delivers each connection once, on $name") { ring ->
                    withContext(if (name == "the loop thread") ring.dispatcher else Dispatchers.Default) {
                        val server = ring.listen(ANY_PORT)
                        val clients = List(100) { server.plainClient() }
                        val sockets = server.connections().take(100).toList()
                        sockets.toSet() shouldHaveSize 100
                        sockets.map { it.remotePort() }.toSet() shouldBe
                            clients.map { it.socket().localPort }.toSet()
                        (clients + sockets).forEach { it.close() }
                        server.closeAndJoin()
                    }
                }
            }

            test("what the collector was given stays open when it has enough") { ring ->
                ring.listen(ANY_PORT).use { server ->
                    server.plainClient().use { client ->
                        val socket = server.connections().first()
                        socket.sendFully(direct(bytes(5)))
                        val buffer = ByteBuffer.allocate(5)
                        while (buffer.hasRemaining()) client.read(buffer)
                        buffer.array() shouldBe bytes(5)
                        until("nothing is accepted any more") { ring.inFlight() == 0L }
                    }
                }
            }

            test("accepts nothing before it is collected, and again for each collector") { ring ->
                val server = ring.listen(ANY_PORT)
                val connections = server.connections()
                ring.inFlight() shouldBe 0
                repeat(3) {
                    server.plainClient().use { connections.first().close() }
                }
                server.closeAndJoin()
            }

            test("completes when the server socket closes, or is closed, or its ring") { ring ->
                val server = ring.listen(ANY_PORT)
                val collecting = launch { server.connections().collect {} }
                until("it accepts") { ring.inFlight() > 0 }
                server.closeAndJoin()
                collecting.join()
                server.connections().toList() shouldBe emptyList()

                val other = ring.listen(ANY_PORT)
                val collectingOther = launch { other.connections().collect {} }
                until("it accepts") { ring.inFlight() > 0 }
                ring.closeAndJoin()
                collectingOther.join()
                other.connections().toList() shouldBe emptyList()
            }

            test("cancelling the collector closes connections that it was not given") { ring ->
                val server = ring.listen(ANY_PORT)
                val given = CompletableDeferred<RingSocket>()
                val collecting = launch(ring.dispatcher) {
                    server.connections().collect {
                        given.complete(it)
                        awaitCancellation()
                    }
                }
                val clients = List(20) { server.plainClient() }
                until("all are accepted") { ring.openHandles() == 21L }
                collecting.cancelAndJoin()
                val first = given.await()
                until("only the server and the given one are open") { ring.openHandles() == 2L }
                val firstPort = first.remotePort()
                clients.filter { it.socket().localPort != firstPort }.forEach { it.readsEnd() shouldBe true }
                first.closeAndJoin()
                clients.all { it.readsEnd() } shouldBe true
                until("nothing is in flight") { ring.inFlight() == 0L }

                // and the backlog is served by the next collector
                server.plainClient().use { server.connections().first().closeAndJoin() }
                clients.forEach(SocketChannel::close)
            }

            test("cancelling a collector that waits ends the accept") { ring ->
                for (dispatcher in listOf(ring.dispatcher, Dispatchers.Default)) {
                    val server = ring.listen(ANY_PORT)
                    val collecting = launch(dispatcher) { server.connections().collect {} }
                    until("it accepts") { ring.inFlight() == 1L }
                    collecting.cancelAndJoin()
                    until("nothing is in flight") { ring.inFlight() == 0L }
                    server.closeAndJoin()
                }
            }

            test("a connection on its way to a cancelled collector is closed") { ring ->
                val server = ring.listen(ANY_PORT)
                val held = HeldDispatcher()
                var given = 0
                val collecting = launch(held) { server.connections().collect { given++ } }
                held.runHeld()
                server.plainClient().use { client ->
                    until("the connection is on its way") { held.isHolding }
                    collecting.cancel()
                    held.runHeld()
                    client.readsEnd() shouldBe true
                }
                collecting.join()
                given shouldBe 0
                until("only the server is open") { ring.openHandles() == 1L }
            }

            test("in 500 races of cancellation and arrival no connection leaks") { ring ->
                val server = ring.listen(ANY_PORT)
                for (dispatcher in listOf(ring.dispatcher, Dispatchers.Default)) {
                    repeat(250) { round ->
                        val collecting = launch(dispatcher) { server.connections().collect { it.close() } }
                        val client = server.plainClient()
                        if (round % 3 == 0) until("it is accepted") { client.readsEnd() }
                        collecting.cancelAndJoin()
                        client.close()
                    }
                }
                until("only the server is open") { ring.openHandles() == 1L && ring.inFlight() == 0L }
            }

            test("a slow collector leaves connections in the kernel's backlog") { ring ->
                val server = ring.listen(ANY_PORT)
                val goOn = CompletableDeferred<Unit>()
                var given = 0
                val collecting = launch(ring.dispatcher) {
                    server.connections().take(500).collect {
                        goOn.await()
                        given++
                        it.closeAndJoin()
                    }
                }
                val early = List(200) { server.plainClient() }
                until("the kernel has stopped accepting") { ring.inFlight() == 0L }
                val open = ring.openHandles()
                val late = List(300) { server.plainClient() }
                ring.inFlight() shouldBe 0
                ring.openHandles() shouldBe open
                open shouldBeGreaterThanOrEqualTo 1 + 1 + 64
                goOn.complete(Unit)
                collecting.join()
                given shouldBe 500
                (early + late).forEach(SocketChannel::close)
            }

            test("one failing connection ends its siblings and the server, and everything is closed") { ring ->
                val thrown = shouldThrow<IllegalStateException> {
                    coroutineScope {
                        ring.listen(ANY_PORT).use { server ->
                            launch {
                                repeat(5) { ring.connect(server.localAddress()) }
                                ring.connect(server.localAddress()).use {
                                    it.sendFully(direct(byteArrayOf(1)))
                                    awaitCancellation()
                                }
                            }
                            server.connections().collect { socket ->
                                launch(start = CoroutineStart.UNDISPATCHED) {
                                    // else it may be cancelled before `use`
                                    socket.use {
                                        it.receive(ByteBuffer.allocateDirect(1))
                                        throw IllegalStateException("bad message")
                                    }
                                }
                            }
                        }
                    }
                }
                thrown.message shouldBe "bad message"
                until("the server and its connections are closed") { ring.openHandles() == 5L && ring.inFlight() == 0L }
            }
        }
    })
