package dev.ringflow.uring.driver;

import dev.ringflow.net.DescriptorKind;
import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.OpenFlags;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.ReceivedHandles;
import dev.ringflow.spi.ResultCodes;
import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.internal.LibC;
import dev.ringflow.uring.struct.ControlMessage;
import dev.ringflow.uring.struct.Iovec;
import dev.ringflow.uring.struct.Msghdr;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Open files that travel over unix sockets; see {@code SCM_RIGHTS} in unix(7). Where the kernel's ring takes no messages
 * with control data (Linux 5.10 answers EINVAL) the ring polls the socket, and a call that does not wait does the rest.
 */
final class DescriptorPreparation extends Preparation {
    private static final int F_SETFL = 4;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int ACCESS_MODE = 3;
    private static final int IOVEC = Msghdr.SIZE;
    private static final int CONTROL = IOVEC + Iovec.SIZE;

    DescriptorPreparation(ScratchMemory scratch) {
        super(scratch);
    }

    /** A message, and the descriptors to send: duplicates, so that those of the caller may be closed meanwhile. */
    private static final class Message {
        final ByteBuffer memory;
        final int[] duplicates;
        boolean polled;
        int result;

        Message(ByteBuffer memory, int[] duplicates) {
            this.memory = memory;
            this.duplicates = duplicates;
        }
    }

    @Override
    int before(Operation operation, DriverCounters counters) {
        if (operation.driverState() != null) {
            return 0; // interrupted, and prepared again
        }
        boolean sends = operation.opCode() == OpCode.SEND_DESCRIPTORS;
        int[] duplicates = new int[0];
        if (sends) {
            Handle[] handles = (Handle[]) Objects.requireNonNull(operation.argument());
            for (Handle each : handles) {
                if (!each.isOpen()) {
                    operation.failure(new ClosedChannelException());
                    return ResultCodes.FAILED;
                } else if (FileTable.holds(each)) {
                    throw new UnsupportedOperationException(
                            "A direct descriptor is none of the process, and cannot be sent: install it first");
                }
            }
            duplicates = new int[handles.length];
            Arrays.fill(duplicates, -1);
            counters.systemCalls().add(handles.length);
            for (int i = 0; i < handles.length; i++) {
                duplicates[i] = LibC.fcntl((int) handles[i].value(), F_DUPFD_CLOEXEC, 0);
                if (duplicates[i] < 0) {
                    int errno = duplicates[i];
                    closeAll(duplicates);
                    return errno;
                }
            }
        }
        int data = (sends ? duplicates.length : operation.flags()) * Integer.BYTES;
        ByteBuffer memory = scratch().take(CONTROL + ControlMessage.space(data));
        operation.driverState(new Message(memory, duplicates));
        Msghdr.clear(memory, 0);
        Msghdr.setIov(memory, 0, Memory.address(memory) + IOVEC, 1);
        // the length without padding, or the kernel would take it for room for one more
        Msghdr.setControl(memory, 0, Memory.address(memory) + CONTROL, ControlMessage.length(data));
        if (sends) {
            ControlMessage.putRights(memory, CONTROL, duplicates);
        }
        return 0;
    }

    private static void closeAll(int[] descriptors) {
        for (int each : descriptors) {
            if (each >= 0) {
                LibC.close(each);
            }
        }
    }

    @Override
    void fill(Sqe sqe, Operation operation) {
        Message state = (Message) state(operation);
        boolean sends = operation.opCode() == OpCode.SEND_DESCRIPTORS;
        if (state.polled) {
            sqe.prepPollAdd(fd(operation), sends ? UringConstants.POLLOUT : UringConstants.POLLIN);
            return;
        }
        ByteBuffer memory = state.memory;
        ByteBuffer pieces = memory.duplicate().position(IOVEC).slice().order(memory.order());
        Iovec.set(pieces, 0, memory(operation), operation.length());
        long message = Memory.address(memory);
        if (sends) {
            sqe.prepSendmsg(fd(operation), message, UringConstants.MSG_NOSIGNAL);
        } else {
            sqe.prepRecvmsg(fd(operation), message, UringConstants.MSG_CMSG_CLOEXEC);
        }
    }

    @Override
    boolean goesOn(Operation operation, int result) {
        Message message = (Message) operation.driverState();
        if (message == null) {
            return false;
        } else if (!message.polled) {
            message.polled = result == -Errno.EINVAL;
            return message.polled;
        }
        message.result = result < 0 ? result : call(operation, Memory.address(message.memory));
        return message.result == -Errno.EAGAIN || message.result == -Errno.EINTR;
    }

