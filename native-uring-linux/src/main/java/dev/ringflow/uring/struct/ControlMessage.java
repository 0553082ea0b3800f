package dev.ringflow.uring.struct;

import dev.ringflow.uring.UringConstants;
import java.nio.ByteBuffer;

/**
 * Control messages: what travels along with a message and is no data, such as file descriptors, credentials, addresses,
 * times.
 *
 * <pre>{@code
 * struct cmsghdr {
 *     size_t        cmsg_len;     // with this header
 *     int           cmsg_level;
 *     int           cmsg_type;
 *     unsigned char cmsg_data[];  // the next one begins at a multiple of eight bytes after this one
 * };
 * }</pre>
 *
 * <p>They lie one behind the other in one area of memory that begins at a multiple of eight bytes. Writing: {@link #put}
 * and its relatives answer where the next one begins. Reading:
 *
 * <pre>{@code
 * for (int at = ControlMessage.first(memory, start, length); at >= 0; at = ControlMessage.next(memory, start, length, at)) {
 *     if (ControlMessage.is(memory, at, SOL_SOCKET, SCM_RIGHTS)) {
 *         int[] fds = ControlMessage.rights(memory, at);
 *         …
 *     }
 * }
 * }</pre>
 *
 * <p>What is read comes from elsewhere: {@code first} and {@code next} hand out only messages that lie whole in the area,
 * whatever the lengths in them say, and always come to an end. Source: {@code cmsg(3)}.
 */
public final class ControlMessage {
    /** Offset of {@code cmsg_len}, 64 bits. */
    public static final int LEN = 0;

    /** Offset of {@code cmsg_level}. */
    public static final int LEVEL = 8;

    /** Offset of {@code cmsg_type}. */
    public static final int TYPE = 12;

    /** Offset of the data, and size of the header, in bytes. */
    public static final int DATA = 16;

    /** Size of the data of {@code SCM_CREDENTIALS}, {@code struct ucred}: process, user and group, 32 bits each. */
    public static final int CREDENTIALS_SIZE = 12;

    /** Size of the data of {@code IP_PKTINFO}, {@code struct in_pktinfo}: see {@link #putPktinfo}. */
    public static final int PKTINFO_SIZE = 12;

    /** Offset of {@code ipi_spec_dst}, the local address, in the data of {@code IP_PKTINFO}. */
    public static final int PKTINFO_SPEC_DST = 4;

    /** Offset of {@code ipi_addr}, the address in the packet's header, in the data of {@code IP_PKTINFO}. */
    public static final int PKTINFO_ADDR = 8;

    /** Size of the data of {@code IPV6_PKTINFO}, {@code struct in6_pktinfo}: address, then index of the interface. */
    public static final int PKTINFO6_SIZE = 20;

    /** Offset of {@code ipi6_ifindex} in the data of {@code IPV6_PKTINFO}. */
    public static final int PKTINFO6_IFINDEX = 16;

    private static final int ALIGNMENT = 8;

    private ControlMessage() {}

    /**
     * {@code CMSG_LEN}: the length of a message without padding.
     *
     * @param dataLength bytes of data
     * @return bytes
     */
    public static int length(final int dataLength) {
        return DATA + dataLength;
    }

    /**
     * {@code CMSG_SPACE}: the room that a message takes up.
     *
     * @param dataLength bytes of data
     * @return bytes, a multiple of eight
     */
    public static int space(final int dataLength) {
        return (int) align(length(dataLength));
    }

    private static long align(final long length) {
        return length + ALIGNMENT - 1 & -ALIGNMENT;
    }

    /**
     * Writes the header of a message and clears its data, which begins at {@code offset + DATA}.
     *
     * @param memory native memory in native byte order, {@link #space} bytes from {@code offset} on
     * @param offset where the message begins
     * @param level {@code SOL_} or {@code IPPROTO_} constant
     * @param type {@code SCM_}, {@code IP_} … constant
     * @param dataLength bytes of data
     * @return where the next message begins, which is also the length of the area so far
     * @throws IllegalArgumentException if there is no room; nothing is written then
     */
    public static int put(
            final ByteBuffer memory, final int offset, final int level, final int type, final int dataLength) {
        if (dataLength < 0 || offset < 0 || align((long) DATA + dataLength) > (long) memory.limit() - offset) {
            throw new IllegalArgumentException("a control message with " + dataLength + " bytes of data at " + offset
                    + " has no room in " + memory.limit() + " bytes");
        }
        final int end = offset + space(dataLength);
        memory.putLong(offset + LEN, length(dataLength));
        memory.putInt(offset + LEVEL, level);
        memory.putInt(offset + TYPE, type);
        for (int i = offset + DATA; i < end; i += ALIGNMENT) {
            memory.putLong(i, 0);
        }
        return end;
    }

