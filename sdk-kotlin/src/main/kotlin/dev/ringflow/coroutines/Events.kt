package dev.ringflow.coroutines

import dev.ringflow.Ring
import dev.ringflow.event.ForeignDescriptor
import dev.ringflow.event.PollEvents
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import java.nio.ByteBuffer
import java.nio.channels.ClosedChannelException

/**
 * Waits until something happens to a descriptor that the ring does not own, or is so already; see poll(2). The
 * descriptor stays open.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the descriptor: then its owner
 * may close it. If something happened all the same, the call returns that, and the next suspension point throws.
 *
 * @param descriptor an open file descriptor of this process, which its owner keeps open meanwhile
 * @param events what to wait for; errors and ends are told without being asked for
 * @return what has happened, at least one event
 * @throws java.io.IOException if the system reports an error, such as a number that stands for nothing
 * @throws UnsupportedOperationException if the driver knows no descriptors, as that of NIO
 * @throws dev.ringflow.RingClosedException if the ring is closed
 */
public suspend fun Ring.poll(descriptor: Int, events: PollEvents): PollEvents =
    ForeignDescriptor.of(this, descriptor).poll(events)

/**
 * Waits until something happens to the descriptor. Otherwise as the form for a number.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the descriptor. If something
 * happened all the same, the call returns that, and the next suspension point throws.
 *
 * @param events what to wait for; errors and ends are told without being asked for
 * @return what has happened, at least one event
 * @throws java.nio.channels.ClosedChannelException if the ring's interest in the descriptor is closed
 * @throws UnsupportedOperationException if the driver knows no descriptors, as that of NIO
 */
public suspend fun ForeignDescriptor.poll(events: PollEvents): PollEvents = await { poll(events, it) }

/**
 * What happens to a descriptor that the ring does not own, such as an inotify instance, a timerfd, an eventfd or a
 * pidfd: over one multishot poll (since Linux 5.13), or one poll after the other. The descriptor stays open.
 *
 * ```
 * ring.events(inotify.number(), PollEvents.READABLE).collect { readChanges(inotify) }
 * ```
 *
 * An event tells of a change, so a collector reads until there is nothing more; and it may be told of what was read
 * meanwhile, so it expects that there is nothing at all. What happens while the collector is busy is told in one
 * emission; when much happens, the poll is called off until the collector is back. Nothing is queued.
 *
 * The flow is cold, and each collector has a poll of its own. It completes after an event for which
 * [PollEvents.isLast] is true, such as a hang-up.
 *
 * ### Cancellation
 *
 * Cancelling the collector cancels the poll. It does not wait until the kernel has let go: before the owner closes the
 * descriptor, make a [ForeignDescriptor], collect its [events][ForeignDescriptor.events], and close that first.
 *
 * @param descriptor an open file descriptor of this process, which its owner keeps open while somebody collects
 * @param events what to wait for; errors and ends are told without being asked for
 */
public fun Ring.events(descriptor: Int, events: PollEvents): Flow<PollEvents> =
    ForeignDescriptor.of(this, descriptor).events(events)

/**
 * What happens to the descriptor. Otherwise as [Ring.events]; it also completes when the ring's interest in the
 * descriptor is closed.
 *
 * ### Cancellation
 *
 * Cancelling the collector cancels the poll, and does not wait until the kernel has let go: [closeAndJoin] does.
 *
 * @param events what to wait for; errors and ends are told without being asked for
 */
public fun ForeignDescriptor.events(events: PollEvents): Flow<PollEvents> = flow {
    eventStream(events).use { stream ->
        while (true) {
            val happened = try {
                awaitNext(stream::next, stream::giveUp)
            } catch (_: ClosedChannelException) {
                return@flow
            }
            emit(happened)
        }
    }
}

/**
 * Reads at least 1, and up to as many bytes as remain in [buffer], and moves its position behind them; waits while
 * there is nothing. The buffer belongs to the kernel until the call returns.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If bytes were read
 * all the same, the call returns their number, and the next suspension point throws.
 *
 * @param buffer where to
 * @return the number of bytes, -1 at the end, 0 if nothing remains in the buffer
 * @throws java.io.IOException if the system reports an error
 * @throws UnsupportedOperationException if the driver knows no descriptors, as that of NIO
 */
public suspend fun ForeignDescriptor.read(buffer: ByteBuffer): Int = await { read(buffer, it) }

/**
 * Writes at least 1, and up to as many bytes as remain in [buffer], and moves its position behind them. The buffer
 * belongs to the kernel until the call returns.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If bytes were
 * written all the same, the call returns their number, and the next suspension point throws.
 *
 * @param buffer where from
 * @return the number of bytes
 * @throws java.io.IOException if the system reports an error
 * @throws UnsupportedOperationException if the driver knows no descriptors, as that of NIO
 */
public suspend fun ForeignDescriptor.write(buffer: ByteBuffer): Int = await { write(buffer, it) }

/**
 * Ends the ring's part and suspends until the kernel has let go of the descriptor, which stays open. Closing again
 * has no effect.
 *
 * ### Cancellation
 *
 * Not cancellable: it closes and waits also in a cancelled coroutine, as a `finally` block wants it.
 */
public suspend fun ForeignDescriptor.closeAndJoin() {
    closeAsync().awaitClosed()
}
