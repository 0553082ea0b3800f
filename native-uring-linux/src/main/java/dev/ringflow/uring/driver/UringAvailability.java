package dev.ringflow.uring.driver;

import dev.ringflow.DriverAvailability;
import dev.ringflow.DriverAvailability.Reason;
import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Probe;
import dev.ringflow.uring.Uring;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.UringException;
import dev.ringflow.uring.UringParams;
import dev.ringflow.uring.internal.LibC;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds out, by opening a small ring, whether io_uring can be had, and what stands in the way. */
final class UringAvailability {
    private static final Path DISABLED = Path.of("/proc/sys/kernel/io_uring_disabled");
    private static final Path STATUS = Path.of("/proc/self/status");
    /** What the driver cannot do without; Linux 5.6 has all of them. */
    private static final int[] REQUIRED = {
        UringConstants.IORING_OP_READ,
        UringConstants.IORING_OP_WRITE,
        UringConstants.IORING_OP_FSYNC,
        UringConstants.IORING_OP_OPENAT,
        UringConstants.IORING_OP_CLOSE,
        UringConstants.IORING_OP_STATX,
        UringConstants.IORING_OP_ACCEPT,
        UringConstants.IORING_OP_CONNECT,
        UringConstants.IORING_OP_SEND,
        UringConstants.IORING_OP_RECV,
        UringConstants.IORING_OP_POLL_ADD,
        UringConstants.IORING_OP_ASYNC_CANCEL
    };

    private UringAvailability() {}

    static DriverAvailability now() {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return no(
                    Reason.OTHER_PLATFORM,
                    "io_uring is Linux's, and this is " + System.getProperty("os.name") + ".",
                    "");
        }
        Throwable unusable = LibC.failure();
        if (unusable != null) {
            return no(
                    Reason.NATIVE_LIBRARY,
                    "JNR-FFI cannot load its native part: " + unusable + ".",
                    "It is unpacked to java.io.tmpdir, which must not be mounted noexec: set -Djffi.extract.dir to"
                            + " another directory. It needs glibc: Alpine's musl will not do.");
        }
        try (Uring ring = Uring.open(UringParams.of(4))) {
            return required(ring);
        } catch (UringException e) {
            return no(reason(e.errno()), explanation(e), e.advice());
        }
    }

    private static DriverAvailability required(Uring ring) {
        Probe probe = ring.getProbe();
        for (int opcode : REQUIRED) {
            if (probe == null || !probe.opcodeSupported(opcode)) {
                return no(
                        Reason.KERNEL_TOO_OLD,
                        "This kernel (" + kernel() + ") has io_uring, but not the operations that are needed.",
                        "Use Linux 5.6 or later.");
            }
        }
        return DriverAvailability.usable(UringDriverProvider.NAME, "Linux " + kernel() + " has io_uring.");
    }

    private static Reason reason(int errno) {
        return switch (errno) {
            case Errno.ENOSYS -> seccompFilters() ? Reason.BLOCKED_BY_SECCOMP : Reason.KERNEL_TOO_OLD;
            case Errno.EPERM, Errno.EACCES ->
                disabledBySysctl() ? Reason.DISABLED_BY_SYSCTL : Reason.BLOCKED_BY_SECCOMP;
            case Errno.ENOMEM -> Reason.LOCKED_MEMORY_LIMIT;
            case Errno.EMFILE, Errno.ENFILE -> Reason.FILE_DESCRIPTOR_LIMIT;
            default -> Reason.OTHER;
        };
    }

    private static String explanation(UringException e) {
        return "io_uring_setup(2) answers " + e.errnoName() + " on Linux " + kernel() + ".";
    }

    private static boolean disabledBySysctl() {
        try {
            String value = Files.readString(DISABLED).trim();
            return value.equals("2") || (value.equals("1") && !isPrivileged());
        } catch (IOException e) {
            return false; // before Linux 6.6 there is no such setting
        }
    }

    private static boolean isPrivileged() {
        return System.getProperty("user.name", "").equals("root");
    }

    private static boolean seccompFilters() {
        try {
            return Files.readString(STATUS).lines().anyMatch(line -> line.startsWith("Seccomp:") && line.endsWith("2"));
        } catch (IOException e) {
            return false;
        }
    }

    private static String kernel() {
        return System.getProperty("os.version", "of unknown release");
    }

    private static DriverAvailability no(Reason reason, String explanation, String advice) {
        return new DriverAvailability(UringDriverProvider.NAME, reason, explanation, advice);
    }
}
