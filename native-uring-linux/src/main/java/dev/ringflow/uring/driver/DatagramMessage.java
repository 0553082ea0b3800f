package dev.ringflow.uring.driver;

import dev.ringflow.net.DatagramSettings;
import dev.ringflow.spi.DatagramHead;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.struct.ControlMessage;
import dev.ringflow.uring.struct.Iovec;
import dev.ringflow.uring.struct.Msghdr;
import dev.ringflow.uring.struct.Sockaddr;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Where the parts of a message lie in a piece of scratch memory, and what the kernel's side of a datagram means. */
final class DatagramMessage {
    static final int IOVEC = Msghdr.SIZE;
    static final int NAME = IOVEC + Iovec.SIZE;
    static final int NAME_ROOM = Sockaddr.STORAGE_SIZE;
    static final int CONTROL = NAME + NAME_ROOM;
    static final int CONTROL_ROOM = 256;

    /** In provided buffers, where room for what never comes would be wasted: an internet address, and all details. */
    static final int INET_NAME_ROOM = 32;

    static final int BUFFER_CONTROL_ROOM = 176;

    private static final boolean SWAPPED = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    private static final long MAPPED = 0xFFFFL << Integer.SIZE;
    private static final long NANOS = 1_000_000_000;
    private static final int IN6_PORTION = 8;

    private DatagramMessage() {}

    /** Prepares to receive into one piece of memory. */
    static void toReceive(ByteBuffer message, long payload, int length, boolean control) {
        long address = head(message, payload, length);
        Msghdr.setName(message, 0, address + NAME, NAME_ROOM);
        if (control) {
            Msghdr.setControl(message, 0, address + CONTROL, CONTROL_ROOM);
        }
    }

    private static long head(ByteBuffer message, long payload, int length) {
        long address = Memory.address(message);
        Msghdr.clear(message, 0);
        message.putLong(IOVEC + Iovec.BASE, payload);
        message.putLong(IOVEC + Iovec.LEN, length);
        Msghdr.setIov(message, 0, address + IOVEC, 1);
        return address;
    }

    /** Prepares to send one piece of memory; {@code name} is the length of what lies at {@link #NAME}, or 0. */
    static void toSend(ByteBuffer message, long payload, int length, int name) {
        long address = head(message, payload, length);
        if (name > 0) {
            Msghdr.setName(message, 0, address + NAME, name);
        }
    }

    /** Adds what is different for one send. */
    static void settings(ByteBuffer message, DatagramSettings settings, boolean inet4) {
        int end = CONTROL;
        if (settings.segmentSize() > 0) {
            end = ControlMessage.putShort(
                    message, end, UringConstants.SOL_UDP, UringConstants.UDP_SEGMENT, settings.segmentSize());
        }
        if (settings.hopLimit() >= 0) {
            end = inet4
                    ? ControlMessage.putInt(
                            message, end, UringConstants.SOL_IP, UringConstants.IP_TTL, settings.hopLimit())
                    : ControlMessage.putInt(
                            message, end, UringConstants.SOL_IPV6, UringConstants.IPV6_HOPLIMIT, settings.hopLimit());
        }
        if (settings.trafficClass() >= 0) {
            end = inet4
                    ? ControlMessage.putInt(
                            message, end, UringConstants.SOL_IP, UringConstants.IP_TOS, settings.trafficClass())
                    : ControlMessage.putInt(
                            message, end, UringConstants.SOL_IPV6, UringConstants.IPV6_TCLASS, settings.trafficClass());
        }
        InetAddress source = settings.source();
        if (source != null || settings.interfaceIndex() > 0) {
            end = packetInfo(message, end, source, settings.interfaceIndex(), inet4);
        }
        if (end > CONTROL) {
            Msghdr.setControl(message, 0, Memory.address(message) + CONTROL, end - CONTROL);
        }
    }

    private static int packetInfo(ByteBuffer message, int at, @Nullable InetAddress source, int index, boolean inet4) {
        if (source != null && source instanceof Inet6Address == inet4) {
            throw new IllegalArgumentException("The source " + source + " is of another protocol than the receiver");
        }
        if (inet4) {
            return ControlMessage.putPktinfo(message, at, index, source == null ? new byte[4] : source.getAddress());
        }
        int end = ControlMessage.put(
                message, at, UringConstants.SOL_IPV6, UringConstants.IPV6_PKTINFO, ControlMessage.PKTINFO6_SIZE);
        if (source != null) {
            message.put(at + ControlMessage.DATA, source.getAddress());
        }
        message.putInt(at + ControlMessage.DATA + ControlMessage.PKTINFO6_IFINDEX, index);
        return end;
    }

