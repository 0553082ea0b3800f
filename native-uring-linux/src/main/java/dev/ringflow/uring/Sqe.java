package dev.ringflow.uring;

import java.nio.LongBuffer;

/**
 * A submission queue entry: one request, written straight into the memory that the kernel reads. There is one object
 * per slot of the queue, used again and again; nothing is allocated per request.
 *
 * <p>{@link Uring#getSqe()} hands an entry out, a {@code prep…} method says what it does, then the setters add flags,
 * user data and the like. The entry belongs to the caller until the next submit; keeping it longer means writing into
 * somebody else's request. A prep method writes every field but the user data, so no setting of an earlier request is
 * left; an entry that is handed out and never prepared is a NOP with user data 0.
 *
 * <p><b>Delicate.</b> Addresses are not checked. Memory that an entry names is the kernel's until the request's
 * terminal completion, unless the method says "until the submission" (with SQPOLL: until the kernel's thread took the
 * entry). The caller keeps it reachable and unchanged until then.
 *
 * <p>For the owner of the ring only. Use after {@link Uring#close()} throws {@link IllegalStateException}.
 *
 * <p>Source: {@code io_uring_enter(2)} and the man page {@code io_uring_prep_…(3)} of the same name as the method.
 */
public final class Sqe extends SqeControlPreparation {
    Sqe(final LongBuffer words, final HeldMemory heldMemory) {
        super(words, heldMemory);
    }

    /**
     * {@code io_uring_sqe_set_data64(3)}: what the completion will carry.
     *
     * @param data 64 bits
     */
    public void setData64(final long data) {
        userData(data);
    }

    /**
     * {@code io_uring_sqe_set_flags(3)}: replaces the entry's flags.
     *
     * @param flags {@code IOSQE_} flags
     */
    public void setFlags(final int flags) {
        flags(flags);
    }

    /**
     * {@code sqe->flags |=}: adds to the entry's flags.
     *
     * @param flags {@code IOSQE_} flags
     */
    public void addFlags(final int flags) {
        flags((int) get(FLAGS, Byte.BYTES) | flags);
    }

    /**
     * {@code io_uring_sqe_set_buf_group(3)}: the group that a buffer is taken from, with {@code IOSQE_BUFFER_SELECT}.
     *
     * @param bgid 0 to 65535
     */
    public void setBufGroup(final int bgid) {
        bufIndex(bgid);
    }

    /**
     * {@code sqe->personality}: runs the request with registered credentials.
     *
     * @param personality what {@link Uring#registerPersonality()} answered, or 0 for the submitter's own
     */
    public void setPersonality(final int personality) {
        personality(personality);
    }

    /**
     * {@code sqe->ioprio}: the I/O priority, or for sockets the {@code IORING_RECVSEND_} and {@code IORING_ACCEPT_}
     * flags.
     *
     * @param value 16 bits
     */
    public void setIoprio(final int value) {
        ioprio(value);
    }

    /**
     * {@code sqe->rw_flags} and its other names: the operation's own flags.
     *
     * @param flags 32 bits
     */
    public void setRwFlags(final int flags) {
        rwFlags(flags);
    }

    /**
     * {@code sqe->len}: for settings that no prep method has, such as {@code IORING_NOP_INJECT_RESULT}.
     *
     * @param len 32 bits
     */
    public void setLen(final int len) {
        len(len);
    }

    /**
     * {@code sqe->fd}: the file, for settings that no prep method has, such as {@code IORING_NOP_FILE}.
     *
     * @param fd a file descriptor, or an index with {@code IOSQE_FIXED_FILE}
     */
    public void setFd(final int fd) {
        fd(fd);
    }

    /**
     * {@code sqe->off}, also {@code addr2}: for settings that no prep method has.
     *
     * @param off 64 bits
     */
    public void setOff(final long off) {
        off(off);
    }

    /**
     * {@code sqe->addr}: for settings that no prep method has. Delicate where it is an address.
     *
     * @param addr 64 bits
     */
    public void setAddr(final long addr) {
        addr(addr);
    }

    /**
     * {@code sqe->addr3}: for settings that no prep method has. Delicate where it is an address.
     *
     * @param addr3 64 bits
     */
    public void setAddr3(final long addr3) {
        addr3(addr3);
    }

    /**
     * {@code sqe->buf_index}: a registered buffer, for settings that no prep method has, such as
     * {@code IORING_URING_CMD_FIXED}. The same field as {@link #setBufGroup}.
     *
     * @param bufIndex 0 to 65535
     */
    public void setBufIndex(final int bufIndex) {
        bufIndex(bufIndex);
    }

    /**
     * {@code sqe->file_index}: where a request puts the file that it opens, in the table of registered files.
     *
     * @param fileIndex slot, or {@code IORING_FILE_INDEX_ALLOC}
     */
    public void setTargetFixedFile(final int fileIndex) {
        targetFixedFile(fileIndex);
    }

    /**
     * Which opcode a cancel with {@code IORING_ASYNC_CANCEL_OP} looks for, after {@link #prepCancel64} or
     * {@link #prepCancelFd}. Since Linux 6.6.
     *
     * @param opcode {@code IORING_OP_} constant
     */
    public void setCancelOpcode(final int opcode) {
        len(opcode);
    }

    /**
     * {@code sqe->cmd}: a word of what a command takes, after {@link #prepUringCmd} or {@link #prepUringCmd128}.
     * Delicate in a ring with {@code IORING_SETUP_SQE_MIXED}: only an entry of 128 bytes has more than two words
     * there, behind those of another lies the next entry.
     *
     * @param index 0 or 1, in an entry of 128 bytes 0 to 9
     * @param value 64 bits in native byte order
     * @throws IndexOutOfBoundsException if there is no such word
     */
    public void setCmd(final int index, final long value) {
        commandWord(index, value);
    }

    /**
     * What the entry will carry back.
     *
     * @return the user data set so far
     */
    public long getData64() {
        return getWord(USER_DATA);
    }

    @Override
    public String toString() {
        if (isDetached()) {
            return "Sqe[closed]";
        }
        return "Sqe[" + ConstantNames.opcode((int) get(OPCODE, Byte.BYTES))
                + ", flags=0x" + Long.toHexString(get(FLAGS, Byte.BYTES))
                + ", fd=" + (int) get(FD, Integer.BYTES)
                + ", addr=0x" + Long.toHexString(getWord(ADDR))
                + ", len=" + get(LEN, Integer.BYTES)
                + ", off=" + getWord(OFF)
                + ", userData=0x" + Long.toHexString(getWord(USER_DATA)) + "]";
    }
}
