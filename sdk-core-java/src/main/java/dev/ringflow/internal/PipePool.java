package dev.ringflow.internal;

import dev.ringflow.Ring;
import dev.ringflow.spi.Handle;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Pipes of a ring that are kept for the next copy. They are closed with their ring. Any thread. */
final class PipePool {
    /** Both ends of a pipe. */
    record Pipe(Handle readingEnd, Handle writingEnd) {
        private boolean isOpen() {
            return readingEnd.isOpen() && writingEnd.isOpen();
        }
    }

    private static final int MOST = 16;

    private final Ring ring;
    private final Queue<Pipe> free = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();

    PipePool(Ring ring) {
        this.ring = ring;
    }

    static PipePool of(Ring ring) {
        return ring.companion(PipePool.class, PipePool::new);
    }

    /** An empty pipe, or null if there is none. */
    @Nullable
    Pipe take() {
        for (Pipe pipe = free.poll(); pipe != null; pipe = free.poll()) {
            count.decrementAndGet();
            if (pipe.isOpen()) {
                return pipe;
            }
        }
        return null;
    }

    /** Takes a pipe back that nothing is in. */
    void giveBack(Pipe pipe) {
        if (count.incrementAndGet() <= MOST) {
            free.add(pipe);
        } else {
            count.decrementAndGet();
            close(pipe);
        }
    }

    /** Closes a pipe in which something was left, which nobody else must get. */
    void close(Pipe pipe) {
        ring.discard(pipe.readingEnd);
        ring.discard(pipe.writingEnd);
    }
}
