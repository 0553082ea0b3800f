package dev.ringflow.uring.driver;

import dev.ringflow.spi.CompletionFlags;
import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.PickedBuffers;
import dev.ringflow.spi.ResultCodes;
import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.internal.LibC;

/**
 * Receiving on connections. On kernels without a receive that goes on, the ring polls the socket, and a buffer is taken
 * when there is something: so an idle connection holds none there either.
 */
final class ReceivePreparation extends Preparation {
    ReceivePreparation(ScratchMemory scratch) {
        super(scratch);
    }

    /** What a poll has led to. */
    private static final class Polled {
        int buffer = PickedBuffers.NONE;
        int result;
    }

    private static boolean isPicked(Operation operation) {
        return operation.provided() instanceof PickedBuffers;
    }

    @Override
    int before(Operation operation, DriverCounters counters) {
        if (isPicked(operation) && operation.driverState() == null) {
            operation.driverState(new Polled());
        }
        return 0;
    }

    @Override
    void fill(Sqe sqe, Operation operation) {
        if (isPicked(operation)) {
            sqe.prepPollAdd(fd(operation), UringConstants.POLLIN | UringConstants.POLLRDHUP);
        } else if (operation.provided() instanceof KernelBuffers group) {
            fillSelected(sqe, operation, group);
        } else if (operation.opCode() == OpCode.RECEIVE) {
            sqe.prepRecv(fd(operation), memory(operation), operation.length(), 0);
        } else {
            throw new UnsupportedOperationException(operation.opCode() + " by the driver uring without buffers");
        }
    }

    private static void fillSelected(Sqe sqe, Operation operation, KernelBuffers group) {
        group.publishNow(); // an entry for an empty group fails at once
        if (operation.opCode() == OpCode.RECEIVE) {
            sqe.prepRecv(fd(operation), 0, 0, 0);
        } else {
            sqe.prepRecvMultishot(fd(operation), 0, 0, 0);
            if (group.bundles()) {
                sqe.setIoprio(UringConstants.IORING_RECV_MULTISHOT | UringConstants.IORING_RECVSEND_BUNDLE);
            }
        }
        sqe.addFlags(UringConstants.IOSQE_BUFFER_SELECT);
        sqe.setBufGroup(group.group());
    }

    /** Receives what a poll has told of; if it was nothing after all, the poll goes on. */
    @Override
    boolean goesOn(Operation operation, int result) {
        if (MissedEnds.isOver(operation)) {
            return result == ResultCodes.CANCELED;
        }
        if (!(operation.driverState() instanceof Polled polled)) {
            return false;
        }
        boolean unwanted = operation.isCancelRequested(); // what comes now is for whoever receives next
        polled.result = result < 0 ? result : unwanted ? ResultCodes.CANCELED : received(operation, polled);
        return polled.result == -Errno.EAGAIN || polled.result == -Errno.EINTR;
    }

    private static int received(Operation operation, Polled polled) {
        PickedBuffers group = (PickedBuffers) java.util.Objects.requireNonNull(operation.provided());
        int id = group.take();
        if (id == PickedBuffers.NONE) {
            return ResultCodes.NO_BUFFERS;
        }
        int bytes = LibC.recv(
                fd(operation), Memory.address(group.memory(id)), group.bufferSize(), UringConstants.MSG_DONTWAIT);
        if (bytes > 0) {
            polled.buffer = id;
        } else {
            group.giveBack(id);
        }
        return bytes;
    }

    @Override
    int after(Operation operation, int result, DriverCounters counters) {
        if (operation.driverState() instanceof Polled polled) {
            counters.systemCalls().add(1);
            return polled.result;
        }
        return result;
    }

    @Override
    boolean repeats(Operation operation, int result) {
        return result > 0 && isPicked(operation) && operation.opCode() == OpCode.RECEIVE_MULTISHOT;
    }

    @Override
    int takenBuffer(Operation operation) {
        if (operation.driverState() instanceof Polled polled && polled.buffer != PickedBuffers.NONE) {
            int flags = CompletionFlags.buffer(polled.buffer);
            polled.buffer = PickedBuffers.NONE;
            return flags;
        }
        return 0;
    }
}
