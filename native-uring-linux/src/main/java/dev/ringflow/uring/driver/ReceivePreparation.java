package dev.ringflow.uring.driver;

import dev.ringflow.spi.Operation;
import dev.ringflow.uring.Sqe;

/** Receiving on connections. */
final class ReceivePreparation extends Preparation {
    ReceivePreparation(ScratchMemory scratch) {
        super(scratch);
    }

    @Override
    void fill(Sqe sqe, Operation operation) {
        switch (operation.opCode()) {
            case RECEIVE -> sqe.prepRecv(fd(operation), memory(operation), operation.length(), 0);
            default -> throw new UnsupportedOperationException(operation.opCode() + " by the driver uring");
        }
    }
}
