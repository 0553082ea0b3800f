package dev.ringflow.coroutines

import dev.ringflow.Ring
import dev.ringflow.RingGroup
import dev.ringflow.RingOptions
import dev.ringflow.buffer.BufferGroup
import dev.ringflow.net.ConnectOptions
import dev.ringflow.net.GroupServerSocket
import dev.ringflow.net.ListenOptions
import dev.ringflow.net.RingSocket
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import java.io.IOException
import java.net.StandardSocketOptions
import java.net.UnixDomainSocketAddress
import java.nio.ByteBuffer
import java.nio.file.Files
import java.nio.file.StandardOpenOption.READ
import java.time.Duration

class SocketFormsSpec :
    FunSpec({
        onEachDriver {
            test("listens and connects with options, and asks for them and sets them") { ring ->
                val server = ring.listen(ANY_PORT, ListenOptions.builder().backlog(5).build())
                val options = ConnectOptions.builder().timeout(Duration.ofSeconds(30)).build()
                ring.connect(server.localAddress(), options).use { socket ->
                    socket.setOption(StandardSocketOptions.TCP_NODELAY, false)
                    socket.getOption(StandardSocketOptions.TCP_NODELAY) shouldBe false
                    socket.setOption(StandardSocketOptions.TCP_NODELAY, true)
                    socket.getOption(StandardSocketOptions.TCP_NODELAY) shouldBe true
                }
                server.closeAndJoin()
            }

            test("shutdownInput ends what waits for bytes") { ring ->
                val (client, server) = ring.pair()
                val reading = async(ring.dispatcher) { server.readChannel().readLine() }
                until("it receives") { ring.inFlight() > 0L }
                server.shutdownInput()
                reading.await() shouldBe null
                client.closeAndJoin()
            }

            test("abort resets the connection") { ring ->
                val (client, server) = ring.pair()
                client.abort()
                client.isOpen shouldBe false
                shouldThrow<IOException> { server.receive(ByteBuffer.allocateDirect(1)) }
            }

            test("receives into a buffer of the group, and sends it as it is") { ring ->
                val (client, server) = ring.pair()
                client.sendFully(direct(bytes(10)))
                val received = requireNotNull(server.receive())
                server.sendFully(received) shouldBe 10
                received.close()
                val back = ByteBuffer.allocateDirect(10)
                client.receiveFully(back)
                back.filled() shouldBe bytes(10)
                val waiting = launch(ring.dispatcher) { server.receive() }
                until("it waits") { ring.inFlight() > 0L }
                waiting.cancelAndJoin()
                client.shutdownOutput()
                server.receive() shouldBe null
                until("all buffers are back") { BufferGroup.ofRing(ring).held() == 0 }
            }

            test("several buffers, parts of files and whole connections can be sent") { ring ->
                val (client, server) = ring.pair()
                val (onwards, target) = ring.pair()
                val piping = async(ring.dispatcher) { server.pipeTo(onwards) }
                client.send(direct(bytes(3)), direct(bytes(4))) shouldBe 7
                client.sendFully(direct(bytes(5)), ByteBuffer.wrap(bytes(6))) shouldBe 11
                withTempFile(bytes(100_000)) { path ->
                    ring.openFile(path, READ).use { it.copyTo(10, 90_000, client) shouldBe 90_000 }
                }
                client.shutdownOutput()
                val input = target.readChannel()
                for (size in 3..6) input.readByteArray(size) shouldBe bytes(size)
                input.readByteArray(90_000) shouldBe bytes(100_000).copyOfRange(10, 90_010)
                input.exhausted() shouldBe true
                piping.await() shouldBe 90_018
            }

            test("a connection goes on on another ring") { ring ->
                open().use { other ->
                    val (client, server) = ring.pair()
                    val moved = server.moveTo(other)
                    moved.ring() shouldBe other
                    server.isOpen shouldBe false
                    client.sendFully(direct(bytes(5)))
                    moved.readChannel().readByteArray(5) shouldBe bytes(5)
                    moved.closeAndJoin()
                    client.closeAndJoin()
                }
            }

            test(
                "open files go over unix sockets, with the name of who sends them",
                enabled = driver == "uring"
            ) { ring ->
                val path = Files.createTempDirectory("ringflow").resolve("socket")
                val server = ring.listen(UnixDomainSocketAddress.of(path))
                val client = ring.connect(UnixDomainSocketAddress.of(path))
                val accepted = server.accept()
                accepted.peerCredentials().processId shouldBe ProcessHandle.current().pid()
                val (one, other) = ring.pair()
                client.sendDescriptors(direct(bytes(1)), listOf(one)) shouldBe 1
                accepted.receiveDescriptors(ByteBuffer.allocateDirect(1), 1).use { received ->
                    received.count() shouldBe 1
                    received.takeSocket(0).use { it.sendFully(direct(bytes(4))) }
                }
                other.readChannel().readByteArray(4) shouldBe bytes(4)
                server.closeAndJoin()
                Files.delete(path)
                Files.delete(path.parent)
            }

            for (reusePort in listOf(true, false)) {
                test(
                    "a group serves on all its rings, ${if (reusePort) "a listener each" else "one for all"}"
                ) { ring ->
                    RingGroup.open(RingOptions.builder().driver(ring.driver()).build(), 2).use { group ->
                        val listening = CompletableDeferred<GroupServerSocket>()
                        val serving = launch(Dispatchers.Default) {
                            group.serve(
                                ANY_PORT,
                                ListenOptions.builder().reusePort(reusePort).build(),
                                onListening = { listening.complete(it) }
                            ) { socket -> echoOn(socket.ring(), socket) }
                        }
                        val server = listening.await()
                        val clients = List(20) { java.nio.channels.SocketChannel.open(server.localAddress()) }
                        clients.forEachIndexed { i, client -> client.echoes(i.toByte()) shouldBe true }
                        clients.drop(1).forEach { it.close() }
                        server.closeAsync()
                        clients[0].echoes(5) shouldBe true
                        clients[0].close()
                        serving.join()
                        group.rings().sumOf { it.openHandles() } shouldBe 0
                    }
                }
            }
        }
    })

private suspend fun echoOn(ring: Ring, socket: RingSocket) {
    ring.isLoopThread shouldBe true
    socket.incoming().collect { socket.sendFully(it) }
}
