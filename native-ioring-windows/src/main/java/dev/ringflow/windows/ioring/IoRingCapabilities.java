package dev.ringflow.windows.ioring;

import java.nio.ByteBuffer;

/**
 * {@code IORING_CAPABILITIES}: what this Windows offers.
 *
 * @param maxVersion the highest version that a ring may have; an open list, see {@link IoRingConstants#IORING_VERSION_4}
 * @param maxSubmissionQueueSize the most entries that a submission queue may have
 * @param maxCompletionQueueSize the most entries that a completion queue may have
 * @param featureFlags flags such as {@link IoRingConstants#IORING_FEATURE_SET_COMPLETION_EVENT}
 */
public record IoRingCapabilities(
        int maxVersion, int maxSubmissionQueueSize, int maxCompletionQueueSize, int featureFlags) {
    static IoRingCapabilities of(final ByteBuffer memory) {
        return new IoRingCapabilities(
                memory.getInt(IoRingLayout.CAPABILITIES_MAX_VERSION),
                memory.getInt(IoRingLayout.CAPABILITIES_MAX_SUBMISSION_QUEUE_SIZE),
                memory.getInt(IoRingLayout.CAPABILITIES_MAX_COMPLETION_QUEUE_SIZE),
                memory.getInt(IoRingLayout.CAPABILITIES_FEATURE_FLAGS));
    }

    /**
     * Whether a completion event can be set.
     *
     * @return the flag {@code IORING_FEATURE_SET_COMPLETION_EVENT}
     */
    public boolean hasCompletionEvent() {
        return (featureFlags & IoRingConstants.IORING_FEATURE_SET_COMPLETION_EVENT) != 0;
    }

    /**
     * Whether rings are emulated in the process, without a gain in speed.
     *
     * @return the flag {@code IORING_FEATURE_UM_EMULATION}
     */
    public boolean isEmulated() {
        return (featureFlags & IoRingConstants.IORING_FEATURE_UM_EMULATION) != 0;
    }

    /**
     * The highest version that this package knows and this Windows offers.
     *
     * @return one of the {@code IORING_VERSION_} constants; {@code IORING_VERSION_INVALID} if there is none
     */
    public int bestVersion() {
        if (maxVersion >= IoRingConstants.IORING_VERSION_4) {
            return IoRingConstants.IORING_VERSION_4;
        }
        if (maxVersion >= IoRingConstants.IORING_VERSION_3) {
            return IoRingConstants.IORING_VERSION_3;
        }
        if (maxVersion >= IoRingConstants.IORING_VERSION_2) {
            return IoRingConstants.IORING_VERSION_2;
        }
        return maxVersion == IoRingConstants.IORING_VERSION_1
                ? IoRingConstants.IORING_VERSION_1
                : IoRingConstants.IORING_VERSION_INVALID;
    }
}
