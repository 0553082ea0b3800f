package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_RESTRICTION_REGISTER_OP;
import static dev.ringflow.uring.UringConstants.IORING_RESTRICTION_SQE_FLAGS_ALLOWED;
import static dev.ringflow.uring.UringConstants.IORING_RESTRICTION_SQE_FLAGS_REQUIRED;
import static dev.ringflow.uring.UringConstants.IORING_RESTRICTION_SQE_OP;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What a ring may do, for {@link Uring#registerRestrictions(Restrictions)}: a list of what is allowed. All else is
 * answered with -EACCES.
 *
 * <pre>{@code
 * ring.registerRestrictions(new Restrictions()
 *         .sqeOp(IORING_OP_READ).sqeOp(IORING_OP_WRITE)
 *         .sqeFlagsRequired(IOSQE_FIXED_FILE)
 *         .registerOp(IORING_REGISTER_FILES_UPDATE));
 * }</pre>
 *
 * <p>The kernel's struct, of 16 bytes each: {@code __u16 opcode}, then one byte with what it is about.
 *
 * <p>Mutable, for one thread. Source: {@code io_uring_register_restrictions(3)}.
 */
public final class Restrictions {
    static final int SIZE = 16;
    static final int OPCODE = 0;
    static final int VALUE = 2;

    private final List<Integer> kinds = new ArrayList<>();
    private final List<Integer> values = new ArrayList<>();

    /** An empty list: nothing is allowed. */
    public Restrictions() {}

    private Restrictions add(final int kind, final int value) {
        if (value < 0 || value > 0xff) {
            throw new IllegalArgumentException("not a byte: " + value);
        }
        kinds.add(kind);
        values.add(value);
        return this;
    }

    /**
     * Allows a register call.
     *
     * @param opcode an {@code IORING_REGISTER_} constant
     * @return this
     * @throws IllegalArgumentException if it is negative or above 255
     */
    public Restrictions registerOp(final int opcode) {
        return add(IORING_RESTRICTION_REGISTER_OP, opcode);
    }

    /**
     * Allows an operation.
     *
     * @param opcode an {@code IORING_OP_} constant
     * @return this
     * @throws IllegalArgumentException if it is negative or above 255
     */
    public Restrictions sqeOp(final int opcode) {
        return add(IORING_RESTRICTION_SQE_OP, opcode);
    }

    /**
     * Allows flags on entries; the last call counts.
     *
     * @param flags {@code IOSQE_} flags
     * @return this
     * @throws IllegalArgumentException if it is negative or above 255
     */
    public Restrictions sqeFlagsAllowed(final int flags) {
        return add(IORING_RESTRICTION_SQE_FLAGS_ALLOWED, flags);
    }

    /**
     * Requires flags on every entry; the last call counts.
     *
     * @param flags {@code IOSQE_} flags
     * @return this
     * @throws IllegalArgumentException if it is negative or above 255
     */
    public Restrictions sqeFlagsRequired(final int flags) {
        return add(IORING_RESTRICTION_SQE_FLAGS_REQUIRED, flags);
    }

    int count() {
        return kinds.size();
    }

    /** The kernel's array, after so many bytes of something else. */
    ByteBuffer toMemory(final int header) {
        final ByteBuffer memory = Memory.allocate(header + Math.max(1, count()) * SIZE, Integer.BYTES);
        for (int i = 0; i < count(); i++) {
            memory.putShort(header + i * SIZE + OPCODE, kinds.get(i).shortValue());
            memory.put(header + i * SIZE + VALUE, values.get(i).byteValue());
        }
        return memory;
    }
}
