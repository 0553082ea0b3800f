package dev.ringflow.file;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingFuture;
import dev.ringflow.internal.Answer;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is known of files beside their content; {@link RingFileSystem} is the class to use. */
public abstract class RingFileSystemAttributes extends RingFileSystemNames {
    /** The longest value that Linux takes for an extended attribute, in bytes. */
    public static final int LARGEST_ATTRIBUTE = 65_536;

    private static final int LONGEST_NAME = 255;

    static final Answer<FileStat> STAT = new Answer<>() {
        @Override
        protected FileStat value(Operation operation, int result) {
            return (FileStat) Objects.requireNonNull(operation.resultObject());
        }
    };
    private static final Answer<Optional<byte[]>> VALUE = new Answer<>() {
        @Override
        protected Optional<byte[]> value(Operation operation, int result) {
            return Optional.ofNullable((byte[]) operation.resultObject());
        }
    };
    private static final Answer<List<String>> NAMES = new Answer<>() {
        @Override
        @SuppressWarnings("unchecked") // what the operation delivers
        protected List<String> value(Operation operation, int result) {
            return (List<String>) Objects.requireNonNull(operation.resultObject());
        }
    };
    private static final Answer<Boolean> WAS_THERE = new Answer<>() {
        @Override
        protected Boolean value(Operation operation, int result) {
            return result == 1;
        }
    };

    RingFileSystemAttributes(Ring ring) {
        super(ring);
    }

    /**
     * What the system knows of a file; see statx(2).
     *
     * @param path its name
     * @param options {@link LinkOption#NOFOLLOW_LINKS} asks about a symbolic link itself
     * @return a future; fails with {@link java.nio.file.NoSuchFileException} or another {@link java.io.IOException}
     * @throws java.nio.file.ProviderMismatchException if the path is not of the default file system
     */
    public RingFuture<FileStat> statAsync(Path path, LinkOption... options) {
        RingFuture<FileStat> future = new RingFuture<>();
        stat(path, future, options);
        return future;
    }

    /**
     * The callback form of {@link #statAsync}.
     *
     * @param path its name
     * @param callback whom to tell
     * @param options {@link LinkOption#NOFOLLOW_LINKS} or nothing
     */
    public void stat(Path path, RingCallback<FileStat> callback, LinkOption... options) {
        STAT.start(of(OpCode.STAT_PATH, path).flags(flags(options)), callback);
    }

    /**
     * Reads an extended attribute; see getxattr(2). The nio driver knows those whose names begin with {@code user.}, and
     * fails with {@link UnsupportedOperationException} for others.
     *
     * @param path the file's name
     * @param name the attribute's name with its name space, such as {@code user.origin}
     * @param options {@link LinkOption#NOFOLLOW_LINKS} asks about a symbolic link itself
     * @return a future of the value, empty if the file has no such attribute; fails with
     *     {@link java.nio.file.NoSuchFileException}, or with another {@link java.io.IOException}, for example where the
     *     file system has no such attributes
     * @throws IllegalArgumentException if the name is empty or longer than 255 bytes
     * @throws java.nio.file.ProviderMismatchException if the path is not of the default file system
     */
    public RingFuture<Optional<byte[]>> getAttributeAsync(Path path, String name, LinkOption... options) {
        RingFuture<Optional<byte[]>> future = new RingFuture<>();
        getAttribute(path, name, future, options);
        return future;
    }

    /**
     * The callback form of {@link #getAttributeAsync}.
     *
     * @param path the file's name
     * @param name the attribute's name
     * @param callback whom to tell
     * @param options {@link LinkOption#NOFOLLOW_LINKS} or nothing
     */
    public void getAttribute(Path path, String name, RingCallback<Optional<byte[]>> callback, LinkOption... options) {
        VALUE.start(attribute(OpCode.GET_ATTRIBUTE, path, name, options), callback);
    }

