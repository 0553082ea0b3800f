package dev.ringflow;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The hand-in queue, with its steps in every order that Lincheck finds within its bounds. */
final class InboxLincheckTest {
    private static final String LOOP = "loop";

    private static void check(Class<?> scenario, @Nullable Class<?> specification) {
        ModelCheckingOptions options = new ModelCheckingOptions()
                .iterations(6)
                .invocationsPerIteration(150)
                .threads(3)
                .actorsBefore(1)
                .actorsPerThread(2)
                .actorsAfter(0)
                .minimizeFailedScenario(false);
        (specification == null ? options : options.sequentialSpecification(specification)).check(scenario);
    }

    @Test
    void whatIsHandedInComesOutOnceAndInOrder() {
        check(HandingIn.class, FirstInFirstOut.class);
    }

    @Test
    void noWakeupIsLost() {
        check(Wakeups.class, null);
    }

    @Test
    void nothingIsDroppedAtTheEnd() {
        check(Ending.class, null);
    }

    /** Several threads hand in, one takes out. */
    public static final class HandingIn {
        private final Inbox inbox = new Inbox();

        @Operation
        public boolean offer(@Param(gen = IntGen.class) int work) {
            return inbox.offer(work);
        }

        @Operation(nonParallelGroup = LOOP)
        public @Nullable Integer poll() {
            return (Integer) inbox.poll();
        }

        @Operation(nonParallelGroup = LOOP)
        public boolean isEmpty() {
            return inbox.isEmpty();
        }
    }

    /** What it should look like from outside. */
    public static final class FirstInFirstOut {
        private final Queue<Integer> queue = new ArrayDeque<>();

        public boolean offer(int work) {
            return queue.add(work);
        }

        public @Nullable Integer poll() {
            return queue.poll();
        }

        public boolean isEmpty() {
            return queue.isEmpty();
        }
    }

    /** A loop that sleeps when there is nothing to do, until somebody rings. */
    public static final class Wakeups {
        private final Inbox inbox = new Inbox();
        private final AtomicInteger bell = new AtomicInteger();
        private volatile boolean asleep;

        @Operation
        public void handIn() {
            inbox.offer("work");
            if (inbox.claimWakeup()) {
                bell.set(1);
            }
        }

        @Operation(nonParallelGroup = LOOP)
        public void turn() {
            if (asleep && bell.getAndSet(0) == 0) {
                return;
            }
            asleep = false;
            inbox.endSleep();
            while (inbox.poll() != null) {
                // done
            }
            asleep = inbox.beginSleep();
        }

        @Validate
        public void sleeperIsWokenIfThereIsWork() {
            if (asleep && bell.get() == 0 && !inbox.isEmpty()) {
                throw new IllegalStateException("There is work, the loop sleeps, and nobody rings");
            }
        }
    }

    /** A loop that ends while others hand in. */
    public static final class Ending {
        private final Inbox inbox = new Inbox();
        private final AtomicInteger accepted = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private volatile boolean ended;

        @Operation
        public void handIn() {
            if (inbox.offer("work")) {
                accepted.incrementAndGet();
            }
        }

        @Operation(nonParallelGroup = LOOP)
        public void take() {
            if (!ended && inbox.poll() != null) {
                done.incrementAndGet();
            }
        }

        @Operation(nonParallelGroup = LOOP, runOnce = true)
        public void end() {
            ended = true;
            inbox.close(work -> done.incrementAndGet());
        }

        @Validate
        public void whatWasTakenIsDone() {
            if (ended && (done.get() != accepted.get() || !inbox.isEmpty())) {
                throw new IllegalStateException("Of " + accepted + " taken " + done + " are done");
            }
        }
    }
}
