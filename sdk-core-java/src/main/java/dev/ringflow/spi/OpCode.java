package dev.ringflow.spi;

/**
 * What an {@link Operation} asks of a driver. Each constant says which fields of the operation it reads and what it
 * delivers; a result below zero is always a failure.
 */
public enum OpCode {
    /** Does nothing; result 0. Used to measure and to wake. */
    NOP,
    /**
     * Stands for operations that run one after the other. The core runs them, with {@link Driver#startLinked} where the
     * driver can; no driver ever gets this one to start.
     */
    CHAIN,
    /**
     * Opens a file. Reads {@link Operation#path()} and {@link Operation#flags()} ({@link OpenFlags}); delivers result 0
     * and {@link Operation#resultHandle()}.
     */
    OPEN,
    /**
     * Opens a file as {@link #OPEN} does, with {@link OpenFlags#RESOLVE} flags; {@link Operation#handle()} is the
     * directory that a relative path starts from, null for the working directory.
     */
    OPEN_RESTRICTED,
    /**
     * Opens a file as {@link #OPEN} does, as a slot in the ring's table of direct descriptors; fails when the table is
     * full.
     */
    OPEN_DIRECT,
    /** Delivers an ordinary file descriptor for the direct descriptor {@link Operation#handle()}. */
    INSTALL_DESCRIPTOR,
    /** Closes {@link Operation#handle()}. The core sends it only when nothing else is in flight on the handle. */
    CLOSE,
    /**
     * Reads into the operation's memory at {@link Operation#position()} of a file, or at the file's own position, which
     * it moves, if that is -1; result is the number of bytes, 0 at the end of the file.
     */
    READ,
    /**
     * Writes the operation's memory at {@link Operation#position()} of a file, or at the file's own position, which it
     * moves, if that is -1; result is the number of bytes.
     */
    WRITE,
    /** Reads as {@link #READ} does, into {@link Operation#vector()}, one buffer after the other. */
    READ_VECTORED,
    /** Writes as {@link #WRITE} does, from {@link Operation#vector()}, one buffer after the other. */
    WRITE_VECTORED,
    /** Writes the operation's memory at the end of a file, wherever that is by then; result is the number of bytes. */
    APPEND,
    /** Makes a file's content durable; {@link Operation#flags()} 1 leaves out metadata that reading does not need. */
    SYNC,
    /**
     * Writes the pages of {@link Operation#extent()} bytes from {@link Operation#position()} to the device and waits,
     * without metadata and without flushing the device's own cache.
     */
    SYNC_RANGE,
    /**
     * Delivers a {@link dev.ringflow.file.FileStat} as {@link Operation#resultObject()}; {@link Operation#flags()} 1
     * delivers a {@link dev.ringflow.file.DirectIoAlignment} instead.
     */
    STAT,
    /**
     * Delivers the {@link dev.ringflow.file.FileStat} of {@link Operation#path()} as {@link Operation#resultObject()};
     * {@link Operation#flags()} 1 does not follow a symbolic link at its end.
     */
    STAT_PATH,
    /** Sets a file's size to {@link Operation#position()} bytes. */
    TRUNCATE,
    /**
     * Reserves space for {@link Operation#extent()} bytes from {@link Operation#position()}; {@link Operation#flags()} 1
     * leaves the file's size as it is.
     */
    ALLOCATE,
    /** Gives the space of {@link Operation#extent()} bytes from {@link Operation#position()} back: they read as zeros. */
    PUNCH_HOLE,
    /**
     * Tells the system how {@link Operation#extent()} bytes from {@link Operation#position()} will be used;
     * {@link Operation#flags()} is the ordinal of a {@link dev.ringflow.file.FileAdvice}.
     */
    ADVISE,
    /**
     * Delivers the first position from {@link Operation#position()} on that holds data as {@link Operation#resultObject()},
     * a {@link Long}: -1 if nothing but a hole follows.
     */
    NEXT_DATA,
    /**
     * Delivers the first position from {@link Operation#position()} on that is in a hole, or the end of the file, as
     * {@link Operation#resultObject()}, a {@link Long}: -1 if the position is at or after the end.
     */
    NEXT_HOLE,
    /**
     * Opens a pipe; delivers its reading end as {@link Operation#resultHandle()} and its writing end, a {@link Handle},
     * as {@link Operation#resultObject()}.
     */
    PIPE,
    /**
     * Moves up to {@link Operation#extent()} bytes from {@link Operation#handle()} at {@link Operation#position()} (-1 for
     * sockets) into the pipe {@link Operation#secondHandle()}; result is the number of bytes, 0 at the end.
     */
    SPLICE_IN,
    /**
     * Moves up to {@link Operation#extent()} bytes from the pipe {@link Operation#secondHandle()} to
     * {@link Operation#handle()} at {@link Operation#position()} (-1 for sockets); result is the number of bytes.
     */
    SPLICE_OUT,
    /**
     * Gives {@link Operation#path()} the name {@link Operation#secondPath()}, which it takes from whatever has it;
     * {@link Operation#flags()} 1 makes that a failure instead.
     */
    RENAME,
    /** Swaps the files that {@link Operation#path()} and {@link Operation#secondPath()} name, in one step. */
    EXCHANGE,
    /** Removes the name {@link Operation#path()}; {@link Operation#flags()} 1 for an empty directory. */
    DELETE,
    /** Creates the directory {@link Operation#path()} with the permission bits {@link Operation#flags()}. */
    CREATE_DIRECTORY,
    /** Creates the symbolic link {@link Operation#path()} that points at {@link Operation#secondPath()}. */
    CREATE_SYMBOLIC_LINK,
    /** Gives the file {@link Operation#secondPath()} another name, {@link Operation#path()}. */
    CREATE_LINK,
    /**
     * Delivers the extended attribute {@link Operation#secondArgument()} (a string) of {@link Operation#path()} as
     * {@link Operation#resultObject()} (an array of bytes).
     */
    GET_ATTRIBUTE,
    /**
     * Sets the extended attribute {@link Operation#secondArgument()} (a string) of {@link Operation#path()} to the
     * operation's memory.
     */
    SET_ATTRIBUTE,
    /** Removes the extended attribute {@link Operation#secondArgument()} (a string) of {@link Operation#path()}. */
    REMOVE_ATTRIBUTE,
    /** Delivers the names of the extended attributes of {@link Operation#path()}: a list of strings. */
    LIST_ATTRIBUTES,
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
