package dev.ringflow.uring.struct;

import java.nio.ByteBuffer;

/**
 * What a multishot {@code recvmsg} puts into a provided buffer: this header, then the sender's name, the control messages
 * and the data.
 *
 * <pre>{@code
 * struct io_uring_recvmsg_out {
 *     __u32 namelen;      // of the name before it was cut to the room
 *     __u32 controllen;   // of the control messages
 *     __u32 payloadlen;   // of the data before it was cut to the room, if MSG_TRUNC was asked for
 *     __u32 flags;        // MSG_TRUNC, MSG_CTRUNC …
 * };
 * }</pre>
 *
 * <p>Name and control messages take up the room that the {@link Msghdr} of the request asked for, not what they need. So
 * every method wants that struct, unchanged. First {@link #validate}, then the others: where it answered true, none of
 * them points outside of the {@code length} bytes, whatever the header says.
 *
 * <p>Source: {@code io_uring_recvmsg_out(3)}.
 */
public final class RecvmsgOut {
    /** Offset of {@code namelen}. */
    public static final int NAMELEN = 0;

    /** Offset of {@code controllen}. */
    public static final int CONTROLLEN = 4;

    /** Offset of {@code payloadlen}. */
    public static final int PAYLOADLEN = 8;

    /** Offset of {@code flags}. */
    public static final int FLAGS = 12;

    /** Size of the header in bytes. */
    public static final int SIZE = 16;

    private RecvmsgOut() {}

    /**
     * {@code io_uring_recvmsg_validate(3)}: whether header, name and control messages lie whole in what was received.
     *
     * @param buffer memory with the provided buffer, in native byte order
     * @param offset where the provided buffer begins
     * @param length result of the completion
     * @param msghdr memory with the request's {@link Msghdr}, in native byte order
     * @param msghdrOffset where that begins
     * @return false if the other methods must not be called
     */
    public static boolean validate(
            final ByteBuffer buffer,
            final int offset,
            final int length,
            final ByteBuffer msghdr,
            final int msghdrOffset) {
        final long control = Msghdr.controllen(msghdr, msghdrOffset);
        return length >= SIZE
                && offset >= 0
                && (long) offset + length <= buffer.limit()
                && control >= 0
                && control <= length - SIZE
                && SIZE + control + room(msghdr, msghdrOffset) <= length;
    }

    private static long room(final ByteBuffer msghdr, final int msghdrOffset) {
        return Integer.toUnsignedLong(Msghdr.namelen(msghdr, msghdrOffset));
    }

    /**
     * {@code io_uring_recvmsg_name(3)}: where the sender's address lies; see {@link Sockaddr#get}.
     *
     * @param offset where the provided buffer begins
     * @return index of its first byte
     */
    public static int name(final int offset) {
        return offset + SIZE;
    }

    /**
     * How many bytes of the sender's address are there.
     *
     * @param buffer memory with the provided buffer, in native byte order
     * @param offset where the provided buffer begins
     * @param msghdr memory with the request's {@link Msghdr}, in native byte order
     * @param msghdrOffset where that begins
     * @return bytes, at most as many as the request had room for
     */
    public static int nameLength(
            final ByteBuffer buffer, final int offset, final ByteBuffer msghdr, final int msghdrOffset) {
        return (int) Math.min(Integer.toUnsignedLong(buffer.getInt(offset + NAMELEN)), room(msghdr, msghdrOffset));
    }

    /**
     * Whether the sender's address was cut short, for want of room.
     *
     * @param buffer memory with the provided buffer, in native byte order
     * @param offset where the provided buffer begins
     * @param msghdr memory with the request's {@link Msghdr}, in native byte order
     * @param msghdrOffset where that begins
     * @return true if bytes are missing
     */
    public static boolean isNameTruncated(
            final ByteBuffer buffer, final int offset, final ByteBuffer msghdr, final int msghdrOffset) {
        return Integer.toUnsignedLong(buffer.getInt(offset + NAMELEN)) > room(msghdr, msghdrOffset);
    }

