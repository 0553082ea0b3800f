package dev.ringflow.windows.ioring;

/** The constants of {@code ntioring_x.h} and {@code ioringapi.h}, under their own names. */
public final class IoRingConstants {
    /** No version: there is no I/O ring. */
    public static final int IORING_VERSION_INVALID = 0;

    /** Version 1: reads, registration and cancelling. */
    public static final int IORING_VERSION_1 = 1;

    /** Version 2: as 1; no completion event gets lost any more. */
    public static final int IORING_VERSION_2 = 2;

    /** Version 3: writes, flushes, and {@link #IOSQE_FLAGS_DRAIN_PRECEDING_OPS}. */
    public static final int IORING_VERSION_3 = 300;

    /** Version 4: reads that scatter and writes that gather. */
    public static final int IORING_VERSION_4 = 400;

    /** No feature. */
    public static final int IORING_FEATURE_FLAGS_NONE = 0;

    /** The ring is emulated in the process, without a gain in speed. */
    public static final int IORING_FEATURE_UM_EMULATION = 1;

    /** A completion event can be set. */
    public static final int IORING_FEATURE_SET_COMPLETION_EVENT = 2;

    /** Does nothing; there is no function to build it. */
    public static final int IORING_OP_NOP = 0;

    /** Reads from a file. */
    public static final int IORING_OP_READ = 1;

    /** Registers handles. */
    public static final int IORING_OP_REGISTER_FILES = 2;

    /** Registers buffers. */
    public static final int IORING_OP_REGISTER_BUFFERS = 3;

    /** Cancels an operation. */
    public static final int IORING_OP_CANCEL = 4;

    /** Writes to a file. */
    public static final int IORING_OP_WRITE = 5;

    /** Flushes a file. */
    public static final int IORING_OP_FLUSH = 6;

    /** Reads into several pages. */
    public static final int IORING_OP_READ_SCATTER = 7;

    /** Writes from several pages. */
    public static final int IORING_OP_WRITE_GATHER = 8;

    /** No flag for an entry. */
    public static final int IOSQE_FLAGS_NONE = 0;

    /**
     * The operation starts when all earlier ones of the ring have completed. It does not hold back later ones: those may
     * overtake it.
     */
    public static final int IOSQE_FLAGS_DRAIN_PRECEDING_OPS = 1;

    /** No flag that a new ring must understand. */
    public static final int IORING_CREATE_REQUIRED_FLAGS_NONE = 0;

    /** No flag that a new ring may ignore. */
    public static final int IORING_CREATE_ADVISORY_FLAGS_NONE = 0;

    /** The build functions check nothing: what they would have refused completes with the error instead. */
    public static final int IORING_CREATE_SKIP_BUILDER_PARAM_CHECKS = 1;

    /** A reference by handle or address. */
    public static final int IORING_REF_RAW = 0;

    /** A reference by index into what is registered. */
    public static final int IORING_REF_REGISTERED = 1;

    /** For {@link IoRing#submit(int, int)}: wait for everything that is in flight. */
    public static final int IORING_SUBMIT_WAIT_ALL = 0xFFFF_FFFF;

    /** For {@link IoRing#submit(int, int)}: wait without end. */
    public static final int INFINITE = 0xFFFF_FFFF;

    /** An ordinary write. */
    public static final int FILE_WRITE_FLAGS_NONE = 0;

    /** A write that completes when the data is on the medium; for files opened without buffering only. */
    public static final int FILE_WRITE_FLAGS_WRITE_THROUGH = 1;

    /** Data and metadata of the file, then the device's cache: what {@code FlushFileBuffers} does. */
    public static final int FILE_FLUSH_DEFAULT = 0;

    /** Data of the file only. */
    public static final int FILE_FLUSH_DATA = 1;

    /** Data, and the metadata that is needed to find it. */
    public static final int FILE_FLUSH_MIN_METADATA = 2;

    /** Data and metadata, without flushing the device's cache. */
    public static final int FILE_FLUSH_NO_SYNC = 3;

    /** In place of a handle to register: leaves that index empty. */
    public static final long INVALID_HANDLE_VALUE = -1;

    private IoRingConstants() {}

    /**
     * An operation by name, for messages and tables.
     *
     * @param op one of {@code IORING_OP_}
     * @return for example {@code "READ_SCATTER"}; {@code "op 99"} for an unknown one
     */
    public static String opName(final int op) {
        return switch (op) {
            case IORING_OP_NOP -> "NOP";
            case IORING_OP_READ -> "READ";
            case IORING_OP_REGISTER_FILES -> "REGISTER_FILES";
            case IORING_OP_REGISTER_BUFFERS -> "REGISTER_BUFFERS";
            case IORING_OP_CANCEL -> "CANCEL";
            case IORING_OP_WRITE -> "WRITE";
            case IORING_OP_FLUSH -> "FLUSH";
            case IORING_OP_READ_SCATTER -> "READ_SCATTER";
            case IORING_OP_WRITE_GATHER -> "WRITE_GATHER";
            default -> "op " + op;
        };
    }
}
