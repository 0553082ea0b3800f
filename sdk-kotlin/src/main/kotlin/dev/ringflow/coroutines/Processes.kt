package dev.ringflow.coroutines

import dev.ringflow.Ring
import dev.ringflow.RingFuture
import dev.ringflow.event.ProcessExit
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException

/**
 * Waits until a process that the JDK has started ends. `Process.waitFor()` works all the same. The JDK waits for its
 * processes, too, and may be first to take the status: then the answer is what it knows, in which a signal is a status
 * above 128.
 *
 * ### Cancellation
 *
 * Cancelling ends the waiting and leaves the process alone.
 *
 * @param process a process
 * @throws dev.ringflow.RingClosedException if the ring is closed
 */
public suspend fun Ring.waitForExit(process: Process): ProcessExit = waitForExitAsync(process).awaitExit()

/**
 * Waits until a process ends that the JDK knows, child or not. How it ended is known of children, of others only from
 * Linux 6.15 on, and not to the driver of NIO: see [ProcessExit.Reason.UNKNOWN].
 *
 * ### Cancellation
 *
 * Cancelling ends the waiting and leaves the process alone.
 *
 * @param process a process other than this one
 * @throws dev.ringflow.RingClosedException if the ring is closed
 */
public suspend fun Ring.waitForExit(process: ProcessHandle): ProcessExit = waitForExitAsync(process).awaitExit()

/**
 * Waits until a process ends, child or not, and leaves its status for whoever reaps it. Whether the status is told is
 * said at [Ring.waitForExitAsync].
 *
 * ### Cancellation
 *
 * Cancelling ends the waiting and leaves the process alone.
 *
 * @param pid its number
 * @throws java.io.IOException if there is no such process any more
 * @throws UnsupportedOperationException if the driver knows no processes, as that of NIO
 * @throws dev.ringflow.RingClosedException if the ring is closed
 */
public suspend fun Ring.waitForExit(pid: Long): ProcessExit = waitForExitAsync(pid).awaitExit()

/** No memory of the caller's is in the kernel's hands, so that a cancelled coroutine need not wait for it. */
private suspend fun RingFuture<ProcessExit>.awaitExit(): ProcessExit = suspendCancellableCoroutine { waiting ->
    whenComplete { exit, failure ->
        if (failure == null) waiting.resume(exit) else waiting.resumeWithException(failure)
    }
    waiting.invokeOnCancellation { cancel(false) }
}
