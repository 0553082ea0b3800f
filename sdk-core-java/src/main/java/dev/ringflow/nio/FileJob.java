package dev.ringflow.nio;

import dev.ringflow.spi.Operation;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One blocking call for a helper thread. What comes out of it is kept here until the loop thread takes it over. It can
 * be cancelled as long as no helper thread has begun.
 */
final class FileJob implements Runnable, Pending {
    private enum State {
        WAITING,
        BEGUN,
        CANCELLED
    }

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(FileJob.class, "state", State.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Operation operation;
    private final @Nullable OpenFile file;
    private final @Nullable ByteBuffer memory;
    private final Completions completions;
    private final Consumer<FileJob> whenFinished;

    @SuppressWarnings("unused") // by STATE
    private volatile State state = State.WAITING;

    private int result;
    private @Nullable OpenFile opened;
    private @Nullable Object answer;
    private @Nullable Throwable failure;

    /**
     * Takes an operation.
     *
     * @param file what its handle stands for, if it has one
     * @param memory its memory, checked, if it has any
     */
    FileJob(
            Operation operation,
            @Nullable OpenFile file,
            @Nullable ByteBuffer memory,
            Completions completions,
            Consumer<FileJob> whenFinished) {
        this.operation = operation;
        this.file = file;
        this.memory = memory;
        this.completions = completions;
        this.whenFinished = whenFinished;
    }

    /** Helper thread. */
    @Override
    public void run() {
        if (!STATE.compareAndSet(this, State.WAITING, State.BEGUN)) {
            return;
        }
        try {
            switch (operation.opCode()) {
                case OPEN -> opened = FileCalls.open(operation.path(), operation.flags());
                case STAT -> answer = operation.flags() == 1 ? FileCalls.alignment(file()) : FileCalls.stat(file());
                case READ -> result = FileCalls.read(file(), memory(), operation.position());
                case WRITE -> result = FileCalls.write(file(), memory(), operation.position());
                case APPEND -> result = FileCalls.append(file(), memory());
                case READ_VECTORED -> result = FileCalls.readVector(file(), operation.vector(), operation.position());
                case WRITE_VECTORED -> result = FileCalls.writeVector(file(), operation.vector(), operation.position());
                case SYNC_RANGE -> FileCalls.sync(file(), 1);
                case SYNC -> FileCalls.sync(file(), operation.flags());
                case TRUNCATE -> FileSizes.truncate(file(), operation.position());
                case CLOSE -> file().close();
                case STAT_PATH, GET_ATTRIBUTE, LIST_ATTRIBUTES -> answer = PathCalls.ask(operation);
                case RENAME,
                        DELETE,
                        CREATE_DIRECTORY,
                        CREATE_SYMBOLIC_LINK,
                        CREATE_LINK,
                        SET_ATTRIBUTE,
                        REMOVE_ATTRIBUTE -> result = PathCalls.change(operation, memory);
                default -> throw new UnsupportedOperationException(operation.opCode() + " is no operation on files");
            }
        } catch (Throwable t) {
            failure = t;
        }
        whenFinished.accept(this);
    }

    /** Loop thread: a call that has begun tells its own outcome. */
    @Override
    public void cancel() {
        if (STATE.compareAndSet(this, State.WAITING, State.CANCELLED)) {
            completions.cancelled(operation);
        }
    }

    Operation operation() {
        return operation;
    }

    /** Bytes, once finished. */
    int result() {
        return result;
    }

    /** What was opened, once finished. */
    @Nullable
    OpenFile opened() {
        return opened;
    }

    /** A result that is no number, once finished. */
    @Nullable
    Object answer() {
        return answer;
    }

    /** Why it failed, once finished. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    private OpenFile file() {
        if (file == null) {
            throw new IllegalArgumentException(operation.opCode() + " needs a file");
        }
        return file;
    }

    private ByteBuffer memory() {
        if (memory == null) {
            throw new IllegalArgumentException(operation.opCode() + " needs memory");
        }
        return memory;
    }
}