    /**
     * Writes a message with a 16-bit number, such as {@code UDP_SEGMENT}.
     *
     * @param memory native memory in native byte order
     * @param offset where the message begins
     * @param level {@code SOL_} or {@code IPPROTO_} constant
     * @param type which
     * @param value the number
     * @return where the next message begins
     * @throws IllegalArgumentException if there is no room
     */
    public static int putShort(
            final ByteBuffer memory, final int offset, final int level, final int type, final int value) {
        final int end = put(memory, offset, level, type, Short.BYTES);
        memory.putShort(offset + DATA, (short) value);
        return end;
    }

    /**
     * Writes a message with a 32-bit number, such as {@code IP_TTL} or {@code IPV6_HOPLIMIT}.
     *
     * @param memory native memory in native byte order
     * @param offset where the message begins
     * @param level {@code SOL_} or {@code IPPROTO_} constant
     * @param type which
     * @param value the number
     * @return where the next message begins
     * @throws IllegalArgumentException if there is no room
     */
    public static int putInt(
            final ByteBuffer memory, final int offset, final int level, final int type, final int value) {
        final int end = put(memory, offset, level, type, Integer.BYTES);
        memory.putInt(offset + DATA, value);
        return end;
    }

    /**
     * Writes {@code SCM_RIGHTS}: file descriptors, which the receiver gets as its own. They stay open here.
     *
     * @param memory native memory in native byte order
     * @param offset where the message begins
     * @param fds at most 253 file descriptors
     * @return where the next message begins
     * @throws IllegalArgumentException if there is no room
     */
    public static int putRights(final ByteBuffer memory, final int offset, final int... fds) {
        final int end =
                put(memory, offset, UringConstants.SOL_SOCKET, UringConstants.SCM_RIGHTS, fds.length * Integer.BYTES);
        for (int i = 0; i < fds.length; i++) {
            memory.putInt(offset + DATA + i * Integer.BYTES, fds[i]);
        }
        return end;
    }

    /**
     * Writes {@code SCM_CREDENTIALS}: who sends. The kernel lets only privileged processes claim to be another.
     *
     * @param memory native memory in native byte order
     * @param offset where the message begins
     * @param pid the process
     * @param uid its user
     * @param gid its group
     * @return where the next message begins
     * @throws IllegalArgumentException if there is no room
     */
    public static int putCredentials(
            final ByteBuffer memory, final int offset, final int pid, final int uid, final int gid) {
        final int end =
                put(memory, offset, UringConstants.SOL_SOCKET, UringConstants.SCM_CREDENTIALS, CREDENTIALS_SIZE);
        memory.putInt(offset + DATA, pid);
        memory.putInt(offset + DATA + Integer.BYTES, uid);
        memory.putInt(offset + DATA + 2 * Integer.BYTES, gid);
        return end;
    }

    /**
     * Writes {@code IP_PKTINFO}: which interface and local address an IPv4 packet leaves by.
     *
     * @param memory native memory in native byte order
     * @param offset where the message begins
     * @param ifindex index of the interface, or 0 for any
     * @param local the local address, four bytes
     * @return where the next message begins
     * @throws IllegalArgumentException if there is no room, or for an address that has not four bytes
     */
    public static int putPktinfo(final ByteBuffer memory, final int offset, final int ifindex, final byte... local) {
        if (local.length != Integer.BYTES) {
            throw new IllegalArgumentException("an IPv4 address has four bytes, this one has " + local.length);
        }
        final int end = put(memory, offset, UringConstants.IPPROTO_IP, UringConstants.IP_PKTINFO, PKTINFO_SIZE);
        memory.putInt(offset + DATA, ifindex);
        memory.put(offset + DATA + PKTINFO_SPEC_DST, local);
        return end;
    }

