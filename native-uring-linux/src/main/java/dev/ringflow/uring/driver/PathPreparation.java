package dev.ringflow.uring.driver;

import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.OpenFlags;
import dev.ringflow.spi.Operation;
import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.struct.OpenHow;
import dev.ringflow.uring.struct.Statx;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Operations on names: opening, and whatever changes a directory. */
final class PathPreparation extends Preparation {
    private static final int FILE_MODE = 0666;
    private static final int HERE = UringConstants.AT_FDCWD;
    private static final byte[] NOTHING = {};
    /** Room for a value that fits into scratch memory beside most paths. */
    private static final int SMALL_VALUE = 128;

    private final KernelSupport support;
    private final FileTable table;

    PathPreparation(ScratchMemory scratch, KernelSupport support, FileTable table) {
        super(scratch);
        this.support = support;
        this.table = table;
    }

    // What the ring lacks.

    @Override
    boolean needsHelper(Operation operation) {
        return switch (operation.opCode()) {
            case RENAME, EXCHANGE, DELETE -> !support.renaming();
            case CREATE_DIRECTORY, CREATE_SYMBOLIC_LINK, CREATE_LINK -> !support.linking();
            // the ring's forms follow symbolic links
            case GET_ATTRIBUTE, SET_ATTRIBUTE -> !support.attributes() || operation.flags() == 1;
            case REMOVE_ATTRIBUTE, LIST_ATTRIBUTES -> true;
            default -> false;
        };
    }

    @Override
    int callBlocking(Operation operation) {
        byte[] path = PathBytes.of(operation.path());
        byte[] second = second(operation);
        ByteBuffer memory = PathMemory.ofOwn(PathCalls.room(operation), path, second);
        operation.driverState(memory);
        return PathCalls.call(operation, memory);
    }

    // What the ring has.

    @Override
    int before(Operation operation, DriverCounters counters) {
        if (operation.driverState() != null) {
            return 0; // a second time, with what the first has made
        }
        if (isDirect(operation)) {
            int result = table.require(operation);
            if (result < 0) {
                return result;
            }
        }
        int room = switch (operation.opCode()) {
            case OPEN_RESTRICTED -> OpenHow.SIZE;
            case STAT_PATH -> Statx.SIZE;
            case GET_ATTRIBUTE -> SMALL_VALUE;
            default -> 0;
        };
        operation.driverState(PathMemory.of(scratch(), room, PathBytes.of(operation.path()), second(operation)));
        return 0;
    }

    private static byte[] second(Operation operation) {
        return switch (operation.opCode()) {
            case RENAME, EXCHANGE, CREATE_LINK -> PathBytes.of(operation.secondPath());
            case CREATE_SYMBOLIC_LINK -> PathBytes.ofLinkTarget(operation.secondPath());
            case GET_ATTRIBUTE, SET_ATTRIBUTE, REMOVE_ATTRIBUTE ->
                String.valueOf(operation.secondArgument()).getBytes(StandardCharsets.UTF_8);
            default -> NOTHING;
        };
    }

    private static boolean isDirect(Operation operation) {
        return switch (operation.opCode()) {
            case OPEN_DIRECT -> true;
            case OPEN_RESTRICTED -> OpenFlags.has(operation.flags(), OpenFlags.DIRECT_DESCRIPTOR);
            default -> false;
        };
    }

    @Override
    void fill(Sqe sqe, Operation operation) {
        ByteBuffer memory = (ByteBuffer) state(operation);
        long path = PathMemory.first(memory);
        long second = PathMemory.second(memory);
        int flags = operation.flags();
        switch (operation.opCode()) {
            case OPEN -> sqe.prepOpenat(HERE, path, openFlags(flags) | UringConstants.O_CLOEXEC, FILE_MODE);
            case OPEN_DIRECT ->
                sqe.prepOpenatDirect(HERE, path, openFlags(flags), FILE_MODE, UringConstants.IORING_FILE_INDEX_ALLOC);
            case OPEN_RESTRICTED -> openRestricted(sqe, operation, memory);
            case STAT_PATH -> {
                int follow = flags == 1 ? UringConstants.AT_SYMLINK_NOFOLLOW : 0;
                sqe.prepStatx(HERE, path, follow, FileStats.MASK, PathMemory.room(memory));
            }
            case RENAME -> sqe.prepRenameat(HERE, path, HERE, second, flags == 1 ? UringConstants.RENAME_NOREPLACE : 0);
            case EXCHANGE -> sqe.prepRenameat(HERE, path, HERE, second, UringConstants.RENAME_EXCHANGE);
            case DELETE -> sqe.prepUnlinkat(HERE, path, flags == 1 ? UringConstants.AT_REMOVEDIR : 0);
            case CREATE_DIRECTORY -> sqe.prepMkdirat(HERE, path, flags);
            case CREATE_SYMBOLIC_LINK -> sqe.prepSymlinkat(second, HERE, path);
            case CREATE_LINK -> sqe.prepLinkat(HERE, second, HERE, path, 0);
            case GET_ATTRIBUTE -> sqe.prepGetxattr(second, PathMemory.room(memory), path, PathMemory.roomSize(memory));
            case SET_ATTRIBUTE -> sqe.prepSetxattr(second, memory(operation), path, 0, operation.length());
            default -> throw new UnsupportedOperationException(operation.opCode() + " by the driver uring");
        }
    }

