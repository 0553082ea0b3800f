package dev.ringflow.uring.internal;

import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.SaveError;
import jnr.ffi.annotations.Variadic;
import org.jspecify.annotations.Nullable;

/** How the functions of the C library are bound. {@link LibC} is the class to use. */
public abstract class LibCBinding {
    LibCBinding() {}

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
    static final class Native {
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

    static Calls calls() {
        final Calls calls = Native.CALLS;
        if (calls == null || Native.FAILURE != null) {
            throw unusable();
        }
        return calls;
    }

    static IllegalStateException unusable() {
        return new IllegalStateException("the C library cannot be called: " + Native.FAILURE, Native.FAILURE);
    }

    static int errno() {
        return LastError.getLastError(Native.RUNTIME);
    }

    static int result(final int result) {
        return result != -1 ? result : -errno();
    }

    static long result(final long result) {
        return result != -1 ? result : -errno();
    }
}
