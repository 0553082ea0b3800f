package dev.ringflow.coroutines

import dev.ringflow.net.RingSocket
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineStart.UNDISPATCHED
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.isActive
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import java.nio.ByteBuffer
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.random.Random
import kotlin.time.Duration.Companion.milliseconds

class CancellationSpec :
    FunSpec({
        onEachDriver {
            test(
                "cancelling a receive on an idle socket reaches the kernel, which no longer touches the buffer"
            ) { ring ->
                for (dispatcher in listOf(ring.dispatcher, Dispatchers.Default)) {
                    val (client, server) = ring.pair()
                    val buffer = ByteBuffer.allocateDirect(64)
                    val cancels = ring.metrics().cancels()
                    val receiving = launch(dispatcher) { client.receive(buffer) }
                    until("the receive is in flight") { ring.inFlight() == 1L }
                    receiving.cancelAndJoin()
                    ring.inFlight() shouldBe 0
                    ring.metrics().cancels() shouldBe cancels + 1

                    server.sendFully(direct(ByteArray(64) { -1 }))
                    val other = ByteBuffer.allocateDirect(64)
                    client.receiveFully(other) shouldBe 64
                    buffer.position() shouldBe 0
                    ByteArray(64).also { buffer.get(it) } shouldBe ByteArray(64)
                    other.filled() shouldBe ByteArray(64) { -1 }
                }
            }

            test("a heap buffer of a cancelled receive is not touched either") { ring ->
                val (client, server) = ring.pair()
                val buffer = ByteBuffer.allocate(64)
                val receiving = launch { client.receive(buffer) }
                until("the receive is in flight") { ring.inFlight() == 1L }
                receiving.cancelAndJoin()
                server.sendFully(direct(ByteArray(64) { -1 }))
                client.receiveFully(ByteBuffer.allocate(64))
                buffer.array() shouldBe ByteArray(64)
            }

            test("withTimeout ends a receive, and the socket goes on") { ring ->
                for (dispatcher in listOf(ring.dispatcher, Dispatchers.Default)) {
                    withContext(dispatcher) {
                        val (client, server) = ring.pair()
                        val buffer = ByteBuffer.allocateDirect(8)
                        shouldThrow<TimeoutCancellationException> {
                            withTimeout(20.milliseconds) { client.receive(buffer) }
                        }
                        withTimeoutOrNull(20.milliseconds) { client.receiveFully(buffer) } shouldBe null
                        currentCoroutineContext().isActive shouldBe true
                        server.sendFully(direct(bytes(8)))
                        client.receiveFully(buffer) shouldBe 8
                        buffer.filled() shouldBe bytes(8)
                    }
                }
            }

            test("a receiveFully that is cancelled half way tells how far it came") { ring ->
                val (client, server) = ring.pair()
                val buffer = ByteBuffer.allocateDirect(8)
                server.sendFully(direct(bytes(3)))
                val receiving = launch { client.receiveFully(buffer) }
                until("three bytes have come") { ring.metrics().completed() > 0 && ring.inFlight() == 1L }
                val cancels = ring.metrics().cancels()
                withTimeoutOrNull(20.milliseconds) { receiving.join() } shouldBe null
                receiving.cancelAndJoin()
                ring.metrics().cancels() shouldBeGreaterThan cancels
                buffer.filled() shouldBe bytes(3)
            }

            for (name in listOf("the loop thread", "another thread")) {
                test("in 3,000 races of cancellation and arrival on $name no byte is lost or doubled") { ring ->
                    val dispatcher = if (name == "the loop thread") ring.dispatcher else Dispatchers.Default
                    val (client, server) = ring.pair()
                    val outcomes = raceReceive(client, server, dispatcher)
                    println("$driver, $name: $outcomes")
                    until("nothing is in flight") { ring.inFlight() == 0L }
                    ring.openHandles() shouldBe 2
                }

                test("in 1,000 races of cancellation and connection on $name no connection leaks") { ring ->
                    val dispatcher = if (name == "the loop thread") ring.dispatcher else Dispatchers.Default
                    val server = ring.listen(ANY_PORT)
                    val random = Random(7)
                    val accepted = ConcurrentLinkedQueue<RingSocket>()
                    repeat(1000) {
                        val accepting = launch(dispatcher) { accepted.add(server.accept()) }
                        val connecting =
                            launch(Dispatchers.Default) { ring.connect(server.localAddress()).closeAndJoin() }
                        random.pause()
                        accepting.cancel()
                        joinAll(accepting, connecting)
                    }
                    println("$driver, $name: ${accepted.size} of 1,000 accepted before they were cancelled")
                    accepted.forEach { it.closeAndJoin() }
                    until("only the server is open") { ring.openHandles() == 1L }
                    ring.inFlight() shouldBe 0
                }
            }

            test("in 1,000 races of cancellation and opening no file leaks, wherever it is opened from") { ring ->
                withTempFile { path ->
                    val random = Random(3)
                    var opened = 0
                    repeat(1000) {
                        val dispatcher = if (it % 2 == 0) ring.dispatcher else Dispatchers.Default
                        val opening = launch(dispatcher) { ring.openFile(path).use { opened++ } }
                        random.pause()
                        opening.cancelAndJoin()
                    }
                    println("$driver: $opened of 1,000 opened before they were cancelled")
                    until("everything is closed") { ring.openHandles() == 0L }
                }
            }

            test("in 500 races of cancellation and connect no connection leaks") { ring ->
                val server = ring.listen(ANY_PORT)
                val accepting = launch { server.connections().collect { it.close() } }
                val random = Random(5)
                repeat(500) {
                    val connecting = launch(Dispatchers.Default) { ring.connect(server.localAddress()).use {} }
                    random.pause()
                    connecting.cancelAndJoin()
                }
                server.closeAndJoin()
                accepting.join()
                until("everything is closed") { ring.openHandles() == 0L }
            }

            test("closeAndJoin works in a cancelled coroutine") { ring ->
                withTempFile { path ->
                    var wasOpen = 0L
                    val job = launch(start = UNDISPATCHED) {
                        val file = ring.openFile(path)
                        val (client, _) = ring.pair()
                        try {
                            client.receive(ByteBuffer.allocateDirect(1))
                        } finally {
                            file.closeAndJoin()
                            wasOpen = if (file.isOpen) 1 else 0
                        }
                    }
                    until("the receive is in flight") { ring.inFlight() == 1L }
                    job.cancelAndJoin()
                    wasOpen shouldBe 0
                }
            }
        }
    })

