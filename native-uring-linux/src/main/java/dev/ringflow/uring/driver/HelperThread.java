package dev.ringflow.uring.driver;

import dev.ringflow.spi.Operation;
import dev.ringflow.spi.ResultCodes;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Does what this kernel's ring cannot, by blocking calls on one thread of its own, which is started when it is first
 * needed.
 */
final class HelperThread {
    /** An operation done. */
    record Done(Operation operation, int result) {}

    private final Runnable wakeup;
    private final Queue<Done> done = new ConcurrentLinkedQueue<>();
    private @Nullable ExecutorService thread;

    HelperThread(Runnable wakeup) {
        this.wakeup = wakeup;
    }

    /** Loop thread: runs a call that answers a result or the negated errno. */
    void run(Operation operation, ToIntFunction<Operation> call) {
        if (thread == null) {
            thread = Executors.newSingleThreadExecutor(task -> {
                Thread created = new Thread(task, Thread.currentThread().getName() + " helper");
                created.setDaemon(true);
                return created;
            });
        }
        thread.execute(() -> {
            done.add(new Done(operation, result(operation, call)));
            wakeup.run();
        });
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

    boolean isUsed() {
        return thread != null;
    }

    void close() {
        if (thread != null) {
            thread.shutdown();
        }
    }
}
