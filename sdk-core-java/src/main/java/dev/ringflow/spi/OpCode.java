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
     * Creates a listening socket. Reads {@link Operation#address()}, {@link Operation#flags()} (the backlog) and
     * {@link Operation#secondArgument()} (settings of the socket, or null); delivers {@link Operation#resultHandle()}, and
     * the bound address as {@link Operation#resultObject()}.
     */
    LISTEN,
    /**
     * Creates a socket and connects it to {@link Operation#address()}, with the settings in
     * {@link Operation#secondArgument()} unless that is null; delivers {@link Operation#resultHandle()}.
     */
    CONNECT,
    /** Accepts one connection; delivers {@link Operation#resultHandle()}. */
    ACCEPT,
    /** Accepts connections until cancelled or failed; each delivery but the last carries {@link CompletionFlags#MORE}. */
    ACCEPT_MULTISHOT,
    /** Receives into the operation's memory; result is the number of bytes, 0 when the peer has shut its side down. */
    RECEIVE,
    /**
     * Receives into buffers of {@link Operation#provided()} until cancelled, failed, or the peer has shut its side down;
     * result is the number of bytes. Each delivery but the last carries {@link CompletionFlags#MORE}; each that brings bytes
     * carries {@link CompletionFlags#BUFFER}. Fails with {@link ResultCodes#NO_BUFFERS} when the group is exhausted.
     */
    RECEIVE_MULTISHOT,
    /** Sends the operation's memory; result is the number of bytes. Never raises a signal. */
    SEND,
    /** Sends {@link Operation#vector()}, one buffer after the other; result is the number of bytes. */
    SEND_VECTORED,
    /**
     * Sends the operation's memory without copying it first. A delivery with {@link CompletionFlags#MORE} tells the number
     * of bytes; the memory stays the kernel's until the delivery without, whose result is that number again, or the failure.
     */
    SEND_ZERO_COPY,
    /** Shuts a side of a connection down: {@link Operation#flags()} 0 the sending, 1 the receiving one. */
    SHUTDOWN,
    /**
     * Delivers the value of a socket's option {@link Operation#argument()} as {@link Operation#resultObject()}.
     */
    GET_OPTION,
    /** Sets a socket's option {@link Operation#argument()} to {@link Operation#secondArgument()}. */
    SET_OPTION,
    /**
     * Sends the operation's memory together with open files over a unix socket; {@link Operation#argument()} is an array
     * of {@link Handle}s, which stay open here.
     */
    SEND_DESCRIPTORS,
    /**
     * Receives into the operation's memory, and what descriptors come with it, of which {@link Operation#flags()} are
     * expected at most; delivers them as {@link Operation#resultObject()}, a list of {@link Handle}s.
     */
    RECEIVE_DESCRIPTORS,
    /**
     * Creates a datagram socket. Reads {@link Operation#address()} to bind it to, and {@link Operation#secondArgument()};
     * delivers as {@link #LISTEN} does.
     */
    BIND,
    /** Connects a datagram socket to {@link Operation#address()}: it sends there, and receives from there only. */
    CONNECT_DATAGRAM,
    /**
     * Receives one datagram into the operation's memory; result is its length in the memory. Who sent it, and what else
     * came, is {@link Operation#resultObject()}.
     */
    RECEIVE_DATAGRAM,
    /**
     * Receives datagrams into buffers of {@link Operation#provided()}, as {@link #RECEIVE_MULTISHOT} does bytes; each
     * delivery brings one datagram, whose head and payload are in the buffer as {@link Operation#resultObject()} tells.
     */
    RECEIVE_DATAGRAM_MULTISHOT,
    /**
     * Sends the operation's memory as one datagram to {@link Operation#argument()}, or to the connected peer if that is
     * null, with the settings in {@link Operation#secondArgument()} unless that is null.
     */
    SEND_DATAGRAM,
    /** Waits for {@link Operation#flags()} (poll events) of {@link Operation#handle()}; result is the events that came. */
    POLL,
    /** Waits as {@link #POLL} does, until cancelled or failed; each delivery but the last carries {@link CompletionFlags#MORE}. */
    POLL_MULTISHOT,
    /**
     * Delivers every {@link Operation#extent()} nanoseconds, {@link Operation#flags()} times or without end if that is 0;
     * each delivery but the last carries {@link CompletionFlags#MORE}.
     */
    TICKS,
    /**
     * Waits until the child process {@link Operation#position()} ends; result is its exit status as waitid(2) tells it,
     * with the reason as {@link Operation#resultObject()}.
     */
    WAIT_CHILD,
    /**
     * Waits until the 32-bit word at the beginning of the operation's memory is woken, if it holds
     * {@link Operation#extent()}.
     */
    FUTEX_WAIT,
    /** Wakes up to {@link Operation#flags()} waiters of the word at the beginning of the operation's memory. */
    FUTEX_WAKE,
    /** Makes the ring of {@link Operation#argument()}, a driver of the same kind, look at its inbox. */
    WAKE_RING
}