    /**
     * The first message of an area.
     *
     * @param memory native memory in native byte order
     * @param start where the area begins
     * @param length its length in bytes, as the kernel tells it
     * @return where the message begins, or -1 if none lies whole in the area
     */
    public static int first(final ByteBuffer memory, final int start, final long length) {
        return start < 0 ? -1 : whole(memory, start, end(memory, start, length));
    }

    /**
     * The message after another one.
     *
     * @param memory native memory in native byte order
     * @param start where the area begins
     * @param length its length in bytes, as the kernel tells it
     * @param current a message of this area
     * @return where the message begins, or -1 if none follows that lies whole in the area
     */
    public static int next(final ByteBuffer memory, final int start, final long length, final int current) {
        final long end = end(memory, start, length);
        if (current < start || whole(memory, current, end) < 0) {
            return -1;
        }
        return whole(memory, current + align(memory.getLong(current + LEN)), end);
    }

    private static long end(final ByteBuffer memory, final int start, final long length) {
        final long room = (long) memory.limit() - start;
        return start + Math.min(Math.max(0, length), room);
    }

    /** The same place if a message lies there whole, or -1. */
    private static int whole(final ByteBuffer memory, final long offset, final long end) {
        if (offset < 0 || end - offset < DATA) {
            return -1;
        }
        final long length = memory.getLong((int) offset + LEN);
        return length < DATA || length > end - offset ? -1 : (int) offset;
    }

    /**
     * The level of a message.
     *
     * @param memory native memory in native byte order
     * @param offset where the message begins
     * @return {@code SOL_} or {@code IPPROTO_} constant
     */
    public static int level(final ByteBuffer memory, final int offset) {
        return memory.getInt(offset + LEVEL);
    }

    /**
     * The type of a message, which means something together with the level only.
     *
     * @param memory native memory in native byte order
     * @param offset where the message begins
     * @return {@code SCM_}, {@code IP_} … constant
     */
    public static int type(final ByteBuffer memory, final int offset) {
        return memory.getInt(offset + TYPE);
    }

    /**
     * Whether a message is of a certain kind.
     *
     * @param memory native memory in native byte order
     * @param offset where the message begins
     * @param level {@code SOL_} or {@code IPPROTO_} constant
     * @param type {@code SCM_}, {@code IP_} … constant
     * @return true if both are the same
     */
    public static boolean is(final ByteBuffer memory, final int offset, final int level, final int type) {
        return level(memory, offset) == level && type(memory, offset) == type;
    }

    /**
     * The length of a message's data, which begins at {@code offset + DATA}.
     *
     * @param memory native memory in native byte order
     * @param offset where a message begins, as {@link #first} or {@link #next} answered it
     * @return bytes, never more than the memory has
     */
    public static int dataLength(final ByteBuffer memory, final int offset) {
        final long data = memory.getLong(offset + LEN) - DATA;
        return (int) Math.max(0, Math.min(data, (long) memory.limit() - offset - DATA));
    }

    /**
     * The 32-bit number of a message, such as {@code IP_TTL}, {@code IPV6_HOPLIMIT} or {@code UDP_GRO}; a shorter one
     * (8 or 16 bits) as that number.
     *
     * @param memory native memory in native byte order
     * @param offset where a message begins, as {@link #first} or {@link #next} answered it
     * @return the number, or 0 if the message has no data
     */
    public static int number(final ByteBuffer memory, final int offset) {
        return switch (dataLength(memory, offset)) {
            case 0 -> 0;
            case 1 -> Byte.toUnsignedInt(memory.get(offset + DATA));
            case 2, 3 -> Short.toUnsignedInt(memory.getShort(offset + DATA));
            default -> memory.getInt(offset + DATA);
        };
    }

    /**
     * The file descriptors of {@code SCM_RIGHTS}. They are the receiver's from now on: to be closed. Receive with
     * {@code MSG_CMSG_CLOEXEC}.
     *
     * @param memory native memory in native byte order
     * @param offset where a message begins, as {@link #first} or {@link #next} answered it
     * @return the file descriptors
     */
    public static int[] rights(final ByteBuffer memory, final int offset) {
        final int[] fds = new int[dataLength(memory, offset) / Integer.BYTES];
        for (int i = 0; i < fds.length; i++) {
            fds[i] = memory.getInt(offset + DATA + i * Integer.BYTES);
        }
        return fds;
    }
}
