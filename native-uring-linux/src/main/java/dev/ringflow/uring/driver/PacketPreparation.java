package dev.ringflow.uring.driver;

import dev.ringflow.net.packet.PacketEndpoint;
import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.PacketLayout;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.struct.Msghdr;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Packets: what the kernel needs to send or receive one lies in the head of the packet's own memory, so that nothing is
 * borrowed for it. See {@link PacketLayout}.
 */
final class PacketPreparation extends Preparation {
    private static final int MESSAGE = PacketLayout.WORK;
    private static final int PIECE = MESSAGE + Msghdr.SIZE;

    private final PacketSockets sockets = new PacketSockets();

    PacketPreparation(ScratchMemory scratch) {
        super(scratch);
    }

    @Override
    boolean isDoneByCalls(Operation operation) {
        return operation.opCode() == OpCode.OPEN_PACKET_SOCKET || operation.opCode() == OpCode.PACKET_OVERRUNS;
    }

    @Override
    int before(Operation operation, DriverCounters counters) {
        switch (operation.opCode()) {
            case OPEN_PACKET_SOCKET -> {
                return sockets.open(operation, (PacketEndpoint) Objects.requireNonNull(operation.argument()), counters);
            }
            case PACKET_OVERRUNS -> {
                counters.systemCalls().add(1);
                return sockets.overruns(operation, fd(operation));
            }
            case RECEIVE_PACKETS -> {
                if (operation.driverState() == null) {
                    operation.driverState(pattern());
                }
                return 0;
            }
            default -> {
                return 0;
            }
        }
    }

    /** How the kernel is to divide each buffer. */
    private ByteBuffer pattern() {
        ByteBuffer message = scratch().take(Msghdr.SIZE);
        Msghdr.clear(message, 0);
        Msghdr.setName(message, 0, 0, PacketLayout.NAME_ROOM);
        Msghdr.setControl(message, 0, 0, PacketLayout.WORK_ROOM);
        return message;
    }

    @Override
    void fill(Sqe sqe, Operation operation) {
        switch (operation.opCode()) {
            case SEND_PACKET -> fillSend(sqe, operation);
            case RECEIVE_PACKET -> {
                ByteBuffer memory = memoryOf(operation);
                sqe.prepRecvmsg(fd(operation), message(operation, memory, PacketLayout.NAME_ROOM), 0);
            }
            case RECEIVE_PACKETS -> {
                if (!(operation.provided() instanceof KernelBuffers group)) {
                    throw new UnsupportedOperationException(
                            operation.opCode() + " by the driver uring without a ring of buffers");
                }
                group.publishNow();
                sqe.prepRecvmsgMultishot(fd(operation), kept(operation), 0);
                sqe.addFlags(UringConstants.IOSQE_BUFFER_SELECT);
                sqe.setBufGroup(group.group());
            }
            default -> throw new UnsupportedOperationException(operation.opCode() + " by the driver uring");
        }
    }

    private static void fillSend(Sqe sqe, Operation operation) {
        ByteBuffer memory = memoryOf(operation);
        int name = memory.getInt(operation.memoryOffset() + PacketLayout.NAME_LENGTH);
        int length = operation.length() - PacketLayout.PAYLOAD;
        if (name > 0) {
            Objects.checkFromIndexSize(0, name, PacketLayout.NAME_ROOM);
            sqe.prepSendmsg(fd(operation), message(operation, memory, name), UringConstants.MSG_NOSIGNAL);
            return;
        }
        long payload = memory(operation) + PacketLayout.PAYLOAD;
        if (operation.bufferIndex() >= 0 && length > 0) {
            sqe.prepWriteFixed(fd(operation), payload, length, 0, operation.bufferIndex());
        } else {
            sqe.prepSend(fd(operation), payload, length, UringConstants.MSG_NOSIGNAL);
        }
    }

    private static ByteBuffer memoryOf(Operation operation) {
        ByteBuffer memory = Objects.requireNonNull(operation.memory(), "memory");
        if (operation.length() < PacketLayout.PAYLOAD) {
            throw new IndexOutOfBoundsException("A packet's memory has " + PacketLayout.PAYLOAD + " bytes of head, not "
                    + operation.length() + " in all");
        }
        return memory;
    }

    /** Writes the message into the head; its address. */
    private static long message(Operation operation, ByteBuffer memory, int name) {
        long begin = memory(operation);
        int at = operation.memoryOffset();
        Msghdr.clear(memory, at + MESSAGE);
        Msghdr.setName(memory, at + MESSAGE, begin + PacketLayout.NAME, name);
        Msghdr.setIov(memory, at + MESSAGE, begin + PIECE, 1);
        memory.putLong(at + PIECE, begin + PacketLayout.PAYLOAD);
        memory.putLong(at + PIECE + Long.BYTES, operation.length() - PacketLayout.PAYLOAD);
        return begin + MESSAGE;
    }

    /** Makes the head what it is in a buffer that the kernel chose. */
    @Override
    int after(Operation operation, int result, DriverCounters counters) {
        if (operation.opCode() == OpCode.RECEIVE_PACKET && result >= 0) {
            ByteBuffer memory = memoryOf(operation);
            int at = operation.memoryOffset();
            memory.putInt(at + PacketLayout.NAME_LENGTH, Msghdr.namelen(memory, at + MESSAGE));
            memory.putInt(at + PacketLayout.LENGTH, result);
            memory.putInt(at + PacketLayout.FLAGS, Msghdr.flags(memory, at + MESSAGE));
        }
        return result;
    }
}
