package dev.ringflow.uring.internal;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.HeapInvocationBuffer;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.Library;
import com.kenai.jffi.Type;
import java.util.Arrays;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.SaveError;
import jnr.ffi.annotations.Variadic;
import org.jspecify.annotations.Nullable;

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
public final class LibC {
    private static final long SYS_IO_URING_SETUP = 425;
    private static final long SYS_IO_URING_ENTER = 426;
    private static final long SYS_IO_URING_REGISTER = 427;
    private static final long SYS_PIDFD_OPEN = 434;
    private static final long SYS_FUTEX = "amd64".equals(System.getProperty("os.arch")) ? 202 : 98;
    private static final int FUTEX_WAKE = 1;

    /** From the beginning of the file, for {@link #lseek}. */
    public static final int SEEK_SET = 0;
    /** From the file's own position, for {@link #lseek}. */
    public static final int SEEK_CUR = 1;
    /** The next data at or after the offset, for {@link #lseek}. */
    public static final int SEEK_DATA = 3;
    /** The next hole at or after the offset, for {@link #lseek}. */
    public static final int SEEK_HOLE = 4;

    private static final int SC_PAGESIZE = 30;

    private LibC() {}

    /**
     * Why the C library cannot be called from this process.
     *
     * @return the failure, or null when all is well
     */
    public static @Nullable Throwable failure() {
        return Native.FAILURE;
    }

    /**
     * The C functions as JNR-FFI binds them. Public because JNR-FFI implements it in a module of its own.
     *
     * <p>No method here may have exactly six numeric parameters: JNR-FFI's x86-64 stub passes garbage as the sixth. With
     * one of the six typed {@link Pointer} the call takes another way and is right.
     */
    public interface Calls {
        /** {@code syscall(2)} with two arguments. */
        @SaveError
        @Variadic(fixedCount = 1)
        long syscall(long number, long a, long b);

        /** {@code syscall(2)} with four arguments. */
        @SaveError
        @Variadic(fixedCount = 1)
        long syscall(long number, long a, long b, long c, long d);

        /** {@code mmap(2)}. */
        @SaveError
        long mmap(@Nullable Pointer address, long length, int protection, int flags, int fd, long offset);

        /** {@code munmap(2)}. */
        @SaveError
        int munmap(long address, long length);

        /** {@code madvise(2)}. */
        @SaveError
        int madvise(long address, long length, int advice);

        /** {@code memfd_create(2)}. */
        @SaveError
        int memfd_create(long name, int flags);

        /** {@code close(2)}. */
        @SaveError
        int close(int fd);

        /** {@code sched_getaffinity(2)}. */
        @SaveError
        int sched_getaffinity(int thread, long length, long mask);

        /** {@code sched_setaffinity(2)}. */
        @SaveError
        int sched_setaffinity(int thread, long length, long mask);

        /** {@code eventfd(2)}. */
        @SaveError
        int eventfd(int initial, int flags);

        /** {@code timerfd_create(2)}. */
        @SaveError
        int timerfd_create(int clock, int flags);

        /** {@code timerfd_settime(2)}. */
        @SaveError
        int timerfd_settime(int fd, int flags, long newTime, long oldTime);

        /** {@code inotify_init1(2)}. */
        @SaveError
        int inotify_init1(int flags);

        /** {@code inotify_add_watch(2)}. */
        @SaveError
        int inotify_add_watch(int fd, long path, int mask);

        /** {@code inotify_rm_watch(2)}. */
        @SaveError
        int inotify_rm_watch(int fd, int watch);

        /** {@code waitid(2)}. */
        @SaveError
        int waitid(int idtype, int id, long info, int options);

        /** {@code ioctl(2)}. */
        @SaveError
        @Variadic(fixedCount = 2)
        int ioctl(int fd, long request, long argument);

        /** {@code read(2)}. */
        @SaveError
        long read(int fd, long address, long length);

        /** {@code write(2)}. */
        @SaveError
        long write(int fd, long address, long length);

        /** {@code pipe2(2)}. */
        @SaveError
        int pipe2(long fds, int flags);

        /** {@code socket(2)}. */
        @SaveError
        int socket(int domain, int type, int protocol);

        /** {@code bind(2)}. */
        @SaveError
        int bind(int fd, long address, int length);

