package dev.ringflow.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.Variadic;

/** Rights and limits of an ordinary user, for tests that run as root. */
final class OrdinaryUser {
    private static final Calls LIBC =
            LibraryLoader.create(Calls.class).failImmediately().load("c");
    private static final boolean X86 = System.getProperty("os.arch").matches("amd64|x86_64");
    private static final long SYS_SETRESUID = X86 ? 117 : 147;
    private static final long SYS_SETRESGID = X86 ? 119 : 149;
    private static final int NOBODY = 65534;

    private OrdinaryUser() {}

    /** More of the C library. */
    public interface Calls {
        @Variadic(fixedCount = 1)
        long syscall(long number, long a, long b, long c);

        int geteuid();

        int getrlimit(int resource, long address);

        int setrlimit(int resource, long address);
    }

    static void assumeRoot() {
        assumeTrue(LIBC.geteuid() == 0, "needs root, to become another user");
    }

    /**
     * Runs a task as nobody, on a thread that ends with it: on Linux the raw system call changes the credentials of
     * the calling thread only. The task must have run before as root, for then its classes are loaded, which nobody
     * may not be allowed to read.
     */
    static <T> T call(final Callable<T> task) throws Exception {
        return onThreadOfItsOwn(() -> {
            if (LIBC.geteuid() == 0) {
                assertThat(LIBC.syscall(SYS_SETRESGID, NOBODY, NOBODY, NOBODY)).isZero();
                assertThat(LIBC.syscall(SYS_SETRESUID, NOBODY, NOBODY, NOBODY)).isZero();
            }
            return task.call();
        });
    }

    /** Runs a task on a thread that ends with it, for what a thread cannot get rid of again. */
    static <T> T onThreadOfItsOwn(final Callable<T> task) throws Exception {
        final FutureTask<T> future = new FutureTask<>(task);
        final Thread thread = new Thread(future);
        thread.start();
        thread.join();
        return future.get();
    }

    /** Runs a task with another limit of the whole process. */
    static <T> T withLimit(final int resource, final long limit, final Callable<T> task) throws Exception {
        final ByteBuffer before = Memory.allocate(16, 8);
        assertThat(LIBC.getrlimit(resource, Memory.address(before))).isZero();
        final long hard = before.getLong(8);
        final ByteBuffer other = Memory.allocate(16, 8)
                .putLong(0, limit)
                .putLong(8, Long.compareUnsigned(hard, limit) < 0 ? limit : hard);
        assumeTrue(LIBC.setrlimit(resource, Memory.address(other)) == 0, "needs root, to raise a limit");
        try {
            return task.call();
        } finally {
            assertThat(LIBC.setrlimit(resource, Memory.address(before))).isZero();
        }
    }
}
