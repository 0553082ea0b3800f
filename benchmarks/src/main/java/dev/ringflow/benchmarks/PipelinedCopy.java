package dev.ringflow.benchmarks;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.buffer.BufferPool;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.file.RingFile;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;

/** Reads and writes through registered buffers: each buffer takes the next chunk as soon as it has written the last. */
final class PipelinedCopy implements AutoCloseable {
    /** Bytes that one buffer moves at a time. */
    static final int CHUNK = 256 << 10;

    private final Ring ring;
    private final BufferPool pool;
    private final int depth;
    private final OpenOption[] more;

    /** As many buffers as {@code depth}; {@code more} are options with which both files are opened. */
    PipelinedCopy(final Ring ring, final int depth, final OpenOption... more) {
        this.ring = ring;
        this.depth = depth;
        this.more = more;
        pool = BufferPool.create(ring, CHUNK, depth);
    }

    void copy(final Path source, final Path target, final long size) throws InterruptedException {
        try (RingFile from = open(source, StandardOpenOption.READ);
                RingFile to = open(target, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            to.truncateAsync(size).join();
            final Run run = new Run(from, to, size);
            ring.execute(run::begin);
            run.done.join();
        }
    }

    private RingFile open(final Path path, final OpenOption... options) {
        final OpenOption[] all = java.util.Arrays.copyOf(options, options.length + more.length);
        System.arraycopy(more, 0, all, options.length, more.length);
        return ring.openFileAsync(path, all).join();
    }

    @Override
    public void close() {
        ring.close();
    }

    /** One copy; on the loop thread. */
    private final class Run {
        private final RingFile from;
        private final RingFile to;
        private final long size;
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private long next;
        private int busy;

        private Run(final RingFile from, final RingFile to, final long size) {
            this.from = from;
            this.to = to;
            this.size = size;
        }

        private void begin() {
            for (busy = 0; busy < depth; busy++) {
                new Lane(this, pool.acquire()).next();
            }
        }

        private void ended(final RingBuffer lease) {
            lease.close();
            if (--busy == 0) {
                done.complete(null);
            }
        }
    }

    /** One buffer, which reads and writes in turns. */
    private static final class Lane implements RingCallback<Integer> {
        private final Run run;
        private final RingBuffer lease;
        private long position;
        private boolean writing = true;

        private Lane(final Run run, final RingBuffer lease) {
            this.run = run;
            this.lease = lease;
        }

        private void next() {
            writing = !writing;
            if (writing) {
                lease.byteBuffer().flip();
                run.to.writeFully(lease, position, this);
            } else if (run.next == run.size) {
                run.ended(lease);
            } else {
                position = run.next;
                run.next = Math.min(run.size, position + CHUNK);
                lease.byteBuffer().clear().limit((int) (run.next - position));
                run.from.readFully(lease, position, this);
            }
        }

        @Override
        public boolean completed(final Integer bytes) {
            next();
            return true;
        }

        @Override
        public void failed(final Throwable cause) {
            run.done.completeExceptionally(cause);
        }
    }
}
