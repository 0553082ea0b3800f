package dev.ringflow.coroutines

import dev.ringflow.Ring
import dev.ringflow.RingCallback
import dev.ringflow.buffer.RingBuffer
import dev.ringflow.net.RingSocket
import dev.ringflow.spi.Operation
import kotlinx.coroutines.CompletableDeferred
import java.nio.ByteBuffer
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn

/**
 * Bytes that are on their way, and whose memory may still be the kernel's: what a send without copying gives back; see
 * [RingSocket.zeroCopyThreshold]. Any thread may use it.
 *
 * @property bytes how many bytes were sent
 */
public class UnreleasedSend internal constructor(public val bytes: Int) {
    private val release = CompletableDeferred<Unit>()

    /** Whether the memory is the caller's again; always so for a send that was copied. */
    public val isReleased: Boolean get() = release.isCompleted && !release.isCancelled

    /**
     * Suspends until the memory is the caller's again: when the peer has acknowledged the bytes, the connection is
     * reset, or the ring is closed.
     *
     * ### Cancellation
     *
     * Ends the wait, and nothing else: the memory stays the kernel's.
     *
     * @throws dev.ringflow.RingClosedException if the ring was closed, and the kernel would not let go of the memory
     *     within [dev.ringflow.RingOptions.closeTimeout]: it must never be touched again
     */
    public suspend fun awaitReleased() {
        release.await()
    }

    internal fun released() {
        release.complete(Unit)
    }

    internal fun keptForGood(cause: Throwable) {
        release.completeExceptionally(cause)
    }

    override fun toString(): String = "UnreleasedSend[$bytes bytes${if (isReleased) ", released" else ""}]"
}

/**
 * Sends up to as many bytes as remain in [buffer], and returns as soon as they are on their way: where the connection
 * sends without copying (see [RingSocket.zeroCopyThreshold]) the memory is the kernel's for longer than that. [send]
 * waits for both.
 *
 * The content of the buffer must not change until [UnreleasedSend.awaitReleased] has returned; its position and limit
 * may be used from the return of this call on.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the outcome is known. If bytes were sent all the same,
 * the call returns normally, and the next suspension point throws; otherwise it throws the `CancellationException`, and
 * the memory is free.
 *
 * @param buffer where from
 * @return the number of bytes, at least 1 unless nothing remains, and when the memory is free
 * @throws java.io.IOException if the system reports an error; a closed socket or ring gives the exceptions that
 *     [dev.ringflow.file.RingFile] names
 */
public suspend fun RingSocket.sendUnreleased(buffer: ByteBuffer): UnreleasedSend = awaitSent { send(buffer, it) }

/**
 * Sends up to as many bytes as remain in a pooled buffer, and returns as soon as they are on their way. Otherwise as the
 * form for [ByteBuffer].
 *
 * The lease may be closed at any time; its memory goes back to the pool when the kernel has let go.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the outcome is known. If bytes were sent all the same,
 * the call returns normally, and the next suspension point throws; otherwise it throws the `CancellationException`, and
 * the memory is free.
 *
 * @param buffer a lease
 * @return the number of bytes, at least 1 unless nothing remains, and when the memory is free
 * @throws java.io.IOException if the system reports an error; a closed socket or ring gives the exceptions that
 *     [dev.ringflow.file.RingFile] names
 * @throws IllegalStateException if the lease is closed
 */
public suspend fun RingSocket.sendUnreleased(buffer: RingBuffer): UnreleasedSend = awaitSent { send(buffer, it) }

/**
 * Sends until nothing remains in [buffer], in its turn behind others that send fully, and returns as soon as all of it
 * is on its way: where the connection sends without copying (see [RingSocket.zeroCopyThreshold]) the memory is the
 * kernel's for longer than that. [sendFully] waits for both.
 *
 * ```
 * val sent = socket.sendFullyUnreleased(buffer)   // the next one may go out
 * sent.awaitReleased()                            // and now the buffer may be filled again
 * ```
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the outcome is known. If everything was sent by then it
 * returns normally, and the next suspension point throws; otherwise it throws the `CancellationException`, the buffer's
 * position tells what was sent, and if that was anything the connection will send no more. When it throws, the memory is
 * free.
 *
 * @param buffer where from; its content must not change until [UnreleasedSend.awaitReleased] has returned
 * @return the number of bytes: all that remained in the buffer; and when the memory is free
 * @throws java.io.IOException if the system reports an error; a closed socket or ring gives the exceptions that
 *     [dev.ringflow.file.RingFile] names
 */
public suspend fun RingSocket.sendFullyUnreleased(buffer: ByteBuffer): UnreleasedSend =
    awaitSent { sendFully(buffer, it) }

/**
 * Sends until nothing remains in a pooled buffer, and returns as soon as all of it is on its way. Otherwise as the form
 * for [ByteBuffer].
 *
 * The lease may be closed at any time; its memory goes back to the pool when the kernel has let go.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the outcome is known. If everything was sent by then it
 * returns normally, and the next suspension point throws; otherwise it throws the `CancellationException`, the buffer's
 * position tells what was sent, and if that was anything the connection will send no more. When it throws, the memory is
 * free.
 *
 * @param buffer a lease
 * @return the number of bytes: all that remained in the buffer; and when the memory is free
 * @throws java.io.IOException if the system reports an error; a closed socket or ring gives the exceptions that
 *     [dev.ringflow.file.RingFile] names
 * @throws IllegalStateException if the lease is closed
 */
public suspend fun RingSocket.sendFullyUnreleased(buffer: RingBuffer): UnreleasedSend =
    awaitSent { sendFully(buffer, it) }

private suspend inline fun awaitSent(crossinline start: (RingCallback<Int>) -> Unit): UnreleasedSend =
    suspendCoroutineUninterceptedOrReturn { caller ->
        val call = SuspendedCall<UnreleasedSend>(caller)
        call.throwIfCancelled()
        start(TwoCompletions(call))
        call.suspendOrTake()
    }

/** Tells the coroutine of the first completion, and the object that it then has of the second. Loop thread. */
private class TwoCompletions(private val call: SuspendedCall<UnreleasedSend>) : RingCallback<Int> {
    private var operation: Operation? = null
    private var sent: UnreleasedSend? = null

    override fun submitted(ring: Ring, operation: Operation, activation: Int) {
        this.operation = operation
        call.submitted(ring, operation, activation)
    }

    override fun sent(value: Int) {
        call.completed(UnreleasedSend(value).also { sent = it })
    }

    override fun completed(value: Int): Boolean {
        val early = sent
        if (early == null) {
            call.completed(UnreleasedSend(value).also { it.released() })
        } else {
            early.released()
        }
        return true
    }

    override fun failed(cause: Throwable) {
        val early = sent
        when {
            early == null -> call.failed(cause)
            operation?.isLeftInKernel == true -> early.keptForGood(cause)
            else -> early.released()
        }
    }
}
