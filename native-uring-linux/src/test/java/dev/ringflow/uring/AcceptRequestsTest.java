package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.AF_INET;
import static dev.ringflow.uring.UringConstants.AF_UNIX;
import static dev.ringflow.uring.UringConstants.IORING_ACCEPT_DONTWAIT;
import static dev.ringflow.uring.UringConstants.IORING_ACCEPT_MULTISHOT;
import static dev.ringflow.uring.UringConstants.IORING_ACCEPT_POLL_FIRST;
import static dev.ringflow.uring.UringConstants.IORING_CQE_F_MORE;
import static dev.ringflow.uring.UringConstants.IORING_FILE_INDEX_ALLOC;
import static dev.ringflow.uring.UringConstants.IORING_OP_BIND;
import static dev.ringflow.uring.UringConstants.IORING_OP_SHUTDOWN;
import static dev.ringflow.uring.UringConstants.IORING_OP_SOCKET;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQPOLL;
import static dev.ringflow.uring.UringConstants.IOSQE_FIXED_FILE;
import static dev.ringflow.uring.UringConstants.IOSQE_IO_LINK;
import static dev.ringflow.uring.UringConstants.MSG_NOSIGNAL;
import static dev.ringflow.uring.UringConstants.MSG_WAITALL;
import static dev.ringflow.uring.UringConstants.SHUT_WR;
import static dev.ringflow.uring.UringConstants.SOCK_CLOEXEC;
import static dev.ringflow.uring.UringConstants.SOCK_STREAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.uring.internal.LibC;
import dev.ringflow.uring.struct.Sockaddr;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows N1, N4, N5 and P12: connections come in, one by one and in storms. */
@Timeout(60)
class AcceptRequestsTest {
    private static final int STORM = 400;

