package dev.ringflow.uring.driver;

import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.internal.LibC;
import dev.ringflow.uring.struct.Statx;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * The operations that need an ordinary file descriptor: statx(2) takes no direct one, and neither does a blocking call.
 * For a direct descriptor these take two steps, with a file descriptor that lives as long as the operation. On ordinary
 * ones they are {@link FilePreparation}'s.
 */
final class SlotFilePreparation extends Preparation {
    private final FilePreparation files;
    private final KernelSupport support;

    SlotFilePreparation(ScratchMemory scratch, FilePreparation files, KernelSupport support) {
        super(scratch);
        this.files = files;
        this.support = support;
    }

    /** What the two steps share. */
    private static final class Installed {
        private int fd = -1;
        private final ByteBuffer memory;

        Installed(ByteBuffer memory) {
            this.memory = memory;
        }
    }

    private static boolean isDirect(Operation operation) {
        Handle handle = operation.handle();
        return handle != null && FileTable.holds(handle);
    }

    private static Installed installed(Operation operation) {
        return (Installed) Objects.requireNonNull(operation.driverState());
    }

    @Override
    boolean needsHelper(Operation operation) {
        if (!isDirect(operation)) {
            return files.needsHelper(operation);
        }
        return operation.opCode() == OpCode.TRUNCATE
                && operation.driverState() instanceof Installed installed
                && installed.fd >= 0;
    }

    @Override
    int callBlocking(Operation operation) {
        return isDirect(operation)
                ? LibC.ftruncate(installed(operation).fd, operation.position())
                : files.callBlocking(operation);
    }

    @Override
    int before(Operation operation, DriverCounters counters) {
        if (operation.opCode() == OpCode.INSTALL_DESCRIPTOR) {
            requireInstalling(operation);
            return 0;
        } else if (!isDirect(operation) || isInRing(operation)) {
            return files.before(operation, counters);
        } else if (operation.driverState() == null) {
            requireInstalling(operation);
            operation.driverState(new Installed(scratch().take(Statx.SIZE)));
        }
        return 0;
    }

    private void requireInstalling(Operation operation) {
        if (!support.installDescriptor()) {
            throw new UnsupportedOperationException(operation.opCode() + " of a direct descriptor is not supported"
                    + " by the driver " + UringDriverProvider.NAME + " on this kernel: it needs Linux 6.8");
        }
    }

    /** Whether the kernel takes the direct descriptor as it is. */
    private boolean isInRing(Operation operation) {
        return operation.opCode() == OpCode.TRUNCATE && support.ftruncate();
    }

    @Override
    void fill(Sqe sqe, Operation operation) {
        files.fill(sqe, operation);
    }

    @Override
    void fillDirect(Sqe sqe, Operation operation) {
        if (isInRing(operation)) {
            super.fillDirect(sqe, operation);
            return;
        }
        if (operation.opCode() == OpCode.INSTALL_DESCRIPTOR) {
            sqe.prepFixedFdInstall(fd(operation), 0);
            return;
        }
        Installed installed = installed(operation);
        if (installed.fd < 0) {
            sqe.prepFixedFdInstall(fd(operation), 0);
        } else {
            files.stat(sqe, operation, installed.fd, installed.memory);
        }
    }

    @Override
    boolean goesOn(Operation operation, int result) {
        if (operation.driverState() instanceof Installed installed && installed.fd < 0 && result >= 0) {
            installed.fd = result;
            return true;
        }
        return false;
    }

    @Override
    int after(Operation operation, int result, DriverCounters counters) {
        if (operation.opCode() == OpCode.INSTALL_DESCRIPTOR) {
            if (result >= 0) {
                operation.resultHandle(new Handle(result));
            }
            return Math.min(result, 0);
        }
        if (!(operation.driverState() instanceof Installed installed)) {
            return files.after(operation, result, counters);
        }
        if (result >= 0 && operation.opCode() == OpCode.STAT) {
            operation.resultObject(FilePreparation.statResult(operation, installed.memory));
        }
        return result;
    }

    @Override
    void release(Operation operation) {
        if (operation.driverState() instanceof Installed installed) {
            scratch().giveBack(installed.memory);
            if (installed.fd >= 0) {
                LibC.close(installed.fd);
            }
        }
        files.release(operation);
    }
}
