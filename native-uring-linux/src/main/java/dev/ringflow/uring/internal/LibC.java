package dev.ringflow.uring.internal;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.HeapInvocationBuffer;
import jnr.ffi.Pointer;

/**
 * The functions of the C library that a ring needs. Each returns its result, or the negated errno when it failed, so
 * that no caller has to read errno.
 *
 * <p>The library is loaded at the first use of this class. Where it cannot be loaded (not Linux, no native stub of
 * JNR-FFI for this machine, a temporary directory mounted noexec), {@link #failure()} says why, and every function
 * throws {@link IllegalStateException}.
 *
 * <p>Safe for use by any thread.
 */
public final class LibC extends LibCSockets {
    private static final long SYS_IO_URING_SETUP = 425;
    private static final long SYS_IO_URING_ENTER = 426;
    private static final long SYS_IO_URING_REGISTER = 427;
    private static final long SYS_PIDFD_OPEN = 434;
    private static final long SYS_FUTEX = "amd64".equals(System.getProperty("os.arch")) ? 202 : 98;
    private static final int FUTEX_WAKE = 1;

    private static final int SC_PAGESIZE = 30;

    private LibC() {}

    /**
     * {@code io_uring_setup(2)}.
     *
     * @param entries submission queue entries
     * @param paramsAddress address of a {@code struct io_uring_params}
     * @return the ring's file descriptor (close-on-exec), or the negated errno
     */
    public static int ioUringSetup(final int entries, final long paramsAddress) {
        return (int) result(calls().syscall(SYS_IO_URING_SETUP, entries, paramsAddress));
    }

    /**
     * {@code io_uring_enter(2)} without signal mask and without extended argument: the fast form. Of the system call's
     * seven words only six are passed; the kernel does not look at the seventh when the sixth is null.
     *
     * @param fd the ring, or its registered index together with {@code IORING_ENTER_REGISTERED_RING}
     * @param toSubmit entries to take from the submission queue
     * @param minComplete completions to wait for
     * @param flags {@code IORING_ENTER_} flags without {@code EXT_ARG} and {@code EXT_ARG_REG}
     * @return entries taken, or the negated errno
     */
    public static int ioUringEnter(final int fd, final int toSubmit, final int minComplete, final int flags) {
        if (Native.FAILURE != null) { // a constant to the compiler: costs nothing
            throw unusable();
        }
        final long result = Syscall.INVOKER.invokeL6(
                Syscall.SIX_WORDS, Syscall.ADDRESS, SYS_IO_URING_ENTER, fd, toSubmit, minComplete, flags, 0);
        return result != -1 ? (int) result : -Syscall.LAST_ERROR.get();
    }

    /**
     * {@code io_uring_enter(2)} with an extended argument, by a call that allocates. {@link ExtendedEnter} is the form
     * for loops.
     *
     * @param fd the ring, or its registered index together with {@code IORING_ENTER_REGISTERED_RING}
     * @param toSubmit entries to take from the submission queue
     * @param minComplete completions to wait for
     * @param flags {@code IORING_ENTER_} flags; {@code EXT_ARG} is the caller's to set
     * @param argAddress address of the argument
     * @param argSize its size in bytes
     * @return entries taken, or the negated errno
     */
    public static int ioUringEnterExt(
            final int fd,
            final int toSubmit,
            final int minComplete,
            final int flags,
            final long argAddress,
            final long argSize) {
        return new ExtendedEnter(argAddress, argSize).call(fd, toSubmit, minComplete, flags);
    }

    /** The seven-word system call, for {@link ExtendedEnter}. */
    static int invoke(final CallContext context, final HeapInvocationBuffer arguments) {
        if (Native.FAILURE != null) {
            throw unusable();
        }
        final long result = Syscall.INVOKER.invokeLong(context, Syscall.ADDRESS, arguments);
        return result != -1 ? (int) result : -Syscall.LAST_ERROR.get();
    }

    static long enterNumber() {
        return SYS_IO_URING_ENTER;
    }

    /**
     * {@code io_uring_register(2)}.
     *
     * @param fd the ring
     * @param opcode an {@code IORING_REGISTER_} opcode
     * @param argAddress its argument, or 0
     * @param nr number of arguments
     * @return what the opcode answers, or the negated errno
     */
    public static int ioUringRegister(final int fd, final int opcode, final long argAddress, final int nr) {
        return (int) result(calls().syscall(SYS_IO_URING_REGISTER, fd, Integer.toUnsignedLong(opcode), argAddress, nr));
    }

