package dev.ringflow.file;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.spi.Operation;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.RejectedExecutionException;

/**
 * One read or write of a channel view, whose outcome is told as the JDK's channels tell theirs: what was moved before a
 * failure counts, and the failure comes with the next call.
 */
final class ChannelTransfer implements RingCallback<Integer> {
    /** What the ring moves of a heap buffer in one operation; the JDK's channels move all of it in one call. */
    private static final int MOST_HEAP_BYTES_AT_ONCE = 128 * 1024;

    private final ByteBuffer buffer;
    private final int start;
    private final boolean pastAnyEnd;
    private final RingCallback<Integer> told;

    private ChannelTransfer(ByteBuffer buffer, boolean pastAnyEnd, RingCallback<Integer> told) {
        this.buffer = buffer;
        this.start = buffer.position();
        this.pastAnyEnd = pastAnyEnd;
        this.told = told;
    }

    /** Reads what one call of a channel reads: -1 at the end. */
    static void read(RingFile file, ByteBuffer target, long position, RingCallback<Integer> told) {
        int bytes = target.remaining();
        if (position > Long.MAX_VALUE - bytes) {
            ByteBuffer nothing = ByteBuffer.allocateDirect(0);
            file.read(nothing, position, new ChannelTransfer(nothing, true, told));
            return;
        }
        ChannelTransfer transfer = new ChannelTransfer(target, false, told);
        if (bytes > MOST_HEAP_BYTES_AT_ONCE && !target.isDirect()) {
            file.readFully(target, position, transfer);
        } else {
            file.read(target, position, transfer);
        }
    }

    /** Writes what one call of a channel writes: on a file system with space, everything. */
    static void write(RingFile file, ByteBuffer source, long position, RingCallback<Integer> told) {
        if (position > Long.MAX_VALUE - source.remaining()) {
            failSoon(
                    file.ring(),
                    told,
                    new IOException("No file is as large as position " + position + " and " + source.remaining()
                            + " bytes, written to " + file + ", would make it"));
            return;
        }
        file.writeFully(source, position, new ChannelTransfer(source, false, told));
    }

    private static void failSoon(Ring ring, RingCallback<Integer> told, IOException cause) {
        try {
            ring.execute(() -> told.failed(cause));
        } catch (RejectedExecutionException closed) {
            told.failed(cause);
        }
    }

    @Override
    public void submitted(Ring ring, Operation operation, int activation) {
        told.submitted(ring, operation, activation);
    }

    @Override
    public boolean completed(Integer bytes) {
        return told.completed(pastAnyEnd ? Integer.valueOf(-1) : bytes);
    }

    @Override
    public void failed(Throwable cause) {
        int moved = buffer.position() - start;
        boolean goesOn = cause instanceof IOException && !(cause instanceof ClosedChannelException);
        if (moved > 0 && goesOn) {
            told.completed(moved);
        } else if (cause instanceof EOFException) {
            told.completed(-1);
        } else {
            told.failed(ChannelFailures.of(cause));
        }
    }
}
