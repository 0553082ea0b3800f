package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_CQE_F_MORE;
import static dev.ringflow.uring.UringConstants.IORING_FEAT_NATIVE_WORKERS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A ring under stress: starts operations, submits and reaps in all the ways there are, and matches the completions. */
final class StressRing {
    private static final long PATIENCE_NANOS = 40_000_000_000L;

    /** What a handler throws on purpose. */
    private static final class Thrown extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    final Uring ring;
    final Random random;
    final StressMemory memory = new StressMemory();
    final boolean fixedBuffers;
    final Map<Long, StressOperation> inFlight = new LinkedHashMap<>();

    /** What this kernel answered -EINVAL to, or lacks by its own account. */
    final TreeSet<String> unsupported = new TreeSet<>();

    final TreeMap<String, Integer> counts = new TreeMap<>();
    private final Probe probe;
    long started;
    long completions;
    long lastFinished;

    /** How often the completion queue was seen to have overflowed. */
    long overflows;

    /** Whether the completion queue may have been full when a multishot request had something to tell. */
    boolean wasFull;

    private long generation;

    /** What became of those that are over, for when one of them completes again. */
    private final Map<Long, String> formerly = new LinkedHashMap<>();

    private final Set<Long> answeredOnce = new HashSet<>();

    private int throwAfter = -1;
    private boolean nested;

    StressRing(final Uring ring, final Random random) {
        this.ring = ring;
        this.random = random;
        probe = ring.getProbe();
        fixedBuffers = memory.register(ring) == 0;
        if (!fixedBuffers) {
            unsupported.add("registered buffers");
        }
    }

    boolean has(final int opcode) {
        return probe.opcodeSupported(opcode);
    }

    /** Linux 5.10 may answer EINVAL to a linked timeout whose request ends too early, and may answer it twice. */
    boolean startsLinkedTimeouts() {
        return (ring.features() & IORING_FEAT_NATIVE_WORKERS) != 0;
    }

    boolean chance(final int percent) {
        return random.nextInt(100) < percent;
    }

    /** Memory for an operation, or null when there is none left. */
    StressMemory.@Nullable Region memory(final StressOperation operation, final int length, final int alignment) {
        final StressMemory.Region region = memory.acquire(length, alignment, random);
        if (region != null) {
            operation.regions.add(region);
        }
        return region;
    }

    /** Makes room for so many entries that go in together. */
    void reserve(final int entries) {
        final long start = System.nanoTime();
        while (ring.sqSpaceLeft() < entries) {
            requireAccepted(ring.submit());
            if (ring.sqSpaceLeft() < entries) {
                reap();
                ring.sqringWait();
            }
            requireInTime(start, "room in the submission queue");
        }
    }

    /** The entry of an operation, of which there is room for. */
    Sqe begin(final StressOperation operation) {
        final Sqe sqe = ring.getSqe();
        assertThat(sqe).as("there is room, as sqSpaceLeft() said").isNotNull();
        operation.userData = (++generation << 16) + 0x4000_0000_0000_0000L + random.nextInt(0x10000);
        if (inFlight.values().stream().anyMatch(StressControl::cancelsAnything)) {
            operation.askToEnd(); // a polling thread may come to both at once
        }
        inFlight.put(operation.userData, operation);
        sqe.setData64(operation.userData);
        started++;
        return sqe;
    }

    Sqe beginAlone(final StressOperation operation) {
        reserve(1);
        return begin(operation);
    }

    void requireAccepted(final int result) {
        if (result == -Errno.EBUSY || result == -Errno.EAGAIN) {
            reap();
            ring.getEvents();
        } else {
            assertThat(result)
                    .as("what a submission answers: %s", Errno.name(result))
                    .isGreaterThanOrEqualTo(0);
        }
    }

    private void handle(final long userData, final int res, final int flags) {
        completions++;
        final StressOperation operation = inFlight.get(userData);
        if (operation == null && answeredOnce.remove(userData) && (res == -Errno.ECANCELED || res == -Errno.ETIME)) {
            unsupported.add("one answer of a link timeout");
            return;
        }
        if (operation == null) {
            throw new AssertionError("a completion of nothing in flight: " + Long.toHexString(userData) + ", res " + res
                    + ", flags " + flags + "; started " + started + "; this was " + formerly.get(userData));
        }
        if ((flags & IORING_CQE_F_MORE) != 0) {
            assertThat(operation.multishot)
                    .as("%s may be answered more than once", operation)
                    .isTrue();
            operation.complete(res, flags);
        } else {
            inFlight.remove(userData);
            wasFull |= operation.multishot && res >= 0;
            lastFinished = userData;
            if (operation.mayAnswerTwice && !startsLinkedTimeouts()) {
                answeredOnce.add(userData);
            }
            formerly.put(userData, operation + " = " + res + " as completion " + completions);
            operation.complete(res, flags);
            operation.regions.forEach(memory::release);
            operation.regions.clear();
        }
        counts.merge(operation.name + (res >= 0 ? "" : " " + Errno.name(res)), 1, Integer::sum);
        if (nested && chance(20)) {
            nested = false;
            if (ring.sqSpaceLeft() > 0) {
                begin(new StressControl.Nop(0)).prepNop();
                requireAcceptedOrBusy(ring.submit());
            }
            ring.forEachCqe(this::handle); // the rest, from within
        }
        if (throwAfter >= 0 && throwAfter-- == 0) {
            throw new Thrown();
        }
    }