    private void openRestricted(Sqe sqe, Operation operation, ByteBuffer memory) {
        Handle directory = operation.handle();
        boolean direct = isDirect(operation);
        int flags = openFlags(operation.flags()) | (direct ? 0 : UringConstants.O_CLOEXEC);
        int mode = (flags & UringConstants.O_CREAT) == 0 ? 0 : FILE_MODE;
        OpenHow.set(memory, PathMemory.ROOM, flags, mode, resolveFlags(operation.flags()));
        int start = directory == null ? HERE : (int) directory.value();
        long path = PathMemory.first(memory);
        long how = PathMemory.room(memory);
        if (direct) {
            sqe.prepOpenat2Direct(start, path, how, UringConstants.IORING_FILE_INDEX_ALLOC);
        } else {
            sqe.prepOpenat2(start, path, how);
        }
    }

    /** A value that is larger than the room for it is asked for again, with room for the largest. */
    @Override
    boolean goesOn(Operation operation, int result) {
        if (operation.opCode() != OpCode.GET_ATTRIBUTE
                || result != -Errno.ERANGE
                || !(operation.driverState() instanceof ByteBuffer memory)
                || PathMemory.roomSize(memory) >= PathCalls.LARGEST_VALUE) {
            return false;
        }
        scratch().giveBack(memory);
        operation.driverState(
                PathMemory.ofOwn(PathCalls.LARGEST_VALUE, PathBytes.of(operation.path()), second(operation)));
        return true;
    }

    @Override
    int after(Operation operation, int result, DriverCounters counters) {
        if (result < 0) {
            return result == -Errno.ENODATA ? withoutAttribute(operation, result) : result;
        }
        switch (operation.opCode()) {
            case OPEN -> operation.resultHandle(FileKind.descriptor(result, operation));
            case OPEN_DIRECT -> operation.resultHandle(FileKind.slot(result, operation));
            case OPEN_RESTRICTED ->
                operation.resultHandle(
                        isDirect(operation)
                                ? FileKind.slot(result, operation)
                                : FileKind.descriptor(result, operation));
            case STAT_PATH ->
                operation.resultObject(FileStats.decode(PathMemory.struct((ByteBuffer) state(operation), Statx.SIZE)));
            case GET_ATTRIBUTE -> operation.resultObject(PathCalls.value((ByteBuffer) state(operation), result));
            case LIST_ATTRIBUTES -> operation.resultObject(PathCalls.names((ByteBuffer) state(operation), result));
            case REMOVE_ATTRIBUTE -> {
                return 1;
            }
            default -> {
                return result;
            }
        }
        return 0;
    }

    /** That there is no such attribute is an answer. */
    private static int withoutAttribute(Operation operation, int result) {
        return switch (operation.opCode()) {
            case GET_ATTRIBUTE, REMOVE_ATTRIBUTE -> 0;
            default -> result;
        };
    }

    private static int openFlags(int flags) {
        boolean read = OpenFlags.has(flags, OpenFlags.READ);
        boolean write = OpenFlags.has(flags, OpenFlags.WRITE);
        int result = write ? read ? UringConstants.O_RDWR : UringConstants.O_WRONLY : UringConstants.O_RDONLY;
        result |= OpenFlags.has(flags, OpenFlags.CREATE) ? UringConstants.O_CREAT : 0;
        result |= OpenFlags.has(flags, OpenFlags.CREATE_NEW) ? UringConstants.O_CREAT | UringConstants.O_EXCL : 0;
        result |= OpenFlags.has(flags, OpenFlags.TRUNCATE) ? UringConstants.O_TRUNC : 0;
        result |= OpenFlags.has(flags, OpenFlags.APPEND) ? UringConstants.O_APPEND : 0;
        result |= OpenFlags.has(flags, OpenFlags.SYNC) ? UringConstants.O_SYNC : 0;
        result |= OpenFlags.has(flags, OpenFlags.DSYNC) ? UringConstants.O_DSYNC : 0;
        result |= OpenFlags.has(flags, OpenFlags.NOFOLLOW) ? UringConstants.O_NOFOLLOW : 0;
        result |= OpenFlags.has(flags, OpenFlags.DIRECT_IO) ? UringConstants.O_DIRECT : 0;
        result |= OpenFlags.has(flags, OpenFlags.DIRECTORY) ? UringConstants.O_DIRECTORY : 0;
        return result;
    }

    /** Links such as /proc/self/fd/3, which lead anywhere, are never followed where anything is restricted. */
    private static int resolveFlags(int flags) {
        int result = OpenFlags.has(flags, OpenFlags.BENEATH) ? UringConstants.RESOLVE_BENEATH : 0;
        result |= OpenFlags.has(flags, OpenFlags.IN_ROOT) ? UringConstants.RESOLVE_IN_ROOT : 0;
        result |= OpenFlags.has(flags, OpenFlags.NO_SYMLINKS) ? UringConstants.RESOLVE_NO_SYMLINKS : 0;
        result |= OpenFlags.has(flags, OpenFlags.NO_MOUNTS) ? UringConstants.RESOLVE_NO_XDEV : 0;
        return result == 0 ? 0 : result | UringConstants.RESOLVE_NO_MAGICLINKS;
    }
}
