package dev.ringflow.uring.driver;

import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.OpenFlags;
import dev.ringflow.spi.Operation;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.internal.LibC;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Turns operations into submission queue entries, and what the kernel answers into results. Here, and nowhere else, a
 * buffer becomes an address: it is checked against the buffer that owns it. Confined to the loop thread.
 */
final class Preparation {
    private static final int FILE_MODE = 0666;
    private static final int STATX_MASK = UringConstants.STATX_BASIC_STATS | UringConstants.STATX_BTIME;

    private final KernelSupport support;
    private final ScratchMemory scratch = new ScratchMemory();
    private final SocketCalls sockets = new SocketCalls();

    Preparation(KernelSupport support) {
        this.support = support;
    }

    SocketCalls sockets() {
        return sockets;
    }

    /** Whether this kernel's ring cannot do it, and a blocking call has to. */
    boolean needsHelper(Operation operation) {
        return operation.opCode() == OpCode.TRUNCATE && !support.ftruncate();
    }

    /** What {@link #needsHelper} stands for; on the helper thread. */
    int callBlocking(Operation operation) {
        return LibC.ftruncate(fd(operation), operation.position());
    }

    /** Whether quick system calls have done all of it, with nothing left for the ring. */
    boolean isDoneByCalls(Operation operation) {
        return switch (operation.opCode()) {
            case LISTEN -> true;
            case SHUTDOWN -> !support.shutdown();
            default -> false;
        };
    }

    boolean isEmulatedMultishot(Operation operation) {
        return operation.opCode() == OpCode.ACCEPT_MULTISHOT && !support.multishotAccept();
    }

    /** The system calls that come before the ring's part: 0, or the negated errno. */
    int before(Operation operation, DriverCounters counters) {
        switch (operation.opCode()) {
            case LISTEN -> {
                return sockets.listen(operation, counters);
            }
            case CONNECT -> {
                if (operation.driverState() != null) {
                    return 0; // interrupted, and prepared again
                }
                InetSocketAddress address = (InetSocketAddress) operation.address();
                int fd = sockets.create(address, counters);
                if (fd < 0) {
                    return fd;
                }
                operation.driverState(new Connecting(fd, scratch.take(ScratchMemory.SIZE)));
                return 0;
            }
            case SHUTDOWN -> {
                if (support.shutdown()) {
                    return 0;
                }
                counters.systemCalls().add(1);
                return LibC.shutdown(fd(operation), UringConstants.SHUT_WR);
            }
            case OPEN -> operation.driverState(scratch.path(operation.path()));
            case STAT -> operation.driverState(scratch.take(ScratchMemory.SIZE));
            default -> {}
        }
        return 0;
    }

    /** A socket on its way, and the address that the kernel reads. */
    private record Connecting(int fd, ByteBuffer address) {}

    /** Where the kernel reads or writes; 0 for operations without memory. */
    long address(Operation operation) {
        return switch (operation.opCode()) {
            case READ, WRITE, SEND, RECEIVE -> {
                ByteBuffer memory = Objects.requireNonNull(operation.memory(), "memory");
                Objects.checkFromIndexSize(operation.memoryOffset(), operation.length(), memory.capacity());
                yield Memory.address(memory) + operation.memoryOffset();
            }
            default -> 0;
        };
    }

