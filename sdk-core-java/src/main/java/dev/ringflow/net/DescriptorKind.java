package dev.ringflow.net;

/** What an open file that came over a unix socket is; see {@link ReceivedDescriptors}. */
public enum DescriptorKind {
    /** No socket: a file, a directory, a pipe, a device. */
    FILE,
    /** A socket that carries a stream of bytes, connected or not: TCP, or unix. */
    SOCKET,
    /** A socket that listens for such connections. */
    SERVER_SOCKET,
    /** Any other socket, such as one for datagrams. */
    OTHER_SOCKET
}
