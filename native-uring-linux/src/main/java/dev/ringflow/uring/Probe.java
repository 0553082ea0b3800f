package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IO_URING_OP_SUPPORTED;

import java.nio.ByteBuffer;

/**
 * Which opcodes the kernel has. An answer of the running kernel, not a guess by its version.
 *
 * <p>Immutable. Source: {@code io_uring_get_probe(3)}, {@code io_uring_register(2)}.
 */
public final class Probe {
    static final int MAX_OPS = 256;
    static final int HEADER = 16;
    static final int OP_SIZE = 8;
    static final int SIZE = HEADER + MAX_OPS * OP_SIZE;
    private static final int LAST_OP = 0;
    private static final int OPS_LEN = 1;
    private static final int OP_FLAGS = 2;

    private final int lastOp;
    private final boolean[] supported;

    /** Reads the kernel's {@code struct io_uring_probe}. */
    Probe(final ByteBuffer answer) {
        lastOp = Byte.toUnsignedInt(answer.get(LAST_OP));
        final int count = Byte.toUnsignedInt(answer.get(OPS_LEN));
        supported = new boolean[count];
        for (int op = 0; op < count; op++) {
            supported[op] = (answer.getShort(HEADER + op * OP_SIZE + OP_FLAGS) & IO_URING_OP_SUPPORTED) != 0;
        }
    }

    /** A kernel before 5.6, which cannot be asked. */
    Probe() {
        lastOp = -1;
        supported = new boolean[0];
    }

    /**
     * {@code io_uring_get_probe(3)}: asks with a small ring of its own, which is closed again.
     *
     * @return the kernel's answer
     * @throws UringException if no ring can be had
     */
    public static Probe get() throws UringException {
        try (Uring ring = Uring.open(UringParams.of(2).withWishedFlags(0))) {
            return ring.getProbe();
        }
    }

    /**
     * {@code io_uring_opcode_supported(3)}: whether the kernel has an opcode.
     *
     * @param opcode an {@code IORING_OP_} constant
     * @return false also for numbers that it does not know
     */
    public boolean opcodeSupported(final int opcode) {
        return opcode >= 0 && opcode < supported.length && supported[opcode];
    }

    /**
     * The highest opcode that the kernel knows, if only by number.
     *
     * @return an opcode, or -1 for a kernel before 5.6, which cannot be asked
     */
    public int lastOp() {
        return lastOp;
    }

    /**
     * How many opcodes the kernel told about.
     *
     * @return {@code ops_len}
     */
    public int opsLen() {
        return supported.length;
    }

    @Override
    public String toString() {
        final StringBuilder text =
                new StringBuilder("Probe[last_op ").append(lastOp).append(':');
        for (int op = 0; op < supported.length; op++) {
            if (supported[op]) {
                text.append(' ').append(ConstantNames.opcode(op));
            }
        }
        return text.append(']').toString();
    }
}
