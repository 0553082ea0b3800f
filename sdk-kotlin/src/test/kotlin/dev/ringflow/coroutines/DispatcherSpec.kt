package dev.ringflow.coroutines

import dev.ringflow.RingClosedException
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart.UNDISPATCHED
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import java.nio.ByteBuffer
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

class DispatcherSpec :
    FunSpec({
        onEachDriver {
            test("a ring has one dispatcher") { ring ->
                ring.dispatcher shouldBeSameInstanceAs ring.dispatcher
                open().use { it.dispatcher shouldNotBe ring.dispatcher }
                ring.dispatcher.toString().startsWith("RingDispatcher[Ring[") shouldBe true
            }

            test("a coroutine on it never leaves the loop thread") { ring ->
                withTempFile(bytes(10)) { path ->
                    withContext(ring.dispatcher) {
                        val thread = Thread.currentThread()
                        fun check() {
                            Thread.currentThread() shouldBeSameInstanceAs thread
                            ring.isLoopThread shouldBe true
                        }
                        check()
                        val file = ring.openFile(path).also { check() }
                        file.read(ByteBuffer.allocateDirect(10), 0).also { check() }
                        delay(1.milliseconds).also { check() }
                        yield().also { check() }
                        withTimeout(30.seconds) { delay(1.milliseconds).also { check() } }
                        coroutineScope { launch { file.size().also { check() } } }
                        withContext(Dispatchers.Default) { ring.isLoopThread shouldBe false }
                        file.closeAndJoin().also { check() }
                    }
                }
            }

            test("a coroutine elsewhere goes on where it came from") { ring ->
                Executors.newSingleThreadExecutor().use("own thread") { own ->
                    withContext(own.asCoroutineDispatcher()) {
                        val thread = Thread.currentThread()
                        val (client, server) = ring.pair()
                        val sending = launch(ring.dispatcher) {
                            until("the receive is in flight") { ring.inFlight() == 1L }
                            server.sendFully(direct(bytes(10)))
                        }
                        client.receive(ByteBuffer.allocateDirect(10)) shouldBe 10
                        Thread.currentThread() shouldBeSameInstanceAs thread
                        sending.join()
                        client.closeAndJoin()
                        Thread.currentThread() shouldBeSameInstanceAs thread
                    }
                }
            }

            test(
                "operations, delay and withTimeout from virtual threads",
                enabled = newVirtualThreads != null
            ) { ring ->
                (newVirtualThreads!!.invoke(null) as ExecutorService).use("virtual") { virtual ->
                    withContext(virtual.asCoroutineDispatcher()) {
                        val (client, server) = ring.pair()
                        shouldThrow<CancellationException> {
                            withTimeout(10.milliseconds) { client.receive(ByteBuffer.allocateDirect(1)) }
                        }
                        server.sendFully(direct(bytes(3)))
                        client.receive(ByteBuffer.allocateDirect(3)) shouldBe 3
                        withContext(ring.dispatcher) { delay(1.milliseconds) }
                    }
                }
            }

            test("runs what comes from other threads in its order") { ring ->
                val ran = ArrayList<Int>()
                coroutineScope { repeat(2000) { launch(ring.dispatcher) { ran += it } } }
                ran shouldContainExactly List(2000) { it }
            }

            test("launch on the loop thread runs at once") { ring ->
                val order = ArrayList<String>()
                withContext(ring.dispatcher) {
                    coroutineScope {
                        launch {
                            order += "launched"
                            yield()
                            order += "after its yield"
                        }
                        order += "after launch"
                        yield()
                        order += "after yield"
                    }
                }
                order shouldContainExactly listOf("launched", "after launch", "after its yield", "after yield")
            }

            test("yield lets the ring do its work and other coroutines run") { ring ->
                withTempFile(bytes(100)) { path ->
                    withContext(ring.dispatcher) {
                        var done = false
                        launch {
                            ring.openFile(path).use { file ->
                                repeat(100) { file.read(ByteBuffer.allocateDirect(1), it.toLong()) shouldBe 1 }
                            }
                            done = true
                        }
                        var turns = 0
                        while (!done) {
                            turns++
                            yield()
                        }
                        (turns > 0) shouldBe true
                    }
                }
            }

            test("100,000 resumptions in a row need no deep stack") { ring ->
                withContext(ring.dispatcher) {
                    val chain = List(100_000) { CompletableDeferred<Int>() }
                    for (i in 1 until chain.size) {
                        launch(start = UNDISPATCHED) { chain[i].complete(chain[i - 1].await() + 1) }
                    }
                    delay(1.milliseconds) // goes on from a timer, as from a completion
                    chain[0].complete(0)
                    chain.last().await() shouldBe 99_999
                }
            }

            test("runBlocking on it echoes without leaving it") { ring ->
                runBlocking(ring.dispatcher) {
                    val (client, server) = ring.pair()
                    val echo = launch {
                        val buffer = ByteBuffer.allocateDirect(8)
                        while (server.receive(buffer.clear()) > 0) server.sendFully(buffer.flip())
                    }
                    val buffer = ByteBuffer.allocateDirect(8)
                    repeat(1000) {
                        client.sendFully(buffer.clear().putLong(it.toLong()).flip())
                        client.receiveFully(buffer.clear()) shouldBe 8
                        buffer.getLong(0) shouldBe it.toLong()
                    }
                    client.closeAndJoin()
                    echo.join()
                }
            }

            test("what is dispatched to a closed ring is cancelled, and does not hang") { ring ->
                ring.closeAndJoin()
                var ran = false
                val job = launch(ring.dispatcher) { ran = true }
                job.join()
                job.isCancelled shouldBe true
                ran shouldBe false
                val thrown = shouldThrow<CancellationException> { withContext(ring.dispatcher) { delay(1.hours) } }
                generateSequence<Throwable>(thrown) { it.cause }.any { it is RingClosedException } shouldBe true
            }

            test("a coroutine whose ring closed meanwhile cleans up") { ring ->
                val gate = CompletableDeferred<Unit>()
                val steps = ArrayList<String>()
                val (socket, _) = ring.pair()
                val job = launch(ring.dispatcher) {
                    try {
                        gate.await()
                        steps += "not reached"
                    } finally {
                        steps += "finally"
                        socket.closeAndJoin()
                        steps += "closed"
                        withContext(NonCancellable + Dispatchers.IO) {
                            delay(1.milliseconds)
                            withTimeout(10.seconds) { delay(1.milliseconds) }
                            steps += "cleaned"
                        }
                    }
                }
                withContext(ring.dispatcher) {} // it waits at the gate
                ring.closeAndJoin()
                gate.complete(Unit)
                job.join()
                job.isCancelled shouldBe true
                steps shouldContainExactly listOf("finally", "closed", "cleaned")
            }

            test("delay and withTimeout do not outlive the ring") { ring ->
                var delayed: Throwable? = null
                var timed: Throwable? = null
                var stubborn: Throwable? = null
                val gate = CompletableDeferred<Unit>()
                val jobs = listOf(
                    launch(ring.dispatcher) { delayed = runCatching { delay(1.hours) }.exceptionOrNull() },
                    launch(ring.dispatcher) {
                        timed = runCatching { withTimeout(1.hours) { gate.await() } }.exceptionOrNull()
                    },
                    launch(ring.dispatcher) {
                        withContext(NonCancellable) { stubborn = runCatching { delay(1.hours) }.exceptionOrNull() }
                    }
                )
                withContext(ring.dispatcher) {} // all of them wait
                ring.closeAndJoin()
                jobs.forEach { it.join() }
                for (thrown in listOf(delayed, timed, stubborn)) {
                    thrown.shouldBeInstanceOf<CancellationException>()
                    generateSequence<Throwable>(thrown) { it.cause }.any { it is RingClosedException } shouldBe true
                }
            }

            test("the ring can be closed from its own dispatcher, and what follows does not hang") { ring ->
                withTempFile(bytes(10)) { path ->
                    val file = ring.openFile(path)
                    var afterwards: Throwable? = null
                    var atLast = false
                    val job = launch(ring.dispatcher) {
                        ring.closeAndJoin()
                        afterwards = runCatching { file.read(ByteBuffer.allocateDirect(1), 0) }.exceptionOrNull()
                        delay(1.milliseconds)
                        atLast = true
                    }
                    job.join()
                    afterwards.shouldBeInstanceOf<RingClosedException>()
                    job.isCancelled shouldBe true
                    atLast shouldBe false
                }
            }

            test("closing the ring ends operations that wait, with the reason") { ring ->
                for (dispatcher in listOf(Dispatchers.Default, ring.dispatcher)) {
                    open().use { other ->
                        val (client, _) = other.pair()
                        val receiving = async(dispatcher) {
                            runCatching { client.receive(ByteBuffer.allocateDirect(1)) }.exceptionOrNull()
                        }
                        until("the receive is in flight") { other.inFlight() == 1L }
                        other.closeAndJoin()
                        (receiving.await() is CancellationException) shouldBe false
                    }
                }
            }

            test("limitedParallelism runs on it") { ring ->
                withContext(ring.dispatcher.limitedParallelism(1)) {
                    delay(1.milliseconds)
                    ring.isLoopThread shouldBe true
                }
            }

            test("cancelling from another thread while everything happens on the loop thread") { ring ->
                repeat(200) {
                    val (client, server) = ring.pair()
                    val ping = launch(ring.dispatcher) {
                        val buffer = ByteBuffer.allocateDirect(1)
                        while (true) {
                            client.sendFully(buffer.clear())
                            server.receiveFully(buffer.clear())
                        }
                    }
                    repeat(it) { yield() }
                    ping.cancelAndJoin()
                    client.closeAndJoin()
                    server.closeAndJoin()
                }
                ring.openHandles() shouldBe 0
            }
        }
    })

/** Null before JDK 21. */
private val newVirtualThreads =
    Executors::class.java.methods.find { it.name == "newVirtualThreadPerTaskExecutor" }

private inline fun <T> ExecutorService.use(what: String, block: (ExecutorService) -> T): T = try {
    block(this)
} finally {
    check(shutdownNow().isEmpty()) { "$what has work left" }
}
