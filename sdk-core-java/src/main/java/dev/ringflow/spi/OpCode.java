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
     * Waits for {@link Operation#handle()} to be closed, or for being cancelled; then it fails. The core keeps it; no driver
     * ever gets this one to start.
     */
    PARK,
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
     * Opens a pipe that holds {@link Operation#flags()} bytes if that can be had, 0 for what is usual; delivers its reading
     * end as {@link Operation#resultHandle()} and its writing end, a {@link Handle}, as {@link Operation#resultObject()}.
     * {@link #READ} and {@link #WRITE} work on the ends, at position -1.
     */
    PIPE,
    /**
     * Moves up to {@link Operation#extent()} bytes from {@link Operation#handle()} at {@link Operation#position()} (-1 for
     * sockets) into the pipe {@link Operation#secondHandle()}; result is the number of bytes, 0 at the end.
     * {@link Operation#flags()} 1 does not wait for bytes, or for room in the pipe.
     */
    SPLICE_IN,
    /**
     * Moves up to {@link Operation#extent()} bytes from the pipe {@link Operation#secondHandle()} to
     * {@link Operation#handle()} at {@link Operation#position()} (-1 for sockets); result is the number of bytes.
     * {@link Operation#flags()} 1 does not wait for bytes in the pipe.
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
     * Creates a listening socket. Reads {@link Operation#address()} (of TCP, or of a unix socket),
     * {@link Operation#flags()} (the backlog) and {@link Operation#secondArgument()}
     * ({@link dev.ringflow.net.ListenOptions}, or null for the defaults); delivers {@link Operation#resultHandle()}, and the
     * bound address as {@link Operation#resultObject()}.
     */
    LISTEN,
    /**
     * Creates a socket and connects it to {@link Operation#address()}, of TCP or of a unix socket, with the settings in
     * {@link Operation#secondArgument()} ({@link dev.ringflow.net.ConnectOptions}, or null for the defaults); delivers
     * {@link Operation#resultHandle()}.
     */
    CONNECT,
    /** Accepts one connection; delivers {@link Operation#resultHandle()}. */
    ACCEPT,
    /** Accepts connections until cancelled or failed; each delivery but the last carries {@link CompletionFlags#MORE}. */
    ACCEPT_MULTISHOT,
    /**
     * Receives into the operation's memory; result is the number of bytes, 0 when the peer has shut its side down. With
     * {@link Operation#provided()} it receives into a buffer of the group, as {@link #RECEIVE_MULTISHOT} does, but once.
     */
    RECEIVE,
    /**
     * Receives into buffers of {@link Operation#provided()} until cancelled, failed, or the peer has shut its side down;
     * result is the number of bytes. Each delivery but the last carries {@link CompletionFlags#MORE}; each that brings bytes
     * carries {@link CompletionFlags#BUFFER}, and no other does: result 0, without a buffer, is the end of the stream. Fails
     * with {@link ResultCodes#NO_BUFFERS} when the group is exhausted. While nothing comes it holds no buffer.
     */
    RECEIVE_MULTISHOT,
    /**
     * Sends the operation's memory, as {@link Operation#flags()} ({@link SendFlags}) say; result is the number of bytes.
     * Never raises a signal.
     */
    SEND,
    /** Sends as {@link #SEND} does, from {@link Operation#vector()}, one buffer after the other. */
    SEND_VECTORED,
    /**
     * Sends as {@link #SEND} does, without copying the memory first. A delivery with {@link CompletionFlags#MORE} tells the
     * number of bytes; the memory stays the kernel's until the delivery without, whose result is that number again, or the
     * failure. The delivery with {@link CompletionFlags#MORE} may be missing: then that without tells all.
     */
    SEND_ZERO_COPY,
    /** Shuts a side of a connection down: {@link Operation#flags()} 0 the sending, 1 the receiving one. */
    SHUTDOWN,
    /**
     * Delivers the value of a socket's option {@link Operation#argument()}, a {@link java.net.SocketOption}, as
     * {@link Operation#resultObject()}; fails with {@link UnsupportedOperationException} for one that the socket or the
     * driver does not have.
     */
    GET_OPTION,
    /** Sets a socket's option {@link Operation#argument()} to {@link Operation#secondArgument()}. */
    SET_OPTION,
    /**
     * Sends the operation's memory together with open files over a unix socket; {@link Operation#argument()} is an array
     * of {@link Handle}s, which stay open here and may be closed once the driver has started the operation; result is the
     * number of bytes.
     */
    SEND_DESCRIPTORS,
    /**
     * Receives into the operation's memory as {@link #RECEIVE} does, and what open files come with it, of which
     * {@link Operation#flags()} are taken at most; delivers them as {@link Operation#resultObject()}, a
     * {@link ReceivedHandles}.
     */
    RECEIVE_DESCRIPTORS,
    /**
     * Creates a datagram socket. Reads {@link Operation#address()} to bind it to, and {@link Operation#secondArgument()} (
     * {@link dev.ringflow.net.DatagramOptions}); delivers as {@link #LISTEN} does.
     */
    BIND,
    /**
     * Connects a datagram socket to {@link Operation#argument()}: it sends there, and receives from there only. Null undoes
     * that, and leaves it bound to its port. Delivers its local address as {@link Operation#resultObject()}.
     */
    CONNECT_DATAGRAM,
    /**
     * Receives one datagram into the operation's memory; result is its length in the memory. Who sent it, and what else
     * came, is filled into {@link Operation#argument()}, a {@link DatagramHead}.
     */
    RECEIVE_DATAGRAM,
    /**
     * Receives datagrams into buffers of {@link Operation#provided()}, as {@link #RECEIVE_MULTISHOT} does bytes; each
     * delivery with {@link CompletionFlags#BUFFER} brings one datagram, whose result is the length of its payload. Where
     * that lies in the buffer, and what else came, is {@link Operation#resultObject()}, a new {@link DatagramHead}.
     */
    RECEIVE_DATAGRAM_MULTISHOT,
    /**
     * Sends the operation's memory as one datagram to {@link Operation#argument()}, or to the connected peer if that is
     * null, with the settings in {@link Operation#secondArgument()} ({@link dev.ringflow.net.DatagramSettings}) unless
     * that is null; result is the number of bytes.
     */
    SEND_DATAGRAM,
    /**
     * Makes a socket for packets: {@link Operation#argument()} is a {@link dev.ringflow.net.packet.PacketEndpoint};
     * {@link Operation#flags()} other than 0 is the number of the sockets that share it. Delivers
     * {@link Operation#resultHandle()}, and a {@link PacketSocketInfo} as {@link Operation#resultObject()}.
     */
    OPEN_PACKET_SOCKET,
    /**
     * Sends the packet in the operation's memory, which is laid out as {@link PacketLayout} says and in native byte order,
     * to the address in its head, or to the connected peer if there is none; result is the number of bytes of the packet.
     */
    SEND_PACKET,
    /**
     * Receives one packet into the operation's memory, and fills its head in as {@link PacketLayout} says; result is the
     * number of bytes of the packet.
     */
    RECEIVE_PACKET,
    /**
     * Receives packets into buffers of {@link Operation#provided()} until cancelled or failed, each laid out as
     * {@link PacketLayout} says, and delivers as {@link #RECEIVE_MULTISHOT} does. The result counts the head, too.
     */
    RECEIVE_PACKETS,
    /** Delivers how many packets a full socket buffer has cost so far, a {@link Long}, as {@link Operation#resultObject()}. */
    PACKET_OVERRUNS,
    /** Joins the multicast group {@link Operation#argument()}, a {@link dev.ringflow.net.MulticastMembership}. */
    JOIN_GROUP,
    /** Leaves the multicast group {@link Operation#argument()}, a {@link dev.ringflow.net.MulticastMembership}. */
    LEAVE_GROUP,
    /**
     * Waits for {@link Operation#flags()} of {@link Operation#handle()}, bits of {@link dev.ringflow.event.PollEvents}; result
     * is the events that came.
     */
    POLL,
    /**
     * Waits as {@link #POLL} does, until cancelled or failed; each delivery but the last carries {@link CompletionFlags#MORE}.
     * Where the kernel has it there is a delivery for each change; elsewhere, one after the other as long as it is so.
     */
    POLL_MULTISHOT,
    /**
     * Delivers result 0 after {@link Operation#position()} nanoseconds and every {@link Operation#extent()} nanoseconds from
     * then on, until cancelled or failed; each delivery but the last carries {@link CompletionFlags#MORE}. None is early; one
     * that is late does not make those after it late, and is left out if it is late by a period.
     */
    TICKS,
    /**
     * Waits until the process {@link Operation#position()} ends, and leaves it to be reaped; result is its exit status or
     * the signal that ended it, with a {@link dev.ringflow.event.ProcessExit.Reason} as {@link Operation#resultObject()}.
     */
    WAIT_CHILD,
    /**
     * Waits until the 32-bit word at the beginning of the operation's memory is woken, if it holds
     * {@link Operation#extent()}; result is 0 then, and 1 at once if it holds something else. Other processes may share the
     * memory.
     */
    FUTEX_WAIT,
    /**
     * Wakes up to {@link Operation#flags()} waiters of the word at the beginning of the operation's memory; result is how many
     * were woken.
     */
    FUTEX_WAKE
}
