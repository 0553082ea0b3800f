package dev.ringflow.coroutines

import dev.ringflow.Ring
import dev.ringflow.RingCallback
import dev.ringflow.file.RingFile
import dev.ringflow.spi.Operation
import kotlinx.coroutines.CancellationException
import java.io.InterruptedIOException
import java.util.concurrent.CountDownLatch

/** One operation that a thread waits for. It goes on when the kernel has let go of the memory, and not before. */
internal class BlockingCall<T> : RingCallback<T> {
    private val told = CountDownLatch(1)
    private var ring: Ring? = null
    private var operation: Operation? = null
    private var activation = 0
    private var value: T? = null
    private var failure: Throwable? = null

    override fun submitted(ring: Ring, operation: Operation, activation: Int) {
        this.ring = ring
        this.operation = operation
        this.activation = activation
    }

    override fun completed(value: T): Boolean {
        this.value = value
        told.countDown()
        return true
    }

    override fun failed(cause: Throwable) {
        failure = cause
        told.countDown()
    }

    /** An interrupt asks the kernel to cancel, and is kept. */
    fun await(): T {
        var interrupted = false
        while (true) {
            try {
                told.await()
                break
            } catch (_: InterruptedException) {
                interrupted = true
                operation?.let { ring?.cancel(it, activation) }
            }
        }
        if (interrupted) Thread.currentThread().interrupt()
        val cause = failure
        if (interrupted && cause is CancellationException) throw interruptedBy(cause)
        if (cause != null) throw cause
        @Suppress("UNCHECKED_CAST") // the ring told one
        return value as T
    }

    private fun interruptedBy(cause: CancellationException) =
        InterruptedIOException("The thread was interrupted, and the operation cancelled").apply { initCause(cause) }
}

/** Starts an operation and waits for it; refuses to on the loop thread, which would wait for itself. */
internal fun <T> RingFile.blocking(call: String, start: RingFile.(RingCallback<T>) -> Unit): T {
    check(!ring().isLoopThread) {
        "$call of $this waits for the ring, and was called on the loop thread of that ring, which would wait for " +
            "itself. Use the suspending functions there, or another thread"
    }
    val waiting = BlockingCall<T>()
    start(waiting)
    return waiting.await()
}

/** Closes and waits, and tells what failed; on the loop thread it only begins. */
internal fun RingFile.closeBlocking() {
    val closed = closeAsync()
    if (ring().isLoopThread) return
    try {
        closed.join()
    } catch (e: java.util.concurrent.CompletionException) {
        throw e.cause ?: e
    }
}
