package dev.ringflow.uring;

import dev.ringflow.uring.internal.LibC;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a person can do when a ring cannot be had: found out from the system, with the figures. */
final class SetupAdvice {
    private static final Path DISABLED = Path.of("/proc/sys/kernel/io_uring_disabled");

    private SetupAdvice() {}

    static String forErrno(final int errno, final UringParams asked, final int refusedFlags) {
        switch (errno) {
            case Errno.ENOSYS:
                return "The kernel is older than 5.1 or built without io_uring, or a seccomp filter (of a container, a"
                        + " sandbox) hides it: allow io_uring_setup, io_uring_enter and io_uring_register there.";
            case Errno.EPERM:
            case Errno.EACCES:
                return forbidden();
            case Errno.ENOMEM:
                return memory(asked);
            case Errno.EMFILE:
                return "Raise the limit of open files (ulimit -n), or close some.";
            case Errno.ENFILE:
                return "Raise fs.file-max, or close files.";
            case Errno.EBADF:
            case Errno.ENXIO:
                return "The file descriptor given for IORING_SETUP_ATTACH_WQ is not a ring.";
            case Errno.EFAULT:
                return "The memory given for IORING_SETUP_NO_MMAP is not the process's own.";
            case Errno.EINVAL:
                return invalid(asked, refusedFlags);
            default:
                return "See io_uring_setup(2).";
        }
    }

    private static String forbidden() {
        final String value = disabled();
        switch (value) {
            case "2":
                return "io_uring is switched off on this machine: set sysctl kernel.io_uring_disabled=0.";
            case "1":
                return "io_uring is kept to privileged users on this machine: set sysctl kernel.io_uring_disabled=0, or"
                        + " join the group of kernel.io_uring_group.";
            default:
                return "A seccomp filter (of a container, a sandbox) forbids it: allow io_uring_setup, io_uring_enter and"
                        + " io_uring_register there. For Docker: --security-opt seccomp=unconfined, or a profile of your"
                        + " own.";
        }
    }

    private static String disabled() {
        try {
            return Files.readString(DISABLED).trim();
        } catch (final IOException e) {
            return "";
        }
    }

    private static String memory(final UringParams asked) {
        final ByteBuffer limit = Memory.allocate(2 * Long.BYTES, Long.BYTES);
        final int result = LibC.getrlimit(UringConstants.RLIMIT_MEMLOCK, Memory.address(limit));
        final long soft = limit.getLong(0);
        final String figure = result < 0 ? "unknown" : soft == -1 ? "unlimited" : soft / 1024 + " KiB";
        return "The limit of locked memory is " + figure
                + " for all rings and registered buffers of this user; this ring"
                + " needs about " + (bytes(asked) + 1023) / 1024
                + " KiB. Raise it (ulimit -l, LimitMEMLOCK= of systemd,"
                + " --ulimit memlock= of Docker), or open a smaller ring. A closed ring's memory is given back a little"
                + " later.";
    }

    /** What the kernel charges: entries, both rings, each in whole pages. */
    private static long bytes(final UringParams asked) {
        final long entries = Math.max(1, Math.min(asked.sqEntries(), 32768));
        final long cqEntries = asked.cqEntries() > 0 ? asked.cqEntries() : 2 * entries;
        return pages(entries * SqeSlot.SIZE) + pages(cqEntries * Cqe.SIZE + entries * Integer.BYTES + 512);
    }

    private static long pages(final long bytes) {
        return MemoryRegion.roundUp(bytes, 4096);
    }

    private static String invalid(final UringParams asked, final int refusedFlags) {
        if (asked.sqEntries() <= 0) {
            return "A ring has at least one entry.";
        }
        if ((asked.cqEntries() != 0 && asked.cqEntries() < asked.sqEntries())
                || (asked.cqEntries() == 0 && (asked.flags() & UringConstants.IORING_SETUP_CQSIZE) != 0)) {
            return "The completion queue must be at least as large as the submission queue.";
        }
        final String broken = SetupRules.explain(asked.flags());
        if (refusedFlags != 0) {
            return broken + "This kernel refuses " + ConstantNames.setupFlags(refusedFlags)
                    + ", unknown to it or in this combination.";
        }
        if (!broken.isEmpty()) {
            return broken.trim();
        }
        if (asked.sqEntries() > 32768) {
            return "The maximum is 32768 entries.";
        }
        return "This kernel does not know a flag, or not this combination of flags.";
    }
}
