package dev.ringflow;

import org.jspecify.annotations.Nullable;

/** What a loop tells the logger, and keeps from ending it: tasks and callbacks that throw. */
final class LoopReports {
    private static final System.Logger LOG = System.getLogger("dev.ringflow");

    private final String threadName;
    private final LoopCounters counters;

    LoopReports(String threadName, LoopCounters counters) {
        this.threadName = threadName;
        this.counters = counters;
    }

    void runGuarded(Runnable task) {
        try {
            task.run();
        } catch (Throwable t) {
            misbehaved("A task threw", t);
        }
    }

    /** Reports and counts what a task or callback did. */
    void misbehaved(String what, Throwable t) {
        counters.callbackFailures.increment();
        log(System.Logger.Level.WARNING, what + " on " + threadName, t);
    }

    /** A logger that fails, as it may when file descriptors have run out, must not end the loop. */
    static void log(System.Logger.Level level, String message, @Nullable Throwable cause) {
        try {
            LOG.log(level, message, cause);
        } catch (Throwable loggerFailed) {
            // nobody is left to tell
        }
    }
}
