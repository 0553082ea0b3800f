package dev.ringflow.uring.driver;

import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.internal.LibC;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The eventfd through which other threads end the loop's wait; see eventfd(2). The ring watches it with a multishot
 * poll, which tells each write once, so that nobody has to read the counter.
 */
final class WakeupEvent {
    private final int fd;
    private final ByteBuffer one = Memory.allocate(Long.BYTES, Long.BYTES);
    private final long oneAddress = Memory.address(one);
    private final ByteBuffer counter = Memory.allocate(Long.BYTES, Long.BYTES);
    /** Keeps a late signal from reaching a closed, or meanwhile somebody else's, file descriptor. */
    private final ReentrantLock gate = new ReentrantLock();

    private boolean closed;

    WakeupEvent() throws IOException {
        one.putLong(0, 1);
        fd = LibC.eventfd(0, UringConstants.EFD_CLOEXEC | UringConstants.EFD_NONBLOCK);
        if (fd < 0) {
            throw new IOException("eventfd: " + Errno.name(fd) + ". " + Errno.meaning(fd));
        }
    }

    int fd() {
        return fd;
    }

    /** Any thread; without effect once closed. */
    void signal() {
        gate.lock();
        try {
            if (!closed) {
                long written = LibC.write(fd, oneAddress, Long.BYTES);
                assert written == Long.BYTES || written == -Errno.EAGAIN : written; // a full counter wakes as well
            }
        } finally {
            gate.unlock();
        }
    }

    /** Sets the counter back, for kernels without multishot poll: they tell a level, not each write. */
    void reset() {
        long read = LibC.read(fd, Memory.address(counter), Long.BYTES);
        assert read == Long.BYTES || read == -Errno.EAGAIN : read;
    }

    void close() {
        gate.lock();
        try {
            closed = true;
            LibC.close(fd);
        } finally {
            gate.unlock();
        }
    }
}
