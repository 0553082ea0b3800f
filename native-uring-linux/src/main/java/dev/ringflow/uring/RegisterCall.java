package dev.ringflow.uring;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/** {@code io_uring_register(2)} on one ring: what all the methods that register something have in common. */
public abstract class RegisterCall {
    RegisterCall() {}

    /** Throws when the ring is closed. */
    abstract void requireOpen();

    /** The call itself: by the ring's file descriptor, or by its registered index where there is none. */
    abstract int callRegister(int opcode, long argument, int nr);

    /** The ring's file descriptor, or -1 where there is none. */
    abstract int ringFd();

    /** The ring's index among those that its thread registered, or -1 where there is none. */
    abstract int registeredIndex();

    /** {@code io_uring_register(2)}. */
    final int register(final int opcode, final long argument, final int nr) {
        requireOpen();
        return callRegister(opcode, argument, nr);
    }

    /** {@code io_uring_register(2)} with a struct that the kernel reads, and may write, during the call. */
    final int register(final int opcode, final ByteBuffer argument, final int nr) {
        final int result = register(opcode, Memory.address(argument), nr);
        Reference.reachabilityFence(argument);
        return result;
    }

    static ByteBuffer ints(final int... values) {
        final ByteBuffer memory = Memory.allocate(Math.max(1, values.length) * Integer.BYTES, Integer.BYTES);
        for (int i = 0; i < values.length; i++) {
            memory.putInt(i * Integer.BYTES, values[i]);
        }
        return memory;
    }

    /** One tag for each resource. */
    static ByteBuffer tags(final long[] tags, final int resources) {
        if (tags.length != resources) {
            throw new IllegalArgumentException(tags.length + " tags for " + resources + " resources");
        }
        final ByteBuffer memory = Memory.allocate(Math.max(1, tags.length) * Long.BYTES, Long.BYTES);
        for (int i = 0; i < tags.length; i++) {
            memory.putLong(i * Long.BYTES, tags[i]);
        }
        return memory;
    }
}