    private static void requireAcceptedOrBusy(final int result) {
        assertThat(result).matches(value -> value >= 0 || value == -Errno.EBUSY || value == -Errno.EAGAIN);
    }

    void reap() {
        try {
            ring.forEachCqe(this::handle);
        } catch (final Thrown e) {
            throwAfter = -1;
            ring.forEachCqe(this::handle);
        }
    }

    private void seen(final Cqe cqe) {
        handle(cqe.userData(), cqe.res(), cqe.flags());
    }

    /** Submits, or waits, or reaps, or several of these. */
    void pump() {
        if (ring.cqHasOverflow()) {
            overflows++;
            wasFull = true;
        }
        switch (random.nextInt(10)) {
            case 0:
                requireAccepted(ring.submit());
                break;
            case 1:
                requireAccepted(ring.submit());
                reap();
                break;
            case 2:
                requireAccepted(ring.submitAndGetEvents());
                for (Cqe cqe = ring.peekCqe(); cqe != null; cqe = ring.peekCqe()) {
                    final Completion copy = new Completion(cqe.userData(), cqe.res(), cqe.flags());
                    ring.cqeSeen(cqe);
                    handle(copy.userData(), copy.res(), copy.flags());
                }
                break;
            case 3:
                waitFor(ring.submitAndWaitTimeout(1 + random.nextInt(3), random.nextInt(500_000)));
                reap();
                break;
            case 4:
                beginAlone(new StressControl.Nop(0)).prepNop();
                requireAccepted(ring.submitAndWaitTimeout(1, 30_000_000_000L)); // an error rather than a hang
                final Cqe[] batch = new Cqe[1 + random.nextInt(40)];
                final int count = ring.peekBatchCqe(batch);
                for (int i = 0; i < count; i++) {
                    seen(batch[i]);
                }
                ring.cqAdvance(count);
                break;
            case 5:
                waitFor(ring.waitCqeTimeout(random.nextInt(300_000)));
                break;
            case 6:
                throwAfter = random.nextInt(20);
                requireAccepted(ring.submitAndGetEvents());
                reap();
                throwAfter = -1;
                break;
            case 7:
                nested = true;
                requireAccepted(ring.submit());
                reap();
                nested = false;
                break;
            case 8:
                assertThat(ring.getEvents()).isGreaterThanOrEqualTo(0);
                break;
            default:
                requireAccepted(ring.submitAndGetEvents());
                reap();
                break;
        }
    }

    private void waitFor(final int result) {
        if (result != -Errno.ETIME) {
            requireAccepted(result);
        }
    }

    /** Waits until these have completed. They must be such as end by themselves, or are cancelled. */
    void await(final List<? extends StressOperation> operations) {
        final long start = System.nanoTime();
        while (operations.stream().anyMatch(operation -> inFlight.containsKey(operation.userData))) {
            waitFor(ring.submitAndWaitTimeout(1, 20_000_000));
            reap();
            requireInTime(start, "the end of " + operations);
        }
    }

    private void requireInTime(final long start, final String what) {
        if (System.nanoTime() - start > PATIENCE_NANOS) {
            throw new AssertionError("waited too long for " + what + "; in flight " + inFlight.values() + "; " + ring);
        }
    }

    /** Cancels everything, each by its user data, until nothing is left. */
    void quiesce() {
        final long start = System.nanoTime();
        for (int round = 0; !inFlight.isEmpty(); round++) {
            for (final StressOperation operation : new ArrayList<>(inFlight.values())) {
                if (inFlight.containsKey(operation.userData) && !(operation instanceof StressControl.Cancel)) {
                    StressControl.cancel(this, operation);
                }
            }
            for (int i = 0; i < 5 + round && !inFlight.isEmpty(); i++) {
                waitFor(ring.submitAndWaitTimeout(1, 2_000_000));
                reap();
            }
            requireInTime(start, "the end of everything");
        }
    }

    /** What must be true of the queues when nothing is in flight. */
    void requireQuiet() {
        reap();
        assertThat(inFlight).isEmpty();
        assertThat(ring.cqReady()).isZero();
        assertThat(ring.sqReady()).isZero();
        assertThat(ring.cqHasOverflow()).isFalse();
        assertThat(ring.cqOverflow()).isZero();
        assertThat(ring.sqDropped()).isZero();
        memory.requireWhole();
    }
}
