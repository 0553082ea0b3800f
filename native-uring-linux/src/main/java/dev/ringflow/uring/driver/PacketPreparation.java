package dev.ringflow.uring.driver;

import dev.ringflow.net.packet.PacketEndpoint;
import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.PacketLayout;
import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.internal.LibC;
import dev.ringflow.uring.struct.Msghdr;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.BiConsumer;

/**
 * Packets: what the kernel needs to send or receive one lies in the head of the packet's own memory, so that nothing is
 * borrowed for it. See {@link PacketLayout}. The ring of some kernels (Linux 5.10's) receives from sockets of UDP and IP,
 * and refuses to from packet sockets: from its first refusal on, those are read by system calls, and the ring waits for
 * the socket between them.
 */
final class PacketPreparation extends Preparation {
    private static final int MESSAGE = PacketLayout.WORK;
    private static final int PIECE = MESSAGE + Msghdr.SIZE;

    /** How a receive is being done where the ring does not do it; it has no state where the ring does. */
    private enum ByCalls {
        /** The ring polls the socket. */
        WAITS,
        /** The call has brought a packet, or its failure. */
        ANSWERED
    }

    private final PacketSockets sockets = new PacketSockets();
    private final BiConsumer<String, String> addDetail;
    private boolean ringReadsPacketSockets = true;

    PacketPreparation(ScratchMemory scratch, BiConsumer<String, String> addDetail) {
        super(scratch);
        this.addDetail = addDetail;
    }

    @Override
    boolean isDoneByCalls(Operation operation) {
        return switch (operation.opCode()) {
            case OPEN_PACKET_SOCKET, PACKET_OVERRUNS -> true;
            case RECEIVE_PACKET -> operation.driverState() == ByCalls.ANSWERED;
            default -> false;
        };
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
            case RECEIVE_PACKET -> {
                return ringReadsPacketSockets || !isPacketSocket(operation) ? 0 : receive(operation, counters);
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

    private static boolean isPacketSocket(Operation operation) {
        Object endpoint = Objects.requireNonNull(operation.handle(), "handle").driverState();
        return endpoint instanceof PacketEndpoint known && known.kind() == PacketEndpoint.Kind.LINK;
    }

    /** The bytes, the negated errno, or 0 with the socket to be waited for. */
    private static int receive(Operation operation, DriverCounters counters) {
        counters.systemCalls().add(1);
        long message = message(operation, memoryOf(operation), PacketLayout.NAME_ROOM);
        int result = (int) LibC.recvmsg(fd(operation), message, UringConstants.MSG_DONTWAIT);
        if (result == -Errno.EAGAIN) {
            operation.driverState(ByCalls.WAITS);
            return 0;
        }
        operation.driverState(ByCalls.ANSWERED);
        return result;
    }

    @Override
    boolean goesOn(Operation operation, int result) {
        if (operation.opCode() != OpCode.RECEIVE_PACKET) {
            return false;
        }
        if (operation.driverState() == ByCalls.WAITS) {
            return result >= 0;
        }
        boolean refused = (result == -Errno.EINVAL || result == -Errno.EOPNOTSUPP)
                && operation.driverState() == null
                && isPacketSocket(operation);
        if (refused && ringReadsPacketSockets) {
            ringReadsPacketSockets = false;
            addDetail.accept("packet sockets", "read by recvmsg after a poll: the ring answers " + Errno.name(-result));
        }
        return refused;
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
                if (operation.driverState() == ByCalls.WAITS) {
                    sqe.prepPollAdd(fd(operation), UringConstants.POLLIN);
                } else {
                    long message = message(operation, memoryOf(operation), PacketLayout.NAME_ROOM);
                    sqe.prepRecvmsg(fd(operation), message, 0);
                }
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