    /**
     * Where the control messages lie.
     *
     * @param offset where the provided buffer begins
     * @param msghdr memory with the request's {@link Msghdr}, in native byte order
     * @param msghdrOffset where that begins
     * @return index of their first byte
     */
    public static int control(final int offset, final ByteBuffer msghdr, final int msghdrOffset) {
        return name(offset) + Msghdr.namelen(msghdr, msghdrOffset);
    }

    /**
     * How many bytes of control messages are there.
     *
     * @param buffer memory with the provided buffer, in native byte order
     * @param offset where the provided buffer begins
     * @param msghdr memory with the request's {@link Msghdr}, in native byte order
     * @param msghdrOffset where that begins
     * @return bytes, at most as many as the request had room for
     */
    public static int controlLength(
            final ByteBuffer buffer, final int offset, final ByteBuffer msghdr, final int msghdrOffset) {
        return (int) Math.min(
                Integer.toUnsignedLong(buffer.getInt(offset + CONTROLLEN)), Msghdr.controllen(msghdr, msghdrOffset));
    }

    /**
     * {@code io_uring_recvmsg_cmsg_firsthdr(3)}: the first control message; see {@link ControlMessage}.
     *
     * @param buffer memory with the provided buffer, in native byte order
     * @param offset where the provided buffer begins
     * @param msghdr memory with the request's {@link Msghdr}, in native byte order
     * @param msghdrOffset where that begins
     * @return where it begins, or -1 if there is none
     */
    public static int cmsgFirsthdr(
            final ByteBuffer buffer, final int offset, final ByteBuffer msghdr, final int msghdrOffset) {
        return ControlMessage.first(
                buffer, control(offset, msghdr, msghdrOffset), controlLength(buffer, offset, msghdr, msghdrOffset));
    }

    /**
     * {@code io_uring_recvmsg_cmsg_nexthdr(3)}: the control message after another one.
     *
     * @param buffer memory with the provided buffer, in native byte order
     * @param offset where the provided buffer begins
     * @param msghdr memory with the request's {@link Msghdr}, in native byte order
     * @param msghdrOffset where that begins
     * @param cmsg where the other one begins
     * @return where it begins, or -1 if there is none
     */
    public static int cmsgNexthdr(
            final ByteBuffer buffer,
            final int offset,
            final ByteBuffer msghdr,
            final int msghdrOffset,
            final int cmsg) {
        return ControlMessage.next(
                buffer,
                control(offset, msghdr, msghdrOffset),
                controlLength(buffer, offset, msghdr, msghdrOffset),
                cmsg);
    }

    /**
     * {@code io_uring_recvmsg_payload(3)}: where the data lies.
     *
     * @param offset where the provided buffer begins
     * @param msghdr memory with the request's {@link Msghdr}, in native byte order
     * @param msghdrOffset where that begins
     * @return index of its first byte
     */
    public static int payload(final int offset, final ByteBuffer msghdr, final int msghdrOffset) {
        return control(offset, msghdr, msghdrOffset) + (int) Msghdr.controllen(msghdr, msghdrOffset);
    }

    /**
     * {@code io_uring_recvmsg_payload_length(3)}: how many bytes of data are there.
     *
     * @param offset where the provided buffer begins
     * @param length result of the completion
     * @param msghdr memory with the request's {@link Msghdr}, in native byte order
     * @param msghdrOffset where that begins
     * @return bytes
     */
    public static int payloadLength(
            final int offset, final int length, final ByteBuffer msghdr, final int msghdrOffset) {
        return offset + length - payload(offset, msghdr, msghdrOffset);
    }

    /**
     * The flags of the message.
     *
     * @param buffer memory with the provided buffer, in native byte order
     * @param offset where the provided buffer begins
     * @return {@code MSG_TRUNC} if data was cut short, {@code MSG_CTRUNC} if control messages were …
     */
    public static int flags(final ByteBuffer buffer, final int offset) {
        return buffer.getInt(offset + FLAGS);
    }

    /**
     * The length that the message had, if the request asked for it by {@code MSG_TRUNC}; otherwise that of the data here.
     *
     * @param buffer memory with the provided buffer, in native byte order
     * @param offset where the provided buffer begins
     * @return bytes, unsigned
     */
    public static int messageLength(final ByteBuffer buffer, final int offset) {
        return buffer.getInt(offset + PAYLOADLEN);
    }
}
