package dev.ringflow.uring;

import java.nio.ByteBuffer;

/** A ring in plain memory, without a kernel: its other side is this class. Indices may start anywhere. */
final class FakeRing {
    static final int ENTRIES = 8;
    private static final int HEAD = 0;
    private static final int TAIL = 4;
    private static final int MASK = 8;
    private static final int SIZE = 12;
    private static final int FLAGS = 16;
    private static final int COUNTER = 20;
    private static final int ARRAY = 64;

    final ByteBuffer ring = Memory.allocate(4096, 64);
    final ByteBuffer sqes = Memory.allocate(ENTRIES * 128, 64);
    private final ByteBuffer params = Memory.allocate(ParamsLayout.SIZE, 8);
    private final int cqeSize;

    FakeRing(final int start, final int setupFlags, final int features) {
        cqeSize = (setupFlags & UringConstants.IORING_SETUP_CQE32) != 0 ? 32 : 16;
        ring.putInt(HEAD, start);
        ring.putInt(TAIL, start);
        ring.putInt(MASK, ENTRIES - 1);
        ring.putInt(SIZE, ENTRIES);
        params.putInt(ParamsLayout.FLAGS, setupFlags);
        params.putInt(ParamsLayout.FEATURES, features);
        params.putInt(ParamsLayout.SQ_HEAD, HEAD);
        params.putInt(ParamsLayout.SQ_TAIL, TAIL);
        params.putInt(ParamsLayout.SQ_RING_MASK, MASK);
        params.putInt(ParamsLayout.SQ_RING_ENTRIES, SIZE);
        params.putInt(ParamsLayout.SQ_FLAGS, FLAGS);
        params.putInt(ParamsLayout.SQ_DROPPED, COUNTER);
        params.putInt(ParamsLayout.SQ_ARRAY, ARRAY);
        params.putInt(ParamsLayout.CQ_HEAD, HEAD);
        params.putInt(ParamsLayout.CQ_TAIL, TAIL);
        params.putInt(ParamsLayout.CQ_RING_MASK, MASK);
        params.putInt(ParamsLayout.CQ_RING_ENTRIES, SIZE);
        params.putInt(ParamsLayout.CQ_OVERFLOW, COUNTER);
        params.putInt(ParamsLayout.CQ_CQES, ARRAY);
    }

    SubmissionQueue submissionQueue() {
        return new SubmissionQueue(ring, sqes, params, new HeldMemory());
    }

    CompletionQueue completionQueue() {
        return new CompletionQueue(ring, params, new HeldMemory());
    }

    int head() {
        return ring.getInt(HEAD);
    }

    int tail() {
        return ring.getInt(TAIL);
    }

    int arrayElement(final int slot) {
        return ring.getInt(ARRAY + slot * Integer.BYTES);
    }

    /** As the kernel: takes entries. */
    void take(final int count) {
        ring.putInt(HEAD, head() + count);
    }

    /** As the kernel: posts a completion. */
    void post(final long userData, final int res) {
        post(userData, res, 0);
    }

    /** As the kernel: posts a completion with flags. */
    void post(final long userData, final int res, final int flags) {
        final int tail = tail();
        if (tail - head() >= ENTRIES) {
            throw new AssertionError("the kernel would not write into a full queue");
        }
        final int at = ARRAY + (tail & (ENTRIES - 1)) * cqeSize;
        ring.putLong(at, userData);
        ring.putInt(at + 8, res);
        ring.putInt(at + 12, flags);
        ring.putInt(TAIL, tail + 1);
    }

    /** As the kernel: posts a completion of 32 bytes to a mixed queue, which fills the last slot rather than wrap. */
    void postBig(final long userData, final int res, final long first, final long second) {
        if ((tail() & (ENTRIES - 1)) == ENTRIES - 1) {
            post(0xDEAD, 0, UringConstants.IORING_CQE_F_SKIP);
        }
        if (tail() + 1 - head() >= ENTRIES) {
            throw new AssertionError("the kernel would not write into a full queue");
        }
        final int at = ARRAY + (tail() & (ENTRIES - 1)) * cqeSize;
        post(userData, res, UringConstants.IORING_CQE_F_32);
        ring.putLong(at + 16, first);
        ring.putLong(at + 24, second);
        ring.putInt(TAIL, tail() + 1);
    }
}
