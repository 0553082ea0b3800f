package dev.ringflow.coroutines

import com.sun.management.ThreadMXBean
import dev.ringflow.net.RingSocket
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.longs.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.withContext
import java.lang.management.ManagementFactory
import java.nio.ByteBuffer
import java.nio.channels.SocketChannel
import kotlin.coroutines.Continuation
import kotlin.coroutines.startCoroutine

private const val WARM_UP = 30_000
private const val MESSAGES = 30_000

class IncomingAllocationSpec :
    FunSpec({
        onEachDriver {
            test("a message through incoming() and back costs at most 200 bytes of heap, and no thread") { ring ->
                val server = ring.listen(ANY_PORT)
                val client = server.plainClient()
                val socket = server.accept()
                val counted = CompletableDeferred<Result<Long>>()
                // without the names that coroutines give to threads when assertions are on
                suspend { echoAndCount(socket) }.startCoroutine(
                    Continuation(ring.dispatcher + Job()) { counted.complete(it) }
                )
                withContext(Dispatchers.IO) { client.use { it.playBall() } }
                val bytes = counted.await().getOrThrow()
                println("$driver, echo through incoming(): $bytes bytes of heap for each message")
                // what the JDK's channels allocate is their own affair
                if (driver == "uring") bytes shouldBeLessThanOrEqual 200
                socket.closeAndJoin()
                server.closeAndJoin()
            }
        }
    })

private suspend fun echoAndCount(socket: RingSocket): Long {
    val threads = ManagementFactory.getThreadMXBean() as ThreadMXBean
    var messages = 0
    var onAnotherThread = 0
    var before = 0L
    var after = 0L
    socket.incoming().collect {
        if (!socket.ring().isLoopThread) onAnotherThread++
        messages++
        if (messages == WARM_UP) before = threads.currentThreadAllocatedBytes
        if (messages == WARM_UP + MESSAGES) after = threads.currentThreadAllocatedBytes
        socket.sendFully(it)
    }
    onAnotherThread shouldBe 0
    return (after - before) / MESSAGES
}

/** One message after the other, so that each comes alone. */
private fun SocketChannel.playBall() {
    val message = ByteBuffer.allocateDirect(64)
    repeat(WARM_UP + MESSAGES) {
        message.clear()
        while (message.hasRemaining()) write(message)
        message.clear()
        while (message.hasRemaining()) read(message)
    }
}
