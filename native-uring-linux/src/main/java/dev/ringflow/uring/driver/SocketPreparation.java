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
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.util.Set;

/**
 * Making, connecting, accepting and shutting down sockets. None is set not to block: the kernel's ring waits by polling
 * in either case. Accepted sockets have their options from the listening one.
 */
final class SocketPreparation extends Preparation {
    private final KernelSupport support;
    private final SocketCalls calls = new SocketCalls();

    SocketPreparation(ScratchMemory scratch, KernelSupport support) {
        super(scratch);
        this.support = support;
    }

    /** A socket on its way, until it is delivered, and the address that the kernel reads. */
    private static final class Connecting {
        private static final int DELIVERED = -1;

        final ByteBuffer address;
        int fd;

        Connecting(int fd, ByteBuffer address) {
            this.fd = fd;
            this.address = address;
        }
    }

    SocketAddress localAddress(Handle socket) throws IOException {
        return calls.localAddress((int) socket.value());
    }

    SocketAddress remoteAddress(Handle socket) throws IOException {
        return calls.remoteAddress((int) socket.value());
    }

    Set<SocketOption<?>> supportedOptions(Handle socket) {
        return calls.supportedOptions((int) socket.value());
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
                int fd = calls.create(operation, counters);
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
                return LibC.shutdown(fd(operation), side(operation));
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
                SocketAddress peer = operation.address();
                int length = SocketCalls.write(connecting.address, peer, SocketCalls.family(peer));
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
            case SHUTDOWN -> sqe.prepShutdown(fd(operation), side(operation));
            default -> throw new UnsupportedOperationException(operation.opCode() + " by the driver uring");
        }
    }

    private static int side(Operation operation) {
        return operation.flags() == 0 ? UringConstants.SHUT_WR : UringConstants.SHUT_RD;
    }

    @Override
    int after(Operation operation, int result, DriverCounters counters) {
        if (result < 0) {
            return result;
        }
        switch (operation.opCode()) {
            case ACCEPT, ACCEPT_MULTISHOT -> {
                operation.resultHandle(new Handle(result));
                return 0;
            }
            case CONNECT -> {
                Connecting connecting = (Connecting) state(operation);
                operation.resultHandle(new Handle(connecting.fd));
                connecting.fd = Connecting.DELIVERED;
            }
            default -> {}
        }
        return result;
    }

    @Override
    void release(Operation operation) {
        if (operation.driverState() instanceof Connecting connecting) {
            if (connecting.fd != Connecting.DELIVERED) {
                LibC.close(connecting.fd); // however it has failed: the kernel has let go of it
            }
            scratch().giveBack(connecting.address);
        }
        super.release(operation);
    }
}