    /**
     * Sets an extended attribute, new or not; see setxattr(2). File systems have limits of their own, often less than 4
     * KiB for all attributes of a file. The nio driver knows those whose names begin with {@code user.}.
     *
     * @param path the file's name
     * @param name the attribute's name with its name space, such as {@code user.origin}
     * @param value its value, copied at once; at most {@value #LARGEST_ATTRIBUTE} bytes
     * @param options {@link LinkOption#NOFOLLOW_LINKS} sets that of a symbolic link itself
     * @return a future; fails as {@link #getAttributeAsync} does
     * @throws IllegalArgumentException if the name is empty or longer than 255 bytes, or the value is too long
     * @throws java.nio.file.ProviderMismatchException if the path is not of the default file system
     */
    public RingFuture<@Nullable Void> setAttributeAsync(Path path, String name, byte[] value, LinkOption... options) {
        RingFuture<@Nullable Void> future = new RingFuture<>();
        setAttribute(path, name, value, future, options);
        return future;
    }

    /**
     * The callback form of {@link #setAttributeAsync}.
     *
     * @param path the file's name
     * @param name the attribute's name
     * @param value its value, copied at once
     * @param callback whom to tell
     * @param options {@link LinkOption#NOFOLLOW_LINKS} or nothing
     */
    public void setAttribute(
            Path path, String name, byte[] value, RingCallback<@Nullable Void> callback, LinkOption... options) {
        if (value.length > LARGEST_ATTRIBUTE) {
            throw new IllegalArgumentException(
                    "The value of an attribute has at most " + LARGEST_ATTRIBUTE + " bytes, got " + value.length);
        }
        ByteBuffer memory = ByteBuffer.allocateDirect(value.length).put(0, value);
        Answer.DONE.start(
                attribute(OpCode.SET_ATTRIBUTE, path, name, options).memory(memory, 0, value.length), callback);
    }

    /**
     * Removes an extended attribute; see removexattr(2). The kernel has no ring form: a helper thread does it.
     *
     * @param path the file's name
     * @param name the attribute's name with its name space, such as {@code user.origin}
     * @param options {@link LinkOption#NOFOLLOW_LINKS} removes that of a symbolic link itself
     * @return a future of whether it was there; fails as {@link #getAttributeAsync} does
     * @throws IllegalArgumentException if the name is empty or longer than 255 bytes
     * @throws java.nio.file.ProviderMismatchException if the path is not of the default file system
     */
    public RingFuture<Boolean> removeAttributeAsync(Path path, String name, LinkOption... options) {
        RingFuture<Boolean> future = new RingFuture<>();
        removeAttribute(path, name, future, options);
        return future;
    }

    /**
     * The callback form of {@link #removeAttributeAsync}.
     *
     * @param path the file's name
     * @param name the attribute's name
     * @param callback whom to tell
     * @param options {@link LinkOption#NOFOLLOW_LINKS} or nothing
     */
    public void removeAttribute(Path path, String name, RingCallback<Boolean> callback, LinkOption... options) {
        WAS_THERE.start(attribute(OpCode.REMOVE_ATTRIBUTE, path, name, options), callback);
    }

    /**
     * The names of a file's extended attributes; see listxattr(2). The kernel has no ring form: a helper thread does it.
     * The nio driver tells those that begin with {@code user.}.
     *
     * @param path the file's name
     * @param options {@link LinkOption#NOFOLLOW_LINKS} asks about a symbolic link itself
     * @return a future of the names with their name spaces, in no order; fails as {@link #getAttributeAsync} does
     * @throws java.nio.file.ProviderMismatchException if the path is not of the default file system
     */
    public RingFuture<List<String>> attributesAsync(Path path, LinkOption... options) {
        RingFuture<List<String>> future = new RingFuture<>();
        attributes(path, future, options);
        return future;
    }

    /**
     * The callback form of {@link #attributesAsync}.
     *
     * @param path the file's name
     * @param callback whom to tell
     * @param options {@link LinkOption#NOFOLLOW_LINKS} or nothing
     */
    public void attributes(Path path, RingCallback<List<String>> callback, LinkOption... options) {
        NAMES.start(of(OpCode.LIST_ATTRIBUTES, path).flags(flags(options)), callback);
    }

    private Operation attribute(OpCode code, Path path, String name, LinkOption[] options) {
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length > LONGEST_NAME || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("The name of an attribute has 1 to " + LONGEST_NAME
                    + " bytes, none of them zero; got \"" + name + '"');
        }
        return of(code, path).secondArgument(name).flags(flags(options));
    }

    private static int flags(LinkOption[] options) {
        for (LinkOption each : options) {
            Objects.requireNonNull(each, "option");
        }
        return options.length == 0 ? 0 : 1; // there is one option
    }
}
