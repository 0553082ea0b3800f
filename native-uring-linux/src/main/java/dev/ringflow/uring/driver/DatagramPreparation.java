package dev.ringflow.uring.driver;

import dev.ringflow.net.DatagramSettings;
import dev.ringflow.net.MulticastMembership;
import dev.ringflow.spi.DatagramHead;
import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.internal.LibC;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Datagrams, one at a time. Kernels that refuse control messages on the ring (5.10 does) say so with EINVAL: from then
 * on messages with control go by system calls, and the ring waits for the socket between them.
 */
final class DatagramPreparation extends Preparation {
    /** Behind the message in its scratch memory: how it is being done. */
    private static final int WAY = ScratchMemory.SIZE - Integer.BYTES;

    private static final int BY_RING = 0;
    private static final int BY_CALL = 1;
    private static final int WAITS = 2;

    private final DatagramCalls calls = new DatagramCalls();
    private boolean ringTakesControl = true;

    DatagramPreparation(ScratchMemory scratch) {
        super(scratch);
    }

    static DatagramState socket(Operation operation) {
        Handle handle = Objects.requireNonNull(operation.handle(), "handle");
        return (DatagramState) Objects.requireNonNull(handle.driverState(), "a datagram socket");
    }

    @Override
    boolean isDoneByCalls(Operation operation) {
        return switch (operation.opCode()) {
            case RECEIVE_DATAGRAM, SEND_DATAGRAM -> way(operation) == BY_CALL;
            default -> true;
        };
    }

    private static int way(Operation operation) {
        return operation.driverState() instanceof ByteBuffer message ? message.getInt(WAY) : BY_RING;
    }

    @Override
    int before(Operation operation, DriverCounters counters) {
        return switch (operation.opCode()) {
            case BIND -> calls.bind(operation, counters);
            case CONNECT_DATAGRAM -> calls.connect(fd(operation), socket(operation), operation, counters);
            case JOIN_GROUP -> calls.join(fd(operation), membership(operation), counters);
            case LEAVE_GROUP -> calls.leave(fd(operation), membership(operation), counters);
            case RECEIVE_DATAGRAM -> beforeReceive(operation, counters);
            case SEND_DATAGRAM -> beforeSend(operation, counters);
            default -> throw new UnsupportedOperationException(operation.opCode() + " by the driver uring");
        };
    }

    private static MulticastMembership membership(Operation operation) {
        return (MulticastMembership) Objects.requireNonNull(operation.argument());
    }

    private ByteBuffer message(Operation operation) {
        if (operation.driverState() instanceof ByteBuffer taken) {
            return taken; // prepared again
        }
        ByteBuffer message = scratch().take(ScratchMemory.SIZE);
        operation.driverState(message);
        return message;
    }

    private int beforeReceive(Operation operation, DriverCounters counters) {
        ByteBuffer message = message(operation);
        boolean control = socket(operation).wantsControl();
        DatagramMessage.toReceive(message, memory(operation), operation.length(), control);
        return !control || ringTakesControl ? byRing(message) : byCall(operation, message, counters);
    }

    private int beforeSend(Operation operation, DriverCounters counters) {
        if (operation.argument() == null && operation.secondArgument() == null) {
            return 0;
        }
        ByteBuffer message = message(operation);
        DatagramState socket = socket(operation);
        SocketAddress receiver = operation.argument() instanceof SocketAddress given ? given : null;
        int name = receiver == null ? 0 : socket.writeReceiver(message, DatagramMessage.NAME, receiver);
        DatagramMessage.toSend(message, memory(operation), operation.length(), name);
        if (operation.secondArgument() instanceof DatagramSettings settings) {
            DatagramMessage.settings(message, settings, socket.goesByInet4(receiver));
        }
        boolean needsCall = !ringTakesControl && DatagramMessage.hasControl(message);
        return needsCall ? byCall(operation, message, counters) : byRing(message);
    }

    private static int byRing(ByteBuffer message) {
        message.putInt(WAY, BY_RING);
        return 0;
    }

    /** The bytes, the negated errno, or 0 with the way set to wait for the socket first. */
    private int byCall(Operation operation, ByteBuffer message, DriverCounters counters) {
        counters.systemCalls().add(1);
        long address = Memory.address(message);
        long result = operation.opCode() == OpCode.SEND_DATAGRAM
                ? LibC.sendmsg(fd(operation), address, UringConstants.MSG_DONTWAIT | UringConstants.MSG_NOSIGNAL)
                : LibC.recvmsg(fd(operation), address, UringConstants.MSG_DONTWAIT);
        if (result == -Errno.EAGAIN) {
            message.putInt(WAY, WAITS);
            return 0;
        }
        if (result == -Errno.EINVAL) {
            ringTakesControl = true; // it was the message that is wrong, for all that is known
        }
        message.putInt(WAY, BY_CALL);
        return (int) result;
    }

    @Override
    void fill(Sqe sqe, Operation operation) {
        boolean sends = operation.opCode() == OpCode.SEND_DATAGRAM;
        int fd = fd(operation);
        if (operation.driverState() == null) {
            sqe.prepSend(fd, memory(operation), operation.length(), UringConstants.MSG_NOSIGNAL);
        } else if (way(operation) == WAITS) {
            sqe.prepPollAdd(fd, sends ? UringConstants.POLLOUT : UringConstants.POLLIN);
        } else if (sends) {
            sqe.prepSendmsg(fd, kept(operation), UringConstants.MSG_NOSIGNAL);
        } else {
            sqe.prepRecvmsg(fd, kept(operation), 0);
        }
    }

    @Override
    boolean goesOn(Operation operation, int result) {
        if (!(operation.driverState() instanceof ByteBuffer message)) {
            return false;
        }
        int way = message.getInt(WAY);
        if (way == BY_RING && result == -Errno.EINVAL && ringTakesControl && DatagramMessage.hasControl(message)) {
            ringTakesControl = false;
            return true;
        }
        return way == WAITS && result >= 0;
    }

    @Override
    int after(Operation operation, int result, DriverCounters counters) {
        if (result >= 0
                && operation.opCode() == OpCode.RECEIVE_DATAGRAM
                && operation.argument() instanceof DatagramHead head) {
            DatagramMessage.received((ByteBuffer) state(operation), result, head);
        }
        return result;
    }
}
