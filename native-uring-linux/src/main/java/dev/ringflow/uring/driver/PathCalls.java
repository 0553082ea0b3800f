package dev.ringflow.uring.driver;

import dev.ringflow.spi.Operation;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.internal.LibC;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Operations on names as blocking calls, for rings that lack them. Any thread. */
final class PathCalls {
    /** The largest value of an extended attribute, and the longest list of their names; see xattr(7). */
    static final int LARGEST_VALUE = 65_536;

    private static final int HERE = UringConstants.AT_FDCWD;

    private PathCalls() {}

    /** How much room an operation needs beside its strings. */
    static int room(Operation operation) {
        return switch (operation.opCode()) {
            case GET_ATTRIBUTE, LIST_ATTRIBUTES -> LARGEST_VALUE;
            default -> 0;
        };
    }

    /** The result, or the negated errno. */
    static int call(Operation operation, ByteBuffer memory) {
        long path = PathMemory.first(memory);
        long second = PathMemory.second(memory);
        int flags = operation.flags();
        return switch (operation.opCode()) {
            case RENAME -> LibC.renameat2(HERE, path, HERE, second, flags == 1 ? UringConstants.RENAME_NOREPLACE : 0);
            case EXCHANGE -> LibC.renameat2(HERE, path, HERE, second, UringConstants.RENAME_EXCHANGE);
            case DELETE -> LibC.unlinkat(HERE, path, flags == 1 ? UringConstants.AT_REMOVEDIR : 0);
            case CREATE_DIRECTORY -> LibC.mkdirat(HERE, path, flags);
            case CREATE_SYMBOLIC_LINK -> LibC.symlinkat(second, HERE, path);
            case CREATE_LINK -> LibC.linkat(HERE, second, HERE, path, 0);
            case GET_ATTRIBUTE ->
                flags == 1
                        ? LibC.lgetxattr(path, second, PathMemory.room(memory), LARGEST_VALUE)
                        : LibC.getxattr(path, second, PathMemory.room(memory), LARGEST_VALUE);
            case SET_ATTRIBUTE ->
                flags == 1
                        ? LibC.lsetxattr(path, second, Preparation.memory(operation), operation.length(), 0)
                        : LibC.setxattr(path, second, Preparation.memory(operation), operation.length(), 0);
            case REMOVE_ATTRIBUTE -> flags == 1 ? LibC.lremovexattr(path, second) : LibC.removexattr(path, second);
            case LIST_ATTRIBUTES ->
                flags == 1
                        ? LibC.llistxattr(path, PathMemory.room(memory), LARGEST_VALUE)
                        : LibC.listxattr(path, PathMemory.room(memory), LARGEST_VALUE);
            default -> throw new UnsupportedOperationException(operation.opCode() + " has no blocking form");
        };
    }

    /** The value that was read. */
    static byte[] value(ByteBuffer memory, int length) {
        byte[] value = new byte[length];
        memory.get(PathMemory.ROOM, value);
        return value;
    }

    /** The names that were read, each of which ends with a zero. */
    static List<String> names(ByteBuffer memory, int length) {
        byte[] all = value(memory, length);
        List<String> names = new ArrayList<>();
        int begin = 0;
        for (int end = 0; end < length; end++) {
            if (all[end] == 0) {
                names.add(new String(all, begin, end - begin, StandardCharsets.UTF_8));
                begin = end + 1;
            }
        }
        return List.copyOf(names);
    }
}
