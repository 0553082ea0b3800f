package dev.ringflow.file;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One call for a lock, on a thread of its own, since the JDK's calls block. The outcome is told on the loop thread; if
 * the ring is closed meanwhile, on the other one.
 */
final class LockCall implements RingCallback<FileLock> {
    private final Ring ring;
    private final RingCallback<@Nullable RingFileLock> callback;

    LockCall(Ring ring, RingCallback<@Nullable RingFileLock> callback) {
        this.ring = ring;
        this.callback = callback;
    }

    /** Runs what ends in {@link #completed}, {@link #failed}, {@link #refused} or an exception. */
    void run(String name, Blocking call) {
        Thread thread = new Thread(
                () -> {
                    try {
                        call.run(this);
                    } catch (IOException | RuntimeException e) {
                        failed(e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    /** A call of the JDK's. */
    interface Blocking {
        void run(LockCall call) throws IOException;
    }

    @Override
    public boolean completed(FileLock held) {
        try {
            ring.execute(() -> {
                if (!callback.completed(new RingFileLock(held))) {
                    giveUp(held);
                }
            });
            return true;
        } catch (RejectedExecutionException ringClosed) {
            callback.failed(ringClosed);
            return false;
        }
    }

    private static void giveUp(FileLock held) {
        try {
            held.release();
        } catch (IOException closedMeanwhile) {
            // then it is given up
        }
    }

    /** Another program holds it, and waiting was not asked for. */
    void refused() {
        tell(() -> callback.completed(null));
    }

    @Override
    public void failed(Throwable cause) {
        tell(() -> callback.failed(cause));
    }

    private void tell(Runnable telling) {
        try {
            ring.execute(telling);
        } catch (RejectedExecutionException ringClosed) {
            telling.run();
        }
    }
}
