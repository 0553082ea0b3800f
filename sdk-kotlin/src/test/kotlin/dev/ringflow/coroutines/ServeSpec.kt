package dev.ringflow.coroutines

import dev.ringflow.net.RingServerSocket
import dev.ringflow.net.RingSocket
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineExceptionHandler
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import java.net.BindException
import java.nio.ByteBuffer
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds

class ServeSpec :
    FunSpec({
        onEachDriver {
            for ((name, dispatcher) in listOf("the loop thread" to null, "other threads" to Dispatchers.Default)) {
                test("serves many connections at once, each from its first byte to its last, on $name") { ring ->
                    val server = ring.listen(ANY_PORT)
                    val serving = launch(dispatcher ?: ring.dispatcher) { server.serve { echo(it) } }
                    val echoed = List(50) { client ->
                        async(dispatcher ?: ring.dispatcher) {
                            ring.connect(server.localAddress()).use { socket ->
                                val buffer = ByteBuffer.allocateDirect(8)
                                repeat(20) { message ->
                                    socket.sendFully(buffer.clear().putInt(client).putInt(message).flip())
                                    socket.receiveFully(buffer.clear())
                                    buffer.flip().getInt() shouldBe client
                                    buffer.getInt() shouldBe message
                                }
                                20
                            }
                        }
                    }.awaitAll().sum()
                    echoed shouldBe 50 * 20
                    server.closeAndJoin()
                    serving.join()
                    ring.openHandles() shouldBe 0
                }
            }

            test("a connection is closed when its handler returns, and the server goes on") { ring ->
                val server = ring.listen(ANY_PORT)
                val serving = launch(ring.dispatcher) { server.serve { it.sendFully(direct(bytes(1))) } }
                repeat(3) {
                    server.plainClient().use { client ->
                        client.read(ByteBuffer.allocate(1)) shouldBe 1
                        client.readsEnd() shouldBe true
                    }
                }
                server.closeAndJoin()
                serving.join()
            }

            test("a connection stays open while something that its handler launched goes on") { ring ->
                val server = ring.listen(ANY_PORT)
                val goOn = CompletableDeferred<Unit>()
                val serving = launch(ring.dispatcher) {
                    server.serve { socket ->
                        launch {
                            goOn.await()
                            socket.sendFully(direct(bytes(1)))
                        }
                    }
                }
                server.plainClient().use { client ->
                    until("it is served") { ring.openHandles() == 2L }
                    goOn.complete(Unit)
                    client.read(ByteBuffer.allocate(1)) shouldBe 1
                    client.readsEnd() shouldBe true
                }
                server.closeAndJoin()
                serving.join()
            }

            test("what one handler throws is told with its connection, which is closed, and harms no other") { ring ->
                val server = ring.listen(ANY_PORT)
                val told = ConcurrentLinkedQueue<Pair<RingSocket, Throwable>>()
                val options = ServeOptions(onFailure = { socket, cause -> told.add(socket to cause) })
                val serving = launch(ring.dispatcher) {
                    server.serve(options) { socket ->
                        val first = ByteBuffer.allocateDirect(1)
                        while (socket.receive(first.clear()) > 0) {
                            val code = first.get(0).toInt()
                            if (code == 1) throw IllegalStateException("bad message")
                            if (code == 2) throw AssertionError("bad assumption")
                            if (code == 3) coroutineScope { launch { throw IllegalArgumentException("bad child") } }
                            if (code == 4) withTimeout(1.milliseconds) { awaitCancellation() }
                            socket.sendFully(first.flip())
                        }
                    }
                }
                val good = server.plainClient()
                good.echoes(9) shouldBe true
                for (code in 1..4) server.plainClient().use { it.echoes(code.toByte()) shouldBe false }
                until("all four are told") { told.size == 4 }
                good.echoes(8) shouldBe true
                good.close()
                server.closeAndJoin()
                serving.join()
                told.map { it.second::class } shouldContainExactlyInAnyOrder listOf(
                    IllegalStateException::class,
                    AssertionError::class,
                    IllegalArgumentException::class,
                    TimeoutCancellationException::class
                )
                told.map { it.first }.toSet() shouldHaveSize 4
                told.forEach { it.first.isOpen shouldBe false }
            }

            test("without onFailure the exception handler of the context is told") { ring ->
                val server = ring.listen(ANY_PORT)
                val told = CompletableDeferred<Throwable>()
                val handler = CoroutineExceptionHandler { _, cause -> told.complete(cause) }
                val serving = launch(ring.dispatcher + handler) { server.serve { error("bad message") } }
                server.plainClient().use { it.readsEnd() shouldBe true }
                told.await().message shouldBe "bad message"
                server.closeAndJoin()
                serving.join()
            }

            test("what onFailure throws ends the serving, and all connections are closed") { ring ->
                val server = ring.listen(ANY_PORT)
                val options = ServeOptions(onFailure = { _, cause -> throw cause })
                val idle = server.plainClient()
                val serving = async(Dispatchers.Default) {
                    runCatching {
                        server.serve(options) { socket ->
                            socket.receiveFully(ByteBuffer.allocateDirect(1))
                            throw AssertionError("fatal")
                        }
                    }
                }
                server.plainClient().use {
                    it.write(ByteBuffer.wrap(bytes(1)))
                    serving.await().exceptionOrNull().shouldBeInstanceOf<AssertionError>().message shouldBe "fatal"
                }
                idle.readsEnd() shouldBe true
                ring.openHandles() shouldBe 1
            }

            test("serves no more than maxConnections at a time, and all in the end") { ring ->
                val server = ring.listen(ANY_PORT)
                val now = AtomicInteger()
                val most = AtomicInteger()
                val served = AtomicInteger()
                val serving = launch(Dispatchers.Default) {
                    server.serve(ServeOptions(maxConnections = 3)) { socket ->
                        most.accumulateAndGet(now.incrementAndGet(), ::maxOf)
                        socket.receive(ByteBuffer.allocateDirect(1))
                        served.incrementAndGet()
                        now.decrementAndGet()
                    }
                }
                val clients = List(300) { server.plainClient() }
                until("three are served") { now.get() == 3 }
                until("the kernel has stopped accepting") { ring.inFlight() == 3L }
                val open = ring.openHandles()
                val late = List(50) { server.plainClient() }
                ring.openHandles() shouldBe open
                (clients + late).forEach {
                    it.write(ByteBuffer.wrap(bytes(1)))
                    it.readsEnd() shouldBe true
                    it.close()
                }
                most.get() shouldBeLessThanOrEqual 3
                served.get() shouldBe 350
                server.closeAndJoin()
                serving.join()
            }

            test("Ring.serve listens, says where, and closes the server socket at the end") { ring ->
                val listening = CompletableDeferred<RingServerSocket>()
                val serving = launch { ring.serve(ANY_PORT, onListening = { listening.complete(it) }) { echo(it) } }
                val server = listening.await()
                server.plainClient().use { it.echoes(7) shouldBe true }
                withContext(Dispatchers.Default) {
                    shouldThrow<BindException> { ring.serve(server.localAddress()) {} }
                }
                serving.cancelAndJoin()
                server.isOpen shouldBe false
                ring.openHandles() shouldBe 0
                shouldThrow<IllegalStateException> { ring.serve(ANY_PORT, onListening = { error("no") }) {} }
                ring.openHandles() shouldBe 0
            }

            test("many come and go, and nothing of them stays") { ring ->
                val server = ring.listen(ANY_PORT)
                val serving = launch(ring.dispatcher) {
                    server.serve(ServeOptions(maxConnections = 20)) { socket ->
                        launch { delay(1.hours) }.let { background ->
                            echo(socket)
                            background.cancel()
                        }
                    }
                }
                List(8) {
                    async(Dispatchers.IO) {
                        repeat(50) { server.plainClient().use { it.echoes(it.hashCode().toByte()) shouldBe true } }
                    }
                }.awaitAll()
                until("only the server is open") { ring.openHandles() == 1L }
                server.closeAndJoin()
                serving.join()
            }
        }

        test("options that make no sense are refused") {
            shouldThrow<IllegalArgumentException> { ServeOptions(maxConnections = 0) }
            shouldThrow<IllegalArgumentException> { ServeOptions(grace = (-1).milliseconds) }
        }
    })

private suspend fun echo(socket: RingSocket) {
    val buffer = ByteBuffer.allocateDirect(64)
    while (socket.receive(buffer.clear()) >= 0) socket.sendFully(buffer.flip())
}

/** Sends a byte; whether it comes back. */
internal fun java.nio.channels.SocketChannel.echoes(byte: Byte): Boolean {
    write(ByteBuffer.wrap(byteArrayOf(byte)))
    return try {
        socket().soTimeout = 10_000
        socket().getInputStream().read() == byte.toInt().and(0xff)
    } catch (_: java.net.SocketException) {
        false
    }
}
