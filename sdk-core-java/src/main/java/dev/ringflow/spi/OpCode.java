package dev.ringflow.spi;

/**
 * What an {@link Operation} asks of a driver. Each constant says which fields of the operation it reads and what it
 * delivers; a result below zero is always a failure.
 */
public enum OpCode {
    /** Does nothing; result 0. Used to measure and to wake. */
    NOP,
    /**
     * Opens a file. Reads {@link Operation#path()} and {@link Operation#flags()} ({@link OpenFlags}); delivers result 0
     * and {@link Operation#resultHandle()}.
     */
    OPEN,
    /** Closes {@link Operation#handle()}. The core sends it only when nothing else is in flight on the handle. */
    CLOSE,
    /**
     * Reads into the operation's memory at {@link Operation#position()} of a file; result is the number of bytes, 0 at
     * the end of the file.
     */
    READ,
    /** Writes the operation's memory at {@link Operation#position()} of a file; result is the number of bytes. */
    WRITE,
    /** Makes a file's content durable; {@link Operation#flags()} 1 leaves out metadata that reading does not need. */
    SYNC,
    /** Delivers a {@link dev.ringflow.file.FileStat} as {@link Operation#resultObject()}. */
    STAT,
    /** Sets a file's size to {@link Operation#position()} bytes. */
    TRUNCATE,
    /**
     * Creates a listening socket. Reads {@link Operation#address()} and {@link Operation#flags()} (the backlog);
     * delivers {@link Operation#resultHandle()}, and the bound address as {@link Operation#resultObject()}.
     */
    LISTEN,
    /**
     * Creates a socket and connects it to {@link Operation#address()}; delivers {@link Operation#resultHandle()}.
     */
    CONNECT,
    /** Accepts one connection; delivers {@link Operation#resultHandle()}. */
    ACCEPT,
    /** Accepts connections until cancelled or failed; each delivery but the last carries {@link CompletionFlags#MORE}. */
    ACCEPT_MULTISHOT,
    /** Receives into the operation's memory; result is the number of bytes, 0 when the peer has shut its side down. */
    RECEIVE,
    /** Sends the operation's memory; result is the number of bytes. Never raises a signal. */
    SEND,
    /** Shuts the sending side of a connection down. */
    SHUTDOWN
}
