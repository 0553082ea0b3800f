package dev.ringflow.uring;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A completion, copied. */
record Completion(long userData, int res, int flags) {
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    boolean hasMore() {
        return (flags & UringConstants.IORING_CQE_F_MORE) != 0;
    }

    /** Submits, and takes completions until there are so many; fails after half a minute. In the order of their arrival. */
    static List<Completion> await(final Uring ring, final int count) {
        final List<Completion> completions = new ArrayList<>();
        final long start = System.nanoTime();
        while (completions.size() < count) {
            final int result = ring.submitAndWaitTimeout(1, PATIENCE_NANOS);
            if (result < 0 || System.nanoTime() - start > PATIENCE_NANOS) {
                throw new AssertionError(
                        "waiting for " + count + " completions, " + Errno.name(result) + " after " + completions);
            }
            ring.forEachCqe((userData, res, flags) -> completions.add(new Completion(userData, res, flags)));
        }
        if (completions.size() > count) {
            throw new AssertionError(count + " completions wanted, but there are " + completions);
        }
        return completions;
    }

    /** The same, sorted by user data. */
    static List<Completion> awaitSorted(final Uring ring, final int count) {
        final List<Completion> completions = await(ring, count);
        completions.sort(Comparator.comparingLong(Completion::userData));
        return completions;
    }

    /** The result of the only request in flight. */
    static int awaitResult(final Uring ring) {
        return await(ring, 1).get(0).res();
    }

    /** Submits, and takes completions until a certain one is there, with those that came together with it. */
    static List<Completion> awaitUserData(final Uring ring, final long wanted) {
        final List<Completion> completions = new ArrayList<>();
        while (completions.stream().noneMatch(completion -> completion.userData() == wanted)) {
            if (ring.submitAndWaitTimeout(1, PATIENCE_NANOS) < 0) {
                throw new AssertionError("waiting for " + wanted + ", there are " + completions);
            }
            ring.forEachCqe((userData, res, flags) -> completions.add(new Completion(userData, res, flags)));
        }
        return completions;
    }
}
