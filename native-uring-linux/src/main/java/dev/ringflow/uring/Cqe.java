package dev.ringflow.uring;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A completion queue entry: a view of one slot of the queue. It shows a completion until that is marked as seen; after
 * that the kernel may write another one there.
 *
 * <pre>{@code
 * struct io_uring_cqe {
 *     __u64 user_data;
 *     __s32 res;
 *     __u32 flags;
 *     __u64 big_cqe[];   // two words, in rings with CQE32 and in entries with IORING_CQE_F_32
 * };
 * }</pre>
 *
 * <p>For the owner of the ring only. Use after {@link Uring#close()} throws {@link IllegalStateException}.
 *
 * <p>Source: {@code io_uring_enter(2)}.
 */
public final class Cqe {
    static final int USER_DATA = 0;
    static final int RES = 8;
    static final int FLAGS = 12;
    static final int BIG = 16;
    static final int SIZE = 16;

    private ByteBuffer memory;
    private final int base;
    private final boolean always32;

    Cqe(final ByteBuffer memory, final int base, final boolean always32) {
        this.memory = memory;
        this.base = base;
        this.always32 = always32;
    }

    void detach() {
        memory = Memory.nothing();
    }

    private ByteBuffer open() {
        final ByteBuffer open = memory;
        if (open == Memory.nothing()) {
            throw new IllegalStateException("the ring is closed");
        }
        return open;
    }

    /**
     * What the request carried as user data.
     *
     * @return 64 bits
     */
    public long userData() {
        return open().getLong(base + USER_DATA);
    }

    /**
     * {@code io_uring_cqe_get_data64(3)}: the same as {@link #userData()}.
     *
     * @return 64 bits
     */
    public long getData64() {
        return userData();
    }

    /**
     * The result of the request.
     *
     * @return what the operation answers, or the negated errno
     */
    public int res() {
        return open().getInt(base + RES);
    }

    /**
     * The flags.
     *
     * @return {@code IORING_CQE_F_} flags, and in the upper 16 bits the buffer id
     */
    public int flags() {
        return open().getInt(base + FLAGS);
    }

    /**
     * Whether more completions of this request follow. The one for which this is false is the terminal one.
     *
     * @return true if {@code IORING_CQE_F_MORE} is set
     */
    public boolean hasMore() {
        return (flags() & UringConstants.IORING_CQE_F_MORE) != 0;
    }

    /**
     * Whether the entry has 32 bytes: all entries of a ring with {@code IORING_SETUP_CQE32} do, and single ones of a ring
     * with {@code IORING_SETUP_CQE_MIXED}.
     *
     * @return true if {@link #bigCqe} has something to tell
     */
    public boolean is32() {
        return always32 || (flags() & UringConstants.IORING_CQE_F_32) != 0;
    }

    /**
     * {@code cqe->big_cqe[index]}: the second half of an entry of 32 bytes. Since Linux 5.19.
     *
     * @param index 0 or 1
     * @return 64 bits, which mean what the request says
     * @throws IllegalStateException if the entry has 16 bytes
     * @throws IndexOutOfBoundsException for another index
     */
    public long bigCqe(final int index) {
        Objects.checkIndex(index, 2);
        if (!is32()) {
            throw new IllegalStateException("this completion has 16 bytes: it takes IORING_SETUP_CQE32 or CQE_MIXED");
        }
        return open().getLong(base + BIG + index * Long.BYTES);
    }

    /**
     * {@code io_uring_cqe_nr(3)}: how many slots of the queue the entry takes.
     *
     * @return 2 for an entry of 32 bytes in a ring with {@code IORING_SETUP_CQE_MIXED}, otherwise 1
     */
    public int cqeNr() {
        return (flags() & UringConstants.IORING_CQE_F_32) != 0 ? 2 : 1;
    }

    /**
     * Whether the request used a provided buffer.
     *
     * @return true if {@code IORING_CQE_F_BUFFER} is set
     */
    public boolean hasBuffer() {
        return (flags() & UringConstants.IORING_CQE_F_BUFFER) != 0;
    }

    /**
     * The id of the provided buffer, of which only {@link #hasBuffer()} tells whether there is one.
     *
     * @return 0 to 65535
     */
    public int bufferId() {
        return bufferId(flags());
    }

    /**
     * The id of the provided buffer in completion flags.
     *
     * @param flags flags with {@code IORING_CQE_F_BUFFER}
     * @return 0 to 65535
     */
    public static int bufferId(final int flags) {
        return flags >>> UringConstants.IORING_CQE_BUFFER_SHIFT;
    }

    @Override
    public String toString() {
        if (memory == Memory.nothing()) {
            return "Cqe[closed]";
        }
        final int res = res();
        return "Cqe[userData=0x" + Long.toHexString(userData()) + ", res=" + res
                + (res < 0 ? " (" + Errno.name(res) + ")" : "") + ", flags=0x" + Integer.toHexString(flags()) + "]";
    }
}
