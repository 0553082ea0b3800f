package dev.ringflow.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.uring.internal.LibC;
import dev.ringflow.uring.struct.Sockaddr;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jnr.ffi.LibraryLoader;

/** What the tests need of the system, besides the ring. */
final class Native {
    static final Calls LIBC =
            LibraryLoader.create(Calls.class).failImmediately().load("c");

    private Native() {}

    /** More of the C library. */
    public interface Calls {
        int gettid();

        int getpid();

        int tgkill(int group, int thread, int signal);

        int dup(int fd);

        int dup2(int fd, int number);
    }

    /** Skips the test, visibly, where the kernel lacks an opcode. */
    static void assumeOpcode(final Uring ring, final int opcode) {
        assumeTrue(ring.getProbe().opcodeSupported(opcode), () -> "this kernel lacks " + ConstantNames.opcode(opcode));
    }

    /** Skips the test, visibly, where the kernel lacks set-up flags. */
    static void assumeSetup(final int flags) throws UringException {
        try {
            Uring.open(UringParams.of(4).withWishedFlags(0).withFlags(flags)).close();
        } catch (final UringException e) {
            assumeTrue(e.errno() != Errno.EINVAL, () -> "this kernel lacks " + ConstantNames.setupFlags(flags));
            throw e;
        }
    }

    /** Skips the test, visibly, where the kernel lacks a feature. */
    static void assumeFeature(final Uring ring, final int feature) {
        assumeTrue((ring.features() & feature) != 0, () -> "this kernel lacks " + ConstantNames.features(feature));
    }

    /** Memory with the bytes in it. */
    static ByteBuffer bytes(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Memory.allocate(bytes.length, 1).put(0, bytes);
    }

    /** Memory with a C string in it. */
    static ByteBuffer path(final Path path) {
        return bytes(path + "\0");
    }

    static String text(final ByteBuffer memory, final int length) {
        final byte[] bytes = new byte[length];
        memory.get(0, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static int open(final Path path) throws IOException {
        try (Uring ring = Uring.open(4)) {
            final ByteBuffer name = path(path);
            final Sqe sqe = ring.getSqe();
            sqe.prepOpenat(
                    UringConstants.AT_FDCWD,
                    Memory.address(name),
                    UringConstants.O_RDWR | UringConstants.O_CREAT | UringConstants.O_CLOEXEC,
                    0600);
            final int fd = Completion.awaitResult(ring);
            assertThat(fd).isPositive();
            return fd;
        }
    }

    /** A pipe: the reading end, then the writing end. */
    static int[] pipe() {
        final ByteBuffer fds = Memory.allocate(8, 4);
        assertThat(LibC.pipe2(Memory.address(fds), UringConstants.O_CLOEXEC)).isZero();
        return new int[] {fds.getInt(0), fds.getInt(4)};
    }

    static void write(final int fd, final String text) {
        final ByteBuffer memory = bytes(text);
        assertThat(LibC.write(fd, Memory.address(memory), memory.capacity())).isEqualTo(memory.capacity());
    }

    static void close(final int... fds) {
        for (final int fd : fds) {
            LibC.close(fd);
        }
    }

    /** A listening socket on the loopback interface. */
    static int listen() {
        final int fd = LibC.socket(UringConstants.AF_INET, UringConstants.SOCK_STREAM | UringConstants.SOCK_CLOEXEC, 0);
        assertThat(fd).isPositive();
        final ByteBuffer address = Memory.allocate(Sockaddr.STORAGE_SIZE, 8);
        final int length = Sockaddr.set(address, 0, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        assertThat(LibC.bind(fd, Memory.address(address), length)).isZero();
        assertThat(LibC.listen(fd, 128)).isZero();
        return fd;
    }

    /** Where a socket is bound. */
    static InetSocketAddress localAddress(final int fd) {
        final ByteBuffer address = Memory.allocate(Sockaddr.STORAGE_SIZE, 8);
        final ByteBuffer length = Memory.allocate(4, 4).putInt(0, Sockaddr.STORAGE_SIZE);
        assertThat(LibC.getsockname(fd, Memory.address(address), Memory.address(length)))
                .isZero();
        return (InetSocketAddress) Sockaddr.get(address, 0, length.getInt(0));
    }

    /** A connected socket. */
    static int connect(final InetSocketAddress to) {
        final int fd = LibC.socket(UringConstants.AF_INET, UringConstants.SOCK_STREAM | UringConstants.SOCK_CLOEXEC, 0);
        final ByteBuffer address = Memory.allocate(Sockaddr.STORAGE_SIZE, 8);
        final int length = Sockaddr.set(address, 0, to);
        assertThat(LibC.connect(fd, Memory.address(address), length)).isZero();
        return fd;
    }

    /** Two ends of a TCP connection. */
    static int[] socketPair() throws UringException {
        final int listener = listen();
        final int client = connect(localAddress(listener));
        try (Uring ring = Uring.open(4)) {
            ring.getSqe().prepAccept(listener, 0, 0, UringConstants.SOCK_CLOEXEC);
            final int server = Completion.awaitResult(ring);
            assertThat(server).isPositive();
            return new int[] {client, server};
        } finally {
            close(listener);
        }
    }

    /** What a descriptor stands for; "" for one that is closed, unless another thread has been given its number. */
    static String target(final int fd) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
        } catch (final IOException e) {
            return "";
        }
    }

    static boolean isCloseOnExec(final int fd) {
        return (LibC.fcntl(fd, UringConstants.F_GETFD, 0) & UringConstants.FD_CLOEXEC) != 0;
    }

    /**
     * The open file descriptors, with what they point to, but for files of the kernel's own: the virtual machine looks at
     * its memory limit now and then.
     */
    static List<String> openFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.map(fd -> {
                        try {
                            return fd.getFileName() + " " + Files.readSymbolicLink(fd);
                        } catch (final IOException e) {
                            return ""; // the one that lists
                        }
                    })
                    .filter(line -> !line.isEmpty() && !line.contains(" /proc/") && !line.contains(" /sys/"))
                    .sorted()
                    .collect(Collectors.toList());
        }
    }

    /** Mappings of rings. */
    static long ringMappings() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains("io_uring")).count();
        }
    }

    /** Names of the threads of this process, those of the kernel included. */
    static List<String> threads() throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            return tasks.map(task -> {
                        try {
                            return Files.readString(task.resolve("comm")).trim();
                        } catch (final IOException e) {
                            return "";
                        }
                    })
                    .collect(Collectors.toList());
        }
    }
}
