package dev.ringflow.uring.driver;

import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.internal.LibC;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps threads on one processor; see sched_setaffinity(2). A thread inherits from the one that starts it where it may run:
 * so threads that a pinned one starts are set free by {@link #release}.
 */
final class ThreadPinning {
    /** Bytes of a mask: 8192 processors. */
    private static final int MASK = 1024;

    private static final int THIS_THREAD = 0;

    private ThreadPinning() {}

    /** Where the process may run, as it was when somebody was first pinned. */
    private static final class Allowed {
        static final ByteBuffer PROCESSORS = Memory.allocate(MASK, Long.BYTES);
        static final int RESULT = LibC.schedGetaffinity(THIS_THREAD, MASK, Memory.address(PROCESSORS));
    }

    /**
     * Pins the calling thread.
     *
     * @param turn which of the processors that the process may run on, counted round and round
     * @return what became of it, for people
     */
    static String pin(int turn) {
        if (Allowed.RESULT < 0) {
            return "not pinned: sched_getaffinity answers " + Errno.name(Allowed.RESULT);
        }
        List<Integer> processors = processors();
        int chosen = processors.get(Math.floorMod(turn, processors.size()));
        ByteBuffer one = Memory.allocate(MASK, Long.BYTES);
        int at = byteOf(chosen);
        one.put(at, (byte) (1 << (chosen & 7)));
        int result = LibC.schedSetaffinity(THIS_THREAD, MASK, Memory.address(one));
        return result < 0 ? "not pinned: sched_setaffinity answers " + Errno.name(result) : "pinned to " + chosen;
    }

    /** Lets the calling thread run anywhere again. */
    static void release() {
        if (Allowed.RESULT >= 0) {
            LibC.schedSetaffinity(THIS_THREAD, MASK, Memory.address(Allowed.PROCESSORS));
        }
    }

    private static List<Integer> processors() {
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < MASK * Byte.SIZE; i++) {
            if ((Allowed.PROCESSORS.get(byteOf(i)) & 1 << (i & 7)) != 0) {
                found.add(i);
            }
        }
        return found;
    }

    /** A mask is an array of words of the machine, whose bytes are in its order. */
    private static int byteOf(int processor) {
        int index = processor >> 3;
        return java.nio.ByteOrder.nativeOrder() == java.nio.ByteOrder.LITTLE_ENDIAN ? index : index ^ 7;
    }
}
