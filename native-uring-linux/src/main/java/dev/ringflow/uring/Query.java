package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_REGISTER_QUERY;
import static dev.ringflow.uring.UringConstants.IO_URING_QUERY_OPCODES;
import static dev.ringflow.uring.UringConstants.IO_URING_QUERY_SCQ;
import static dev.ringflow.uring.UringConstants.IO_URING_QUERY_ZCRX;
import static dev.ringflow.uring.UringConstants.IO_URING_QUERY_ZCRX_EVENT;

import dev.ringflow.uring.internal.LibC;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * What the running kernel's io_uring knows, asked without opening a ring. An older kernel, or one that forbids
 * io_uring to this process, cannot be asked: then {@link #isSupported()} is false and all the numbers are 0. What a
 * kernel does not tell is 0 too.
 *
 * <p>Knowing an opcode is not having it: {@link Probe} tells which of them this kernel was built with.
 *
 * <pre>{@code
 * struct io_uring_query_hdr {
 *     __u64 next_entry; //  0
 *     __u64 query_data; //  8
 *     __u32 query_op;   // 16
 *     __u32 size;       // 20
 *     __s32 result;     // 24
 *     __u32 __resv[3];
 * };
 * }</pre>
 *
 * <p>Immutable. Source: {@code io_uring_register_query(3)}. Since Linux 6.18.
 */
public final class Query {
    static final int HEADER = 40;
    static final int NEXT_ENTRY = 0;
    static final int QUERY_DATA = 8;
    static final int QUERY_OP = 16;
    static final int DATA_SIZE = 20;
    static final int RESULT = 24;

    private static final int[] QUESTIONS = {
        IO_URING_QUERY_OPCODES, IO_URING_QUERY_ZCRX, IO_URING_QUERY_SCQ, IO_URING_QUERY_ZCRX_EVENT
    };

    /** Room for an answer, and for what later kernels add. */
    private static final int ANSWER = 128;

    private final ByteBuffer memory;
    private final boolean supported;

    private Query(final ByteBuffer memory, final boolean supported) {
        this.memory = memory;
        this.supported = supported;
    }

    /**
     * Asks the kernel.
     *
     * @return its answer
     * @throws IllegalStateException if the C library cannot be called
     */
    public static Query get() {
        final ByteBuffer headers = Memory.allocate(QUESTIONS.length * HEADER, Long.BYTES);
        final ByteBuffer answers = Memory.allocate(QUESTIONS.length * ANSWER, Long.BYTES);
        for (int i = 0; i < QUESTIONS.length; i++) {
            final int header = i * HEADER;
            if (i + 1 < QUESTIONS.length) {
                headers.putLong(header + NEXT_ENTRY, Memory.address(headers) + header + HEADER);
            }
            headers.putLong(header + QUERY_DATA, Memory.address(answers) + (long) i * ANSWER);
            headers.putInt(header + QUERY_OP, QUESTIONS[i]);
            headers.putInt(header + DATA_SIZE, ANSWER);
        }
        final int result = LibC.ioUringRegister(-1, IORING_REGISTER_QUERY, Memory.address(headers), 0);
        Reference.reachabilityFence(headers);
        Reference.reachabilityFence(answers);
        return new Query(answers, result == 0);
    }

    private int intAt(final int question, final int offset) {
        return memory.getInt(question * ANSWER + offset);
    }

    private long longAt(final int question, final int offset) {
        return memory.getLong(question * ANSWER + offset);
    }

    /**
     * Whether the kernel can be asked.
     *
     * @return false before Linux 6.18, and where io_uring is forbidden
     */
    public boolean isSupported() {
        return supported;
    }

    /**
     * How many operations it knows.
     *
     * @return the first {@code IORING_OP_} number that it does not know
     */
    public int requestOpcodes() {
        return intAt(IO_URING_QUERY_OPCODES, 0);
    }

    /**
     * How many register calls it knows.
     *
     * @return the first {@code IORING_REGISTER_} number that it does not know
     */
    public int registerOpcodes() {
        return intAt(IO_URING_QUERY_OPCODES, 4);
    }

    /**
     * Which features it has.
     *
     * @return {@code IORING_FEAT_} flags
     */
    public long features() {
        return longAt(IO_URING_QUERY_OPCODES, 8);
    }

    /**
     * Which set-up flags it knows.
     *
     * @return {@code IORING_SETUP_} flags
     */
    public long setupFlags() {
        return longAt(IO_URING_QUERY_OPCODES, 16);
    }

    /**
     * Which flags of {@code io_uring_enter(2)} it knows.
     *
     * @return {@code IORING_ENTER_} flags
     */
    public long enterFlags() {
        return longAt(IO_URING_QUERY_OPCODES, 24);
    }

    /**
     * Which flags of entries it knows.
     *
     * @return {@code IOSQE_} flags
     */
    public long sqeFlags() {
        return longAt(IO_URING_QUERY_OPCODES, 32);
    }

    /**
     * How many questions it knows.
     *
     * @return the first {@code IO_URING_QUERY_} number that it does not know
     */
    public int queryOpcodes() {
        return intAt(IO_URING_QUERY_OPCODES, 40);
    }

    /**
     * Which flags it knows for registering a queue for zero-copy receive. Since Linux 6.19.
     *
     * @return {@code ZCRX_REG_} flags
     */
    public long zcrxRegisterFlags() {
        return longAt(IO_URING_QUERY_ZCRX, 0);
    }

    /**
     * Which flags it knows for the memory of zero-copy receive. Since Linux 6.19.
     *
     * @return {@code IORING_ZCRX_AREA_} flags
     */
    public long zcrxAreaFlags() {
        return longAt(IO_URING_QUERY_ZCRX, 8);
    }

    /**
     * How many commands for zero-copy receive it knows. Since Linux 6.19.
     *
     * @return the first {@code ZCRX_CTRL_} number that it does not know
     */
    public int zcrxCtrlOpcodes() {
        return intAt(IO_URING_QUERY_ZCRX, 16);
    }

    /**
     * What else its zero-copy receive can do. Since Linux 7.0.
     *
     * @return {@code ZCRX_FEATURE_} flags
     */
    public int zcrxFeatures() {
        return intAt(IO_URING_QUERY_ZCRX, 20);
    }

    /**
     * The size of the header of a refill ring. Since Linux 6.19.
     *
     * @return bytes
     */
    public int zcrxRqHeaderSize() {
        return intAt(IO_URING_QUERY_ZCRX, 24);
    }

    /**
     * The alignment of that header. Since Linux 6.19.
     *
     * @return bytes
     */
    public int zcrxRqHeaderAlignment() {
        return intAt(IO_URING_QUERY_ZCRX, 28);
    }

    /**
     * Which events of zero-copy receive it can tell about. Since Linux 7.2.
     *
     * @return bits {@code 1 << ZCRX_EVENT_}
     */
    public int zcrxEventFlags() {
        return intAt(IO_URING_QUERY_ZCRX_EVENT, 0);
    }

    /**
     * The size of the header that the submission and completion rings share, for rings in the application's memory.
     * Since Linux 6.19.
     *
     * @return bytes
     */
    public long ringHeaderSize() {
        return longAt(IO_URING_QUERY_SCQ, 0);
    }

    /**
     * The alignment of that header. Since Linux 6.19.
     *
     * @return bytes
     */
    public long ringHeaderAlignment() {
        return longAt(IO_URING_QUERY_SCQ, 8);
    }

    @Override
    public String toString() {
        return supported
                ? "Query[" + requestOpcodes() + " operations, " + registerOpcodes() + " register calls, features "
                        + ConstantNames.features((int) features()) + ", setup "
                        + ConstantNames.setupFlags((int) setupFlags()) + ']'
                : "Query[this kernel cannot be asked]";
    }
}
