package dev.ringflow.tck;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.SaveError;
import jnr.ffi.annotations.Variadic;
import org.jspecify.annotations.Nullable;

/** Refuses io_uring's three system calls to this process for the rest of its life, as a container's profile does. */
final class SeccompFilter {
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final long SECCOMP_SET_MODE_FILTER = 1;
    private static final long SECCOMP_FILTER_FLAG_TSYNC = 1;
    private static final int IO_URING_SETUP = 425;
    private static final int IO_URING_REGISTER = 427;

    /** Instructions of the filter: each has a code, the two jumps and a value. */
    private static final short LOAD_WORD = 0x20;

    private static final short JUMP_IF_AT_LEAST = 0x35;
    private static final short JUMP_IF_GREATER = 0x25;
    private static final short RETURN = 0x06;
    private static final int ALLOW = 0x7fff_0000;
    private static final int ANSWER_ERRNO = 0x0005_0000;

    private static final Map<String, Integer> ERRNOS = Map.of("EPERM", 1, "ENOSYS", 38);
    private static final Map<String, Integer> SECCOMP = Map.of("amd64", 317, "aarch64", 277);

    private SeccompFilter() {}

    /** Bound by JNR-FFI. */
    public interface Calls {
        @SaveError
        @Variadic(fixedCount = 1)
        int prctl(int option, long second, long third, long fourth, long fifth);

        @SaveError
        @Variadic(fixedCount = 1)
        long syscall(long number, long operation, long flags, long program);
    }

    static @Nullable String obstacle() {
        String machine = System.getProperty("os.arch");
        return SECCOMP.containsKey(machine) ? null : "the number of seccomp(2) on " + machine + " is not known here";
    }

    /** Puts the filter on every thread there is; those to come inherit it. */
    static void refuseIoUring(String errno) {
        Calls libc = LibraryLoader.create(Calls.class).failImmediately().load("c");
        Runtime runtime = Runtime.getRuntime(libc);
        ByteBuffer filter = ByteBuffer.allocateDirect(5 * 8).order(ByteOrder.nativeOrder());
        instruction(filter, LOAD_WORD, 0, 0, 0); // the number of the system call
        instruction(filter, JUMP_IF_AT_LEAST, 0, 2, IO_URING_SETUP);
        instruction(filter, JUMP_IF_GREATER, 1, 0, IO_URING_REGISTER);
        instruction(filter, RETURN, 0, 0, ANSWER_ERRNO | ERRNOS.get(errno));
        instruction(filter, RETURN, 0, 0, ALLOW);
        filter.flip();
        ByteBuffer program = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
        program.putShort(0, (short) (filter.capacity() / 8));
        program.putLong(8, Pointer.wrap(runtime, filter).address());

        long seccomp = SECCOMP.get(System.getProperty("os.arch"));
        if (libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
                || libc.syscall(
                                seccomp,
                                SECCOMP_SET_MODE_FILTER,
                                SECCOMP_FILTER_FLAG_TSYNC,
                                Pointer.wrap(runtime, program).address())
                        != 0) {
            throw new IllegalStateException("no filter: errno " + LastError.getLastError(runtime));
        }
    }

    private static void instruction(ByteBuffer filter, short code, int ifTrue, int ifFalse, int value) {
        filter.putShort(code).put((byte) ifTrue).put((byte) ifFalse).putInt(value);
    }
}
