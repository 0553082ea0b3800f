package dev.ringflow.uring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.uring.internal.LibC;
import dev.ringflow.uring.struct.Sockaddr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import jnr.ffi.LibraryLoader;

/** Sockets of a test, closed when it ends. */
final class Sockets implements AutoCloseable {
    private static final Calls LIBC =
            LibraryLoader.create(Calls.class).failImmediately().load("c");

    private final List<Integer> open = new ArrayList<>();

    /** More of the C library. */
    public interface Calls {
        int socketpair(int domain, int type, int protocol, long fds);
    }

    int keep(final int fd) {
        assertThat(fd).as("a file descriptor, not -%s", Errno.name(fd)).isPositive();
        open.add(fd);
        return fd;
    }

    /** Closes one before the end of the test. */
    void close(final int fd) {
        assertThat(open.remove((Integer) fd)).isTrue();
        assertThat(LibC.close(fd)).isZero();
    }

    /** Two ends of a TCP connection. */
    int[] tcp() throws UringException {
        final int[] pair = Native.socketPair();
        keep(pair[0]);
        keep(pair[1]);
        return pair;
    }

    /** Two local sockets that are connected to each other. */
    int[] local(final int type) {
        final ByteBuffer fds = Memory.allocate(8, 4);
        assertThat(LIBC.socketpair(UringConstants.AF_UNIX, type | UringConstants.SOCK_CLOEXEC, 0, Memory.address(fds)))
                .isZero();
        return new int[] {keep(fds.getInt(0)), keep(fds.getInt(4))};
    }

    int socket(final int domain, final int type) {
        return keep(LibC.socket(domain, type | UringConstants.SOCK_CLOEXEC, 0));
    }

    int listener() {
        return keep(Native.listen());
    }

    /** A socket for datagrams on the loopback interface. */
    int udp() {
        final int fd = socket(UringConstants.AF_INET, UringConstants.SOCK_DGRAM);
        bind(fd, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return fd;
    }

    static void bind(final int fd, final SocketAddress to) {
        final ByteBuffer address = Memory.allocate(Sockaddr.STORAGE_SIZE, 8);
        final int length = Sockaddr.set(address, 0, to);
        assertThat(LibC.bind(fd, Memory.address(address), length)).isZero();
    }

    static void connect(final int fd, final SocketAddress to) {
        final ByteBuffer address = Memory.allocate(Sockaddr.STORAGE_SIZE, 8);
        final int length = Sockaddr.set(address, 0, to);
        assertThat(LibC.connect(fd, Memory.address(address), length)).isZero();
    }

    /** Sets an option of 32 bits; answers 0 or the negated errno. */
    static int setOption(final int fd, final int level, final int name, final int value) {
        final ByteBuffer memory = Memory.allocate(4, 4).putInt(0, value);
        return LibC.setsockopt(fd, level, name, Memory.address(memory), 4);
    }

    static int option(final int fd, final int level, final int name) {
        final ByteBuffer memory = Memory.allocate(4, 4);
        final ByteBuffer length = Memory.allocate(4, 4).putInt(0, 4);
        assertThat(LibC.getsockopt(fd, level, name, Memory.address(memory), Memory.address(length)))
                .isZero();
        return memory.getInt(0);
    }

    /** Bytes that no two places have in common. */
    static ByteBuffer pattern(final int bytes, final long seed) {
        final ByteBuffer memory = Memory.allocate(bytes, 4096);
        final byte[] random = new byte[bytes];
        new java.util.Random(seed).nextBytes(random);
        return memory.put(0, random);
    }

    @Override
    public void close() {
        open.forEach(LibC::close);
    }
}
