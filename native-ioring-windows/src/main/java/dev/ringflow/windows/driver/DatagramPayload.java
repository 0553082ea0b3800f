package dev.ringflow.windows.driver;

import dev.ringflow.spi.DatagramHead;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.PacketLayout;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Where a datagram lies in an operation's memory: all of it, or behind the head that {@link PacketLayout} tells of. */
final class DatagramPayload {
    private static final long MAPPED = 0xFFFFL;

    private DatagramPayload() {}

    static boolean isPacket(Operation operation) {
        return operation.opCode() == OpCode.SEND_PACKET || operation.opCode() == OpCode.RECEIVE_PACKET;
    }

    /** Where it begins in the buffer that the operation's memory is in. */
    static int offset(Operation operation) {
        return operation.memoryOffset() + (isPacket(operation) ? PacketLayout.PAYLOAD : 0);
    }

    /** How many bytes it has, or may have. */
    static int length(Operation operation) {
        if (!isPacket(operation)) {
            return operation.length();
        } else if (operation.length() < PacketLayout.PAYLOAD) {
            throw new IndexOutOfBoundsException("A packet's memory has " + PacketLayout.PAYLOAD + " bytes of head, not "
                    + operation.length() + " in all");
        }
        return operation.length() - PacketLayout.PAYLOAD;
    }

    /** As a buffer of its own. */
    static ByteBuffer of(Operation operation) {
        ByteBuffer memory = Preparation.memory(operation);
        return isPacket(operation) ? memory.position(PacketLayout.PAYLOAD).slice() : memory;
    }

    /** Whether it has an address of its own to go to. */
    static boolean isAddressed(Operation operation) {
        return isPacket(operation)
                ? Preparation.whole(operation).getInt(operation.memoryOffset() + PacketLayout.NAME_LENGTH) != 0
                : operation.argument() != null;
    }

    /** Where it is sent, null for the peer. */
    static @Nullable SocketAddress destination(Operation operation) {
        if (!isPacket(operation)) {
            return operation.argument() instanceof SocketAddress to ? to : null;
        } else if (!isAddressed(operation)) {
            return null;
        }
        ByteBuffer memory = Preparation.whole(operation);
        int name = operation.memoryOffset() + PacketLayout.NAME;
        return new InetSocketAddress(PacketLayout.inet(memory, name), PacketLayout.port(memory, name));
    }

    /** Writes the head of a packet that came. */
    static void describe(ByteBuffer memory, int at, DatagramHead head) {
        memory.putInt(at + PacketLayout.LENGTH, head.length());
        memory.putInt(at + PacketLayout.FLAGS, head.isTruncated() ? PacketLayout.TRUNCATED : 0);
        int name = at + PacketLayout.NAME;
        for (int i = 0; i < PacketLayout.NAME_ROOM; i += Long.BYTES) {
            memory.putLong(name + i, 0);
        }
        if (!head.hasInternetSender()) {
            memory.putInt(at + PacketLayout.NAME_LENGTH, 0);
            return;
        }
        boolean four = head.senderHigh() == 0 && head.senderLow() >>> Integer.SIZE == MAPPED;
        memory.putShort(name, (short) (four ? PacketLayout.INET : PacketLayout.INET6));
        memory.put(name + 2, (byte) (head.senderPort() >>> 8)).put(name + 3, (byte) head.senderPort());
        int ip = name + PacketLayout.inetOffset(four ? PacketLayout.INET : PacketLayout.INET6);
        if (four) {
            network(memory, ip, head.senderLow() << Integer.SIZE, Integer.BYTES);
        } else {
            network(memory, ip, head.senderHigh(), Long.BYTES);
            network(memory, ip + Long.BYTES, head.senderLow(), Long.BYTES);
            memory.putInt(ip + 2 * Long.BYTES, head.senderScope());
        }
        memory.putInt(at + PacketLayout.NAME_LENGTH, four ? 16 : 28);
    }

    private static void network(ByteBuffer memory, int at, long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            memory.put(at + i, (byte) (value >>> Long.SIZE - Byte.SIZE * (i + 1)));
        }
    }
}
