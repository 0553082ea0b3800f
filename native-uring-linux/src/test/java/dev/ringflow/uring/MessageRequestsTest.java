package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.AF_INET;
import static dev.ringflow.uring.UringConstants.AF_INET6;
import static dev.ringflow.uring.UringConstants.IORING_CQE_F_BUFFER;
import static dev.ringflow.uring.UringConstants.IORING_CQE_F_SOCK_NONEMPTY;
import static dev.ringflow.uring.UringConstants.IORING_SEND_VECTORIZED;
import static dev.ringflow.uring.UringConstants.IOSQE_ASYNC;
import static dev.ringflow.uring.UringConstants.IOSQE_BUFFER_SELECT;
import static dev.ringflow.uring.UringConstants.IPPROTO_IP;
import static dev.ringflow.uring.UringConstants.IPPROTO_IPV6;
import static dev.ringflow.uring.UringConstants.IPV6_HOPLIMIT;
import static dev.ringflow.uring.UringConstants.IPV6_RECVHOPLIMIT;
import static dev.ringflow.uring.UringConstants.IP_PKTINFO;
import static dev.ringflow.uring.UringConstants.IP_RECVTTL;
import static dev.ringflow.uring.UringConstants.IP_TTL;
import static dev.ringflow.uring.UringConstants.MSG_CTRUNC;
import static dev.ringflow.uring.UringConstants.MSG_NOSIGNAL;
import static dev.ringflow.uring.UringConstants.MSG_TRUNC;
import static dev.ringflow.uring.UringConstants.MSG_WAITALL;
import static dev.ringflow.uring.UringConstants.SCM_TIMESTAMPNS;
import static dev.ringflow.uring.UringConstants.SOCK_DGRAM;
import static dev.ringflow.uring.UringConstants.SOL_SOCKET;
import static dev.ringflow.uring.UringConstants.SOL_UDP;
import static dev.ringflow.uring.UringConstants.SO_TIMESTAMPNS;
import static dev.ringflow.uring.UringConstants.UDP_GRO;
import static dev.ringflow.uring.UringConstants.UDP_SEGMENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.uring.internal.LibC;
import dev.ringflow.uring.struct.ControlMessage;
import dev.ringflow.uring.struct.Iovec;
import dev.ringflow.uring.struct.Msghdr;
import dev.ringflow.uring.struct.Sockaddr;
import dev.ringflow.uring.struct.Timespec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows N7 and N8: sending and receiving whole messages. */
@Timeout(60)
class MessageRequestsTest {
    private final Sockets sockets = new Sockets();
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

    private int sendmsg(final int fd, final Message message) {
        return message.send(ring, fd);
    }

    private int recvmsg(final int fd, final Message message, final int flags) {
        return message.receive(ring, fd, flags);
    }

    private int recv(final int fd, final ByteBuffer buffer) {
        ring.getSqe().prepRecv(fd, buffer, 0);
        return Completion.awaitResult(ring);
    }

    /** N7. */
    @ParameterizedTest
    @ValueSource(ints = {0, IOSQE_ASYNC})
    void shouldSendAndReceiveInPieces(final int flags) throws UringException {
        final int[] pair = sockets.tcp();
        final Message in = new Message(Memory.allocate(4, 1), Memory.allocate(100, 1));
        final Sqe recv = ring.getSqe();
        recv.prepRecvmsg(pair[1], in.address(), 0);
        recv.setFlags(flags);
        recv.setData64(2);
        final Sqe send = ring.getSqe();
        final Message out = new Message(Native.bytes("one "), Native.bytes("two "), Native.bytes("three"));
        send.prepSendmsg(pair[0], out.address(), MSG_NOSIGNAL);
        send.setFlags(flags);
        send.setData64(1);
        assertThat(Completion.awaitSorted(ring, 2)).extracting(Completion::res).containsExactly(13, 13);
        assertThat(in.text(0, 4) + in.text(1, 9)).isEqualTo("one two three");
        assertThat(in.flags()).isZero();
    }