        /** {@code openat(2)} without a mode. */
        @SaveError
        @Variadic(fixedCount = 3)
        int openat(int directory, long path, int flags);

        /** {@code setns(2)}. */
        @SaveError
        int setns(int fd, int type);

        /** {@code if_nametoindex(3)}. */
        @SaveError
        int if_nametoindex(long name);

        /** {@code ftruncate(2)}. */
        @SaveError
        int ftruncate(int fd, long length);

        /** {@code lseek(2)}. */
        @SaveError
        long lseek(int fd, long offset, int whence);

        /** {@code renameat2(2)}. */
        @SaveError
        int renameat2(int oldDirectory, long oldPath, int newDirectory, long newPath, int flags);

        /** {@code unlinkat(2)}. */
        @SaveError
        int unlinkat(int directory, long path, int flags);

        /** {@code mkdirat(2)}. */
        @SaveError
        int mkdirat(int directory, long path, int mode);

        /** {@code symlinkat(2)}. */
        @SaveError
        int symlinkat(long target, int directory, long path);

        /** {@code linkat(2)}. */
        @SaveError
        int linkat(int oldDirectory, long oldPath, int newDirectory, long newPath, int flags);

        /** {@code getxattr(2)}. */
        @SaveError
        long getxattr(long path, long name, long value, long length);

        /** {@code setxattr(2)}. */
        @SaveError
        int setxattr(long path, long name, long value, long length, int flags);

        /** {@code removexattr(2)}. */
        @SaveError
        int removexattr(long path, long name);

        /** {@code listxattr(2)}. */
        @SaveError
        long listxattr(long path, long list, long length);

        /** {@code lgetxattr(2)}. */
        @SaveError
        long lgetxattr(long path, long name, long value, long length);

        /** {@code lsetxattr(2)}. */
        @SaveError
        int lsetxattr(long path, long name, long value, long length, int flags);

        /** {@code lremovexattr(2)}. */
        @SaveError
        int lremovexattr(long path, long name);

        /** {@code llistxattr(2)}. */
        @SaveError
        long llistxattr(long path, long list, long length);

        /** {@code recv(2)}. */
        @SaveError
        long recv(int fd, long buffer, long length, int flags);

        /** {@code poll(2)}. */
        @SaveError
        int poll(long fds, long count, int timeout);

        /** {@code shutdown(2)}. */
        @SaveError
        int shutdown(int fd, int how);

        /** {@code listen(2)}. */
        @SaveError
        int listen(int fd, int backlog);

        /** {@code connect(2)}. */
        @SaveError
        int connect(int fd, long address, int length);

        /** {@code setsockopt(2)}. */
        @SaveError
        int setsockopt(int fd, int level, int name, long value, int length);

        /** {@code getsockopt(2)}. */
        @SaveError
        int getsockopt(int fd, int level, int name, long value, long length);

        /** {@code sendmsg(2)}. */
        @SaveError
        long sendmsg(int fd, long message, int flags);

        /** {@code recvmsg(2)}. */
        @SaveError
        long recvmsg(int fd, long message, int flags);

        /** {@code getsockname(2)}. */
        @SaveError
        int getsockname(int fd, long address, long length);

        /** {@code getpeername(2)}. */
        @SaveError
        int getpeername(int fd, long address, long length);

        /** {@code fcntl(2)}. */
        @SaveError
        @Variadic(fixedCount = 2)
        int fcntl(int fd, int command, long argument);

        /** {@code getrlimit(2)}. */
        @SaveError
        int getrlimit(int resource, long limit);

        /** {@code sysconf(3)}. */
        @SaveError
        long sysconf(int name);
    }

    /** Loaded on first use; keeps a failure instead of throwing it out of a static initialiser. */
    private static final class Native {
        static final @Nullable Calls CALLS;
        static final @Nullable Runtime RUNTIME;
        static final @Nullable Throwable FAILURE;

        static {
            Calls calls = null;
            Runtime runtime = null;
            Throwable failure = null;
            try {
                calls = LibraryLoader.create(Calls.class).failImmediately().load("c");
                runtime = Runtime.getRuntime(calls);
                if (!"Linux".equals(System.getProperty("os.name"))) {
                    failure = new UnsupportedOperationException(
                            "io_uring is a facility of Linux; this is " + System.getProperty("os.name"));
                } else if (Syscall.ADDRESS == 0) {
                    failure = new UnsatisfiedLinkError("the C library has no symbol named syscall");
                }
            } catch (final Exception | LinkageError e) {
                failure = e;
            }
            CALLS = calls;
            RUNTIME = runtime;
            FAILURE = failure;
        }
    }

