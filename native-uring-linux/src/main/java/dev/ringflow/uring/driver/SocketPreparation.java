package dev.ringflow.uring.driver;

import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.internal.LibC;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/** Making, connecting, accepting and shutting down sockets. */
final class SocketPreparation extends Preparation {
    private final KernelSupport support;
    private final SocketCalls calls = new SocketCalls();

    SocketPreparation(ScratchMemory scratch, KernelSupport support) {
        super(scratch);
        this.support = support;
    }

    /** A socket on its way, and the address that the kernel reads. */
    private record Connecting(int fd, ByteBuffer address) {}

    SocketAddress localAddress(Handle socket) throws IOException {
        return calls.localAddress((int) socket.value());
    }

    SocketAddress remoteAddress(Handle socket) throws IOException {
        return calls.remoteAddress((int) socket.value());
    }

    /** Whether it goes on after a completion, by being asked again. */
    boolean isEmulatedMultishot(Operation operation) {
        return operation.opCode() == OpCode.ACCEPT_MULTISHOT && !support.multishotAccept();
    }

    @Override
    boolean isDoneByCalls(Operation operation) {
        return switch (operation.opCode()) {
            case LISTEN -> true;
            case SHUTDOWN -> !support.shutdown();
            default -> false;
        };
    }

    @Override
    int before(Operation operation, DriverCounters counters) {
        switch (operation.opCode()) {
            case LISTEN -> {
                return calls.listen(operation, counters);
            }
            case CONNECT -> {
                if (operation.driverState() != null) {
                    return 0; // interrupted, and prepared again
                }
                InetSocketAddress address = (InetSocketAddress) operation.address();
                int fd = calls.create(address, counters);
                if (fd < 0) {
                    return fd;
                }
                operation.driverState(new Connecting(fd, scratch().take(ScratchMemory.SIZE)));
                return 0;
            }
            case SHUTDOWN -> {
                if (support.shutdown()) {
                    return 0;
                }
                counters.systemCalls().add(1);
                return LibC.shutdown(fd(operation), UringConstants.SHUT_WR);
            }
            default -> {
                return 0;
            }
        }
    }

    @Override
    void fill(Sqe sqe, Operation operation) {
        switch (operation.opCode()) {
            case CONNECT -> {
                Connecting connecting = (Connecting) state(operation);
                int length = calls.write(connecting.address, (InetSocketAddress) operation.address());
                sqe.prepConnect(connecting.fd, Memory.address(connecting.address), length);
            }
            case ACCEPT -> sqe.prepAccept(fd(operation), 0, 0, UringConstants.SOCK_CLOEXEC);
            case ACCEPT_MULTISHOT -> {
                if (support.multishotAccept()) {
                    sqe.prepMultishotAccept(fd(operation), 0, 0, UringConstants.SOCK_CLOEXEC);
                } else {
                    sqe.prepAccept(fd(operation), 0, 0, UringConstants.SOCK_CLOEXEC);
                }
            }
            case SHUTDOWN -> sqe.prepShutdown(fd(operation), UringConstants.SHUT_WR);
            default -> throw new UnsupportedOperationException(operation.opCode() + " by the driver uring");
        }
    }

    @Override
    int after(Operation operation, int result, DriverCounters counters) {
        if (result < 0) {
            if (operation.driverState() instanceof Connecting connecting) {
                counters.systemCalls().add(1);
                LibC.close(connecting.fd);
            }
            return result;
        }
        switch (operation.opCode()) {
            case ACCEPT, ACCEPT_MULTISHOT -> {
                calls.noDelay(result, counters);
                operation.resultHandle(new Handle(result));
                return 0;
            }
            case CONNECT -> operation.resultHandle(new Handle(((Connecting) state(operation)).fd));
            default -> {}
        }
        return result;
    }

    @Override
    void release(Operation operation) {
        if (operation.driverState() instanceof Connecting connecting) {
            scratch().giveBack(connecting.address);
        }
        super.release(operation);
    }
}
