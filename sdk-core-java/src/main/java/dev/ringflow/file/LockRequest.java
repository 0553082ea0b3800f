package dev.ringflow.file;

import java.nio.channels.AsynchronousFileChannel;

/**
 * A region to be locked.
 *
 * @param channel who asks
 * @param position where it begins, in bytes
 * @param size bytes; 0 means up to the largest position that there is
 * @param shared whether others may share it
 */
record LockRequest(AsynchronousFileChannel channel, long position, long size, boolean shared) {
    /** With the size that 0 stands for. */
    LockRequest {
        size = size == 0 ? Long.MAX_VALUE - position : size;
    }

    /** Neither end can overflow: position and size were checked. */
    boolean overlaps(LockRequest other) {
        return position < other.position + other.size && other.position < position + size;
    }
}