private class Outcomes {
    var received = 0
    var cancelled = 0

    override fun toString() = "$received received, $cancelled cancelled"
}

private suspend fun raceReceive(client: RingSocket, server: RingSocket, dispatcher: CoroutineDispatcher): Outcomes =
    withContext(Dispatchers.Default) {
        val outcomes = Outcomes()
        val random = Random(42)
        val buffer = ByteBuffer.allocateDirect(16)
        val message = ByteBuffer.allocateDirect(1)
        repeat(3000) { round ->
            message.clear().put(round.toByte()).flip()
            var received = 0
            val receiving = launch(dispatcher) {
                try {
                    received = client.receive(buffer.clear())
                } catch (_: CancellationException) {
                    buffer.position() shouldBe 0
                }
            }
            val sending = launch { server.sendFully(message) }
            random.pause()
            receiving.cancel()
            joinAll(receiving, sending)
            if (received == 0) {
                outcomes.cancelled++
                received = client.receive(buffer.clear())
            } else {
                outcomes.received++
            }
            received shouldBe 1
            buffer.get(0) shouldBe round.toByte()
        }
        outcomes
    }

/** Lets between half a microsecond and half a millisecond pass without giving the thread away, short times more often. */
private fun Random.pause() {
    val end = System.nanoTime() + (1L shl nextInt(9, 20))
    while (System.nanoTime() - end < 0) Thread.onSpinWait()
}
