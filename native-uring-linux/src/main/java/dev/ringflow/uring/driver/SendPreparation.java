package dev.ringflow.uring.driver;

import dev.ringflow.spi.Operation;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.UringConstants;

/** Sending on connections. */
final class SendPreparation extends Preparation {
    SendPreparation(ScratchMemory scratch) {
        super(scratch);
    }

    @Override
    void fill(Sqe sqe, Operation operation) {
        switch (operation.opCode()) {
            case SEND ->
                sqe.prepSend(fd(operation), memory(operation), operation.length(), UringConstants.MSG_NOSIGNAL);
            default -> throw new UnsupportedOperationException(operation.opCode() + " by the driver uring");
        }
    }
}
