package dev.ringflow.file;

/** How a part of a file is going to be used; see posix_fadvise(2). A hint, which changes no content. */
public enum FileAdvice {
    /** Nothing special. */
    NORMAL,
    /** From the lower to the higher positions: the system reads further ahead. */
    SEQUENTIAL,
    /** In no order: the system does not read ahead. */
    RANDOM,
    /** Soon: the system may begin to read it now. */
    WILL_NEED,
    /** Not soon: the system may forget what it keeps of it, once that is on the disk. */
    DONT_NEED,
    /** Once. */
    NO_REUSE
}
