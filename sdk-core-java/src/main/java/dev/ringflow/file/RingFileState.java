package dev.ringflow.file;

import dev.ringflow.OpenDescriptor;
import dev.ringflow.Ring;
import dev.ringflow.internal.CloseOnce;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.OpenFlags;
import dev.ringflow.spi.Operation;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Path;

/** What an open file is, and how operations on it begin; {@link RingFile} is the class to use. */
public abstract class RingFileState implements OpenDescriptor {
    /** Stands for the file's own position, which the operation moves. */
    static final long OWN_POSITION = -1;

    final Ring ring;
    final Handle handle;
    final Path path;
    final int openFlags;
    final long timeoutNanos;
    final CloseOnce closing;

    RingFileState(Ring ring, Handle handle, Path path, int openFlags) {
        this.ring = ring;
        this.handle = handle;
        this.path = path;
        this.openFlags = openFlags;
        this.timeoutNanos = 0;
        this.closing = new CloseOnce(ring, handle);
    }

    /** The same open file, with a time limit for each operation. */
    RingFileState(RingFileState file, long timeoutNanos) {
        this.ring = file.ring;
        this.handle = file.handle;
        this.path = file.path;
        this.openFlags = file.openFlags;
        this.timeoutNanos = timeoutNanos;
        this.closing = file.closing;
    }

    /**
     * The ring that it is open on.
     *
     * @return the ring
     */
    @Override
    public Ring ring() {
        return ring;
    }

    /**
     * What stands for the file in operations. For layers built on the ring: whoever submits operations of his own on it keeps
     * the rules that this class keeps for everybody else.
     *
     * @return the handle
     */
    @Override
    public final Handle unsafeHandle() {
        return handle;
    }

    /**
     * The path that it was opened with.
     *
     * @return the path
     */
    public Path path() {
        return path;
    }

    /**
     * Whether it takes operations.
     *
     * @return false from the moment that closing began
     */
    public boolean isOpen() {
        return closing.isOpen();
    }

    /**
     * Whether each write goes to the end of the file, whatever position is asked for.
     *
     * @return true if it was opened with {@link java.nio.file.StandardOpenOption#APPEND}
     */
    public final boolean isAppending() {
        return OpenFlags.has(openFlags, OpenFlags.APPEND);
    }

    final Operation operation(OpCode code) {
        return ring.operation().opCode(code).handle(handle).owner(this).timeoutNanos(timeoutNanos);
    }

    /** An operation that moves bytes from or to a position, checked. */
    final Operation transfer(OpCode code, long position, long bytes) {
        requirePosition(position, bytes);
        requireOpenFor(code);
        return operation(code).position(position);
    }

    /** An operation that moves bytes from or to the file's own position. */
    final Operation transferAtOwnPosition(OpCode code) {
        requireOpenFor(code);
        return operation(code).position(OWN_POSITION);
    }

    private void requireOpenFor(OpCode code) {
        if (code == OpCode.READ || code == OpCode.READ_VECTORED) {
            requireReadable();
        } else {
            requireWritable();
        }
    }

    static void requirePosition(long position, long bytes) {
        if (position < 0 || position > Long.MAX_VALUE - bytes) {
            throw new IllegalArgumentException("position must be 0 or more, and the transfer must end before 2^63; got "
                    + position + " for " + bytes + " bytes");
        }
    }

    static void requireRange(long position, long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("A range has at least 1 byte, got " + bytes);
        }
        requirePosition(position, bytes);
    }

    final void requireReadable() {
        if (!OpenFlags.has(openFlags, OpenFlags.READ)) {
            throw new NonReadableChannelException();
        }
    }

    final void requireWritable() {
        if (!OpenFlags.has(openFlags, OpenFlags.WRITE)) {
            throw new NonWritableChannelException();
        }
    }
}
