package dev.ringflow.uring.driver;

import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.SendFlags;
import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.struct.Iovec;
import dev.ringflow.uring.struct.Msghdr;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;

/** Sending on connections. */
final class SendPreparation extends Preparation {
    /** State of a send without copying that has to copy. */
    private static final Object COPIES = new Object();

    private final KernelSupport support;
    private final BiConsumer<String, String> addDetail;
    private int zeroCopyFlags = UringConstants.IORING_SEND_ZC_REPORT_USAGE;
    private boolean shortageTold;

    SendPreparation(ScratchMemory scratch, KernelSupport support, BiConsumer<String, String> addDetail) {
        super(scratch);
        this.support = support;
        this.addDetail = addDetail;
    }

    @Override
    int before(Operation operation, DriverCounters counters) {
        if (operation.opCode() == OpCode.SEND_VECTORED) {
            operation.driverState(message(operation.vector()));
        } else if (operation.opCode() == OpCode.SEND_ZERO_COPY) {
            if (!support.zeroCopySend()) {
                throw new UnsupportedOperationException(
                        "SEND_ZERO_COPY is not supported by the driver uring on this kernel: it needs Linux 6.0");
            }
            if (operation.driverState() != COPIES) {
                counters.zeroCopySends().add(1);
            }
        }
        return 0;
    }

    /** A {@code struct msghdr} and the array that it points to, in one piece. */
    private ByteBuffer message(ByteBuffer[] buffers) {
        ByteBuffer message = scratch().take(Msghdr.SIZE + buffers.length * Iovec.SIZE);
        Msghdr.clear(message, 0);
        Msghdr.setIov(message, 0, Memory.address(message) + Msghdr.SIZE, buffers.length);
        ByteBuffer array =
                message.duplicate().clear().position(Msghdr.SIZE).slice().order(message.order());
        for (int i = 0; i < buffers.length; i++) {
            ByteBuffer each = buffers[i];
            Iovec.set(array, i, Memory.address(each) + each.position(), each.remaining());
        }
        return message;
    }

    @Override
    void fill(Sqe sqe, Operation operation) {
        int flags = messageFlags(operation);
        switch (operation.opCode()) {
            case SEND -> sqe.prepSend(fd(operation), memory(operation), operation.length(), flags);
            case SEND_VECTORED -> sqe.prepSendmsg(fd(operation), kept(operation), flags);
            case SEND_ZERO_COPY -> withoutCopying(sqe, operation, flags);
            default -> throw new UnsupportedOperationException(operation.opCode() + " by the driver uring");
        }
    }

    private static int messageFlags(Operation operation) {
        int wanted = operation.flags();
        return UringConstants.MSG_NOSIGNAL
                | ((wanted & SendFlags.WHOLE) != 0 ? UringConstants.MSG_WAITALL : 0)
                | ((wanted & SendFlags.MORE_FOLLOWS) != 0 ? UringConstants.MSG_MORE : 0);
    }

    private void withoutCopying(Sqe sqe, Operation operation, int flags) {
        int fd = fd(operation);
        long address = memory(operation);
        int length = operation.length();
        int index = operation.bufferIndex();
        if (operation.driverState() == COPIES) {
            sqe.prepSend(fd, address, length, flags);
        } else if (index >= 0) {
            sqe.prepSendZcFixed(fd, address, length, flags, zeroCopyFlags, index);
        } else {
            sqe.prepSendZc(fd, address, length, flags, zeroCopyFlags);
        }
    }

    /**
     * Takes a completion of a send without copying. There is one more, which tells that the memory is free, if and only if
     * the first one says so; whatever its result is.
     *
     * @return whether the operation ends with {@link #resultOf}; otherwise a result of 0 or more is told at once
     */
    static boolean ends(Operation operation, int result, int flags) {
        if ((flags & UringConstants.IORING_CQE_F_MORE) == 0) {
            return true;
        }
        operation.driverState(result);
        return false;
    }

    /** The result of a send without copying, by its last completion. */
    static int resultOf(Operation operation, int result, int flags, DriverCounters counters) {
        if ((flags & UringConstants.IORING_CQE_F_NOTIF) == 0) {
            return result;
        }
        if ((result & UringConstants.IORING_NOTIF_USAGE_ZC_COPIED) != 0) {
            counters.zeroCopiesCopied().add(1);
        }
        return (Integer) state(operation);
    }

    /** Sends again by copying what cannot be sent without, and tries without the report that Linux 6.2 brought. */
    @Override
    boolean goesOn(Operation operation, int result) {
        if (operation.opCode() != OpCode.SEND_ZERO_COPY || operation.driverState() == COPIES) {
            return false;
        }
        switch (result) {
            case -Errno.ENOMEM -> {
                if (!shortageTold) {
                    shortageTold = true;
                    addDetail.accept(
                            "zero-copy send",
                            "copied at times: the limit of locked memory was used up (ENOMEM); raise it (ulimit -l), or"
                                    + " send from a registered pool");
                }
                operation.driverState(COPIES);
                return true;
            }
            case -Errno.EOPNOTSUPP -> {
                operation.driverState(COPIES); // a socket of another kind than TCP and UDP
                return true;
            }
            case -Errno.EINVAL -> {
                boolean withReport = zeroCopyFlags != 0;
                zeroCopyFlags = 0;
                return withReport;
            }
            default -> {
                return false;
            }
        }
    }
}
