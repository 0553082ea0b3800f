package dev.ringflow.uring.driver;

import dev.ringflow.spi.DetachedHandle;
import dev.ringflow.spi.Handle;
import dev.ringflow.uring.internal.LibC;
import org.jspecify.annotations.Nullable;

/**
 * A file descriptor that no ring has. Descriptors are the process's, so that going from ring to ring is a matter of books.
 *
 * @param fd the file descriptor
 * @param kind what a ring's handle keeps with it
 */
record DetachedDescriptor(int fd, @Nullable Object kind) implements DetachedHandle {
    static DetachedDescriptor of(Handle handle) {
        if (FileTable.holds(handle)) {
            throw new UnsupportedOperationException(
                    "A direct descriptor is in the table of its ring, and cannot move to another one");
        }
        return new DetachedDescriptor((int) handle.value(), handle.driverState());
    }

    Handle toHandle() {
        return new Handle(fd, kind);
    }

    @Override
    public void close() {
        LibC.close(fd);
    }
}
