package dev.ringflow.coroutines

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.io.EOFException
import java.net.BindException
import java.net.ConnectException
import java.net.InetSocketAddress
import java.nio.ByteBuffer
import java.nio.channels.AsynchronousCloseException
import java.nio.channels.UnresolvedAddressException

class SocketsSpec :
    FunSpec({
        onEachDriver {
            test("connects, accepts, sends and receives") { ring ->
                val (client, server) = ring.pair()
                server.remoteAddress() shouldBe client.localAddress()
                client.send(direct(bytes(100))) shouldBe 100
                val buffer = ByteBuffer.allocateDirect(200).position(5)
                server.receive(buffer) shouldBe 100
                buffer.position() shouldBe 105
                buffer.filled().copyOfRange(5, 105) shouldBe bytes(100)
                client.closeAndJoin()
                server.receive(buffer) shouldBe -1
                server.closeAndJoin()
                ring.openHandles() shouldBe 0
            }

            for ((kind, allocate) in listOf<Pair<String, (Int) -> ByteBuffer>>(
                "direct" to ByteBuffer::allocateDirect,
                "heap" to ByteBuffer::allocate
            )) {
                test("sendFully and receiveFully move more than the kernel holds, $kind") { ring ->
                    val (client, server) = ring.pair()
                    val content = bytes(8 * 1024 * 1024)
                    launch {
                        client.sendFully(allocate(content.size).put(content).flip()) shouldBe content.size
                        client.shutdownOutput() shouldBe Unit
                    }
                    val buffer = allocate(content.size)
                    server.receiveFully(buffer) shouldBe content.size
                    buffer.filled() shouldBe content
                    server.receive(buffer.clear()) shouldBe -1
                    server.send(direct(bytes(3))) shouldBe 3
                    client.receive(buffer.clear()) shouldBe 3
                }
            }

            test("sends and receives with pooled buffers") { ring ->
                val (client, server) = ring.pair()
                ring.bufferPool(1000, 2).use { pool ->
                    val source = pool.acquire()
                    val target = pool.acquire()
                    source.byteBuffer().put(bytes(1000)).flip()
                    client.send(source) shouldBeGreaterThan 0
                    source.byteBuffer().clear()
                    client.sendFully(source) shouldBe 1000
                    server.receive(target) shouldBeGreaterThan 0
                    target.byteBuffer().clear().limit(500)
                    server.receiveFully(target) shouldBe 500
                    source.close()
                    target.close()
                    pool.available() shouldBe 2
                }
            }

            test("receiveFully tells an early end, and the position what came before") { ring ->
                val (client, server) = ring.pair()
                client.sendFully(direct(bytes(3)))
                client.closeAndJoin()
                val buffer = ByteBuffer.allocateDirect(10)
                shouldThrow<EOFException> { server.receiveFully(buffer) }
                buffer.filled() shouldBe bytes(3)
            }

            test("refused, taken and unresolved addresses have the exceptions of NIO") { ring ->
                val server = ring.listen(ANY_PORT)
                shouldThrow<BindException> { ring.listen(server.localAddress()) }
                server.closeAndJoin()
                shouldThrow<ConnectException> { ring.connect(server.localAddress()) }
                shouldThrow<UnresolvedAddressException> {
                    ring.connect(InetSocketAddress.createUnresolved("nowhere.invalid", 1))
                }
            }

            test("closing a socket ends what waits on it") { ring ->
                val (client, _) = ring.pair()
                withContext(ring.dispatcher) {
                    val receive = launch {
                        shouldThrow<AsynchronousCloseException> { client.receive(ByteBuffer.allocateDirect(1)) }
                    }
                    until("the receive is in flight") { ring.inFlight() > 0 }
                    client.closeAndJoin()
                    receive.join()
                }
            }

            test("64 connections echo 200 messages each, all on the loop thread") { ring ->
                withContext(ring.dispatcher) {
                    val server = ring.listen(ANY_PORT)
                    val serving = launch {
                        server.connections().collect { socket ->
                            launch {
                                socket.use {
                                    val buffer = ByteBuffer.allocateDirect(64)
                                    while (it.receive(buffer.clear()) >= 0) it.sendFully(buffer.flip())
                                }
                            }
                        }
                    }
                    val echoed = List(64) { client ->
                        async {
                            ring.connect(server.localAddress()).use { socket ->
                                val buffer = ByteBuffer.allocateDirect(16)
                                repeat(200) { message ->
                                    buffer.clear().putInt(client).putInt(message).flip()
                                    socket.sendFully(buffer)
                                    socket.receiveFully(buffer.clear().limit(8))
                                    buffer.flip().getInt() shouldBe client
                                    buffer.getInt() shouldBe message
                                    ring.isLoopThread shouldBe true
                                }
                                200
                            }
                        }
                    }.awaitAll().sum()
                    echoed shouldBe 64 * 200
                    server.closeAndJoin()
                    serving.join()
                }
                until("everything is closed") { ring.openHandles() == 0L }
            }

            test("a server socket that listens knows its port") { ring ->
                ring.listen(ANY_PORT, backlog = 1).use { it.localPort() shouldNotBe 0 }
            }
        }
    })
