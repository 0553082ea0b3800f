package dev.ringflow.uring.driver;

import dev.ringflow.spi.Operation;
import dev.ringflow.spi.ResultCodes;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Does what this kernel's ring cannot, by blocking calls on a few threads of its own, so that one that waits does not
 * keep the others waiting. They are started when they are needed, and gone after some idle seconds.
 */
final class HelperThread {
    private static final int MOST = 4;
    private static final int IDLE_SECONDS = 10;

    /** An operation done. */
    record Done(Operation operation, int result) {}

    private final Runnable wakeup;
    /** Whether the loop thread, whose place new threads inherit, is pinned. */
    private final boolean ofPinned;

    private final Queue<Done> done = new ConcurrentLinkedQueue<>();
    private @Nullable ExecutorService thread;

    HelperThread(Runnable wakeup, boolean ofPinned) {
        this.wakeup = wakeup;
        this.ofPinned = ofPinned;
    }

    /** Loop thread: runs a call that answers a result or the negated errno. */
    void run(Operation operation, ToIntFunction<Operation> call) {
        if (thread == null) {
            String name = Thread.currentThread().getName() + " helper";
            ThreadPoolExecutor few = new ThreadPoolExecutor(
                    MOST, MOST, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                        Thread created = new Thread(ofPinned ? released(task) : task, name);
                        created.setDaemon(true);
                        return created;
                    });
            few.allowCoreThreadTimeOut(true);
            thread = few;
        }
        thread.execute(() -> {
            done.add(new Done(operation, result(operation, call)));
            wakeup.run();
        });
    }

    private static Runnable released(Runnable task) {
        return () -> {
            ThreadPinning.release();
            task.run();
        };
    }

    /** A call that throws is the operation's failure, and not the end of it without a word. */
    private static int result(Operation operation, ToIntFunction<Operation> call) {
        try {
            return call.applyAsInt(operation);
        } catch (RuntimeException e) {
            operation.failure(e);
            return ResultCodes.FAILED;
        }
    }

    /** Loop thread: what is done since. */
    ArrayDeque<Done> takeDone() {
        ArrayDeque<Done> taken = new ArrayDeque<>();
        for (Done each = done.poll(); each != null; each = done.poll()) {
            taken.add(each);
        }
        return taken;
    }

    /** Loop thread: whether there is something to take. */
    boolean hasDone() {
        return thread != null && !done.isEmpty();
    }

    void close() {
        if (thread != null) {
            thread.shutdown();
        }
    }
}
