package dev.ringflow;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;

/**
 * What a watchdog sees of a loop: the number of its turn, which the loop thread stores, and whether it waits. The rest
 * belongs to the watchdog.
 */
final class LoopWatch {
    private static final VarHandle TURN;
    private static final VarHandle STALLS;
    /** So often the same turn has to be seen: a pause of the whole process lets the watchdog see it once. */
    static final int LOOKS = 4;

    static {
        try {
            TURN = MethodHandles.lookup().findVarHandle(LoopWatch.class, "turn", long.class);
            STALLS = MethodHandles.lookup().findVarHandle(LoopWatch.class, "stalls", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String ring;
    private final Thread thread;
    private final Inbox inbox;
    private final long limitNanos;

    private long turn;
    private long stalls;

    private long seenTurn = -1;
    private long since;
    private int looks;
    private boolean stalled;

    LoopWatch(String ring, Thread thread, Inbox inbox, Duration limit) {
        this.ring = ring;
        this.thread = thread;
        this.inbox = inbox;
        this.limitNanos = Ring.saturatedNanos(limit);
    }

    /** Loop thread: another turn begins. */
    void turn() {
        TURN.setOpaque(this, turn + 1);
    }

    /** How often the loop was found to stall. Any thread. */
    long stalls() {
        return (long) STALLS.getOpaque(this);
    }

    /** Zero if nobody watches. */
    long limitNanos() {
        return limitNanos;
    }

    /** Watchdog: looks once. */
    void look(long now) {
        boolean asleep = inbox.isAsleep();
        long current = (long) TURN.getOpaque(this);
        if (asleep || current != seenTurn) {
            if (stalled) {
                stalled = false;
                StallReport.goesOn(thread.getName(), now - since);
            }
            seenTurn = current;
            since = now;
            looks = 0;
        } else if (++looks >= LOOKS && !stalled && now - since >= limitNanos) {
            tell(current, now - since);
        }
    }

    private void tell(long current, long nanos) {
        StackTraceElement[] stack = thread.getStackTrace();
        if ((long) TURN.getOpaque(this) != current || inbox.isAsleep() || stack.length == 0) {
            return; // it has just gone on, and this is not the stack that it was held by
        }
        stalled = true;
        STALLS.setOpaque(this, stalls + 1);
        StallReport.held(ring, thread.getName(), nanos, stack);
    }
}
