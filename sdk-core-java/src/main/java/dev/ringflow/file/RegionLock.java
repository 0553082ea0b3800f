package dev.ringflow.file;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileLock;

/** A lock of the JDK's that was acquired for another channel. */
final class RegionLock extends FileLock {
    private final FileLock held;

    RegionLock(LockRequest request, FileLock held) {
        super(request.channel(), held.position(), held.size(), held.isShared());
        this.held = held;
    }

    @Override
    public boolean isValid() {
        return held.isValid() && acquiredBy().isOpen();
    }

    @Override
    public void release() throws IOException {
        boolean open = acquiredBy().isOpen();
        if (open || held.isValid()) {
            held.release(); // a closed ring has closed the file, and not the channel that holds its locks
        }
        if (!open) {
            throw new ClosedChannelException();
        }
    }
}
