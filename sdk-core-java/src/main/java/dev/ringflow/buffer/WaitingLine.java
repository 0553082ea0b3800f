package dev.ringflow.buffer;

import dev.ringflow.Ring;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Those who wait for a buffer, in the order in which they came. Any thread. */
final class WaitingLine {
    /**
     * One who waits. Who ends the future otherwise, by cancelling it or by a timeout, leaves the line; and if a buffer
     * is on its way to him already, it goes back.
     */
    final class Waiter extends CompletableFuture<RingBuffer> implements Runnable {
        private final Ring ring;
        private @Nullable Waiter before;
        private @Nullable Waiter behind;
        private boolean inLine;
        private @Nullable RingBuffer arrived;

        private Waiter(Ring ring) {
            this.ring = ring;
        }

        /** Called by the one who took it out of the line. */
        private void handOver(RingBuffer lease) {
            arrived = lease;
            tell();
        }

        /** Called by the one who took it out of the line. */
        void poolClosed() {
            tell();
        }

        /** On the loop thread, never here: whoever gives a buffer back is not to run what others do with it. */
        private void tell() {
            try {
                ring.execute(this);
            } catch (RejectedExecutionException ringClosed) {
                run();
            }
        }

        @Override
        public void run() {
            RingBuffer lease = arrived;
            if (lease == null) {
                super.completeExceptionally(BufferPool.closedException());
            } else if (!super.complete(lease)) {
                lease.close();
            }
        }

        @Override
        public boolean complete(RingBuffer value) {
            return leaveIf(super.complete(value));
        }

        @Override
        public boolean completeExceptionally(Throwable cause) {
            return leaveIf(super.completeExceptionally(cause));
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            return leaveIf(super.cancel(mayInterruptIfRunning));
        }

        private boolean leaveIf(boolean ended) {
            if (ended) {
                leave(this);
            }
            return ended;
        }

        @Override
        public <U> CompletableFuture<U> newIncompleteFuture() {
            return new CompletableFuture<>();
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Waiter first;
    private @Nullable Waiter last;
    private int count;
    /** The count, for those without the lock. */
    private volatile int size;

    /** How many wait. */
    int size() {
        return size;
    }

    /** Puts one more at the end, who is told on that ring's loop thread. */
    Waiter join(Ring ring) {
        Waiter waiter = new Waiter(ring);
        lock.lock();
        try {
            Waiter end = last;
            waiter.before = end;
            waiter.inLine = true;
            if (end == null) {
                first = waiter;
            } else {
                end.behind = waiter;
            }
            last = waiter;
            size = ++count;
        } finally {
            lock.unlock();
        }
        return waiter;
    }

    /** Takes the first one out; null if nobody waits. */
    @Nullable
    Waiter next() {
        if (size == 0) {
            return null;
        }
        lock.lock();
        try {
            Waiter next = first;
            if (next != null) {
                remove(next);
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** Gives free buffers to those who wait, as long as there are both. */
    void serve(FreeSlots free) {
        while (size > 0) {
            Waiter next;
            BufferSlot slot;
            lock.lock();
            try {
                next = first;
                slot = next == null ? null : free.pop();
                if (next == null || slot == null) {
                    return;
                }
                remove(next);
            } finally {
                lock.unlock();
            }
            next.handOver(slot.lease());
        }
    }

    private void leave(Waiter waiter) {
        lock.lock();
        try {
            if (waiter.inLine) {
                remove(waiter);
            }
        } finally {
            lock.unlock();
        }
    }

    private void remove(Waiter waiter) {
        Waiter before = waiter.before;
        Waiter behind = waiter.behind;
        if (before == null) {
            first = behind;
        } else {
            before.behind = behind;
        }
        if (behind == null) {
            last = before;
        } else {
            behind.before = before;
        }
        waiter.before = null;
        waiter.behind = null;
        waiter.inLine = false;
        size = --count;
    }
}