    void fill(Sqe sqe, Operation operation, long address) {
        switch (operation.opCode()) {
            case NOP -> sqe.prepNop();
            case READ -> read(sqe, operation, address);
            case WRITE -> write(sqe, operation, address);
            case RECEIVE -> sqe.prepRecv(fd(operation), address, operation.length(), 0);
            case SEND -> sqe.prepSend(fd(operation), address, operation.length(), UringConstants.MSG_NOSIGNAL);
            case SYNC ->
                sqe.prepFsync(fd(operation), operation.flags() == 1 ? UringConstants.IORING_FSYNC_DATASYNC : 0);
            case TRUNCATE -> sqe.prepFtruncate(fd(operation), operation.position());
            case OPEN ->
                sqe.prepOpenat(UringConstants.AT_FDCWD, kept(operation), openFlags(operation.flags()), FILE_MODE);
            case CLOSE -> sqe.prepClose(fd(operation));
            case STAT ->
                sqe.prepStatx(
                        fd(operation), scratch.emptyPath(), UringConstants.AT_EMPTY_PATH, STATX_MASK, kept(operation));
            case CONNECT -> {
                Connecting connecting = connecting(operation);
                int length = sockets.write(connecting.address, (InetSocketAddress) operation.address());
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
            default -> throw new UnsupportedOperationException(operation.opCode() + " by the uring driver");
        }
    }

    private static void read(Sqe sqe, Operation operation, long address) {
        int index = operation.bufferIndex();
        if (index >= 0) {
            sqe.prepReadFixed(fd(operation), address, operation.length(), operation.position(), index);
        } else {
            sqe.prepRead(fd(operation), address, operation.length(), operation.position());
        }
    }

    private static void write(Sqe sqe, Operation operation, long address) {
        int index = operation.bufferIndex();
        if (index >= 0) {
            sqe.prepWriteFixed(fd(operation), address, operation.length(), operation.position(), index);
        } else {
            sqe.prepWrite(fd(operation), address, operation.length(), operation.position());
        }
    }

    /** Sets the outputs; answers the result that the core is told. */
    int after(Operation operation, int result, DriverCounters counters) {
        if (result < 0) {
            if (operation.opCode() == OpCode.CONNECT && operation.driverState() instanceof Connecting connecting) {
                counters.systemCalls().add(1);
                LibC.close(connecting.fd);
            }
            return result;
        }
        switch (operation.opCode()) {
            case OPEN -> {
                operation.resultHandle(new Handle(result));
                return 0;
            }
            case ACCEPT, ACCEPT_MULTISHOT -> {
                sockets.noDelay(result, counters);
                operation.resultHandle(new Handle(result));
                return 0;
            }
            case CONNECT -> operation.resultHandle(new Handle(connecting(operation).fd));
            case STAT -> operation.resultObject(FileStats.decode((ByteBuffer) state(operation)));
            default -> {}
        }
        return result;
    }

    /** Takes back what the operation borrowed. */
    void release(Operation operation) {
        Object state = operation.driverState();
        if (state instanceof Connecting connecting) {
            scratch.giveBack(connecting.address);
        } else if (state instanceof ByteBuffer borrowed) {
            scratch.giveBack(borrowed);
        }
        operation.driverState(null);
    }

    private static int openFlags(int flags) {
        boolean read = OpenFlags.has(flags, OpenFlags.READ);
        boolean write = OpenFlags.has(flags, OpenFlags.WRITE);
        int result = write ? read ? UringConstants.O_RDWR : UringConstants.O_WRONLY : UringConstants.O_RDONLY;
        result |= UringConstants.O_CLOEXEC;
        result |= OpenFlags.has(flags, OpenFlags.CREATE) ? UringConstants.O_CREAT : 0;
        result |= OpenFlags.has(flags, OpenFlags.CREATE_NEW) ? UringConstants.O_CREAT | UringConstants.O_EXCL : 0;
        result |= OpenFlags.has(flags, OpenFlags.TRUNCATE) ? UringConstants.O_TRUNC : 0;
        result |= OpenFlags.has(flags, OpenFlags.APPEND) ? UringConstants.O_APPEND : 0;
        result |= OpenFlags.has(flags, OpenFlags.SYNC) ? UringConstants.O_SYNC : 0;
        result |= OpenFlags.has(flags, OpenFlags.DSYNC) ? UringConstants.O_DSYNC : 0;
        result |= OpenFlags.has(flags, OpenFlags.NOFOLLOW) ? UringConstants.O_NOFOLLOW : 0;
        return result;
    }

    private static int fd(Operation operation) {
        return (int) Objects.requireNonNull(operation.handle(), "handle").value();
    }

    private static Object state(Operation operation) {
        return Objects.requireNonNull(operation.driverState());
    }

    private static Connecting connecting(Operation operation) {
        return (Connecting) state(operation);
    }

    private static long kept(Operation operation) {
        return Memory.address((ByteBuffer) state(operation));
    }
}
