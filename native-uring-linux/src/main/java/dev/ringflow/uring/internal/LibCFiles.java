package dev.ringflow.uring.internal;

/** The functions of the C library for files and file descriptors. {@link LibC} is the class to use. */
public abstract class LibCFiles extends LibCBinding {
    /** From the beginning of the file, for {@link #lseek}. */
    public static final int SEEK_SET = 0;
    /** From the file's own position, for {@link #lseek}. */
    public static final int SEEK_CUR = 1;
    /** The next data at or after the offset, for {@link #lseek}. */
    public static final int SEEK_DATA = 3;
    /** The next hole at or after the offset, for {@link #lseek}. */
    public static final int SEEK_HOLE = 4;

    LibCFiles() {}

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
     * {@code close(2)}.
     *
     * @param fd a file descriptor
     * @return 0, or the negated errno
     */
    public static int close(final int fd) {
        return result(calls().close(fd));
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
}
