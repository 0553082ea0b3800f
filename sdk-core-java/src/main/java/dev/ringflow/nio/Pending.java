package dev.ringflow.nio;

/** What an operation that has not ended keeps as its driver state. Confined to the loop thread. */
interface Pending {
    /** Ends the operation as cancelled, if that is still possible. */
    void cancel();
}
