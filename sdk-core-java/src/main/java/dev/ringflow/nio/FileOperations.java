package dev.ringflow.nio;

import dev.ringflow.spi.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Operations on files: handed to helper threads, and taken back by the loop thread when they are done. Confined to the
 * loop thread, except where a method says otherwise.
 */
final class FileOperations {
    private final NioDriver driver;
    private final Completions completions;
    private final HelperThreads threads;
    private final Queue<FileJob> finished = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    FileOperations(NioDriver driver, String threadName) {
        this.driver = driver;
        this.completions = driver.completions();
        this.threads = new HelperThreads(threadName);
    }

    void start(Operation operation, @Nullable OpenFile file) {
        ByteBuffer memory = switch (operation.opCode()) {
            case READ, WRITE, APPEND, SET_ATTRIBUTE -> OperationMemory.of(operation);
            default -> null;
        };
        FileJob job = new FileJob(operation, file, memory, completions, this::finished);
        operation.driverState(job);
        threads.run(job);
    }

    /** Helper thread: what finishes after the end is of no use to anybody, and must not stay open. */
    private void finished(FileJob job) {
        finished.add(job);
        if (closed) {
            dropFinished();
        } else {
            driver.wakeIfWaiting();
        }
    }

    boolean hasFinished() {
        return !finished.isEmpty();
    }

    /** Turns what the helper threads have done into completions. */
    void takeFinished() {
        for (FileJob job = finished.poll(); job != null; job = finished.poll()) {
            complete(job);
        }
    }

    private void complete(FileJob job) {
        Operation operation = job.operation();
        Throwable failure = job.failure();
        OpenFile opened = job.opened();
        Object answer = job.answer();
        if (failure != null) {
            completions.failed(operation, NioFailures.of(operation, failure));
        } else if (opened != null) {
            driver.opened(opened);
            completions.opened(operation, driver.handle(opened), null);
        } else if (answer != null) {
            completions.answered(operation, answer);
        } else {
            completions.done(operation, job.result());
        }
    }

    void close(boolean drained) {
        closed = true;
        threads.close(drained);
        dropFinished();
    }

    private void dropFinished() {
        for (FileJob job = finished.poll(); job != null; job = finished.poll()) {
            OpenFile opened = job.opened();
            if (opened != null) {
                try {
                    opened.close();
                } catch (IOException nobodyIsLeftToTell) {
                    // the descriptor is gone all the same
                }
            }
        }
    }
}
