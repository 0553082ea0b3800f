package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IO_URING_BPF_CMD_FILTER;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A small program that the kernel asks before it runs a request, for {@link Uring#registerBpfFilter(BpfFilter)}:
 * classic BPF, as {@code seccomp(2)} and socket filters have it. It sees a {@code struct io_uring_bpf_ctx} and
 * answers 0 to refuse the request with -EACCES, or anything else to let it pass. Since Linux 7.0.
 *
 * <pre>{@code
 * BpfFilter.of(IORING_OP_SOCKET)                      // sockets of AF_INET only
 *         .load(BpfFilter.DATA)                       // the family
 *         .jumpIfEqual(AF_INET, 0, 1)
 *         .ret(1)
 *         .ret(0);
 * }</pre>
 *
 * <p>Mutable, for one thread. Source: {@code io_uring_register_bpf_filter(3)}.
 */
public final class BpfFilter {
    /** In what the program sees: 8 bytes of user data. */
    public static final int USER_DATA = 0;

    /** In what the program sees: one byte each of opcode, entry flags and size of the data. */
    public static final int OPCODE = 8;

    /**
     * In what the program sees: data that depends on the opcode. For {@code IORING_OP_SOCKET} 4 bytes each of
     * family, type and protocol; for {@code IORING_OP_OPENAT} and {@code IORING_OP_OPENAT2} 8 bytes each of flags,
     * mode and resolve.
     */
    public static final int DATA = 16;

    /** BPF_LD | BPF_W | BPF_ABS. */
    private static final int LOAD = 0x20;

    /** BPF_ALU | BPF_AND | BPF_K. */
    private static final int AND = 0x54;

    /** BPF_JMP | BPF_JEQ | BPF_K. */
    private static final int JUMP_IF_EQUAL = 0x15;

    /** BPF_RET | BPF_K. */
    private static final int RETURN = 0x06;

    /** {@code struct sock_filter}: code, jt, jf, k. */
    private static final int INSTRUCTION_SIZE = 8;

    /** {@code struct io_uring_bpf}: cmd_type, cmd_flags, resv, and the filter. */
    private static final int SIZE = 72;

    private final int opcode;
    private final List<Long> instructions = new ArrayList<>();
    private int flags;
    private int dataSize;

    private BpfFilter(final int opcode) {
        this.opcode = opcode;
    }

    /**
     * An empty program.
     *
     * @param opcode the {@code IORING_OP_} constant that it is asked about
     * @return a filter to add instructions to
     */
    public static BpfFilter of(final int opcode) {
        return new BpfFilter(opcode);
    }

    /**
     * Sets how the filter is registered.
     *
     * @param bits {@code IO_URING_BPF_FILTER_} flags
     * @return this
     */
    public BpfFilter flags(final int bits) {
        flags = bits;
        return this;
    }

    /**
     * Sets how many bytes of {@link #DATA} the program expects. A kernel that has more refuses it (-EMSGSIZE) with
     * {@code IO_URING_BPF_FILTER_SZ_STRICT}, as does one that has fewer in any case.
     *
     * @param bytes 0 where the program looks at none
     * @return this
     */
    public BpfFilter dataSize(final int bytes) {
        dataSize = bytes;
        return this;
    }

    /**
     * Adds an instruction.
     *
     * @param code what it does, a sum of {@code BPF_} constants of {@code <linux/filter.h>}
     * @param jt instructions to skip where the condition holds
     * @param jf instructions to skip where it does not
     * @param k its number
     * @return this
     */
    public BpfFilter instruction(final int code, final int jt, final int jf, final int k) {
        instructions.add((code & 0xFFFFL) << 48 | (jt & 0xFFL) << 40 | (jf & 0xFFL) << 32 | k & 0xFFFFFFFFL);
        return this;
    }

    /**
     * Loads a word.
     *
     * @param offset where from, in what the program sees; a multiple of 4
     * @return this
     */
    public BpfFilter load(final int offset) {
        return instruction(LOAD, 0, 0, offset);
    }

    /**
     * Keeps some bits of the loaded word.
     *
     * @param mask the bits
     * @return this
     */
    public BpfFilter and(final int mask) {
        return instruction(AND, 0, 0, mask);
    }

    /**
     * Compares the loaded word.
     *
     * @param value with what
     * @param equal instructions to skip if it is that
     * @param other instructions to skip if not
     * @return this
     */
    public BpfFilter jumpIfEqual(final int value, final int equal, final int other) {
        return instruction(JUMP_IF_EQUAL, equal, other, value);
    }

    /**
     * Ends the program.
     *
     * @param verdict 0 to refuse the request, anything else to let it pass
     * @return this
     */
    public BpfFilter ret(final int verdict) {
        return instruction(RETURN, 0, 0, verdict);
    }

    ByteBuffer program() {
        final ByteBuffer program = Memory.allocate(Math.max(1, instructions.size()) * INSTRUCTION_SIZE, Long.BYTES);
        for (int i = 0; i < instructions.size(); i++) {
            final long instruction = instructions.get(i);
            program.putShort(i * INSTRUCTION_SIZE, (short) (instruction >>> 48));
            program.put(i * INSTRUCTION_SIZE + 2, (byte) (instruction >>> 40));
            program.put(i * INSTRUCTION_SIZE + 3, (byte) (instruction >>> 32));
            program.putInt(i * INSTRUCTION_SIZE + 4, (int) instruction);
        }
        return program;
    }

    /** The kernel's {@code struct io_uring_bpf}. */
    ByteBuffer toMemory(final long programAddress) {
        final ByteBuffer memory = Memory.allocate(SIZE, Long.BYTES);
        memory.putShort(0, (short) IO_URING_BPF_CMD_FILTER);
        memory.putInt(8, opcode);
        memory.putInt(12, flags);
        memory.putInt(16, instructions.size());
        memory.put(20, (byte) dataSize);
        memory.putLong(24, programAddress);
        return memory;
    }
}