    /** The fast way: one JNI call without stub, argument buffer or garbage. */
    private static final class Syscall {
        static final long ADDRESS = address();
        static final Invoker INVOKER = Invoker.getInstance();
        static final CallContext SIX_WORDS = words(6);
        static final com.kenai.jffi.LastError LAST_ERROR = com.kenai.jffi.LastError.getInstance();

        private static long address() {
            final long address = Library.getDefault().getSymbolAddress("syscall");
            if (address != 0) {
                return address;
            }
            final Library libc = Library.getCachedInstance("libc.so.6", Library.LAZY);
            return libc == null ? 0 : libc.getSymbolAddress("syscall");
        }
    }

    static CallContext words(final int count) {
        final Type[] types = new Type[count];
        Arrays.fill(types, Type.SINT64);
        return CallContext.getCallContext(Type.SINT64, types, CallingConvention.DEFAULT, true);
    }

    private static Calls calls() {
        final Calls calls = Native.CALLS;
        if (calls == null || Native.FAILURE != null) {
            throw unusable();
        }
        return calls;
    }

    private static IllegalStateException unusable() {
        return new IllegalStateException("the C library cannot be called: " + Native.FAILURE, Native.FAILURE);
    }

    private static int errno() {
        return LastError.getLastError(Native.RUNTIME);
    }

    private static int result(final int result) {
        return result != -1 ? result : -errno();
    }