    /** N7. */
    @Test
    void shouldTellWhereADatagramCameFromAndHow() throws Exception {
        final int sender = sockets.udp();
        final int receiver = sockets.udp();
        assertThat(Sockets.setOption(receiver, IPPROTO_IP, IP_RECVTTL, 1)).isZero();
        assertThat(Sockets.setOption(receiver, IPPROTO_IP, IP_PKTINFO, 1)).isZero();
        assertThat(Sockets.setOption(receiver, SOL_SOCKET, SO_TIMESTAMPNS, 1)).isZero();

        final Message out = new Message(Native.bytes("hello")).to(Native.localAddress(receiver));
        final int end = ControlMessage.putInt(out.control, 0, IPPROTO_IP, IP_TTL, 17);
        assertThat(sendmsg(sender, out.control(end))).isEqualTo(5);

        final Message in =
                new Message(Memory.allocate(64, 1)).name(Sockaddr.STORAGE_SIZE).control(1024);
        assertThat(recvmsg(receiver, in, 0)).isEqualTo(5);
        assertThat(in.text(0, 5)).isEqualTo("hello");
        assertThat(in.from()).isEqualTo(Native.localAddress(sender));
        final int ttl = in.find(IPPROTO_IP, IP_TTL);
        assertThat(ControlMessage.number(in.control, ttl)).isEqualTo(17);
        final int info = in.find(IPPROTO_IP, IP_PKTINFO);
        assertThat(ControlMessage.dataLength(in.control, info)).isEqualTo(ControlMessage.PKTINFO_SIZE);
        final byte[] to = new byte[4];
        in.control.get(info + ControlMessage.DATA + ControlMessage.PKTINFO_ADDR, to);
        assertThat(InetAddress.getByAddress(to)).isEqualTo(InetAddress.getLoopbackAddress());
        final int time = in.find(SOL_SOCKET, SCM_TIMESTAMPNS);
        final long seconds = Timespec.seconds(in.control, time + ControlMessage.DATA);
        assertThat(Math.abs(System.currentTimeMillis() / 1000 - seconds)).isLessThan(60);
        assertThat(in.find(SOL_SOCKET, 99)).isNegative();
    }

    /** N7. */
    @Test
    void shouldTellTheHopLimitOfIpv6() throws Exception {
        final int receiver = LibC.socket(AF_INET6, SOCK_DGRAM | UringConstants.SOCK_CLOEXEC, 0);
        assumeThat(receiver).as("IPv6").isPositive();
        sockets.keep(receiver);
        final ByteBuffer address = Memory.allocate(Sockaddr.STORAGE_SIZE, 8);
        final int length = Sockaddr.set(address, 0, new InetSocketAddress(InetAddress.getByName("::1"), 0));
        assumeThat(LibC.bind(receiver, Memory.address(address), length))
                .as("::1")
                .isZero();
        assertThat(Sockets.setOption(receiver, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1))
                .isZero();
        final int sender = sockets.socket(AF_INET6, SOCK_DGRAM);
        final Message out = new Message(Native.bytes("six")).to(Native.localAddress(receiver));
        assertThat(sendmsg(sender, out.control(ControlMessage.putInt(out.control, 0, IPPROTO_IPV6, IPV6_HOPLIMIT, 9))))
                .isEqualTo(3);
        final Message in = new Message(Memory.allocate(64, 1)).control(64);
        assertThat(recvmsg(receiver, in, 0)).isEqualTo(3);
        assertThat(ControlMessage.number(in.control, in.find(IPPROTO_IPV6, IPV6_HOPLIMIT)))
                .isEqualTo(9);
    }

    /** N7. */
    @Test
    void shouldTellWhatWasCutShort() {
        final int sender = sockets.udp();
        final int receiver = sockets.udp();
        assertThat(Sockets.setOption(receiver, SOL_SOCKET, SO_TIMESTAMPNS, 1)).isZero();
        final Message out = new Message(Native.bytes("0123456789")).to(Native.localAddress(receiver));
        assertThat(sendmsg(sender, out)).isEqualTo(10);
        assertThat(sendmsg(sender, out)).isEqualTo(10);

        final Message cut = new Message(Memory.allocate(4, 1)).name(4).control(ControlMessage.DATA);
        assertThat(recvmsg(receiver, cut, 0)).isEqualTo(4);
        assertThat(cut.flags() & (MSG_TRUNC | MSG_CTRUNC)).isEqualTo(MSG_TRUNC | MSG_CTRUNC);
        assertThat(Msghdr.namelen(cut.header, 0)).as("what it was").isEqualTo(Sockaddr.IN_SIZE);

        assertThat(recvmsg(receiver, new Message(Memory.allocate(4, 1)), MSG_TRUNC))
                .isEqualTo(10);
    }

