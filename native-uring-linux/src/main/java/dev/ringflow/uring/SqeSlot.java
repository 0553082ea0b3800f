package dev.ringflow.uring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/**
 * One slot of the submission queue: where its fields lie, and how it is filled whole.
 *
 * <pre>{@code
 * struct io_uring_sqe {
 *     __u8  opcode;         //  0
 *     __u8  flags;          //  1
 *     __u16 ioprio;         //  2
 *     __s32 fd;             //  4
 *     __u64 off;            //  8   also addr2
 *     __u64 addr;           // 16   also splice_off_in
 *     __u32 len;            // 24
 *     __u32 rw_flags;       // 28   also fsync_flags, poll32_events, msg_flags …
 *     __u64 user_data;      // 32
 *     __u16 buf_index;      // 40   also buf_group
 *     __u16 personality;    // 42
 *     __u32 file_index;     // 44   also splice_fd_in, addr_len, optlen
 *     __u64 addr3;          // 48   also optval, attr_ptr
 *     __u64 __pad2[1];      // 56   also attr_type_mask
 * };
 * }</pre>
 */
abstract class SqeSlot {
    static final int OPCODE = 0;
    static final int FLAGS = 1;
    static final int IOPRIO = 2;
    static final int FD = 4;
    static final int OFF = 8;
    static final int ADDR = 16;
    static final int LEN = 24;
    static final int RW_FLAGS = 28;
    static final int USER_DATA = 32;
    static final int BUF_INDEX = 40;
    static final int PERSONALITY = 42;
    static final int FILE_INDEX = 44;
    static final int ADDR3 = 48;
    static final int PAD2 = 56;
    static final int SIZE = 64;

    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private static final LongBuffer NOTHING = Memory.nothing().asLongBuffer();

    private ByteBuffer memory;
    private final int base;

    /** The same memory by words of eight bytes: the compiler checks the bounds of a whole entry at once. */
    private LongBuffer words;

    private final int firstWord;

    SqeSlot(final ByteBuffer memory, final LongBuffer words, final int base) {
        this.memory = memory;
        this.base = base;
        this.words = words;
        firstWord = base / Long.BYTES;
    }

    final void detach() {
        memory = Memory.nothing();
        words = NOTHING;
    }

    /** Where this slot lies, as long as the ring is open. */
    final ByteBuffer open() {
        final ByteBuffer open = memory;
        if (open == Memory.nothing()) {
            throw new IllegalStateException("the ring is closed");
        }
        return open;
    }

    private LongBuffer openWords() {
        final LongBuffer open = words;
        if (open == NOTHING) {
            throw new IllegalStateException("the ring is closed");
        }
        return open;
    }

    final void userData(final long value) {
        openWords().put(firstWord + USER_DATA / Long.BYTES, value);
    }

    final int base() {
        return base;
    }

    final boolean isDetached() {
        return memory == Memory.nothing();
    }

    /**
     * Makes the slot, as it is handed out, a NOP without user data: what the slot held before can neither run nor be
     * answered again, even if the caller never prepares it. User data set from here on survives the preparation.
     */
    final void reset() {
        final LongBuffer slot = words;
        final int at = firstWord;
        slot.put(at + OPCODE / Long.BYTES, 0);
        slot.put(at + LEN / Long.BYTES, 0);
        slot.put(at + USER_DATA / Long.BYTES, 0);
    }

    /** Writes every field but the user data: with {@link #reset()} all 64 bytes, so that nothing old is left. */
    final void prepRw(final int opcode, final int fd, final long addr, final int len, final long offset) {
        final LongBuffer slot = openWords();
        final int at = firstWord;
        slot.put(at, LITTLE_ENDIAN ? (long) fd << 32 | opcode : (long) opcode << 56 | fd & 0xFFFFFFFFL);
        slot.put(at + OFF / Long.BYTES, offset);
        slot.put(at + ADDR / Long.BYTES, addr);
        slot.put(at + LEN / Long.BYTES, LITTLE_ENDIAN ? len & 0xFFFFFFFFL : (long) len << 32);
        slot.put(at + BUF_INDEX / Long.BYTES, 0);
        slot.put(at + ADDR3 / Long.BYTES, 0);
        slot.put(at + PAD2 / Long.BYTES, 0);
    }

    final void rwFlags(final int value) {
        memory.putInt(base + RW_FLAGS, value);
    }

    final void ioprio(final int value) {
        memory.putShort(base + IOPRIO, (short) value);
    }

    final void bufIndex(final int value) {
        memory.putShort(base + BUF_INDEX, (short) value);
    }

    /** The slot of the file table that a new file goes to: the kernel wants the index plus one, and 0 for none. */
    final void targetFixedFile(final int fileIndex) {
        final int encoded = fileIndex == UringConstants.IORING_FILE_INDEX_ALLOC ? fileIndex : fileIndex + 1;
        memory.putInt(base + FILE_INDEX, encoded);
    }
}
