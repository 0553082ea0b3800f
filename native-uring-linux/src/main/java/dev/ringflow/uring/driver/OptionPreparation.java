package dev.ringflow.uring.driver;

import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.internal.LibC;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Options of sockets: through the ring where the kernel can, otherwise by quick system calls. The kernel reads options of
 * protocols by system calls alone, and says so itself where it can do even less.
 */
final class OptionPreparation extends Preparation {
    private final KernelSupport support;

    OptionPreparation(ScratchMemory scratch, KernelSupport support) {
        super(scratch);
        this.support = support;
    }

    /** A value on its way. */
    private static final class Value {
        final SocketOptionKind kind;
        final int family;
        final ByteBuffer memory;
        int length;
        boolean byCall;

        Value(SocketOptionKind kind, int family, ByteBuffer memory, boolean byCall) {
            this.kind = kind;
            this.family = family;
            this.memory = memory;
            this.byCall = byCall;
        }
    }

    @Override
    boolean isDoneByCalls(Operation operation) {
        return operation.driverState() instanceof Value value && value.byCall;
    }

    @Override
    int before(Operation operation, DriverCounters counters) {
        if (operation.driverState() == null) {
            int result = begin(operation, counters);
            if (result < 0) {
                return result;
            }
        }
        Value value = (Value) state(operation);
        if (!value.byCall) {
            return 0;
        }
        counters.systemCalls().add(1);
        long address = Memory.address(value.memory);
        if (operation.opCode() == OpCode.SET_OPTION) {
            return LibC.setsockopt(fd(operation), level(value), number(value), address, value.length);
        }
        value.memory.putInt(SocketOptionValues.ROOM, SocketOptionValues.ROOM);
        int result =
                LibC.getsockopt(fd(operation), level(value), number(value), address, address + SocketOptionValues.ROOM);
        return result < 0 ? result : value.memory.getInt(SocketOptionValues.ROOM);
    }

    private int begin(Operation operation, DriverCounters counters) {
        SocketOption<?> option = (SocketOption<?>) Objects.requireNonNull(operation.argument(), "option");
        SocketOptionKind kind = SocketOptionKind.of(option);
        if (kind == null) {
            throw ErrnoFailures.unsupportedOption(operation, option);
        }
        ByteBuffer memory = scratch().take(ScratchMemory.SIZE);
        Value value;
        try {
            int family = 0;
            if (kind.dependsOnFamily()) {
                counters.systemCalls().add(1);
                family = number(fd(operation), UringConstants.SO_DOMAIN, memory);
                if (family < 0 || kind.scope() == SocketOptionKind.Scope.UNIX && family != UringConstants.AF_UNIX) {
                    throw ErrnoFailures.unsupportedOption(operation, option);
                }
            }
            boolean set = operation.opCode() == OpCode.SET_OPTION;
            boolean byRing = support.socketOptions() && (set || kind.level() == UringConstants.SOL_SOCKET);
            value = new Value(kind, family, memory, !byRing);
            value.length = set
                    ? SocketOptionValues.write(
                            memory, kind, Objects.requireNonNull(operation.secondArgument(), "value"))
                    : SocketOptionValues.ROOM;
        } catch (RuntimeException e) {
            scratch().giveBack(memory);
            throw e;
        }
        operation.driverState(value);
        return 0;
    }

    /** A number that an option of sockets in general has, or the negated errno. */
    static int number(int fd, int option, ByteBuffer memory) {
        long address = Memory.address(memory);
        memory.putInt(Long.BYTES, Integer.BYTES);
        int result = LibC.getsockopt(fd, UringConstants.SOL_SOCKET, option, address, address + Long.BYTES);
        return result < 0 ? result : memory.getInt(0);
    }

    private static int level(Value value) {
        return value.kind.level(value.family);
    }

    private static int number(Value value) {
        return value.kind.number(value.family);
    }

    @Override
    void fill(Sqe sqe, Operation operation) {
        Value value = (Value) state(operation);
        int command = operation.opCode() == OpCode.SET_OPTION
                ? UringConstants.SOCKET_URING_OP_SETSOCKOPT
                : UringConstants.SOCKET_URING_OP_GETSOCKOPT;
        sqe.prepCmdSock(
                command, fd(operation), level(value), number(value), Memory.address(value.memory), value.length);
    }

    /** What the kernel does not do through the ring after all is done by a call. */
    @Override
    boolean goesOn(Operation operation, int result) {
        Value value = (Value) operation.driverState();
        if (result == -Errno.EOPNOTSUPP && value != null && !value.byCall) {
            value.byCall = true;
            return true;
        }
        return false;
    }

    @Override
    int after(Operation operation, int result, DriverCounters counters) {
        if (result >= 0 && operation.opCode() == OpCode.GET_OPTION) {
            Value value = (Value) state(operation);
            operation.resultObject(SocketOptionValues.read(value.memory, value.kind, result));
            return 0;
        }
        return result;
    }

    @Override
    void release(Operation operation) {
        if (operation.driverState() instanceof Value value) {
            scratch().giveBack(value.memory);
        }
        super.release(operation);
    }
}
