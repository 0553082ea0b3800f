package dev.ringflow;

/** How a driver does an operation. */
public enum Support {
    /** By the kernel's own form of it. */
    NATIVE,
    /** By another form that the kernel has, with the same outcome, such as repeated accept for multishot accept. */
    ALTERNATIVE,
    /** By a blocking call on a helper thread. */
    HELPER_THREAD,
    /** Not at all: it fails with {@link UnsupportedOperationException}. */
    NONE
}
