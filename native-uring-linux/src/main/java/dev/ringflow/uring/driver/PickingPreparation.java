package dev.ringflow.uring.driver;

import dev.ringflow.spi.CompletionFlags;
import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.PickedBuffers;
import dev.ringflow.spi.ResultCodes;
import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Memory;
import java.util.Objects;

/**
 * Receiving into provided buffers on kernels that do not pick them: the ring polls the socket, and a buffer is taken
 * when there is something, so that none is held while nothing comes.
 */
abstract class PickingPreparation extends Preparation {
    /** What a poll has led to; the state of an operation that is received so. */
    static class Polled {
        private int buffer = PickedBuffers.NONE;
        private int result;
    }

    private final int least;

    /**
     * Makes one.
     *
     * @param least the fewest bytes that are something, and keep their buffer
     */
    PickingPreparation(ScratchMemory scratch, int least) {
        super(scratch);
        this.least = least;
    }

    /** Receives without waiting; bytes, or the negated errno. */
    abstract int receive(Operation operation, Polled polled, long memory, int length);

    static boolean isPicked(Operation operation) {
        return operation.provided() instanceof PickedBuffers;
    }

    /** Receives what a poll has told of; if it was nothing after all, the poll goes on. */
    @Override
    boolean goesOn(Operation operation, int result) {
        if (!(operation.driverState() instanceof Polled polled)) {
            return false;
        }
        boolean unwanted = operation.isCancelRequested(); // what comes now is for whoever receives next
        polled.result = result < 0 ? result : unwanted ? ResultCodes.CANCELED : received(operation, polled);
        return polled.result == -Errno.EAGAIN || polled.result == -Errno.EINTR;
    }

    private int received(Operation operation, Polled polled) {
        PickedBuffers group = (PickedBuffers) Objects.requireNonNull(operation.provided());
        int id = group.take();
        if (id == PickedBuffers.NONE) {
            return ResultCodes.NO_BUFFERS;
        }
        int bytes = receive(operation, polled, Memory.address(group.memory(id)), group.bufferSize());
        if (bytes >= least) {
            polled.buffer = id;
        } else {
            group.giveBack(id);
        }
        return bytes;
    }

    @Override
    final int after(Operation operation, int result, DriverCounters counters) {
        if (operation.driverState() instanceof Polled polled) {
            counters.systemCalls().add(1);
            return polled.result;
        }
        return result;
    }

    @Override
    final int takenBuffer(Operation operation) {
        if (operation.driverState() instanceof Polled polled && polled.buffer != PickedBuffers.NONE) {
            int flags = CompletionFlags.buffer(polled.buffer);
            polled.buffer = PickedBuffers.NONE;
            return flags;
        }
        return 0;
    }
}