    /** N7. */
    @Test
    void shouldFailForAHeaderThatIsNotThere() throws UringException {
        final int[] pair = sockets.tcp();
        ring.getSqe().prepSendmsg(pair[0], 0, MSG_NOSIGNAL);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.EFAULT);
        ring.getSqe().prepRecvmsg(pair[0], 0, 0);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.EFAULT);
        final Message nowhere = new Message();
        Msghdr.setIov(nowhere.header, 0, 8, 1);
        assertThat(sendmsg(pair[0], nowhere)).isEqualTo(-Errno.EFAULT);
        Msghdr.setIov(nowhere.header, 0, 8, 5000);
        assertThat(sendmsg(pair[0], nowhere)).as("more pieces than IOV_MAX").isIn(-Errno.EMSGSIZE, -Errno.EINVAL);
    }

    /** N7. */
    @Test
    void shouldReceiveAMessageIntoAProvidedBuffer() throws UringException {
        // Linux 5.10.46 was seen to crash here: the machine, not the process
        Native.assumeOpcode(ring, UringConstants.IORING_OP_SHUTDOWN);
        final int[] pair = sockets.tcp();
        final ByteBuffer buffers = Memory.allocate(2 * 32, 8);
        ring.getSqe().prepProvideBuffers(Memory.address(buffers), 32, 1, 3, 8);
        assertThat(Completion.awaitResult(ring)).isNotNegative();
        Native.write(pair[0], "provided");
        final Message in = new Message(Memory.allocate(16, 1));
        final Sqe recv = ring.getSqe();
        recv.prepRecvmsg(pair[1], in.address(), 0);
        recv.setFlags(IOSQE_BUFFER_SELECT);
        recv.setBufGroup(3);
        final Completion got = Completion.await(ring, 1).get(0);
        assertThat(got.res()).isEqualTo(8);
        assertThat(got.flags() & IORING_CQE_F_BUFFER).isNotZero();
        assertThat(Cqe.bufferId(got.flags())).isEqualTo(8);
        assertThat(Native.text(buffers, 8)).isEqualTo("provided");
        assertThat(in.text(0, 8)).as("not where the header points to").isEqualTo("\0".repeat(8));
    }

    /** N7. */
    @Test
    void shouldNotClaimThatDataWaitsWhenThereIsNoBuffer() throws UringException {
        final int[] pair = sockets.tcp();
        Native.write(pair[0], "data");
        final Sqe recv = ring.getSqe();
        recv.prepRecv(pair[1], 0, 0, 0);
        recv.setFlags(IOSQE_BUFFER_SELECT);
        recv.setBufGroup(77);
        final Completion none = Completion.await(ring, 1).get(0);
        assertThat(none.res()).isEqualTo(-Errno.ENOBUFS);
        assertThat(none.flags()).isZero();
        assertThat(recv(pair[1], Memory.allocate(8, 1))).as("nothing was lost").isEqualTo(4);
    }

    /** N7. */
    @Test
    void shouldTellWhetherMoreDataWaits() throws UringException {
        final int[] pair = sockets.tcp();
        Native.write(pair[0], "01234567");
        ring.getSqe().prepRecv(pair[1], Memory.allocate(4, 1), 0);
        final Completion half = Completion.await(ring, 1).get(0);
        assertThat(half.res()).isEqualTo(4);
        assumeTrue((half.flags() & IORING_CQE_F_SOCK_NONEMPTY) != 0, "this kernel does not tell what waits");
        ring.getSqe().prepRecv(pair[1], Memory.allocate(4, 1), 0);
        final Completion rest = Completion.await(ring, 1).get(0);
        assertThat(rest.res()).isEqualTo(4);
        assertThat(rest.flags() & IORING_CQE_F_SOCK_NONEMPTY).isZero();
    }

    /** N7. */
    @Test
    void shouldReceiveAllThatWasAskedForWithWaitall() throws UringException {
        final int[] pair = sockets.tcp();
        final ByteBuffer in = Memory.allocate(8, 1);
        ring.getSqe().prepRecv(pair[1], in, MSG_WAITALL);
        Native.write(pair[0], "half");
        ring.submitAndGetEvents();
        Native.write(pair[0], "more");
        final int first = Completion.awaitResult(ring);
        assumeTrue(first == 8, "this kernel completes MSG_WAITALL with what came first: " + first);
        assertThat(Native.text(in, 8)).isEqualTo("halfmore");
    }

    /** N7. */
    @Test
    void shouldSendToAnAddress() {
        final int sender = sockets.udp();
        final int receiver = sockets.udp();
        final ByteBuffer address = Memory.allocate(Sockaddr.STORAGE_SIZE, 8);
        final int length = Sockaddr.set(address, 0, Native.localAddress(receiver));
        ring.getSqe().prepSendto(sender, Native.bytes("typed"), MSG_NOSIGNAL, address, length);
        final int sent = Completion.awaitResult(ring);
        assumeTrue(
                sent == 5 || ring.getProbe().opcodeSupported(UringConstants.IORING_OP_SENDMSG_ZC), // of 6.1 both
                "this kernel sends to an address by sendmsg only");
        assertThat(sent).isEqualTo(5);
        final ByteBuffer in = Memory.allocate(16, 1);
        assertThat(recv(receiver, in)).isEqualTo(5);
        assertThat(Native.text(in, 5)).isEqualTo("typed");

        final ByteBuffer out = Native.bytes("raw");
        ring.getSqe().prepSendto(sender, Memory.address(out), 3, MSG_NOSIGNAL, Memory.address(address), length);
        assertThat(Completion.awaitResult(ring)).isEqualTo(3);
        assertThat(recv(receiver, in)).isEqualTo(3);
        assertThat(Native.text(in, 3)).isEqualTo("raw");
    }

    /** N7. */
    @Test
    void shouldSendSeveralPiecesWithoutAHeader() throws UringException {
        final int[] pair = sockets.tcp();
        final ByteBuffer one = Native.bytes("vector");
        final ByteBuffer two = Native.bytes("ised");
        final ByteBuffer iovecs = Memory.allocate(2 * Iovec.SIZE, 8);
        Iovec.set(iovecs, 0, Memory.address(one), 6);
        Iovec.set(iovecs, 1, Memory.address(two), 4);
        final Sqe send = ring.getSqe();
        send.prepSend(pair[0], Memory.address(iovecs), 2, MSG_NOSIGNAL);
        send.setIoprio(IORING_SEND_VECTORIZED);
        final int sent = Completion.awaitResult(ring);
        assumeTrue(sent != -Errno.EINVAL && sent != 2, "this kernel sends pieces by sendmsg only");
        assertThat(sent).isEqualTo(10);
        final ByteBuffer in = Memory.allocate(16, 1);
        assertThat(recv(pair[1], in)).isEqualTo(10);
        assertThat(Native.text(in, 10)).isEqualTo("vectorised");
    }

    /** N7: what is cut by the kernel arrives as several datagrams, or joined with their size told. */
    @Test
    void shouldSendManyDatagramsByOneMessage() {
        final int sender = sockets.udp();
        final int receiver = sockets.udp();
        final int joining = sockets.udp();
        assertThat(Sockets.setOption(joining, SOL_UDP, UDP_GRO, 1)).isZero();
        final ByteBuffer data = Sockets.pattern(2500, 1);
        for (final int to : new int[] {receiver, joining}) {
            final Message out = new Message(data).to(Native.localAddress(to));
            final int end = ControlMessage.putShort(out.control, 0, SOL_UDP, UDP_SEGMENT, 1000);
            assertThat(sendmsg(sender, out.control(end))).isEqualTo(2500);
        }
        final ByteBuffer in = Memory.allocate(4096, 8);
        assertThat(recv(receiver, in)).isEqualTo(1000);
        assertThat(recv(receiver, in)).isEqualTo(1000);
        assertThat(recv(receiver, in)).isEqualTo(500);
        assertThat(in.slice(0, 500)).isEqualTo(data.slice(2000, 500));

        final Message joined = new Message(in).control(256);
        assertThat(recvmsg(joining, joined, 0)).isEqualTo(2500);
        assertThat(ControlMessage.number(joined.control, joined.find(SOL_UDP, UDP_GRO)))
                .isEqualTo(1000);
        assertThat(in.slice(0, 2500)).isEqualTo(data);
    }

    /** N8. */
    @ParameterizedTest
    @ValueSource(ints = {0, UringConstants.O_NONBLOCK})
    void shouldWaitForDataThatIsNotThereYet(final int fileFlags) throws UringException {
        final int[] pair = sockets.tcp();
        final int flags = LibC.fcntl(pair[1], UringConstants.F_GETFL, 0);
        LibC.fcntl(pair[1], UringConstants.F_SETFL, flags | fileFlags);
        final ByteBuffer in = Memory.allocate(128, 8);
        final ByteBuffer iovec = Memory.allocate(Iovec.SIZE, 8);
        Iovec.set(iovec, 0, Memory.address(in), 128);
        final Sqe readv = ring.getSqe();
        readv.prepReadv(pair[1], Memory.address(iovec), 1, 0);
        readv.setData64(1);
        ring.submitAndGetEvents();
        final Cqe early = ring.peekCqe();
        if (early != null) {
            assertThat(fileFlags).as("only non-blocking sockets answer at once").isNotZero();
            assertThat(early.res()).isEqualTo(-Errno.EAGAIN);
            ring.cqeSeen(early);
            return;
        }
        final ByteBuffer data = Sockets.pattern(128, 2);
        assertThat(LibC.write(pair[0], Memory.address(data), 128)).isEqualTo(128);
        assertThat(Completion.awaitResult(ring)).isEqualTo(128);
        assertThat(in).isEqualTo(data);
    }

    /** N8. */
    @Test
    void shouldNotWaitForRoomWhenAskedNotTo() throws UringException {
        final int[] pair = sockets.tcp();
        final ByteBuffer data = Memory.allocate(1 << 20, 1);
        int sent;
        do {
            ring.getSqe().prepSend(pair[0], data, MSG_NOSIGNAL | UringConstants.MSG_DONTWAIT);
            sent = Completion.awaitResult(ring);
        } while (sent > 0);
        assertThat(sent).isEqualTo(-Errno.EAGAIN);
        ring.getSqe().prepSendmsg(pair[0], new Message(data).address(), MSG_NOSIGNAL | UringConstants.MSG_DONTWAIT);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.EAGAIN);
    }

    /** N8. */
    @Test
    void shouldNotWaitWhenAskedNotTo() throws UringException {
        final int[] pair = sockets.tcp();
        ring.getSqe().prepRecv(pair[1], Memory.allocate(8, 1), UringConstants.MSG_DONTWAIT);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.EAGAIN);
        assertThat(recvmsg(pair[1], new Message(Memory.allocate(8, 1)), UringConstants.MSG_DONTWAIT))
                .isEqualTo(-Errno.EAGAIN);
    }

    @Test
    void shouldUseNothingOutsideOfPositionAndLimit() throws UringException {
        final int[] pair = sockets.tcp();
        final ByteBuffer out = Native.bytes("<<inside>>");
        out.position(2).limit(8);
        ring.getSqe().prepSend(pair[0], out, MSG_NOSIGNAL);
        assertThat(Completion.awaitResult(ring)).isEqualTo(6);
        final ByteBuffer in = Native.bytes("..............");
        in.position(3).limit(7);
        assertThat(recv(pair[1], in)).isEqualTo(4);
        assertThat(in.position()).as("left alone").isEqualTo(3);
        in.clear();
        assertThat(Native.text(in, 14)).isEqualTo("...insi.......");
    }

    @Test
    void shouldRefuseBuffersThatTheKernelCannotUse() {
        final Sqe sqe = ring.getSqe();
        final ByteBuffer heap = ByteBuffer.allocate(8);
        final ByteBuffer direct = Memory.allocate(8, 8);
        assertThatThrownBy(() -> sqe.prepSend(0, heap, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sqe.prepRecv(0, heap, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sqe.prepRecv(0, direct.asReadOnlyBuffer(), 0))
                .isInstanceOf(ReadOnlyBufferException.class);
        assertThatThrownBy(() -> sqe.prepSendto(0, direct, 0, direct, 16))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("16");
        assertThatThrownBy(() -> sqe.prepConnect(0, direct, 16)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sqe.prepBind(0, direct, 16)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sqe.prepRecvmsgMultishot(0, direct, 0)).isInstanceOf(IllegalArgumentException.class);
        final ByteBuffer length = Memory.allocate(4, 4).putInt(0, 9);
        assertThatThrownBy(() -> sqe.prepAccept(0, direct, length, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("9");
        assertThatThrownBy(() -> sqe.prepAccept(0, direct, length.slice(0, 2), 0))
                .isInstanceOf(IllegalArgumentException.class);
        sqe.prepNop();
        assertThat(Completion.await(ring, 1)).extracting(Completion::res).isEqualTo(List.of(0));
    }

    @Test
    void shouldReportADatagramThatNobodyTook() {
        final int sender = sockets.socket(AF_INET, SOCK_DGRAM);
        final int gone = sockets.udp();
        final InetSocketAddress nobody = Native.localAddress(gone);
        sockets.close(gone);
        Sockets.connect(sender, nobody);
        ring.getSqe().prepSend(sender, Native.bytes("x"), MSG_NOSIGNAL);
        assertThat(Completion.awaitResult(ring)).isEqualTo(1);
        assertThat(recv(sender, Memory.allocate(8, 1))).isEqualTo(-Errno.ECONNREFUSED);
    }
}
