package dev.ringflow;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The timers of a loop: a binary heap by due time, from which any element can be taken in logarithmic time. Confined to
 * the loop thread, except {@link Entry#claim()}.
 */
final class TimerQueue {
    /** A task and its time. */
    static final class Entry implements RingTimer {
        private static final VarHandle CLAIMED;

        static {
            try {
                CLAIMED = MethodHandles.lookup().findVarHandle(Entry.class, "claimed", boolean.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        final Runnable task;
        private final EventLoop loop;
        private final long dueNanos;
        private int index = -1;

        @SuppressWarnings("unused") // by CLAIMED
        private volatile boolean claimed;

        Entry(EventLoop loop, Runnable task, long dueNanos) {
            this.loop = loop;
            this.task = task;
            this.dueNanos = dueNanos;
        }

        /** Whoever gets true, and nobody else, decides what becomes of the task. Any thread. */
        boolean claim() {
            return CLAIMED.compareAndSet(this, false, true);
        }

        @Override
        public boolean cancel() {
            if (!claim()) {
                return false;
            }
            loop.removeTimer(this);
            return true;
        }
    }

    private @Nullable Entry[] heap = new Entry[64];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    void add(Entry entry) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        siftUp(size++, entry);
    }

    void remove(Entry entry) {
        int hole = entry.index;
        if (hole < 0) {
            return;
        }
        entry.index = -1;
        Entry last = at(--size);
        heap[size] = null;
        if (last == entry) {
            return;
        }
        siftDown(hole, last);
        if (last.index == hole) {
            siftUp(hole, last);
        }
    }

    /** Nanoseconds until the first is due: 0 when it is, {@link Long#MAX_VALUE} when there is none. */
    long nanosUntilNext() {
        if (size == 0) {
            return Long.MAX_VALUE;
        }
        return Math.max(0, at(0).dueNanos - System.nanoTime());
    }

    /** Takes out every entry whose time has come, those added meanwhile left for the next call. */
    void runDue(Consumer<Runnable> runner) {
        if (size == 0) {
            return;
        }
        long now = System.nanoTime();
        while (size > 0) {
            Entry next = at(0);
            if (next.dueNanos - now > 0) {
                return;
            }
            remove(next);
            if (next.claim()) {
                runner.accept(next.task);
            }
        }
    }

    /** Takes out every entry. */
    void abandonAll(Consumer<Runnable> abandoned) {
        while (size > 0) {
            Entry next = at(0);
            remove(next);
            if (next.claim()) {
                abandoned.accept(next.task);
            }
        }
    }

    private Entry at(int index) {
        Entry entry = heap[index];
        if (entry == null) {
            throw new AssertionError("hole in the timer heap at " + index + " of " + size);
        }
        return entry;
    }

    private void siftUp(int from, Entry entry) {
        int hole = from;
        while (hole > 0) {
            int parentIndex = (hole - 1) >>> 1;
            Entry parent = at(parentIndex);
            if (parent.dueNanos - entry.dueNanos <= 0) {
                break;
            }
            put(hole, parent);
            hole = parentIndex;
        }
        put(hole, entry);
    }

    private void siftDown(int from, Entry entry) {
        int hole = from;
        int half = size >>> 1;
        while (hole < half) {
            int childIndex = 2 * hole + 1;
            Entry child = at(childIndex);
            if (childIndex + 1 < size && at(childIndex + 1).dueNanos - child.dueNanos < 0) {
                childIndex++;
                child = at(childIndex);
            }
            if (entry.dueNanos - child.dueNanos <= 0) {
                break;
            }
            put(hole, child);
            hole = childIndex;
        }
        put(hole, entry);
    }

    private void put(int index, Entry entry) {
        heap[index] = entry;
        entry.index = index;
    }
}