    static boolean hasControl(ByteBuffer message) {
        return Msghdr.controllen(message, 0) > 0;
    }

    /** Reads what the kernel has told of a datagram in this message's own memory. */
    static void received(ByteBuffer message, int bytes, DatagramHead head) {
        head.clear();
        head.payload(0, bytes, (Msghdr.flags(message, 0) & UringConstants.MSG_TRUNC) != 0);
        sender(message, NAME, Msghdr.namelen(message, 0), head);
        details(message, CONTROL, (int) Msghdr.controllen(message, 0), head);
    }

    static void sender(ByteBuffer memory, int at, int length, DatagramHead head) {
        switch (Sockaddr.family(memory, at, length)) {
            case UringConstants.AF_INET ->
                head.sender(0, mapped(memory.getInt(at + Sockaddr.IN_ADDR)), port(memory, at), 0);
            case UringConstants.AF_INET6 -> {
                int ip = at + Sockaddr.IN6_ADDR;
                head.sender(
                        bigEndian(memory.getLong(ip)),
                        bigEndian(memory.getLong(ip + IN6_PORTION)),
                        port(memory, at),
                        memory.getInt(at + Sockaddr.IN6_SCOPE_ID));
            }
            case UringConstants.AF_UNIX -> {
                if (length > Short.BYTES) {
                    head.sender(Sockaddr.get(memory, at, length));
                }
            }
            default -> {}
        }
    }

    private static int port(ByteBuffer memory, int at) {
        return Byte.toUnsignedInt(memory.get(at + Sockaddr.PORT)) << Byte.SIZE
                | Byte.toUnsignedInt(memory.get(at + Sockaddr.PORT + 1));
    }

    private static long bigEndian(long value) {
        return SWAPPED ? Long.reverseBytes(value) : value;
    }

    private static long mapped(int address) {
        return MAPPED | Integer.toUnsignedLong(SWAPPED ? Integer.reverseBytes(address) : address);
    }

    static void details(ByteBuffer memory, int start, int length, DatagramHead head) {
        for (int at = ControlMessage.first(memory, start, length);
                at >= 0;
                at = ControlMessage.next(memory, start, length, at)) {
            switch (ControlMessage.level(memory, at)) {
                case UringConstants.SOL_IP -> inet4Detail(memory, at, head);
                case UringConstants.SOL_IPV6 -> inet6Detail(memory, at, head);
                case UringConstants.SOL_SOCKET -> socketDetail(memory, at, head);
                case UringConstants.SOL_UDP -> {
                    if (ControlMessage.type(memory, at) == UringConstants.UDP_GRO) {
                        head.segmentSize(ControlMessage.number(memory, at));
                    }
                }
                default -> {}
            }
        }
    }

    private static void inet4Detail(ByteBuffer memory, int at, DatagramHead head) {
        switch (ControlMessage.type(memory, at)) {
            case UringConstants.IP_TTL -> head.hopLimit(ControlMessage.number(memory, at));
            case UringConstants.IP_TOS -> head.trafficClass(ControlMessage.number(memory, at));
            case UringConstants.IP_PKTINFO -> {
                int data = at + ControlMessage.DATA;
                head.destination(0, mapped(memory.getInt(data + ControlMessage.PKTINFO_ADDR)), memory.getInt(data));
            }
            default -> {}
        }
    }

    private static void inet6Detail(ByteBuffer memory, int at, DatagramHead head) {
        switch (ControlMessage.type(memory, at)) {
            case UringConstants.IPV6_HOPLIMIT -> head.hopLimit(ControlMessage.number(memory, at));
            case UringConstants.IPV6_TCLASS -> head.trafficClass(ControlMessage.number(memory, at));
            case UringConstants.IPV6_PKTINFO -> {
                int data = at + ControlMessage.DATA;
                head.destination(
                        bigEndian(memory.getLong(data)),
                        bigEndian(memory.getLong(data + IN6_PORTION)),
                        memory.getInt(data + ControlMessage.PKTINFO6_IFINDEX));
            }
            default -> {}
        }
    }

    private static void socketDetail(ByteBuffer memory, int at, DatagramHead head) {
        switch (ControlMessage.type(memory, at)) {
            case UringConstants.SCM_TIMESTAMPNS -> {
                int data = at + ControlMessage.DATA;
                head.timestampNanos(memory.getLong(data) * NANOS + memory.getLong(data + Long.BYTES));
            }
            case UringConstants.SO_RXQ_OVFL -> head.drops(Integer.toUnsignedLong(ControlMessage.number(memory, at)));
            default -> {}
        }
    }
}
