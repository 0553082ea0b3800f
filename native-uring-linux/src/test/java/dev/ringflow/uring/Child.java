package dev.ringflow.uring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.Variadic;
import org.jspecify.annotations.Nullable;

/** A child process that nobody but the test waits for: the JVM reaps those that it starts itself. */
final class Child implements AutoCloseable {
    private static final int SIGKILL = 9;
    private static final int SYS_PIDFD_OPEN = 434;
    private static final Calls LIBC = LibraryLoader.create(Calls.class).load("c");

    private final int pid;

    private Child(final int pid) {
        this.pid = pid;
    }

    /** What starting and ending processes takes of the C library. Six parameters, but not all of them numbers. */
    public interface Calls {
        int posix_spawnp(
                Pointer pid,
                String file,
                @Nullable Pointer actions,
                @Nullable Pointer attributes,
                Pointer arguments,
                Pointer environment);

        int kill(int pid, int signal);

        int waitpid(int pid, long status, int options);

        @Variadic(fixedCount = 1)
        long syscall(long number, long a, long b);
    }

    static Child start(final String... command) {
        final List<ByteBuffer> strings = new ArrayList<>();
        final ByteBuffer arguments = Memory.allocate((command.length + 1) * Long.BYTES, Long.BYTES);
        for (int i = 0; i < command.length; i++) {
            strings.add(Native.bytes(command[i] + "\0"));
            arguments.putLong(i * Long.BYTES, Memory.address(strings.get(i)));
        }
        final ByteBuffer environment = Memory.allocate(Long.BYTES, Long.BYTES);
        final ByteBuffer pid = Memory.allocate(Integer.BYTES, Integer.BYTES);
        final int error =
                LIBC.posix_spawnp(pointer(pid), command[0], null, null, pointer(arguments), pointer(environment));
        assertThat(error).as("posix_spawn").isZero();
        return new Child(pid.getInt(0));
    }

    private static Pointer pointer(final ByteBuffer memory) {
        return Pointer.wrap(Runtime.getRuntime(LIBC), memory);
    }

    int pid() {
        return pid;
    }

    /** A file descriptor for the process, or a negative number where the kernel has none. */
    int pidfd() {
        return (int) LIBC.syscall(SYS_PIDFD_OPEN, pid, 0);
    }

    void kill(final int signal) {
        LIBC.kill(pid, signal);
    }

    /** Ends it and reaps it, if that has not been done. */
    @Override
    public void close() {
        if (LIBC.waitpid(pid, 0, 1) == 0) {
            kill(SIGKILL);
            LIBC.waitpid(pid, 0, 0);
        }
    }
}
