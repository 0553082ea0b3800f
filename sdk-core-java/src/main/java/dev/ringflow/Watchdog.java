package dev.ringflow;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The one thread that looks after all rings of the process: whether a loop stalls, and whether there is an MBean server by
 * now that rings are to be shown to. Started when it is needed, and gone some seconds after the last ring. Any thread.
 */
final class Watchdog {
    /** The only one. */
    static final Watchdog SHARED = new Watchdog();

    static final String THREAD_NAME = "ringflow watchdog";

    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long SHORTEST_PAUSE = TimeUnit.MICROSECONDS.toNanos(250);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Guarded by lock. */
    private final List<LoopWatch> watched = new ArrayList<>();

    private boolean running;

    private Watchdog() {}

    /** Begins to look at a loop, if it wants that, and to look for an MBean server as long as there is none. */
    void begin(LoopWatch loop) {
        lock.lock();
        try {
            if (loop.limitNanos() > 0) {
                watched.add(loop);
            }
            if (!running && hasWork()) {
                start();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Forgets a loop. */
    void end(LoopWatch loop) {
        lock.lock();
        try {
            watched.remove(loop);
        } finally {
            lock.unlock();
        }
    }

    private boolean hasWork() {
        return !watched.isEmpty() || RingBeans.SHARED.isWaitingForServer();
    }

    private void start() {
        Thread thread = new Thread(this::run, THREAD_NAME);
        thread.setDaemon(true);
        thread.setContextClassLoader(null); // it outlives whoever opened the first ring
        thread.start();
        running = true;
    }

    private void run() {
        List<LoopWatch> now = new ArrayList<>();
        while (awaitNextLook(now)) {
            for (LoopWatch each : now) {
                each.look(System.nanoTime());
            }
            now.clear();
            RingBeans.SHARED.lookForServer();
        }
    }

    /** Waits for as long as the most impatient of the rings has it; false when there has been nothing to do for long. */
    private boolean awaitNextLook(List<LoopWatch> now) {
        lock.lock();
        try {
            long idleSince = System.nanoTime();
            while (!hasWork()) {
                long left = IDLE_NANOS - (System.nanoTime() - idleSince);
                if (left <= 0) {
                    running = false;
                    return false;
                }
                pause(left);
            }
            long begin = System.nanoTime();
            for (long left = pauseNanos(); left > 0; left = pauseNanos() - (System.nanoTime() - begin)) {
                pause(left);
            }
            now.addAll(watched);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private long pauseNanos() {
        long pause = LONGEST_PAUSE;
        for (LoopWatch each : watched) {
            pause = Math.min(pause, each.limitNanos() / LoopWatch.LOOKS);
        }
        return Math.max(pause, SHORTEST_PAUSE);
    }

    @SuppressWarnings("WaitNotInLoop") // the callers loop
    private void pause(long nanos) {
        try {
            changed.awaitNanos(nanos);
        } catch (InterruptedException whoeverThatWas) {
            // nobody has a reason to: it looks a little earlier
        }
    }
}
