package dev.ringflow.nio;

import dev.ringflow.file.DirectIoAlignment;
import dev.ringflow.file.FileStat;
import dev.ringflow.spi.OpenFlags;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
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
    private static final long OWN_POSITION = -1;

    private FileCalls() {}

    static OpenFile open(Path path, int flags) throws IOException {
        FileChannel channel = FileChannel.open(path, options(flags));
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (OpenFlags.has(flags, OpenFlags.DIRECTORY) && !attributes.isDirectory()) {
                throw new NotDirectoryException(path.toString());
            }
            return new OpenFile(channel, path.toAbsolutePath(), flags, attributes.fileKey());
        } catch (java.nio.file.NoSuchFileException deletedMeanwhile) {
            return new OpenFile(channel, path.toAbsolutePath(), flags, new Object());
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
        if (OpenFlags.has(flags, OpenFlags.DIRECT_IO)) {
            options.add(DirectIoOption.require());
        }
        return options;
    }

    private static void add(Set<OpenOption> options, int flags, int flag, OpenOption option) {
        if (OpenFlags.has(flags, flag)) {
            options.add(option);
        }
    }

    static int read(OpenFile file, ByteBuffer memory, long position) throws IOException {
        return Math.max(
                0,
                position == OWN_POSITION
                        ? file.channel().read(memory)
                        : file.channel().read(memory, position));
    }

    static int write(OpenFile file, ByteBuffer memory, long position) throws IOException {
        file.size().readLock().lock();
        try {
            return file.appends() || position == OWN_POSITION
                    ? file.channel().write(memory)
                    : file.channel().write(memory, position);
        } finally {
            file.size().readLock().unlock();
        }
    }

    /** The end cannot move by another operation on the same open file; other openings of it are not kept out. */
    static int append(OpenFile file, ByteBuffer memory) throws IOException {
        file.size().writeLock().lock();
        try {
            return file.appends()
                    ? file.channel().write(memory)
                    : file.channel().write(memory, file.channel().size());
        } finally {
            file.size().writeLock().unlock();
        }
    }

    /** The JDK scatters and gathers at the channel's own position alone: elsewhere it is one buffer after the other. */
    static int readVector(OpenFile file, ByteBuffer[] buffers, long position) throws IOException {
        ByteBuffer[] own = duplicates(buffers);
        if (position == OWN_POSITION) {
            return (int) Math.max(0, file.channel().read(own));
        }
        int done = 0;
        for (ByteBuffer each : own) {
            done += Math.max(0, file.channel().read(each, position + done));
            if (each.hasRemaining()) {
                break;
            }
        }
        return done;
    }

    static int writeVector(OpenFile file, ByteBuffer[] buffers, long position) throws IOException {
        ByteBuffer[] own = duplicates(buffers);
        file.size().readLock().lock();
        try {
            if (file.appends() || position == OWN_POSITION) {
                return (int) file.channel().write(own);
            }
            int done = 0;
            for (ByteBuffer each : own) {
                try {
                    done += file.channel().write(each, position + done);
                } catch (IOException e) {
                    if (done == 0) {
                        throw e;
                    }
                    break; // what comes next tells it again
                }
                if (each.hasRemaining()) {
                    break;
                }
            }
            return done;
        } finally {
            file.size().readLock().unlock();
        }
    }

    /** So that the positions of those in the operation stay where they are. */
    private static ByteBuffer[] duplicates(ByteBuffer[] buffers) {
        ByteBuffer[] own = new ByteBuffer[buffers.length];
        for (int i = 0; i < own.length; i++) {
            own[i] = buffers[i].duplicate();
        }
        return own;
    }

    static void sync(OpenFile file, int flags) throws IOException {
        file.channel().force(flags == 0);
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
        return stat(size, attributes, unixAttributes(file.path()));
    }

    /** What the JDK knows of a file. */
    static FileStat stat(long size, BasicFileAttributes attributes, Map<String, Object> unix) {
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

    /** The JDK knows the block of the file system, and not what its device needs. */
    static DirectIoAlignment alignment(OpenFile file) throws IOException {
        int block = (int) Files.getFileStore(file.path()).getBlockSize();
        return new DirectIoAlignment(block, block);
    }

    static FileStat sizeAlone(long size) {
        var unknown = java.time.Instant.EPOCH;
        return new FileStat(size, FileStat.Type.REGULAR, -1, -1, -1, -1, -1, unknown, unknown, null);
    }

    static Map<String, Object> unixAttributes(Path path, LinkOption... links) throws IOException {
        return path.getFileSystem().supportedFileAttributeViews().contains("unix")
                ? Files.readAttributes(path, "unix:mode,ino,nlink", links)
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
