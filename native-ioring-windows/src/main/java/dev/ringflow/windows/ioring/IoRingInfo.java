package dev.ringflow.windows.ioring;

import java.nio.ByteBuffer;

/**
 * {@code IORING_INFO}: what a ring was given.
 *
 * @param version its version
 * @param requiredFlags the required creation flags
 * @param advisoryFlags the advisory creation flags
 * @param submissionQueueSize entries of the submission queue: what was asked for, rounded up to a power of two
 * @param completionQueueSize entries of the completion queue: a power of two, at least twice the submission queue
 */
public record IoRingInfo(
        int version, int requiredFlags, int advisoryFlags, int submissionQueueSize, int completionQueueSize) {
    static IoRingInfo of(final ByteBuffer memory) {
        return new IoRingInfo(
                memory.getInt(IoRingLayout.INFO_VERSION),
                memory.getInt(IoRingLayout.INFO_REQUIRED),
                memory.getInt(IoRingLayout.INFO_ADVISORY),
                memory.getInt(IoRingLayout.INFO_SUBMISSION_QUEUE_SIZE),
                memory.getInt(IoRingLayout.INFO_COMPLETION_QUEUE_SIZE));
    }
}
