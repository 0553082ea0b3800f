package dev.ringflow.tck;

import dev.ringflow.Ring;
import dev.ringflow.spi.CompletionFlags;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.OperationHandler;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The end of an operation that a test filled itself: how often it was told, with what result, and why it failed. */
final class Told implements OperationHandler {
    private final AtomicInteger ends = new AtomicInteger();
    private final AtomicInteger others = new AtomicInteger();
    private final CompletableFuture<Integer> result = new CompletableFuture<>();
    private volatile @Nullable Operation operation;
    private volatile @Nullable Handle opened;
    private volatile @Nullable Throwable failure;
    private volatile int activation;

    /** Submits a filled operation. */
    static Told by(Operation filled) {
        Told told = new Told();
        filled.handler(told);
        told.activation = filled.activation();
        told.operation = filled;
        filled.ring().submit(filled);
        return told;
    }

    @Override
    public void completed(Operation ended, int itsResult, int flags) {
        if (ended.resultHandle() != null) {
            opened = ended.takeResultHandle();
        }
        if ((flags & CompletionFlags.MORE) != 0) {
            others.incrementAndGet();
            return;
        }
        ends.incrementAndGet();
        if (itsResult < 0) {
            failure = ended.ring().failure(ended, itsResult);
        }
        result.complete(itsResult);
    }

    /** Its terminal result, waited for. */
    int result() {
        return DriverContract.await(result);
    }

    /** Why it failed, waited for. */
    Throwable failure() {
        result();
        return Objects.requireNonNull(failure, "it did not fail");
    }

    /** What it opened, the last if there were several. */
    Handle opened() {
        return Objects.requireNonNull(opened, "nothing was opened");
    }

    /** How many terminal completions were told. */
    int ends() {
        return ends.get();
    }

    /** How many other completions were told. */
    int others() {
        return others.get();
    }

    void cancel(Ring ring) {
        ring.cancel(Objects.requireNonNull(operation), activation);
    }
}
