package dev.ringflow.nio;

import dev.ringflow.file.DirectIoAlignment;
import dev.ringflow.file.FileStat;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What any JDK does with names and attributes of files, as blocking calls: for drivers whose kernel has no ring for it.
 * Any thread.
 */
public final class JdkCalls {
    private JdkCalls() {}

    /**
     * An operation that asks something of a path.
     *
     * @param operation {@link OpCode#STAT_PATH}, {@link OpCode#GET_ATTRIBUTE} or {@link OpCode#LIST_ATTRIBUTES}
     * @return what {@link OpCode} says; null for an attribute that is not there
     * @throws IOException as of the JDK; {@link #failure} has it as drivers tell it
     */
    public static @Nullable Object ask(Operation operation) throws IOException {
        return PathCalls.ask(operation);
    }

    /**
     * An operation that changes something of a path.
     *
     * @param operation {@link OpCode#RENAME}, {@link OpCode#DELETE}, {@link OpCode#CREATE_DIRECTORY} and their like
     * @param memory the value of {@link OpCode#SET_ATTRIBUTE}
     * @return the operation's result
     * @throws IOException as of the JDK; {@link #failure} has it as drivers tell it
     */
    public static int change(Operation operation, @Nullable ByteBuffer memory) throws IOException {
        return PathCalls.change(operation, memory);
    }

    /**
     * The attributes of an open file, which the JDK asks by path: when another file has it by now, only the size is known.
     *
     * @param path where the file was when it was opened
     * @param size its size, by its handle
     * @param key {@link BasicFileAttributes#fileKey()} when it was opened; null where there is none
     * @return the attributes
     * @throws IOException if the file system refuses
     */
    public static FileStat stat(Path path, long size, @Nullable Object key) throws IOException {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(path, BasicFileAttributes.class);
        } catch (IOException pathIsGone) {
            return FileCalls.sizeAlone(size);
        }
        return Objects.equals(attributes.fileKey(), key)
                ? FileCalls.stat(size, attributes, FileCalls.unixAttributes(path))
                : FileCalls.sizeAlone(size);
    }

    /**
     * The alignment that direct I/O needs, as far as the JDK knows it: the block of the file system.
     *
     * @param path a file
     * @return for memory and positions
     * @throws IOException if the file system refuses
     */
    public static DirectIoAlignment alignment(Path path) throws IOException {
        int block = (int) Files.getFileStore(path).getBlockSize();
        return new DirectIoAlignment(block, block);
    }

    /**
     * What an operation fails with.
     *
     * @param operation the operation
     * @param failure what the JDK has thrown
     * @return what a caller is told
     */
    public static Throwable failure(Operation operation, Throwable failure) {
        return NioFailures.of(operation, failure);
    }
}
