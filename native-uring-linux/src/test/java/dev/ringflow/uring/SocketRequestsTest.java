package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.AF_INET;
import static dev.ringflow.uring.UringConstants.IORING_OP_BIND;
import static dev.ringflow.uring.UringConstants.IORING_OP_SHUTDOWN;
import static dev.ringflow.uring.UringConstants.IORING_OP_SOCKET;
import static dev.ringflow.uring.UringConstants.IOSQE_BUFFER_SELECT;
import static dev.ringflow.uring.UringConstants.IOSQE_FIXED_FILE;
import static dev.ringflow.uring.UringConstants.MSG_NOSIGNAL;
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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SocketRequestsTest {
    private final List<Integer> sockets = new ArrayList<>();
    private Uring ring;

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(32);
    }

    @AfterEach
    void close() {
        ring.close();
        sockets.forEach(LibC::close);
    }

    private int keep(final int fd) {
        assertThat(fd).as("a file descriptor, not -%s", Errno.name(fd)).isPositive();
        sockets.add(fd);
        return fd;
    }

    private int[] pair() throws UringException {
        final int[] pair = Native.socketPair();
        keep(pair[0]);
        keep(pair[1]);
        return pair;
    }

    /** Multishot came later than the opcode, and no probe tells: old kernels answer -EINVAL. */
    private boolean armAccept(final int listener) {
        final Sqe sqe = ring.getSqe();
        sqe.prepMultishotAccept(listener, 0, 0, SOCK_CLOEXEC);
        sqe.setData64(1);
        ring.submitAndGetEvents();
        final Cqe cqe = ring.peekCqe();
        if (cqe != null && cqe.res() == -Errno.EINVAL) {
            ring.cqeSeen(cqe);
            return false;
        }
        return true;
    }

    @Test
    void shouldConnectAcceptSendReceiveAndShutDown() {
        final int listener = keep(Native.listen());
        Native.assumeOpcode(ring, IORING_OP_SOCKET);
        Native.assumeOpcode(ring, IORING_OP_SHUTDOWN);
        ring.getSqe().prepSocket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0, 0);
        final int client = keep(Completion.awaitResult(ring));
        assertThat(Native.isCloseOnExec(client)).isTrue();

        final ByteBuffer peer = Memory.allocate(Sockaddr.STORAGE_SIZE, 8);
        final ByteBuffer peerLength = Memory.allocate(4, 4).putInt(0, Sockaddr.STORAGE_SIZE);
        final Sqe accept = ring.getSqe();
        accept.prepAccept(listener, Memory.address(peer), Memory.address(peerLength), SOCK_CLOEXEC);
        accept.setData64(2);
        final ByteBuffer address = Memory.allocate(Sockaddr.STORAGE_SIZE, 8);
        final int length = Sockaddr.set(address, 0, Native.localAddress(listener));
        final Sqe connect = ring.getSqe();
        connect.prepConnect(client, Memory.address(address), length);
        connect.setData64(1);
        final List<Completion> both = Completion.awaitSorted(ring, 2);
        assertThat(both.get(0).res()).isZero();
        final int server = keep(both.get(1).res());
        assertThat(Native.isCloseOnExec(server)).isTrue();
        assertThat(Sockaddr.get(peer, 0, peerLength.getInt(0))).isEqualTo(Native.localAddress(client));

        final ByteBuffer out = Native.bytes("ping");
        final ByteBuffer in = Memory.allocate(16, 1);
        final Sqe recv = ring.getSqe();
        recv.prepRecv(server, Memory.address(in), 16, 0);
        recv.setData64(4);
        final Sqe send = ring.getSqe();
        send.prepSend(client, Memory.address(out), 4, MSG_NOSIGNAL);
        send.setData64(3);
        assertThat(Completion.awaitSorted(ring, 2)).extracting(Completion::res).containsExactly(4, 4);
        assertThat(Native.text(in, 4)).isEqualTo("ping");

        ring.getSqe().prepShutdown(client, SHUT_WR);
        assertThat(Completion.awaitResult(ring)).isZero();
        ring.getSqe().prepRecv(server, Memory.address(in), 16, 0);
        assertThat(Completion.awaitResult(ring))
                .as("the peer ended its writing")
                .isZero();
        ring.getSqe().prepSend(client, Memory.address(out), 4, MSG_NOSIGNAL);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.EPIPE);
    }

    @Test
    void shouldReportARefusedConnection() {
        final int listener = Native.listen();
        final InetSocketAddress nobody = Native.localAddress(listener);
        Native.close(listener);
        final int client = keep(LibC.socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        final ByteBuffer address = Memory.allocate(Sockaddr.STORAGE_SIZE, 8);
        ring.getSqe().prepConnect(client, Memory.address(address), Sockaddr.set(address, 0, nobody));

        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.ECONNREFUSED);
    }

    @Test
    void shouldBindAndListen() {
        Native.assumeOpcode(ring, IORING_OP_BIND);
        ring.getSqe().prepSocket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0, 0);
        final int listener = keep(Completion.awaitResult(ring));
        final ByteBuffer address = Memory.allocate(Sockaddr.STORAGE_SIZE, 8);
        final int length = Sockaddr.set(address, 0, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        ring.getSqe().prepBind(listener, Memory.address(address), length);
        assertThat(Completion.awaitResult(ring)).isZero();
        ring.getSqe().prepListen(listener, 16);
        assertThat(Completion.awaitResult(ring)).isZero();
        keep(Native.connect(Native.localAddress(listener)));
        ring.getSqe().prepBind(listener, Memory.address(address), length);
        assertThat(Completion.awaitResult(ring)).as("bound twice").isEqualTo(-Errno.EINVAL);
    }

    @Test
    void shouldRefuseSocketsOfNoFamily() {
        Native.assumeOpcode(ring, IORING_OP_SOCKET);
        ring.getSqe().prepSocket(999, SOCK_STREAM, 0, 0);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.EAFNOSUPPORT);
    }

    @Test
    void shouldAcceptManyByOneRequest() {
        final int listener = keep(Native.listen());
        assumeTrue(armAccept(listener), "this kernel has no multishot accept");
        for (int i = 0; i < 50; i++) {
            keep(Native.connect(Native.localAddress(listener)));
        }
        for (final Completion completion : Completion.await(ring, 50)) {
            assertThat(Native.isCloseOnExec(keep(completion.res()))).isTrue();
            assertThat(completion.hasMore()).as("still armed").isTrue();
        }

        final Sqe cancel = ring.getSqe();
        cancel.prepCancel64(1, 0);
        cancel.setData64(2);
        final List<Completion> end = Completion.awaitSorted(ring, 2);
        assertThat(end.get(0).res()).isEqualTo(-Errno.ECANCELED);
        assertThat(end.get(0).hasMore()).as("this one is terminal").isFalse();
        assertThat(end.get(1).res()).isZero();
    }

    @Test
    void shouldLoseNoConnectionWhenAMultishotEndsByOverflowAndIsArmedAgain() throws IOException {
        final int listener = keep(Native.listen());
        try (Uring small = Uring.open(UringParams.of(4).withCqEntries(4))) {
            ring.close();
            ring = small;
            assumeTrue(armAccept(listener), "this kernel has no multishot accept");
            for (int i = 0; i < 40; i++) {
                keep(Native.connect(Native.localAddress(listener)));
            }
            int accepted = 0;
            int armed = 1;
            while (accepted < 40) {
                assertThat(small.waitCqeTimeout(5_000_000_000L)).isZero();
                final Cqe cqe = small.peekCqe();
                final boolean ended = !cqe.hasMore();
                keep(cqe.res());
                accepted++;
                small.cqeSeen(cqe);
                if (ended && accepted < 40) {
                    assertThat(++armed).as("armed again").isLessThan(45);
                    final Sqe sqe = small.getSqe();
                    sqe.prepMultishotAccept(listener, 0, 0, SOCK_CLOEXEC);
                    sqe.setData64(1);
                    small.submit();
                }
            }
            assertThat(small.cqOverflow()).isZero();
        }
        ring = Uring.open(4);
    }

    @Test
    void shouldNotArmAgainForEverOnAFatalError() {
        final int[] pipe = Native.pipe();
        final Sqe sqe = ring.getSqe();
        sqe.prepMultishotAccept(pipe[0], 0, 0, SOCK_CLOEXEC);
        final Completion only = Completion.await(ring, 1).get(0);
        assertThat(only.res()).isIn(-Errno.ENOTSOCK, -Errno.EINVAL);
        assertThat(only.hasMore()).as("terminal").isFalse();
        Native.close(pipe);
    }

    @Test
    void shouldKeepSocketsInTheTableOfFiles() {
        Native.assumeOpcode(ring, IORING_OP_SOCKET);
        assertThat(ring.registerFilesSparse(4)).isZero();
        final int listener = keep(Native.listen());
        ring.getSqe().prepSocketDirect(AF_INET, SOCK_STREAM, 0, 2, 0);
        assertThat(Completion.awaitResult(ring)).isZero();
        ring.getSqe().prepSocketDirectAlloc(AF_INET, SOCK_STREAM, 0, 0);
        final int picked = Completion.awaitResult(ring);
        assertThat(picked).isIn(0, 1, 3);
        final int free = picked == 3 ? 1 : 3;

        final ByteBuffer address = Memory.allocate(Sockaddr.STORAGE_SIZE, 8);
        final int length = Sockaddr.set(address, 0, Native.localAddress(listener));
        final Sqe connect = ring.getSqe();
        connect.prepConnect(2, Memory.address(address), length);
        connect.setFlags(IOSQE_FIXED_FILE);
        connect.setData64(1);
        final Sqe accept = ring.getSqe();
        accept.prepAcceptDirect(listener, 0, 0, 0, free);
        accept.setData64(2);
        assertThat(Completion.awaitSorted(ring, 2)).extracting(Completion::res).containsExactly(0, 0);

        final ByteBuffer out = Native.bytes("direct");
        final ByteBuffer in = Memory.allocate(8, 1);
        final Sqe send = ring.getSqe();
        send.prepSend(2, Memory.address(out), 6, MSG_NOSIGNAL);
        send.setFlags(IOSQE_FIXED_FILE);
        final Sqe recv = ring.getSqe();
        recv.prepRecv(free, Memory.address(in), 8, 0);
        recv.setFlags(IOSQE_FIXED_FILE);
        assertThat(Completion.await(ring, 2)).allMatch(completion -> completion.res() == 6);
        assertThat(Native.text(in, 6)).isEqualTo("direct");

        ring.getSqe().prepAcceptDirect(listener, 0, 0, SOCK_CLOEXEC, 1);
        assertThat(Completion.awaitResult(ring))
                .as("there is no close-on-exec in the table")
                .isEqualTo(-Errno.EINVAL);
    }

    @Test
    void shouldAcceptManyIntoTheTableOfFiles() {
        final int listener = keep(Native.listen());
        assumeTrue(ring.registerFilesSparse(3) == 0, "this kernel has no sparse tables");
        final Sqe accept = ring.getSqe();
        accept.prepMultishotAcceptDirect(listener, 0, 0, 0);
        ring.submit();
        for (int i = 0; i < 3; i++) {
            keep(Native.connect(Native.localAddress(listener)));
        }
        assertThat(Completion.await(ring, 3)).extracting(Completion::res).containsExactlyInAnyOrder(0, 1, 2);
        keep(Native.connect(Native.localAddress(listener)));
        assertThat(Completion.awaitResult(ring)).as("the table is full").isEqualTo(-Errno.ENFILE);
    }

    @Test
    void shouldReceiveIntoProvidedBuffersUntilNoneIsLeft() throws UringException {
        Native.assumeOpcode(ring, UringConstants.IORING_OP_SEND_ZC); // of the same release, 6.0
        final int[] pair = pair();
        final ByteBuffer buffers = Memory.allocate(4 * 64, 64);
        ring.getSqe().prepProvideBuffers(Memory.address(buffers), 64, 4, 7, 100);
        assertThat(Completion.awaitResult(ring)).isNotNegative();
        final Sqe recv = ring.getSqe();
        recv.prepRecvMultishot(pair[1], 0, 0, 0);
        recv.setFlags(IOSQE_BUFFER_SELECT);
        recv.setBufGroup(7);
        recv.setData64(1);

        final List<Completion> completions = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Native.write(pair[0], "part " + i);
            completions.addAll(Completion.awaitUserData(ring, 1)); // some kernels tell at once that no buffer is left
            final Completion part = completions.get(i);
            assertThat(part.res()).isEqualTo(6);
            assertThat(part.hasMore()).isTrue();
            assertThat(part.flags() & UringConstants.IORING_CQE_F_BUFFER).isNotZero();
            final int id = Cqe.bufferId(part.flags());
            assertThat(id).isBetween(100, 103);
            assertThat(Native.text(buffers.slice((id - 100) * 64, 64), 6)).isEqualTo("part " + i);
        }
        Native.write(pair[0], "one too many");
        final Completion end = completions.size() > 4
                ? completions.get(4)
                : Completion.await(ring, 1).get(0);
        assertThat(end.res()).isEqualTo(-Errno.ENOBUFS);
        assertThat(end.hasMore())
                .as("ended: to be armed again when buffers came back")
                .isFalse();
        assertThat(end.flags() & UringConstants.IORING_CQE_F_BUFFER).isZero();

        ring.getSqe().prepProvideBuffers(Memory.address(buffers), 64, 1, 7, 5);
        assertThat(Completion.awaitResult(ring)).isNotNegative();
        final Sqe again = ring.getSqe();
        again.prepRecvMultishot(pair[1], 0, 0, 0);
        again.setFlags(IOSQE_BUFFER_SELECT);
        again.setBufGroup(7);
        final List<Completion> rest = Completion.awaitUserData(ring, 0);
        assertThat(Native.text(buffers, rest.get(0).res())).isEqualTo("one too many");

        Native.close(pair[0]);
        sockets.remove((Integer) pair[0]);
        final Completion last =
                rest.size() > 1 ? rest.get(1) : Completion.await(ring, 1).get(0);
        assertThat(last.res()).isIn(0, -Errno.ENOBUFS);
        assertThat(last.hasMore()).isFalse();
        ring.getSqe().prepRemoveBuffers(10, 99);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.ENOENT);
    }

    @Test
    void shouldCancelByFile() throws UringException {
        final int[] pair = pair();
        final ByteBuffer in = Memory.allocate(16, 1);
        for (int i = 0; i < 3; i++) {
            ring.getSqe().prepRecv(pair[1], Memory.address(in), 16, 0);
        }
        ring.submit();
        final Sqe cancel = ring.getSqe();
        cancel.prepCancelFd(pair[1], UringConstants.IORING_ASYNC_CANCEL_ALL);
        cancel.setData64(-2);
        final List<Completion> completions = Completion.awaitUserData(ring, -2);
        assumeTrue(completions.get(0).res() != -Errno.EINVAL, "this kernel cannot cancel by file");
        completions.addAll(Completion.await(ring, 4 - completions.size()));

        assertThat(completions)
                .filteredOn(completion -> completion.userData() == -2)
                .containsExactly(new Completion(-2, 3, 0));
        assertThat(completions)
                .filteredOn(completion -> completion.userData() == 0)
                .hasSize(3)
                .allMatch(completion -> completion.res() == -Errno.ECANCELED);
    }
}
