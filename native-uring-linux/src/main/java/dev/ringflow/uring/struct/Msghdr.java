package dev.ringflow.uring.struct;

import java.nio.ByteBuffer;

/**
 * A message: where it goes to or comes from, the pieces that it consists of, and its control messages.
 *
 * <pre>{@code
 * struct msghdr {
 *     void         *msg_name;
 *     socklen_t     msg_namelen;
 *     struct iovec *msg_iov;
 *     size_t        msg_iovlen;
 *     void         *msg_control;
 *     size_t        msg_controllen;
 *     int           msg_flags;
 * };
 * }</pre>
 *
 * <p>Everything that it points to is the caller's to keep: for sending until the submission (the data until the
 * completion), for receiving until the completion. Source: {@code recvmsg(2)}.
 */
public final class Msghdr {
    /** Offset of {@code msg_name}. */
    public static final int NAME = 0;

    /** Offset of {@code msg_namelen}, 32 bits. */
    public static final int NAMELEN = 8;

    /** Offset of {@code msg_iov}. */
    public static final int IOV = 16;

    /** Offset of {@code msg_iovlen}. */
    public static final int IOVLEN = 24;

    /** Offset of {@code msg_control}. */
    public static final int CONTROL = 32;

    /** Offset of {@code msg_controllen}. */
    public static final int CONTROLLEN = 40;

    /** Offset of {@code msg_flags}, 32 bits. */
    public static final int FLAGS = 48;

    /** Size of the struct in bytes. */
    public static final int SIZE = 56;

    private Msghdr() {}

    /**
     * Clears every field.
     *
     * @param memory native memory in native byte order, {@link #SIZE} bytes from {@code offset} on
     * @param offset where the struct begins
     */
    public static void clear(final ByteBuffer memory, final int offset) {
        for (int i = 0; i < SIZE; i += Long.BYTES) {
            memory.putLong(offset + i, 0);
        }
    }

    /**
     * Sets where the message goes to, or where the sender's address goes.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @param address a {@code struct sockaddr}, or 0; see {@link Sockaddr}
     * @param length its length, or the room for it, in bytes
     */
    public static void setName(final ByteBuffer memory, final int offset, final long address, final int length) {
        memory.putLong(offset + NAME, address);
        memory.putInt(offset + NAMELEN, length);
    }

    /**
     * Sets the pieces of the message.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @param address an array of {@code struct iovec}; see {@link Iovec}
     * @param count how many there are
     */
    public static void setIov(final ByteBuffer memory, final int offset, final long address, final int count) {
        memory.putLong(offset + IOV, address);
        memory.putLong(offset + IOVLEN, count);
    }

    /**
     * Sets the control messages, or where they go.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @param address the first {@code struct cmsghdr}, aligned to eight bytes, or 0; see {@link ControlMessage}
     * @param length the length of all, or the room for them, in bytes
     */
    public static void setControl(final ByteBuffer memory, final int offset, final long address, final int length) {
        memory.putLong(offset + CONTROL, address);
        memory.putLong(offset + CONTROLLEN, length);
    }

    /**
     * The length of the name, after a receive the one that the sender's address has: more than the room means that it
     * was cut short.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return bytes
     */
    public static int namelen(final ByteBuffer memory, final int offset) {
        return memory.getInt(offset + NAMELEN);
    }

    /**
     * The number of pieces.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return elements of the array
     */
    public static long iovlen(final ByteBuffer memory, final int offset) {
        return memory.getLong(offset + IOVLEN);
    }

    /**
     * The length of the control messages, after a receive that of those that came.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return bytes
     */
    public static long controllen(final ByteBuffer memory, final int offset) {
        return memory.getLong(offset + CONTROLLEN);
    }

    /**
     * What the kernel tells about a message received.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return {@code MSG_TRUNC}, {@code MSG_CTRUNC}, {@code MSG_EOR} …
     */
    public static int flags(final ByteBuffer memory, final int offset) {
        return memory.getInt(offset + FLAGS);
    }
}
