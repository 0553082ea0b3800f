package dev.ringflow.file;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileLock;

/** A lock on a part of a file, which {@link RingFile#lockAsync} got. Any thread may use it. */
public final class RingFileLock implements AutoCloseable {
    private final FileLock held;

    RingFileLock(FileLock held) {
        this.held = held;
    }

    /**
     * Where the part begins.
     *
     * @return bytes from the beginning of the file
     */
    public long position() {
        return held.position();
    }

    /**
     * How long the part is.
     *
     * @return bytes
     */
    public long size() {
        return held.size();
    }

    /**
     * Whether others may have a shared lock on the same part.
     *
     * @return true for a shared lock
     */
    public boolean isShared() {
        return held.isShared();
    }

    /**
     * Whether it is held. A lock that the system gave up because another descriptor of the file was closed still looks
     * held: see {@link RingFile#lockAsync}.
     *
     * @return false after {@link #close()}, and after the file was closed
     */
    public boolean isValid() {
        return held.isValid();
    }

    /**
     * Gives the lock up, by a quick system call on the calling thread. Without effect when that was done before, or the
     * file is closed.
     *
     * @throws IOException if the system refuses
     */
    @Override
    public void close() throws IOException {
        try {
            held.release();
        } catch (ClosedChannelException closedWithItsFile) {
            // then it is given up
        }
    }

    @Override
    public String toString() {
        return "RingFileLock[" + size() + " bytes at " + position() + (isShared() ? ", shared" : ", exclusive")
                + (isValid() ? "" : ", given up") + "]";
    }
}
