package dev.ringflow.nio;

import dev.ringflow.file.FileStat;
import dev.ringflow.spi.OpenFlags;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The operations on files as blocking calls. Any thread. */
final class FileCalls {
    private static final int PERMISSIONS = 07777;
    private static final int ZEROS = 64 * 1024;

    private FileCalls() {}

    static OpenFile open(Path path, int flags) throws IOException {
        FileChannel channel = FileChannel.open(path, options(flags));
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return new OpenFile(
                    channel, path.toAbsolutePath(), OpenFlags.has(flags, OpenFlags.APPEND), attributes.fileKey());
        } catch (java.nio.file.NoSuchFileException deletedMeanwhile) {
            return new OpenFile(channel, path.toAbsolutePath(), OpenFlags.has(flags, OpenFlags.APPEND), new Object());
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static Set<OpenOption> options(int flags) {
        Set<OpenOption> options = new HashSet<>();
        add(options, flags, OpenFlags.READ, StandardOpenOption.READ);
        add(options, flags, OpenFlags.WRITE, StandardOpenOption.WRITE);
        add(options, flags, OpenFlags.CREATE, StandardOpenOption.CREATE);
        add(options, flags, OpenFlags.CREATE_NEW, StandardOpenOption.CREATE_NEW);
        add(options, flags, OpenFlags.TRUNCATE, StandardOpenOption.TRUNCATE_EXISTING);
        add(options, flags, OpenFlags.APPEND, StandardOpenOption.APPEND);
        add(options, flags, OpenFlags.SYNC, StandardOpenOption.SYNC);
        add(options, flags, OpenFlags.DSYNC, StandardOpenOption.DSYNC);
        add(options, flags, OpenFlags.NOFOLLOW, LinkOption.NOFOLLOW_LINKS);
        return options;
    }

    private static void add(Set<OpenOption> options, int flags, int flag, OpenOption option) {
        if (OpenFlags.has(flags, flag)) {
            options.add(option);
        }
    }

    static int read(OpenFile file, ByteBuffer memory, long position) throws IOException {
        return Math.max(0, file.channel().read(memory, position));
    }

    static int write(OpenFile file, ByteBuffer memory, long position) throws IOException {
        file.size().readLock().lock();
        try {
            return file.appends()
                    ? file.channel().write(memory)
                    : file.channel().write(memory, position);
        } finally {
            file.size().readLock().unlock();
        }
    }

    static void sync(OpenFile file, int flags) throws IOException {
        file.channel().force(flags == 0);
    }

    static void truncate(OpenFile file, long size) throws IOException {
        file.size().writeLock().lock();
        try {
            long now = file.channel().size();
            if (size < now) {
                file.channel().truncate(size);
            } else if (size > now) {
                extend(file, now, size);
            }
        } finally {
            file.size().writeLock().unlock();
        }
    }

    /** The JDK's truncate does not extend: the last byte is written, and what is between is a hole. */
    private static void extend(OpenFile file, long from, long to) throws IOException {
        if (!file.appends()) {
            file.channel().write(ByteBuffer.allocate(1), to - 1);
            return;
        }
        ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(ZEROS, to - from));
        for (long left = to - from; left > 0; ) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), left));
            left -= file.channel().write(zeros);
        }
    }

    /** The JDK asks by path: when another file has it by now, only the size is known. */
    static FileStat stat(OpenFile file) throws IOException {
        long size = file.channel().size();
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(file.path(), BasicFileAttributes.class);
        } catch (IOException pathIsGone) {
            return sizeAlone(size);
        }
        if (!Objects.equals(attributes.fileKey(), file.key())) {
            return sizeAlone(size);
        }
        Map<String, Object> unix = unixAttributes(file.path());
        long mode = number(unix, "mode");
        // where the system keeps no time of birth the JDK gives that of the last change
        boolean hasBirth = !attributes.creationTime().equals(attributes.lastModifiedTime());
        return new FileStat(
                size,
                type(attributes),
                mode < 0 ? -1 : (int) mode & PERMISSIONS,
                -1,
                -1,
                number(unix, "ino"),
                number(unix, "nlink"),
                attributes.lastAccessTime().toInstant(),
                attributes.lastModifiedTime().toInstant(),
                hasBirth ? attributes.creationTime().toInstant() : null);
    }

    private static FileStat sizeAlone(long size) {
        var unknown = java.time.Instant.EPOCH;
        return new FileStat(size, FileStat.Type.REGULAR, -1, -1, -1, -1, -1, unknown, unknown, null);
    }

    private static Map<String, Object> unixAttributes(Path path) throws IOException {
        return path.getFileSystem().supportedFileAttributeViews().contains("unix")
                ? Files.readAttributes(path, "unix:mode,ino,nlink")
                : Map.of();
    }

    private static long number(Map<String, Object> attributes, String name) {
        return attributes.get(name) instanceof Number number ? number.longValue() : -1;
    }

    private static FileStat.Type type(BasicFileAttributes attributes) {
        if (attributes.isRegularFile()) {
            return FileStat.Type.REGULAR;
        } else if (attributes.isDirectory()) {
            return FileStat.Type.DIRECTORY;
        }
        return attributes.isSymbolicLink() ? FileStat.Type.SYMBOLIC_LINK : FileStat.Type.OTHER;
    }
}
