package dev.ringflow.coroutines

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.TestCoroutineScheduler
import java.nio.ByteBuffer
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds

@OptIn(ExperimentalCoroutinesApi::class)
class ServeStopSpec :
    FunSpec({
        onEachDriver {
            test("a full house notices that the server socket closes, and closes those that wait for a place") { ring ->
                val server = ring.listen(ANY_PORT)
                val told = CompletableDeferred<Boolean>()
                val serving = launch(ring.dispatcher) {
                    server.serve(ServeOptions(maxConnections = 1)) { socket ->
                        onStopping {
                            told.complete(isStopping)
                            socket.shutdownOutput()
                        }
                        isStopping shouldBe false
                        socket.receive(ByteBuffer.allocateDirect(1))
                    }
                }
                val served = server.plainClient()
                val waiting = server.plainClient()
                until("both are accepted") { ring.openHandles() == 3L }
                server.closeAndJoin()
                told.await() shouldBe true
                waiting.readsEnd() shouldBe true
                served.readsEnd() shouldBe true
                serving.isActive shouldBe true
                served.close()
                serving.join()
                ring.openHandles() shouldBe 0
            }

            test("closing the server socket lets connections finish what they do") { ring ->
                val server = ring.listen(ANY_PORT)
                val serving = launch(ring.dispatcher) {
                    server.serve { socket ->
                        socket.receiveFully(ByteBuffer.allocateDirect(1))
                        socket.sendFully(direct(bytes(1)))
                    }
                }
                server.plainClient().use { client ->
                    until("it is served") { ring.openHandles() == 2L }
                    server.closeAndJoin()
                    client.echoes(0) shouldBe true
                    client.readsEnd() shouldBe true
                }
                serving.join()
            }

            test("connections that wait for the next request end when the server stops") { ring ->
                val server = ring.listen(ANY_PORT)
                var ended = 0
                val serving = launch(ring.dispatcher) {
                    server.serve(ServeOptions(grace = Duration.INFINITE)) { socket ->
                        val stopped = CompletableDeferred<Unit>()
                        onStopping { stopped.complete(Unit) }
                        stopped.await()
                        ended++
                    }
                }
                val clients = List(10) { server.plainClient() }
                until("all are served") { ring.openHandles() == 11L }
                server.closeAndJoin()
                serving.join()
                ended shouldBe 10
                clients.forEach { it.readsEnd() shouldBe true }
            }

            test("an action for the end does not hold up a handler that returns, or fails, before") { ring ->
                val server = ring.listen(ANY_PORT)
                val done = AtomicInteger()
                val serving = launch(ring.dispatcher) {
                    server.serve {
                        repeat(2) { onStopping { done.incrementAndGet() } }
                    }
                }
                server.plainClient().use { it.readsEnd() shouldBe true }
                server.closeAndJoin()
                serving.join()
                done.get() shouldBe 0
            }

            test("what is not done by the deadline is cancelled and closed, and not a moment before") { ring ->
                val server = ring.listen(ANY_PORT)
                val time = TestCoroutineScheduler()
                val ends = ConcurrentLinkedQueue<Throwable>()
                val told = ConcurrentLinkedQueue<Throwable>()
                val begun = AtomicBoolean()
                val options = ServeOptions(grace = 1.hours, onFailure = { _, cause -> told.add(cause) })
                val client = server.plainClient()
                // the clock is a test's, all else is real: so the work is done by whoever looks
                val serving = launch(StandardTestDispatcher(time)) {
                    server.serve(options) {
                        begun.set(true)
                        try {
                            awaitCancellation()
                        } catch (e: Throwable) {
                            ends.add(e)
                            throw e
                        }
                    }
                }
                suspend fun look(what: String, isSo: suspend () -> Boolean) = until(what) {
                    time.runCurrent()
                    isSo()
                }
                look("it is served") { begun.get() }
                server.closeAndJoin()
                look("nothing waits for the kernel") { ring.inFlight() == 0L }
                time.runCurrent()
                time.advanceTimeBy(1.hours - 1.milliseconds)
                time.runCurrent()
                serving.isActive shouldBe true
                ends.shouldBeEmpty()
                time.advanceTimeBy(1.milliseconds)
                look("it has ended") { serving.isCompleted }
                ends shouldHaveSize 1
                told.shouldBeEmpty()
                client.readsEnd() shouldBe true
                ring.openHandles() shouldBe 0
            }

            test("grace can be none at all") { ring ->
                val server = ring.listen(ANY_PORT)
                val serving = launch(ring.dispatcher) {
                    server.serve(ServeOptions(grace = Duration.ZERO)) { awaitCancellation() }
                }
                val client = server.plainClient()
                until("it is served") { ring.openHandles() == 2L }
                server.closeAndJoin()
                serving.join()
                client.readsEnd() shouldBe true
            }

            test("cancelling the caller cancels all at once, and returns when all are closed") { ring ->
                for (dispatcher in listOf(ring.dispatcher, Dispatchers.Default)) {
                    val server = ring.listen(ANY_PORT)
                    val told = ConcurrentLinkedQueue<Throwable>()
                    val options = ServeOptions(onFailure = { _, cause -> told.add(cause) })
                    val serving = launch(dispatcher) {
                        server.serve(options) { it.receive(ByteBuffer.allocateDirect(1)) }
                    }
                    val clients = List(10) { server.plainClient() }
                    until("all are served") { ring.inFlight() == 11L }
                    serving.cancelAndJoin()
                    ring.openHandles() shouldBe 1
                    clients.forEach { it.readsEnd() shouldBe true }
                    told.shouldBeEmpty()
                    server.isOpen shouldBe true
                    server.closeAndJoin()
                }
            }

            test("a connection whose coroutine is cancelled before it began is closed, unserved") { ring ->
                val server = ring.listen(ANY_PORT)
                val held = HeldDispatcher()
                var served = 0
                val serving = launch(held) { server.serve { served++ } }
                held.runHeld()
                server.plainClient().use { client ->
                    until("the connection is on its way") { held.isHolding }
                    held.runOne()
                    until("its coroutine is on its way") { held.isHolding }
                    serving.cancel()
                    until("all has ended") {
                        held.runHeld()
                        serving.isCompleted
                    }
                    client.readsEnd() shouldBe true
                }
                served shouldBe 0
                until("only the server is open") { ring.openHandles() == 1L }
            }

            test("in 300 races of arrival, cancellation and closing no connection leaks") { ring ->
                for (dispatcher in listOf(ring.dispatcher, Dispatchers.Default)) {
                    repeat(150) { round ->
                        val server = ring.listen(ANY_PORT)
                        val options = ServeOptions(maxConnections = 1 + round % 2, grace = Duration.ZERO)
                        val serving = launch(dispatcher) {
                            server.serve(options) { it.receive(ByteBuffer.allocateDirect(1)) }
                        }
                        val clients = List(3) { server.plainClient() }
                        if (round % 2 == 0) serving.cancelAndJoin()
                        server.closeAndJoin()
                        serving.join()
                        clients.forEach { it.close() }
                    }
                }
                until("nothing is open") { ring.openHandles() == 0L && ring.inFlight() == 0L }
            }

            test("returns when the ring is closed") { ring ->
                val server = ring.listen(ANY_PORT)
                val told = ConcurrentLinkedQueue<Throwable>()
                val options = ServeOptions(1, onFailure = { _, cause -> told.add(cause) })
                val serving = launch(Dispatchers.Default) {
                    server.serve(options) { it.receive(ByteBuffer.allocateDirect(1)) }
                }
                server.plainClient().use {
                    until("it is served") { ring.openHandles() == 2L && ring.inFlight() > 0 }
                    ring.closeAndJoin()
                    serving.join()
                    it.readsEnd() shouldBe true
                }
                told.shouldBeEmpty()
            }
        }
    })
