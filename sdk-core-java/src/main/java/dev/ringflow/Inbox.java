package dev.ringflow;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * What other threads hand to a loop, and the flag that keeps them from waking it more than once. Any thread offers; the
 * loop thread does the rest.
 *
 * <p>No wake-up is lost: the loop raises the flag before it looks into the queue for the last time, a producer looks at
 * the flag after it has offered, and both are sequentially consistent. Nothing is dropped at the end: whoever offered
 * while the inbox closed finds it closed afterwards and empties it himself.
 */
final class Inbox {
    private static final VarHandle SLEEPING;
    private static final int CHUNK = 1024;

    static {
        try {
            SLEEPING = MethodHandles.lookup().findVarHandle(Inbox.class, "sleeping", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Queue<Object> queue = new MpscUnboundedVarHandleArrayQueue<>(CHUNK);
    private final ReentrantLock afterClose = new ReentrantLock();
    private volatile boolean sleeping;
    private volatile @Nullable Consumer<Object> closedTo;

    /** Takes work, unless the inbox is closed. */
    boolean offer(Object work) {
        if (closedTo != null) {
            return false;
        }
        queue.offer(work);
        if (closedTo != null) {
            emptyAfterClose();
        }
        return true;
    }

    /** Whether the caller is the one who has to wake the loop. */
    boolean claimWakeup() {
        return sleeping && SLEEPING.compareAndSet(this, true, false);
    }

    @Nullable
    Object poll() {
        return queue.poll();
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Announces that the loop goes to wait; false if there is work, and then it must not. */
    boolean beginSleep() {
        sleeping = true;
        if (queue.isEmpty()) {
            return true;
        }
        sleeping = false;
        return false;
    }

    /** Whether the loop waits, and nobody has woken it yet. Any thread. */
    boolean isAsleep() {
        return sleeping;
    }

    void endSleep() {
        if (sleeping) {
            sleeping = false;
        }
    }

    /** Takes nothing any more; what is left, or slips in, goes to {@code rest}, on whatever thread finds it. */
    void close(Consumer<Object> rest) {
        closedTo = rest;
        emptyAfterClose();
    }

    private void emptyAfterClose() {
        Consumer<Object> rest = closedTo;
        if (rest == null) {
            return;
        }
        afterClose.lock();
        try {
            for (Object work = queue.poll(); work != null; work = queue.poll()) {
                rest.accept(work);
            }
        } finally {
            afterClose.unlock();
        }
    }
}