    /**
     * {@code mmap(2)}.
     *
     * @param address wished address, or 0
     * @param length bytes
     * @param protection {@code PROT_} bits
     * @param flags {@code MAP_} bits
     * @param fd file, or -1
     * @param offset offset in the file
     * @return the address, or the negated errno
     */
    public static long mmap(
            final long address,
            final long length,
            final int protection,
            final int flags,
            final int fd,
            final long offset) {
        final Calls calls = calls();
        final Pointer wished = address == 0 ? null : Pointer.wrap(Native.RUNTIME, address);
        return result(calls.mmap(wished, length, protection, flags, fd, offset));
    }

    /**
     * {@code munmap(2)}.
     *
     * @param address start of the mapping
     * @param length bytes
     * @return 0, or the negated errno
     */
    public static int munmap(final long address, final long length) {
        return result(calls().munmap(address, length));
    }

    /**
     * {@code madvise(2)}.
     *
     * @param address start of the range, page-aligned
     * @param length bytes
     * @param advice {@code MADV_} constant
     * @return 0, or the negated errno
     */
    public static int madvise(final long address, final long length, final int advice) {
        return result(calls().madvise(address, length, advice));
    }

    /**
     * {@code sched_getaffinity(2)}.
     *
     * @param thread its id, or 0 for the calling thread
     * @param length bytes of the mask
     * @param maskAddress where the processors go to, one bit each
     * @return 0, or the negated errno
     */
    public static int schedGetaffinity(final int thread, final int length, final long maskAddress) {
        return result(calls().sched_getaffinity(thread, length, maskAddress));
    }

    /**
     * {@code sched_setaffinity(2)}.
     *
     * @param thread its id, or 0 for the calling thread
     * @param length bytes of the mask
     * @param maskAddress the processors that it may run on, one bit each
     * @return 0, or the negated errno
     */
    public static int schedSetaffinity(final int thread, final int length, final long maskAddress) {
        return result(calls().sched_setaffinity(thread, length, maskAddress));
    }

    /**
     * {@code eventfd(2)}.
     *
     * @param initial the counter's first value
     * @param flags {@code EFD_} flags
     * @return a file descriptor, or the negated errno
     */
    public static int eventfd(final int initial, final int flags) {
        return result(calls().eventfd(initial, flags));
    }

    /**
     * {@code pidfd_open(2)}. The descriptor is close-on-exec.
     *
     * @param pid a process's number
     * @param flags 0, or {@code PIDFD_NONBLOCK}
     * @return a file descriptor, or the negated errno
     */
    public static int pidfd_open(final int pid, final int flags) {
        return (int) result(calls().syscall(SYS_PIDFD_OPEN, pid, Integer.toUnsignedLong(flags)));
    }

    /**
     * {@code futex(2)}, {@code FUTEX_WAKE}, of memory that other processes may share.
     *
     * @param address address of the word
     * @param most how many to wake at most
     * @return how many were woken, or the negated errno
     */
    public static int futexWake(final long address, final int most) {
        return (int) result(calls().syscall(SYS_FUTEX, address, FUTEX_WAKE, most, 0));
    }

    /**
     * {@code timerfd_create(2)}.
     *
     * @param clock {@code CLOCK_} constant
     * @param flags {@code TFD_} flags
     * @return a file descriptor, or the negated errno
     */
    public static int timerfd_create(final int clock, final int flags) {
        return result(calls().timerfd_create(clock, flags));
    }

    /**
     * {@code timerfd_settime(2)}.
     *
     * @param fd a timerfd
     * @param flags 0, or {@code TFD_TIMER_ABSTIME}
     * @param newTime address of a {@code struct itimerspec}: two of {@code struct timespec}, the period and the first time
     * @param oldTime where the one before goes, or 0
     * @return 0, or the negated errno
     */
    public static int timerfd_settime(final int fd, final int flags, final long newTime, final long oldTime) {
        return result(calls().timerfd_settime(fd, flags, newTime, oldTime));
    }

    /**
     * {@code waitid(2)}.
     *
     * @param idtype {@code P_} constant
     * @param id the process, or a descriptor of it
     * @param info address of a {@code siginfo_t}, filled in
     * @param options {@code W} flags
     * @return 0, or the negated errno
     */
    public static int waitid(final int idtype, final int id, final long info, final int options) {
        return result(calls().waitid(idtype, id, info, options));
    }

    /**
     * {@code getrlimit(2)}.
     *
     * @param resource {@code RLIMIT_} constant
     * @param address where the {@code struct rlimit} goes: two longs, the soft and the hard limit
     * @return 0, or the negated errno
     */
    public static int getrlimit(final int resource, final long address) {
        return result(calls().getrlimit(resource, address));
    }

    /**
     * The size of a page of memory.
     *
     * @return bytes
     */
    public static int pageSize() {
        return (int) calls().sysconf(SC_PAGESIZE);
    }
}
