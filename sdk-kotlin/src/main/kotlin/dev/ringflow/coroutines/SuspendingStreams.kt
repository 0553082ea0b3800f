package dev.ringflow.coroutines

import kotlinx.io.Buffer

/**
 * Where bytes come from, one after the other, without blocking a thread: the suspending counterpart of
 * [kotlinx.io.RawSource]. For one coroutine at a time.
 */
public interface SuspendingSource {
    /**
     * Takes at least 1, and at most [byteCount] bytes from this source, and appends them to [sink].
     *
     * ### Cancellation
     *
     * A call that throws has appended nothing and taken nothing, and [sink] is not touched after it.
     *
     * @return the number of bytes, -1 at the end, 0 if [byteCount] is 0
     * @throws IllegalArgumentException if [byteCount] is negative
     * @throws IllegalStateException if this source is closed
     * @throws java.io.IOException if the system reports an error
     */
    public suspend fun readAtMostTo(sink: Buffer, byteCount: Long): Long

    /**
     * Closes this source, and what it reads from if that is a file, and suspends until that is done. Closing again has no
     * effect.
     *
     * ### Cancellation
     *
     * Not cancellable: it closes and waits also in a cancelled coroutine.
     *
     * @throws java.io.IOException if the system reports an error at closing; it is closed all the same
     */
    public suspend fun close()
}

/**
 * Where bytes go, one after the other, without blocking a thread: the suspending counterpart of [kotlinx.io.RawSink].
 * For one coroutine at a time.
 */
public interface SuspendingSink {
    /**
     * Takes [byteCount] bytes from [source] and writes them all.
     *
     * ### Cancellation
     *
     * Cancelling asks the kernel to stop, and the call returns when the kernel has let go. What was written by then is
     * gone from [source], the rest is still there.
     *
     * @throws IllegalArgumentException if [byteCount] is negative, or more than [source] holds
     * @throws IllegalStateException if this sink is closed
     * @throws java.io.IOException if the system reports an error; what was not written is still in [source]
     */
    public suspend fun write(source: Buffer, byteCount: Long)

    /**
     * Hands on what this sink holds back. Files hold back nothing: to make their content durable, call [sync].
     *
     * @throws IllegalStateException if this sink is closed
     * @throws java.io.IOException if the system reports an error
     */
    public suspend fun flush()

    /**
     * Closes this sink, and what it writes to if that is a file, and suspends until that is done. Of a connection it ends
     * the sending side. Closing again has no effect.
     *
     * ### Cancellation
     *
     * Not cancellable: it closes and waits also in a cancelled coroutine.
     *
     * @throws java.io.IOException if the system reports an error at closing; it is closed all the same
     */
    public suspend fun close()
}
