package dev.ringflow.spi;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * How a packet lies in the memory of {@link OpCode#SEND_PACKET}, {@link OpCode#RECEIVE_PACKET} and
 * {@link OpCode#RECEIVE_PACKETS}: {@value #PAYLOAD} bytes of head, then the packet. The head begins as what Linux
 * writes for a multishot recvmsg, {@code struct io_uring_recvmsg_out}, with {@value #NAME_ROOM} bytes for an address and
 * {@value #WORK_ROOM} for whatever else the driver needs; numbers are in native byte order, except where an address has
 * them in that of the network. An address is a {@code struct sockaddr_in}, {@code sockaddr_in6} or {@code sockaddr_ll} as
 * Linux has them, whatever the platform; see ip(7), ipv6(7), packet(7).
 */
public final class PacketLayout {
    /** Offset of the length of the address, an int; 0 stands for none. */
    public static final int NAME_LENGTH = 0;

    /** Offset of the number of bytes of the packet that are here, an int. */
    public static final int LENGTH = 8;

    /** Offset of the flags, an int: {@link #TRUNCATED}. */
    public static final int FLAGS = 12;

    /** The packet was longer than the room for it, and is cut. */
    public static final int TRUNCATED = 0x20;

    /** Offset of the address. */
    public static final int NAME = 16;

    /** Bytes that an address may have. */
    public static final int NAME_ROOM = 32;

    /** Offset of the driver's own bytes. */
    public static final int WORK = NAME + NAME_ROOM;

    /** How many bytes are the driver's own. */
    public static final int WORK_ROOM = 80;

    /** Offset of the packet. */
    public static final int PAYLOAD = WORK + WORK_ROOM;

    /** The family of {@code struct sockaddr_in}. */
    public static final int INET = 2;

    /** The family of {@code struct sockaddr_in6}. */
    public static final int INET6 = 10;

    /** The family of {@code struct sockaddr_ll}. */
    public static final int LINK = 17;

    private static final int INET_SIZE = 16;
    private static final int INET_ADDRESS = 4;
    private static final int INET6_SIZE = 28;
    private static final int INET6_ADDRESS = 8;
    private static final int INET6_SCOPE = 24;
    private static final int LINK_SIZE = 20;
    private static final int LINK_INTERFACE = 4;
    private static final int LINK_HARDWARE = 12;
    private static final int MOST_HARDWARE = 8;

    private PacketLayout() {}

    /**
     * Writes an address of the internet.
     *
     * @param target native byte order
     * @param at where the address begins
     * @param ip the address
     * @param port the port, 0 where there is none
     * @return its length in bytes
     */
    public static int putInet(ByteBuffer target, int at, InetAddress ip, int port) {
        boolean six = ip instanceof Inet6Address;
        int size = six ? INET6_SIZE : INET_SIZE;
        for (int i = 0; i < size; i++) {
            target.put(at + i, (byte) 0);
        }
        target.putShort(at, (short) (six ? INET6 : INET));
        target.put(at + 2, (byte) (port >>> 8)).put(at + 3, (byte) port);
        target.put(at + (six ? INET6_ADDRESS : INET_ADDRESS), ip.getAddress());
        if (ip instanceof Inet6Address inet6) {
            target.putInt(at + INET6_SCOPE, inet6.getScopeId());
        }
        return size;
    }

    /**
     * Writes an address below IP.
     *
     * @param target native byte order
     * @param at where the address begins
     * @param interfaceIndex number of the interface, 0 for any
     * @param etherType the protocol, such as 0x0800
     * @param hardware the hardware address, at most 8 bytes
     * @return its length in bytes
     * @throws IllegalArgumentException if the hardware address is longer
     */
    public static int putLink(ByteBuffer target, int at, int interfaceIndex, int etherType, byte... hardware) {
        if (hardware.length > MOST_HARDWARE) {
            throw new IllegalArgumentException(
                    "A hardware address has at most " + MOST_HARDWARE + " bytes, not " + hardware.length);
        }
        for (int i = 0; i < LINK_SIZE; i++) {
            target.put(at + i, (byte) 0);
        }
        target.putShort(at, (short) LINK);
        target.put(at + 2, (byte) (etherType >>> 8)).put(at + 3, (byte) etherType);
        target.putInt(at + LINK_INTERFACE, interfaceIndex);
        target.put(at + LINK_HARDWARE - 1, (byte) hardware.length);
        target.put(at + LINK_HARDWARE, hardware);
        return LINK_SIZE;
    }

    /**
     * Sets the interface of an address below IP.
     *
     * @param target native byte order
     * @param at where the address begins
     * @param index number of the interface
     */
    public static void putInterface(ByteBuffer target, int at, int index) {
        target.putInt(at + LINK_INTERFACE, index);
    }

    /**
     * The family of an address.
     *
     * @param source native byte order
     * @param at where the address begins
     * @return {@link #INET}, {@link #INET6}, {@link #LINK} or another
     */
    public static int family(ByteBuffer source, int at) {
        return source.getShort(at);
    }

    /**
     * The port of an address of the internet, or the protocol of one below IP.
     *
     * @param source native byte order
     * @param at where the address begins
     * @return 0 to 65535
     */
    public static int port(ByteBuffer source, int at) {
        return (source.get(at + 2) & 0xFF) << 8 | source.get(at + 3) & 0xFF;
    }

    /**
     * The address of the internet.
     *
     * @param source native byte order
     * @param at where the address begins
     * @return the address
     * @throws IllegalStateException if it is none
     */
    public static InetAddress inet(ByteBuffer source, int at) {
        boolean six = family(source, at) == INET6;
        if (!six && family(source, at) != INET) {
            throw new IllegalStateException("An address of family " + family(source, at) + " is none of the internet");
        }
        byte[] bytes = new byte[six ? 16 : 4];
        source.get(at + (six ? INET6_ADDRESS : INET_ADDRESS), bytes);
        int scope = six ? source.getInt(at + INET6_SCOPE) : 0;
        try {
            return scope == 0 ? InetAddress.getByAddress(bytes) : Inet6Address.getByAddress(null, bytes, scope);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Where the bytes lie that an address of the internet is told apart by, its port left out.
     *
     * @param family {@link #INET} or {@link #INET6}
     * @return offset from the beginning of the address
     */
    public static int inetOffset(int family) {
        return family == INET6 ? INET6_ADDRESS : INET_ADDRESS;
    }

    /**
     * The interface of an address below IP.
     *
     * @param source native byte order
     * @param at where the address begins
     * @return its number, or 0 for an address of the internet
     */
    public static int interfaceIndex(ByteBuffer source, int at) {
        return family(source, at) == LINK ? source.getInt(at + LINK_INTERFACE) : 0;
    }

    /**
     * The kind of a packet below IP.
     *
     * @param source native byte order
     * @param at where the address begins
     * @return {@code PACKET_} constant of packet(7): 0 for us, 1 for all, 2 for some, 3 for somebody else, 4 by us
     */
    public static int packetType(ByteBuffer source, int at) {
        return source.get(at + LINK_HARDWARE - 2);
    }

    /**
     * The hardware address.
     *
     * @param source native byte order
     * @param at where the address begins
     * @return its bytes, none if it has none or is of the internet
     */
    public static byte[] hardware(ByteBuffer source, int at) {
        int length = family(source, at) == LINK ? Math.min(MOST_HARDWARE, source.get(at + LINK_HARDWARE - 1)) : 0;
        byte[] bytes = new byte[Math.max(0, length)];
        source.get(at + LINK_HARDWARE, bytes);
        return bytes;
    }

    /**
     * The bytes of an address.
     *
     * @param source any byte order
     * @param at where the address begins
     * @param length how many bytes, at most {@link #NAME_ROOM}
     * @return a copy
     */
    public static byte[] copy(ByteBuffer source, int at, int length) {
        byte[] bytes = new byte[Math.min(NAME_ROOM, length)];
        source.get(at, bytes);
        return bytes;
    }
}
