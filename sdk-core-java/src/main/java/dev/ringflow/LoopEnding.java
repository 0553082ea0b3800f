package dev.ringflow;

import dev.ringflow.spi.Driver;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.ResultCodes;
import java.time.Duration;

/**
 * What becomes of those whom a closing loop cannot serve any more: timers, operations that the kernel keeps, and work that
 * comes too late. Nothing is dropped without a word.
 */
final class LoopEnding {
    private final EventLoop loop;
    private final LoopReports reports;

    LoopEnding(EventLoop loop, LoopReports reports) {
        this.loop = loop;
        this.reports = reports;
    }

    /** A timer that will not run. */
    void abandon(Runnable task) {
        if (task instanceof RingTask ringTask) {
            try {
                ringTask.abandoned(loop.closedException("a timer"));
            } catch (Throwable t) {
                reports.misbehaved("An abandoned timer threw", t);
            }
        }
    }

    void closeDriver(Driver driver, boolean drained) {
        try {
            driver.close(drained);
        } catch (Throwable t) {
            LoopReports.log(
                    System.Logger.Level.ERROR, "The driver of " + loop.threadName() + " could not be closed", t);
        }
    }

    /** Tells everybody whose operation is still in the kernel. */
    void giveUp(Activity activity, Duration waited) {
        LoopReports.log(
                System.Logger.Level.ERROR,
                loop.threadName() + " was closed with " + activity.inFlight() + " operations still in the kernel after "
                        + waited + ". Their memory is kept for good, so that nothing is overwritten.",
                null);
        activity.giveUp(this::failLeftBehind);
    }

    private void failLeftBehind(Operation operation) {
        operation.leaveInKernel();
        failByHand(
                operation,
                loop.closedException(operation.opCode() + " (still in the kernel: its memory is not yours again)"));
    }

    /** The loop has ended: whoever comes now is told on his own thread. */
    void refuse(Operation operation) {
        failByHand(operation, loop.closedException(operation.opCode().toString()));
    }

    private void failByHand(Operation operation, Throwable why) {
        operation.failure(why);
        try {
            operation.handler().completed(operation, ResultCodes.FAILED, 0);
        } catch (Throwable t) {
            reports.misbehaved("A callback of " + operation + " threw", t);
        }
    }

    /** What slipped in while the loop ended: operations are refused, tasks are run, nothing is dropped. */
    void afterTheEnd(Object work) {
        if (work instanceof Operation operation) {
            refuse(operation);
        } else if (work instanceof TimerQueue.Entry timer) {
            if (timer.claim()) {
                abandon(timer.task);
            }
        } else if (work instanceof Runnable task) {
            reports.runGuarded(task);
        }
    }
}