    private final Sockets sockets = new Sockets();
    private final ByteBuffer address = Memory.allocate(Sockaddr.STORAGE_SIZE, 8);
    private final ByteBuffer length = Memory.allocate(4, 4);
    private Uring ring;

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(16);
    }

    @AfterEach
    void close() {
        ring.close();
        sockets.close();
    }

    private int result() {
        return Completion.awaitResult(ring);
    }

    private void exchange(final int from, final int to, final long seed) {
        final ByteBuffer out = Sockets.pattern(128, seed);
        final ByteBuffer in = Memory.allocate(128, 8);
        ring.getSqe().prepRecv(to, in, MSG_WAITALL);
        ring.getSqe().prepSend(from, out, MSG_NOSIGNAL);
        assertThat(Completion.await(ring, 2)).extracting(Completion::res).containsExactly(128, 128);
        assertThat(in).isEqualTo(out);
    }

    /** N1. */
    @ParameterizedTest
    @CsvSource({
        "false, false, false",
        "true, false, false",
        "false, true, false",
        "true, true, false",
        "false, false, true"
    })
    void shouldAcceptBeforeAndAfterTheConnection(final boolean before, final boolean fixed, final boolean sqpoll)
            throws IOException {
        if (sqpoll) {
            Native.assumeSetup(IORING_SETUP_SQPOLL);
            ring.close();
            ring = Uring.open(UringParams.of(16).withWishedFlags(0).withFlags(IORING_SETUP_SQPOLL));
            Native.assumeFeature(ring, UringConstants.IORING_FEAT_SQPOLL_NONFIXED);
        }
        final int listener = sockets.listener();
        if (fixed) {
            assertThat(ring.registerFiles(listener)).isNotNegative();
        }
        int client = before ? -1 : sockets.keep(Native.connect(Native.localAddress(listener)));
        length.putInt(0, Sockaddr.STORAGE_SIZE);
        final Sqe sqe = ring.getSqe();
        sqe.prepAccept(fixed ? 0 : listener, address, length, SOCK_CLOEXEC);
        sqe.setFlags(fixed ? IOSQE_FIXED_FILE : 0);
        ring.submit();
        if (before) {
            client = sockets.keep(Native.connect(Native.localAddress(listener)));
        }
        final int server = sockets.keep(result());
        assertThat(Native.isCloseOnExec(server)).isTrue();
        assertThat(Sockaddr.get(address, 0, length.getInt(0))).isEqualTo(Native.localAddress(client));
        exchange(client, server, 1);
        exchange(server, client, 2);
    }

    /** N1: the kernel writes no more of an address than there is room for. */
    @Test
    void shouldCutTheAddressToItsRoom() {
        final int listener = sockets.listener();
        sockets.keep(Native.connect(Native.localAddress(listener)));
        for (int i = 0; i < 16; i++) {
            address.put(i, (byte) 0xEE);
        }
        length.putInt(0, 6);
        ring.getSqe().prepAccept(listener, address.slice(0, 6), length, SOCK_CLOEXEC);
        sockets.keep(result());
        assertThat(length.getInt(0)).as("what it was").isEqualTo(Sockaddr.IN_SIZE);
        assertThat(address.getShort(6)).isEqualTo((short) 0xEEEE);
    }

    /** N1. */
    @Test
    void shouldAcceptIntoASlotAndTellTheAddress() throws IOException {
        final int listener = sockets.listener();
        assumeTrue(ring.registerFilesSparse(3) == 0, "this kernel has no sparse tables");
        final int client = sockets.keep(Native.connect(Native.localAddress(listener)));
        length.putInt(0, Sockaddr.STORAGE_SIZE);
        ring.getSqe().prepAcceptDirect(listener, address, length, 0, 2);
        assertThat(result()).isZero();
        assertThat(Sockaddr.get(address, 0, length.getInt(0))).isEqualTo(Native.localAddress(client));
        final Sqe send = ring.getSqe();
        send.prepSend(2, Native.bytes("slot"), MSG_NOSIGNAL);
        send.setFlags(IOSQE_FIXED_FILE);
        assertThat(result()).isEqualTo(4);
    }

    /** N1. */
    @Test
    void shouldNotWaitOnANonBlockingListenerForEver() throws IOException {
        final int listener = sockets.listener();
        final int flags = LibC.fcntl(listener, UringConstants.F_GETFL, 0);
        LibC.fcntl(listener, UringConstants.F_SETFL, flags | UringConstants.O_NONBLOCK);
        ring.getSqe().prepAccept(listener, 0, 0, SOCK_CLOEXEC);
        ring.submitAndGetEvents();
        final Cqe early = ring.peekCqe();
        if (early == null) {
            sockets.keep(Native.connect(Native.localAddress(listener)));
            sockets.keep(result());
        } else {
            assertThat(early.res()).isEqualTo(-Errno.EAGAIN);
        }
    }

    /** N1: closing the ring with accepts in flight comes to an end, and leaves the listener as it was. */
    @Test
    void shouldCloseWithAcceptsInFlight() throws IOException {
        final int listener = sockets.listener();
        for (int i = 0; i < 16; i++) {
            ring.getSqe().prepAccept(listener, 0, 0, SOCK_CLOEXEC);
        }
        ring.submit();
        ring.close();
        ring = Uring.open(4);
        sockets.keep(Native.connect(Native.localAddress(listener)));
        ring.getSqe().prepAccept(listener, 0, 0, SOCK_CLOEXEC);
        sockets.keep(result());
    }

    /** N1, C7. */
    @Test
    void shouldCancelFourHundredAccepts() throws IOException {
        ring.close();
        ring = Uring.open(UringParams.of(16).withCqEntries(1024));
        final int listener = sockets.listener();
        for (int i = 0; i < STORM; i++) {
            Sqe sqe = ring.getSqe();
            if (sqe == null) {
                ring.submit();
                sqe = ring.getSqe();
            }
            sqe.prepAccept(listener, 0, 0, SOCK_CLOEXEC);
            sqe.setData64(i);
        }
        ring.submit();
        for (int i = 0; i < STORM; i++) {
            Sqe sqe = ring.getSqe();
            if (sqe == null) {
                ring.submit();
                sqe = ring.getSqe();
            }
            sqe.prepCancel64(i, 0);
            sqe.setData64(STORM);
        }
        final List<Completion> all = Completion.await(ring, 2 * STORM);
        assertThat(all.stream().filter(c -> c.userData() < STORM))
                .hasSize(STORM)
                .allMatch(c -> c.res() == -Errno.ECANCELED || c.res() == -Errno.EINTR);
        assertThat(all.stream().filter(c -> c.userData() == STORM))
                .allMatch(c -> c.res() == 0 || c.res() == -Errno.EALREADY);
    }

    /** Arms a multishot; false where the kernel has none. No probe tells: old kernels answer -EINVAL. */
    private boolean armMultishot(final int listener) {
        final Sqe sqe = ring.getSqe();
        sqe.prepMultishotAccept(listener, 0, 0, SOCK_CLOEXEC);
        sqe.setData64(1);
        ring.submitAndGetEvents();
        final Cqe cqe = ring.peekCqe();
        return cqe == null || cqe.res() != -Errno.EINVAL;
    }

    /** P12. */
    @ParameterizedTest
    @CsvSource({"1024", "8"})
    void shouldLoseNoConnectionOfAStorm(final int cqEntries) throws IOException {
        ring.close();
        ring = Uring.open(UringParams.of(4).withCqEntries(cqEntries));
        final int listener = sockets.socket(AF_INET, SOCK_STREAM);
        Sockets.bind(listener, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        assertThat(LibC.listen(listener, STORM)).isZero();
        assumeTrue(armMultishot(listener), "this kernel has no multishot accept");
        final Set<Integer> wanted = new HashSet<>();
        for (int i = 0; i < STORM; i++) {
            final int client = sockets.keep(Native.connect(Native.localAddress(listener)));
            wanted.add(Native.localAddress(client).getPort());
        }
        final Set<Integer> accepted = new HashSet<>();
        int armed = 1;
        while (accepted.size() < STORM) {
            assertThat(ring.submitAndWaitTimeout(1, 10_000_000_000L))
                    .as("after %d", accepted.size())
                    .isNotNegative();
            final boolean[] ended = new boolean[1];
            ring.forEachCqe((userData, res, flags) -> {
                accepted.add(peerPort(sockets.keep(res)));
                ended[0] = (flags & IORING_CQE_F_MORE) == 0;
            });
            if (ended[0] && accepted.size() < STORM) {
                assertThat(++armed).isLessThan(STORM + 5);
                assertThat(armMultishot(listener)).isTrue();
            }
        }
        assertThat(accepted).isEqualTo(wanted);
        assertThat(ring.cqOverflow()).isZero();
    }

    private int peerPort(final int fd) {
        length.putInt(0, Sockaddr.STORAGE_SIZE);
        assertThat(LibC.getpeername(fd, Memory.address(address), Memory.address(length)))
                .isZero();
        return ((InetSocketAddress) Sockaddr.get(address, 0, length.getInt(0))).getPort();
    }

    /** P12: when the table is full, the connection that has no place is closed, not forgotten. */
    @Test
    void shouldCloseTheConnectionThatHasNoSlotAndGoOnWhenThereIsOne() throws IOException {
        final int listener = sockets.listener();
        assumeTrue(ring.registerFilesSparse(2) == 0, "this kernel has no sparse tables");
        ring.getSqe().prepMultishotAcceptDirect(listener, 0, 0, 0);
        ring.submit();
        final int first = sockets.keep(Native.connect(Native.localAddress(listener)));
        final Completion one = Completion.await(ring, 1).get(0);
        assertThat(one.res()).isBetween(0, 1);
        sockets.keep(Native.connect(Native.localAddress(listener)));
        assertThat(Completion.await(ring, 1).get(0).hasMore()).isTrue();
        final int tooMany = sockets.keep(Native.connect(Native.localAddress(listener)));
        final Completion full = Completion.await(ring, 1).get(0);
        assertThat(full.res()).isEqualTo(-Errno.ENFILE);
        assertThat(full.hasMore()).isFalse();
        ring.getSqe().prepRecv(tooMany, Memory.allocate(8, 1), 0);
        assertThat(result()).as("its peer learns that").isIn(0, -Errno.ECONNRESET);

        ring.getSqe().prepCloseDirect(one.res());
        assertThat(result()).isZero();
        ring.getSqe().prepRecv(first, Memory.allocate(8, 1), 0);
        assertThat(result()).isZero();
        sockets.keep(Native.connect(Native.localAddress(listener)));
        ring.getSqe().prepAcceptDirect(listener, 0, 0, 0, IORING_FILE_INDEX_ALLOC);
        assertThat(result()).isEqualTo(one.res());
    }

    /** P12. */
    @Test
    void shouldRefuseAMultishotIntoOneSlot() {
        assumeTrue(ring.registerFilesSparse(2) == 0, "this kernel has no sparse tables");
        final Sqe sqe = ring.getSqe();
        sqe.prepAcceptDirect(sockets.listener(), 0, 0, 0, 1);
        sqe.setIoprio(IORING_ACCEPT_MULTISHOT);
        assertThat(result()).isEqualTo(-Errno.EINVAL);
    }

    /** P12. */
    @Test
    void shouldNotWaitWhenAskedNotToAndFirstPollWhenAskedTo() throws IOException {
        final int listener = sockets.listener();
        final Sqe dontWait = ring.getSqe();
        dontWait.prepAccept(listener, 0, 0, SOCK_CLOEXEC);
        dontWait.setIoprio(IORING_ACCEPT_DONTWAIT);
        final int answer = result();
        assumeTrue(answer != -Errno.EINVAL, "this kernel has no flags for accept");
        assertThat(answer).isEqualTo(-Errno.EAGAIN);
        final Sqe pollFirst = ring.getSqe();
        pollFirst.prepAccept(listener, 0, 0, SOCK_CLOEXEC);
        pollFirst.setIoprio(IORING_ACCEPT_POLL_FIRST);
        ring.submit();
        sockets.keep(Native.connect(Native.localAddress(listener)));
        sockets.keep(result());
    }

    /** N4: from nothing to a connection in two chains of requests, all in the table of files. */
    @Test
    void shouldMakeAServerByOneChain() throws IOException {
        Native.assumeOpcode(ring, IORING_OP_BIND);
        assertThat(ring.registerFilesSparse(4)).isZero();
        final int size = Sockaddr.setAbstract(address, 0, "ringflow-" + System.nanoTime());
        final ByteBuffer one = Memory.allocate(4, 4).putInt(0, 1);
        ring.getSqe().prepSocketDirect(AF_UNIX, SOCK_STREAM, 0, 0, 0);
        assertThat(result()).isZero();
        chain(0).prepCmdSock(
                        UringConstants.SOCKET_URING_OP_SETSOCKOPT,
                        0,
                        UringConstants.SOL_SOCKET,
                        UringConstants.SO_REUSEADDR,
                        one);
        last.setFlags(IOSQE_FIXED_FILE | IOSQE_IO_LINK);
        chain(1).prepBind(0, address, size);
        last.setFlags(IOSQE_FIXED_FILE | IOSQE_IO_LINK);
        chain(2).prepListen(0, 8);
        last.setFlags(IOSQE_FIXED_FILE | IOSQE_IO_LINK);
        chain(3).prepSocketDirect(AF_UNIX, SOCK_STREAM, 0, 1, 0);
        last.setFlags(IOSQE_IO_LINK);
        chain(4).prepConnect(1, address, size);
        last.setFlags(IOSQE_FIXED_FILE | IOSQE_IO_LINK);
        chain(5).prepAcceptDirect(0, 0, 0, 0, 2);
        last.setFlags(IOSQE_FIXED_FILE);
        assertThat(Completion.awaitSorted(ring, 6)).extracting(Completion::res).containsOnly(0);

        final ByteBuffer in = Memory.allocate(8, 1);
        chain(0).prepSend(1, Native.bytes("linked"), MSG_NOSIGNAL);
        last.setFlags(IOSQE_FIXED_FILE | IOSQE_IO_LINK);
        chain(1).prepRecv(2, in, 0);
        last.setFlags(IOSQE_FIXED_FILE);
        assertThat(Completion.await(ring, 2)).extracting(Completion::res).containsOnly(6);
        assertThat(Native.text(in, 6)).isEqualTo("linked");
    }

    private Sqe last;

    private Sqe chain(final int data) {
        last = ring.getSqe();
        last.setData64(data);
        return last;
    }

    /** N4. */
    @Test
    void shouldRefuseAddressesAndFilesThatDoNotFit() {
        final int[] pipe = Native.pipe();
        sockets.keep(pipe[0]);
        sockets.keep(pipe[1]);
        final int socket = sockets.socket(AF_INET, SOCK_STREAM);
        final int size = Sockaddr.set(address, 0, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        ring.getSqe().prepConnect(socket, address, 5);
        assertThat(result()).isEqualTo(-Errno.EINVAL);
        ring.getSqe().prepConnect(socket, 0, size);
        assertThat(result()).isEqualTo(-Errno.EFAULT);
        ring.getSqe().prepConnect(pipe[0], address, size);
        assertThat(result()).isEqualTo(-Errno.ENOTSOCK);
        ring.getSqe().prepAccept(pipe[0], 0, 0, 0);
        assertThat(result()).isEqualTo(-Errno.ENOTSOCK);
        ring.getSqe().prepAccept(socket, 0, 0, 0);
        assertThat(result()).as("does not listen").isEqualTo(-Errno.EINVAL);
        ring.getSqe().prepAccept(-1, 0, 0, 0);
        assertThat(result()).isEqualTo(-Errno.EBADF);

        Native.assumeOpcode(ring, IORING_OP_BIND);
        ring.getSqe().prepBind(socket, address, 5);
        assertThat(result()).isEqualTo(-Errno.EINVAL);
        ring.getSqe().prepBind(socket, address, -1);
        assertThat(result()).isEqualTo(-Errno.EINVAL);
        ring.getSqe().prepBind(pipe[0], address, size);
        assertThat(result()).isEqualTo(-Errno.ENOTSOCK);
        ring.getSqe().prepListen(pipe[0], 1);
        assertThat(result()).isEqualTo(-Errno.ENOTSOCK);
        ring.getSqe().prepBind(socket, address, size);
        assertThat(result()).isZero();
        ring.getSqe().prepBind(socket, address, size);
        assertThat(result()).as("bound twice").isEqualTo(-Errno.EINVAL);
        ring.getSqe().prepListen(socket, 1);
        assertThat(result()).isZero();
        Native.assumeOpcode(ring, IORING_OP_SOCKET);
        ring.getSqe().prepSocket(AF_INET, 99, 0, 0);
        assertThat(result()).isEqualTo(-Errno.EINVAL);
    }

    /** N5: this process is still alive afterwards. */
    @Test
    void shouldFailAWriteAfterShutdownWithoutASignal() throws UringException {
        Native.assumeOpcode(ring, IORING_OP_SHUTDOWN);
        final int[] pair = sockets.tcp();
        ring.getSqe().prepShutdown(pair[0], SHUT_WR);
        assertThat(result()).isZero();
        ring.getSqe().prepSend(pair[0], Native.bytes("x"), MSG_NOSIGNAL);
        assertThat(result()).isEqualTo(-Errno.EPIPE);
        final Message message = new Message(Native.bytes("y"));
        ring.getSqe().prepSendmsg(pair[0], message.address(), MSG_NOSIGNAL);
        assertThat(result()).isEqualTo(-Errno.EPIPE);
        ring.getSqe().prepRecv(pair[1], Memory.allocate(4, 1), 0);
        assertThat(result()).as("the peer learns that").isZero();
        ring.getSqe().prepSend(pair[1], Native.bytes("back"), MSG_NOSIGNAL);
        assertThat(result()).as("the other direction is open").isEqualTo(4);
        ring.getSqe().prepShutdown(sockets.socket(AF_INET, SOCK_STREAM), SHUT_WR);
        assertThat(result()).isEqualTo(-Errno.ENOTCONN);
        ring.getSqe().prepShutdown(pair[1], 7);
        assertThat(result()).isEqualTo(-Errno.EINVAL);
    }
}
