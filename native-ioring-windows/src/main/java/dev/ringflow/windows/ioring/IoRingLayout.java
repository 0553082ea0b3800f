package dev.ringflow.windows.ioring;

/** Sizes and offsets in bytes of the structures of {@code ntioring_x.h}, alike on x64 and arm64. */
final class IoRingLayout {
    /** {@code IORING_CREATE_FLAGS}, which is passed in one register. */
    static final int CREATE_FLAGS_SIZE = 8;

    static final int CREATE_FLAGS_REQUIRED = 0;
    static final int CREATE_FLAGS_ADVISORY = 4;

    /** {@code IORING_INFO}. */
    static final int INFO_SIZE = 20;

    static final int INFO_VERSION = 0;
    static final int INFO_REQUIRED = 4;
    static final int INFO_ADVISORY = 8;
    static final int INFO_SUBMISSION_QUEUE_SIZE = 12;
    static final int INFO_COMPLETION_QUEUE_SIZE = 16;

    /** {@code IORING_CAPABILITIES}. */
    static final int CAPABILITIES_SIZE = 16;

    static final int CAPABILITIES_MAX_VERSION = 0;
    static final int CAPABILITIES_MAX_SUBMISSION_QUEUE_SIZE = 4;
    static final int CAPABILITIES_MAX_COMPLETION_QUEUE_SIZE = 8;
    static final int CAPABILITIES_FEATURE_FLAGS = 12;

    /** {@code IORING_BUFFER_INFO}. */
    static final int BUFFER_INFO_SIZE = 16;

    static final int BUFFER_INFO_ADDRESS = 0;
    static final int BUFFER_INFO_LENGTH = 8;

    /** {@code IORING_CQE}. */
    static final int CQE_SIZE = 24;

    static final int CQE_USER_DATA = 0;
    static final int CQE_RESULT_CODE = 8;
    static final int CQE_INFORMATION = 16;

    /** {@code FILE_SEGMENT_ELEMENT}. */
    static final int SEGMENT_SIZE = 8;

    private IoRingLayout() {}
}