    private static int call(Operation operation, long message) {
        int flags = UringConstants.MSG_DONTWAIT;
        return operation.opCode() == OpCode.SEND_DESCRIPTORS
                ? (int) LibC.sendmsg(fd(operation), message, flags | UringConstants.MSG_NOSIGNAL)
                : (int) LibC.recvmsg(fd(operation), message, flags | UringConstants.MSG_CMSG_CLOEXEC);
    }

    @Override
    int after(Operation operation, int result, DriverCounters counters) {
        Message message = (Message) operation.driverState();
        if (message == null) {
            return result;
        }
        int told = message.polled ? message.result : result;
        if (told >= 0 && operation.opCode() == OpCode.RECEIVE_DESCRIPTORS) {
            operation.resultObject(received(message.memory, counters));
        }
        return told;
    }

    private static ReceivedHandles received(ByteBuffer memory, DriverCounters counters) {
        List<ReceivedHandles.Received> all = new ArrayList<>();
        long length = Msghdr.controllen(memory, 0);
        int at = ControlMessage.first(memory, CONTROL, length);
        while (at >= 0) {
            if (ControlMessage.is(memory, at, UringConstants.SOL_SOCKET, UringConstants.SCM_RIGHTS)) {
                for (int fd : ControlMessage.rights(memory, at)) {
                    all.add(received(fd, counters));
                }
            }
            at = ControlMessage.next(memory, CONTROL, length, at);
        }
        boolean truncated = (Msghdr.flags(memory, 0) & UringConstants.MSG_CTRUNC) != 0;
        return new ReceivedHandles(List.copyOf(all), truncated);
    }

    /** Finds out what came; the ring itself waits, and does not for what is set not to. */
    private static ReceivedHandles.Received received(int fd, DriverCounters counters) {
        counters.systemCalls().add(2);
        int status = LibC.fcntl(fd, UringConstants.F_GETFL, 0);
        if (status >= 0 && (status & UringConstants.O_NONBLOCK) != 0) {
            counters.systemCalls().add(1);
            LibC.fcntl(fd, F_SETFL, status & ~UringConstants.O_NONBLOCK);
        }
        DescriptorKind kind = kind(fd);
        int openFlags = kind == DescriptorKind.FILE ? openFlags(status) : 0;
        Handle handle =
                OpenFlags.has(openFlags, OpenFlags.DIRECT_IO) ? new Handle(fd, FileKind.DIRECT_IO) : new Handle(fd);
        return new ReceivedHandles.Received(handle, kind, openFlags, path(fd, kind));
    }

    private static DescriptorKind kind(int fd) {
        ByteBuffer number = Memory.allocate(2 * Long.BYTES, Long.BYTES);
        int type = OptionPreparation.number(fd, UringConstants.SO_TYPE, number);
        if (type == -Errno.ENOTSOCK) {
            return DescriptorKind.FILE;
        } else if (type != UringConstants.SOCK_STREAM) {
            return DescriptorKind.OTHER_SOCKET;
        }
        return OptionPreparation.number(fd, UringConstants.SO_ACCEPTCONN, number) > 0
                ? DescriptorKind.SERVER_SOCKET
                : DescriptorKind.SOCKET;
    }

    private static int openFlags(int status) {
        int flags = switch (status & ACCESS_MODE) {
            case UringConstants.O_RDONLY -> OpenFlags.READ;
            case UringConstants.O_WRONLY -> OpenFlags.WRITE;
            default -> OpenFlags.READ | OpenFlags.WRITE;
        };
        return flags
                | ((status & UringConstants.O_APPEND) != 0 ? OpenFlags.APPEND : 0)
                | ((status & UringConstants.O_DIRECT) != 0 ? OpenFlags.DIRECT_IO : 0);
    }

    private static Path path(int fd, DescriptorKind kind) {
        Path link = Path.of("/proc/self/fd/" + fd);
        if (kind != DescriptorKind.FILE) {
            return link;
        }
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException | RuntimeException noProcOrNoPath) {
            return link;
        }
    }

    @Override
    void release(Operation operation) {
        if (operation.driverState() instanceof Message message) {
            closeAll(message.duplicates);
            scratch().giveBack(message.memory);
        }
        super.release(operation);
    }
}