    private static long result(final long result) {
        return result != -1 ? result : -errno();
    }

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
     * {@code memfd_create(2)}.
     *
     * @param nameAddress a NUL-terminated string, read during the call
     * @param flags {@code MFD_} bits
     * @return a file descriptor of memory without a name in any file system, or the negated errno
     */
    public static int memfdCreate(final long nameAddress, final int flags) {
        return result(calls().memfd_create(nameAddress, flags));
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
     * {@code close(2)}.
     *
     * @param fd a file descriptor
     * @return 0, or the negated errno
     */
    public static int close(final int fd) {
        return result(calls().close(fd));
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
     * {@code read(2)}.
     *
     * @param fd a file descriptor
     * @param address where to
     * @param length at most so many bytes
     * @return bytes read, or the negated errno
     */
    public static long read(final int fd, final long address, final long length) {
        return result(calls().read(fd, address, length));
    }

    /**
     * {@code write(2)}.
     *
     * @param fd a file descriptor
     * @param address where from
     * @param length at most so many bytes
     * @return bytes written, or the negated errno
     */
    public static long write(final int fd, final long address, final long length) {
        return result(calls().write(fd, address, length));
    }

    /**
     * {@code pipe2(2)}.
     *
     * @param fdsAddress address of two ints: the reading end, then the writing end
     * @param flags {@code O_CLOEXEC}, {@code O_NONBLOCK} …
     * @return 0, or the negated errno
     */
    public static int pipe2(final long fdsAddress, final int flags) {
        return result(calls().pipe2(fdsAddress, flags));
    }

    /**
     * {@code socket(2)}.
     *
     * @param domain {@code AF_} constant
     * @param type {@code SOCK_} constant and flags
     * @param protocol usually 0
     * @return a file descriptor, or the negated errno
     */
    public static int socket(final int domain, final int type, final int protocol) {
        return result(calls().socket(domain, type, protocol));
    }

    /**
     * {@code bind(2)}.
     *
     * @param fd a socket
     * @param address address of a {@code struct sockaddr}
     * @param length its length in bytes
     * @return 0, or the negated errno
     */
    public static int bind(final int fd, final long address, final int length) {
        return result(calls().bind(fd, address, length));
    }

    /**
     * {@code openat(2)} of a file that exists.
     *
     * @param directory a file descriptor, or {@code AT_FDCWD}
     * @param path address of a C string
     * @param flags {@code O_} flags
     * @return a file descriptor, or the negated errno
     */
    public static int openat(final int directory, final long path, final int flags) {
        return result(calls().openat(directory, path, flags));
    }

    /**
     * {@code setns(2)}: moves the calling thread into another namespace.
     *
     * @param fd what stands for the namespace
     * @param type {@code CLONE_NEW} constant that it has to be of, or 0
     * @return 0, or the negated errno
     */
    public static int setns(final int fd, final int type) {
        return result(calls().setns(fd, type));
    }

    /**
     * {@code if_nametoindex(3)}: the number of a network interface, in the namespace of the calling thread.
     *
     * @param name address of a C string
     * @return the number, above 0, or the negated errno
     */
    public static int ifNametoindex(final long name) {
        final int index = calls().if_nametoindex(name);
        return index == 0 ? -errno() : index;
    }

    /**
     * {@code ftruncate(2)}.
     *
     * @param fd a file open for writing
     * @param length the new size in bytes
     * @return 0, or the negated errno
     */
    public static int ftruncate(final int fd, final long length) {
        return result(calls().ftruncate(fd, length));
    }

    /**
     * {@code lseek(2)}.
     *
     * @param fd a file
     * @param offset where from
     * @param whence {@link #SEEK_DATA}, {@link #SEEK_HOLE} …
     * @return the position found, or the negated errno
     */
    public static long lseek(final int fd, final long offset, final int whence) {
        return result(calls().lseek(fd, offset, whence));
    }

    /**
     * {@code renameat2(2)}.
     *
     * @param oldDirectory where a relative old path starts, or {@code AT_FDCWD}
     * @param oldPath address of the old path, ended by a NUL
     * @param newDirectory where a relative new path starts, or {@code AT_FDCWD}
     * @param newPath address of the new path, ended by a NUL
     * @param flags {@code RENAME_} flags
     * @return 0, or the negated errno
     */
    public static int renameat2(
            final int oldDirectory, final long oldPath, final int newDirectory, final long newPath, final int flags) {
        return result(calls().renameat2(oldDirectory, oldPath, newDirectory, newPath, flags));
    }

    /**
     * {@code unlinkat(2)}.
     *
     * @param directory where a relative path starts, or {@code AT_FDCWD}
     * @param path address of the path, ended by a NUL
     * @param flags 0, or {@code AT_REMOVEDIR}
     * @return 0, or the negated errno
     */
    public static int unlinkat(final int directory, final long path, final int flags) {
        return result(calls().unlinkat(directory, path, flags));
    }

    /**
     * {@code mkdirat(2)}.
     *
     * @param directory where a relative path starts, or {@code AT_FDCWD}
     * @param path address of the path, ended by a NUL
     * @param mode permission bits, from which the process takes its umask
     * @return 0, or the negated errno
     */
    public static int mkdirat(final int directory, final long path, final int mode) {
        return result(calls().mkdirat(directory, path, mode));
    }

    /**
     * {@code symlinkat(2)}.
     *
     * @param target address of what the link says, ended by a NUL
     * @param directory where a relative path starts, or {@code AT_FDCWD}
     * @param path address of the link's path, ended by a NUL
     * @return 0, or the negated errno
     */
    public static int symlinkat(final long target, final int directory, final long path) {
        return result(calls().symlinkat(target, directory, path));
    }

    /**
     * {@code linkat(2)}.
     *
     * @param oldDirectory where a relative old path starts, or {@code AT_FDCWD}
     * @param oldPath address of the old path, ended by a NUL
     * @param newDirectory where a relative new path starts, or {@code AT_FDCWD}
     * @param newPath address of the new path, ended by a NUL
     * @param flags 0, or {@code AT_SYMLINK_FOLLOW}
     * @return 0, or the negated errno
     */
    public static int linkat(
            final int oldDirectory, final long oldPath, final int newDirectory, final long newPath, final int flags) {
        return result(calls().linkat(oldDirectory, oldPath, newDirectory, newPath, flags));
    }

    /**
     * {@code getxattr(2)}.
     *
     * @param path address of the path, ended by a NUL
     * @param name address of the attribute's name with its name space, ended by a NUL
     * @param value where the value goes
     * @param length room for it in bytes
     * @return bytes of the value, or the negated errno
     */
    public static int getxattr(final long path, final long name, final long value, final long length) {
        return (int) result(calls().getxattr(path, name, value, length));
    }

    /**
     * {@code setxattr(2)}.
     *
     * @param path address of the path, ended by a NUL
     * @param name address of the attribute's name with its name space, ended by a NUL
     * @param value address of the value
     * @param length its length in bytes
     * @param flags 0, {@code XATTR_CREATE} or {@code XATTR_REPLACE}
     * @return 0, or the negated errno
     */
    public static int setxattr(final long path, final long name, final long value, final long length, final int flags) {
        return result(calls().setxattr(path, name, value, length, flags));
    }

    /**
     * {@code removexattr(2)}.
     *
     * @param path address of the path, ended by a NUL
     * @param name address of the attribute's name with its name space, ended by a NUL
     * @return 0, or the negated errno
     */
    public static int removexattr(final long path, final long name) {
        return result(calls().removexattr(path, name));
    }

    /**
     * {@code listxattr(2)}.
     *
     * @param path address of the path, ended by a NUL
     * @param list where the names go, each ended by a NUL
     * @param length room for them in bytes
     * @return bytes of the names, or the negated errno
     */
    public static int listxattr(final long path, final long list, final long length) {
        return (int) result(calls().listxattr(path, list, length));
    }

    /**
     * {@code lgetxattr(2)}.
     *
     * @param path address of the path, ended by a NUL
     * @param name address of the attribute's name with its name space, ended by a NUL
     * @param value where the value goes
     * @param length room for it in bytes
     * @return bytes of the value, or the negated errno
     */
    public static int lgetxattr(final long path, final long name, final long value, final long length) {
        return (int) result(calls().lgetxattr(path, name, value, length));
    }

    /**
     * {@code lsetxattr(2)}.
     *
     * @param path address of the path, ended by a NUL
     * @param name address of the attribute's name with its name space, ended by a NUL
     * @param value address of the value
     * @param length its length in bytes
     * @param flags 0, {@code XATTR_CREATE} or {@code XATTR_REPLACE}
     * @return 0, or the negated errno
     */
    public static int lsetxattr(
            final long path, final long name, final long value, final long length, final int flags) {
        return result(calls().lsetxattr(path, name, value, length, flags));
    }

    /**
     * {@code lremovexattr(2)}.
     *
     * @param path address of the path, ended by a NUL
     * @param name address of the attribute's name with its name space, ended by a NUL
     * @return 0, or the negated errno
     */
    public static int lremovexattr(final long path, final long name) {
        return result(calls().lremovexattr(path, name));
    }

    /**
     * {@code llistxattr(2)}.
     *
     * @param path address of the path, ended by a NUL
     * @param list where the names go, each ended by a NUL
     * @param length room for them in bytes
     * @return bytes of the names, or the negated errno
     */
    public static int llistxattr(final long path, final long list, final long length) {
        return (int) result(calls().llistxattr(path, list, length));
    }

    /**
     * {@code recv(2)}.
     *
     * @param fd a socket
     * @param buffer where to; delicate: the caller owns the memory
     * @param length bytes
     * @param flags {@code MSG_} flags
     * @return bytes, 0 at the end of a stream, or the negated errno
     */
    public static int recv(final int fd, final long buffer, final int length, final int flags) {
        return (int) result(calls().recv(fd, buffer, length, flags));
    }

    /**
     * {@code poll(2)}.
     *
     * @param fds address of an array of {@code struct pollfd}; delicate: the caller owns the memory
     * @param count how many there are
     * @param timeoutMillis how long to wait, 0 for not at all
     * @return how many have events, or the negated errno
     */
    public static int poll(final long fds, final int count, final int timeoutMillis) {
        return result(calls().poll(fds, count, timeoutMillis));
    }

    /**
     * {@code shutdown(2)}.
     *
     * @param fd a connected socket
     * @param how {@code SHUT_RD}, {@code SHUT_WR} or {@code SHUT_RDWR}
     * @return 0, or the negated errno
     */
    public static int shutdown(final int fd, final int how) {
        return result(calls().shutdown(fd, how));
    }

    /**
     * {@code listen(2)}.
     *
     * @param fd a bound socket
     * @param backlog connections that may wait
     * @return 0, or the negated errno
     */
    public static int listen(final int fd, final int backlog) {
        return result(calls().listen(fd, backlog));
    }

    /**
     * {@code connect(2)}.
     *
     * @param fd a socket
     * @param address address of a {@code struct sockaddr}
     * @param length its length in bytes
     * @return 0, or the negated errno
     */
    public static int connect(final int fd, final long address, final int length) {
        return result(calls().connect(fd, address, length));
    }

    /**
     * {@code setsockopt(2)}.
     *
     * @param fd a socket
     * @param level {@code SOL_} or {@code IPPROTO_} constant
     * @param name the option
     * @param valueAddress address of its value
     * @param length length of the value in bytes
     * @return 0, or the negated errno
     */
    public static int setsockopt(
            final int fd, final int level, final int name, final long valueAddress, final int length) {
        return result(calls().setsockopt(fd, level, name, valueAddress, length));
    }

    /**
     * {@code getsockopt(2)}.
     *
     * @param fd a socket
     * @param level {@code SOL_} or {@code IPPROTO_} constant
     * @param name the option
     * @param valueAddress where the value goes
     * @param lengthAddress address of an int: room for the value, and its length afterwards
     * @return 0, or the negated errno
     */
    public static int getsockopt(
            final int fd, final int level, final int name, final long valueAddress, final long lengthAddress) {
        return result(calls().getsockopt(fd, level, name, valueAddress, lengthAddress));
    }

    /**
     * {@code sendmsg(2)}.
     *
     * @param fd a socket
     * @param message address of a {@code struct msghdr}
     * @param flags {@code MSG_} constants
     * @return the number of bytes, or the negated errno
     */
    public static long sendmsg(final int fd, final long message, final int flags) {
        return result(calls().sendmsg(fd, message, flags));
    }

    /**
     * {@code recvmsg(2)}.
     *
     * @param fd a socket
     * @param message address of a {@code struct msghdr}, whose lengths and flags are filled in
     * @param flags {@code MSG_} constants
     * @return the number of bytes, or the negated errno
     */
    public static long recvmsg(final int fd, final long message, final int flags) {
        return result(calls().recvmsg(fd, message, flags));
    }

    /**
     * {@code getsockname(2)}.
     *
     * @param fd a socket
     * @param address where the {@code struct sockaddr} goes
     * @param lengthAddress address of an int: room for the address, and its length afterwards
     * @return 0, or the negated errno
     */
    public static int getsockname(final int fd, final long address, final long lengthAddress) {
        return result(calls().getsockname(fd, address, lengthAddress));
    }

    /**
     * {@code getpeername(2)}.
     *
     * @param fd a connected socket
     * @param address where the {@code struct sockaddr} goes
     * @param lengthAddress address of an int: room for the address, and its length afterwards
     * @return 0, or the negated errno
     */
    public static int getpeername(final int fd, final long address, final long lengthAddress) {
        return result(calls().getpeername(fd, address, lengthAddress));
    }

    /**
     * {@code fcntl(2)}.
     *
     * @param fd a file descriptor
     * @param command {@code F_} constant
     * @param argument its argument, or 0
     * @return what the command answers, or the negated errno
     */
    public static int fcntl(final int fd, final int command, final long argument) {
        return result(calls().fcntl(fd, command, argument));
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
     * {@code inotify_init1(2)}.
     *
     * @param flags {@code IN_CLOEXEC}, {@code IN_NONBLOCK}
     * @return a file descriptor, or the negated errno
     */
    public static int inotify_init1(final int flags) {
        return result(calls().inotify_init1(flags));
    }

    /**
     * {@code inotify_add_watch(2)}.
     *
     * @param fd an inotify descriptor
     * @param path address of the path, ended by a NUL
     * @param mask {@code IN_} events
     * @return the watch's number, or the negated errno
     */
    public static int inotify_add_watch(final int fd, final long path, final int mask) {
        return result(calls().inotify_add_watch(fd, path, mask));
    }

    /**
     * {@code inotify_rm_watch(2)}.
     *
     * @param fd an inotify descriptor
     * @param watch the watch's number
     * @return 0, or the negated errno
     */
    public static int inotify_rm_watch(final int fd, final int watch) {
        return result(calls().inotify_rm_watch(fd, watch));
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
     * {@code ioctl(2)}.
     *
     * @param fd a file descriptor
     * @param request what to do
     * @param argument its argument, usually an address
     * @return what the request answers, or the negated errno
     */
    public static int ioctl(final int fd, final long request, final long argument) {
        return result(calls().ioctl(fd, request, argument));
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
