package dev.ringflow.windows.driver;

import dev.ringflow.windows.internal.DirectMemory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The buffers that are registered with an I/O ring. Windows replaces all of them at once, so that is done only while
 * nothing is in flight on any. Confined to the loop thread.
 */
final class RegisteredRegions {
    private static final int MOST = 1024;
    private static final int UNDER_WAY = 1;

    private final FileRings rings;
    /** What Windows has: kept reachable as long as it has it. */
    private @Nullable ByteBuffer[] registered = new ByteBuffer[0];
    /** What it is to have; shorter or longer. */
    private @Nullable ByteBuffer[] wanted = new ByteBuffer[0];

    private int inFlight;
    private int outcome;

    RegisteredRegions(FileRings rings) {
        this.rings = rings;
    }

    /** The index of the region, or -1 if it cannot be registered now. */
    int register(ByteBuffer region) {
        if (inFlight > 0 || region.capacity() == 0) {
            return -1;
        }
        int index = 0;
        while (index < wanted.length && wanted[index] != null) {
            index++;
        }
        if (index == MOST) {
            return -1;
        }
        wanted = Arrays.copyOf(wanted, Math.max(wanted.length, index + 1));
        wanted[index] = region;
        if (replace()) {
            return index;
        }
        wanted[index] = null;
        replace();
        return -1;
    }

    /** Gives a region up; while others are in use Windows keeps it for a while, and so does this. */
    void unregister(int index) {
        if (index < 0 || index >= wanted.length || wanted[index] == null) {
            throw new IllegalArgumentException("No buffer is registered under " + index);
        }
        wanted[index] = null;
        if (inFlight == 0) {
            replace();
        }
    }

    /** An array without entries is refused: one without memory stands for it. */
    private boolean replace() {
        @Nullable ByteBuffer[] all = wanted.length == 0 ? new ByteBuffer[1] : wanted.clone();
        outcome = UNDER_WAY;
        if (!rings.register(all)) {
            return false;
        }
        registered = all;
        return true;
    }

    /** The registration is complete. */
    void completed(int code) {
        outcome = Math.min(code, 0);
    }

    boolean isRegistering() {
        return outcome == UNDER_WAY;
    }

    boolean isRegistered() {
        return outcome == 0;
    }

    /** Names a part by index and offset, if all of it is in the region, which the operation's memory is a part of. */
    void name(FileTransfer transfer, int index) {
        if (index >= registered.length || index >= wanted.length || wanted[index] == null) {
            return;
        }
        ByteBuffer region = registered[index];
        if (region == null || region != wanted[index]) {
            return;
        }
        long offset = transfer.address - DirectMemory.address(region);
        if (offset >= 0 && offset + transfer.length <= region.capacity()) {
            transfer.registered = index;
            transfer.offset = (int) offset;
        }
    }

    void began() {
        inFlight++;
    }

    void ended() {
        inFlight--;
    }
}
