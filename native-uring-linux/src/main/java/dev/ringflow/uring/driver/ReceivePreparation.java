package dev.ringflow.uring.driver;

import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.ResultCodes;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.internal.LibC;

/** Receiving on connections. */
final class ReceivePreparation extends PickingPreparation {
    ReceivePreparation(ScratchMemory scratch) {
        super(scratch, 1);
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

    @Override
    boolean goesOn(Operation operation, int result) {
        return MissedEnds.isOver(operation) ? result == ResultCodes.CANCELED : super.goesOn(operation, result);
    }

    @Override
    int receive(Operation operation, Polled polled, long memory, int length) {
        return LibC.recv(fd(operation), memory, length, UringConstants.MSG_DONTWAIT);
    }

    @Override
    boolean repeats(Operation operation, int result) {
        return result > 0 && isPicked(operation) && operation.opCode() == OpCode.RECEIVE_MULTISHOT;
    }
}
