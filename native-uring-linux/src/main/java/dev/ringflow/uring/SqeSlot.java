package dev.ringflow.uring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Objects;

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
 *
 * <p>The slot is written by words of eight bytes, through a buffer of its own and at constant indices: that way the
 * compiler checks bounds once, and filling an entry takes some two nanoseconds.
 */
public abstract class SqeSlot {
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

    private LongBuffer words;
    private final HeldMemory heldMemory;

    /**
     * Takes over a slot.
     *
     * @param words its memory, which begins at index 0
     * @param heldMemory where buffers go that typed preparations take
     */
    SqeSlot(final LongBuffer words, final HeldMemory heldMemory) {
        this.words = words;
        this.heldMemory = heldMemory;
    }

    final void detach() {
        words = NOTHING;
    }

    final boolean isDetached() {
        return words == NOTHING;
    }

    /** Where this slot lies, as long as the ring is open. */
    private LongBuffer open() {
        final LongBuffer open = words;
        if (open == NOTHING) {
            throw new IllegalStateException("the ring is closed");
        }
        return open;
    }

    /**
     * Makes the slot, as it is handed out, a NOP without user data: what the slot held before can neither run nor be
     * answered again, even if the caller never prepares it. User data set from here on survives the preparation.
     */
    final void reset() {
        final LongBuffer slot = words;
        slot.put(OPCODE / Long.BYTES, 0);
        slot.put(LEN / Long.BYTES, 0);
        slot.put(USER_DATA / Long.BYTES, 0);
    }

    /** The same for the second half of an entry of 128 bytes. */
    final void resetSecondHalf() {
        final LongBuffer slot = words;
        for (int word = SIZE / Long.BYTES; word < 2 * SIZE / Long.BYTES; word++) {
            slot.put(word, 0);
        }
    }

    /** Moves an entry's 64 bytes to another slot. */
    final void copyTo(final SqeSlot other) {
        for (int word = 0; word < SIZE / Long.BYTES; word++) {
            other.words.put(word, words.get(word));
        }
    }

    /** Writes every field but the user data: with {@link #reset()} all 64 bytes, so that nothing old is left. */
    final void prepRw(final int opcode, final int fd, final long addr, final int len, final long offset) {
        final LongBuffer slot = open();
        slot.put(
                OPCODE / Long.BYTES, LITTLE_ENDIAN ? (long) fd << 32 | opcode : (long) opcode << 56 | fd & 0xFFFFFFFFL);
        slot.put(OFF / Long.BYTES, offset);
        slot.put(ADDR / Long.BYTES, addr);
        slot.put(LEN / Long.BYTES, LITTLE_ENDIAN ? len & 0xFFFFFFFFL : (long) len << 32);
        slot.put(BUF_INDEX / Long.BYTES, 0);
        slot.put(ADDR3 / Long.BYTES, 0);
        slot.put(PAD2 / Long.BYTES, 0);
    }

    /** Writes a field of one, two or four bytes. */
    private void set(final int offset, final int bytes, final int value) {
        final LongBuffer slot = open();
        final int index = offset / Long.BYTES;
        final int shift = shift(offset, bytes);
        final long mask = mask(bytes);
        slot.put(index, slot.get(index) & ~(mask << shift) | (value & mask) << shift);
    }

    /** Reads a field of one, two or four bytes, unsigned. */
    final long get(final int offset, final int bytes) {
        return open().get(offset / Long.BYTES) >>> shift(offset, bytes) & mask(bytes);
    }

    private static int shift(final int offset, final int bytes) {
        final int within = offset % Long.BYTES;
        return Byte.SIZE * (LITTLE_ENDIAN ? within : Long.BYTES - bytes - within);
    }

    private static long mask(final int bytes) {
        return (1L << Byte.SIZE * bytes) - 1;
    }

    /** Checks and keeps a buffer that the kernel reads; answers the address of its position. */
    final long source(final ByteBuffer buffer) {
        open();
        final long address = Memory.address(buffer) + buffer.position();
        heldMemory.hold(this, buffer);
        return address;
    }

    /** Checks and keeps a buffer that the kernel writes to; answers the address of its position. */
    final long target(final ByteBuffer buffer) {
        if (buffer.isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
        return source(buffer);
    }

    /** Checks and keeps a struct that the kernel reads: at least so many bytes from its position on. */
    final long sourceStruct(final ByteBuffer buffer, final int bytes) {
        requireRemaining(buffer, bytes);
        return source(buffer);
    }

    /** Checks and keeps a struct that the kernel writes to: at least so many bytes from its position on. */
    final long targetStruct(final ByteBuffer buffer, final int bytes) {
        requireRemaining(buffer, bytes);
        return target(buffer);
    }

    private static void requireRemaining(final ByteBuffer buffer, final int bytes) {
        if (buffer.remaining() < bytes) {
            throw new IllegalArgumentException(
                    "the kernel uses " + bytes + " bytes here, the buffer has " + buffer.remaining());
        }
    }

    /** Checks and keeps a C string: there is a NUL between its position and limit. */
    final long string(final ByteBuffer buffer) {
        for (int i = buffer.position(); i < buffer.limit(); i++) {
            if (buffer.get(i) == 0) {
                return source(buffer);
            }
        }
        throw new IllegalArgumentException("the string in the buffer does not end with a NUL");
    }

    final long getWord(final int offset) {
        return open().get(offset / Long.BYTES);
    }

    final void userData(final long value) {
        open().put(USER_DATA / Long.BYTES, value);
    }

    final void flags(final int value) {
        set(FLAGS, Byte.BYTES, value);
    }

    final void ioprio(final int value) {
        set(IOPRIO, Short.BYTES, value);
    }

    final void len(final int value) {
        set(LEN, Integer.BYTES, value);
    }

    final void rwFlags(final int value) {
        set(RW_FLAGS, Integer.BYTES, value);
    }

    final void bufIndex(final int value) {
        set(BUF_INDEX, Short.BYTES, value);
    }

    final void personality(final int value) {
        set(PERSONALITY, Short.BYTES, value);
    }

    final void fd(final int value) {
        set(FD, Integer.BYTES, value);
    }

    /** The lower-addressed half of {@link #OFF}, where commands have their number. */
    final void commandOpcode(final int value) {
        set(OFF, Integer.BYTES, value);
    }

    final void off(final long value) {
        open().put(OFF / Long.BYTES, value);
    }

    final void addr(final long value) {
        open().put(ADDR / Long.BYTES, value);
    }

    final void addr3(final long value) {
        open().put(ADDR3 / Long.BYTES, value);
    }

    /** A word of a command's own data: two words in an entry of 64 bytes, ten in one of 128. */
    final void commandWord(final int index, final long value) {
        final LongBuffer slot = open();
        slot.put(ADDR3 / Long.BYTES + Objects.checkIndex(index, slot.limit() - ADDR3 / Long.BYTES), value);
    }

    /** The field as it stands, for what is no slot; {@link #targetFixedFile} is for slots. */
    final void fileIndex(final int value) {
        set(FILE_INDEX, Integer.BYTES, value);
    }

    /** The slot of the file table that a new file goes to: the kernel wants the index plus one, and 0 for none. */
    final void targetFixedFile(final int fileIndex) {
        set(FILE_INDEX, Integer.BYTES, fileIndex == UringConstants.IORING_FILE_INDEX_ALLOC ? fileIndex : fileIndex + 1);
    }
}
