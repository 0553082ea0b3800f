package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_CQE_F_BUFFER;
import static dev.ringflow.uring.UringConstants.IORING_CQE_F_MORE;
import static dev.ringflow.uring.UringConstants.IOSQE_BUFFER_SELECT;
import static dev.ringflow.uring.UringConstants.IPPROTO_IP;
import static dev.ringflow.uring.UringConstants.IP_RECVTTL;
import static dev.ringflow.uring.UringConstants.IP_TTL;
import static dev.ringflow.uring.UringConstants.MSG_CTRUNC;
import static dev.ringflow.uring.UringConstants.MSG_NOSIGNAL;
import static dev.ringflow.uring.UringConstants.MSG_TRUNC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.uring.internal.LibC;
import dev.ringflow.uring.struct.ControlMessage;
import dev.ringflow.uring.struct.Msghdr;
import dev.ringflow.uring.struct.RecvmsgOut;
import dev.ringflow.uring.struct.Sockaddr;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows P5, P7 and P8: one request, many arrivals, buffers that come and go. */
@Timeout(60)
class MultishotReceiveTest {
    private static final int GROUP = 4;

    private final Sockets sockets = new Sockets();
    private Uring ring;

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(16);
        Native.assumeOpcode(ring, UringConstants.IORING_OP_SEND_ZC); // of the same release, 6.0
    }

    @AfterEach
    void close() {
        final Sqe cancel = ring.getSqe();
        cancel.prepCancel64(1, 0); // a typed request, for which the ring would keep memory
        cancel.setData64(-9);
        Completion.awaitUserData(ring, -9);
        ring.close();
        sockets.close();
    }

    private void reopen(final UringParams params) throws IOException {
        ring.close();
        ring = Uring.open(params);
    }

    private void arm(final int fd, final long userData) {
        final Sqe sqe = ring.getSqe();
        sqe.prepRecvMultishot(fd, 0, 0, 0);
        sqe.setFlags(IOSQE_BUFFER_SELECT);
        sqe.setBufGroup(GROUP);
        sqe.setData64(userData);
    }

    private void armMessages(final int fd, final Message layout, final int flags) {
        final Sqe sqe = ring.getSqe();
        sqe.prepRecvmsgMultishot(fd, layout.header, flags);
        sqe.setFlags(IOSQE_BUFFER_SELECT);
        sqe.setBufGroup(GROUP);
        sqe.setData64(1);
        ring.submitAndGetEvents();
    }

    private Completion next() {
        return Completion.await(ring, 1).get(0);
    }

    private static void write(final int fd, final ByteBuffer data, final int from, final int length) {
        assertThat(LibC.write(fd, Memory.address(data) + from, length)).isEqualTo(length);
    }

    /** P5. */
    @Test
    void shouldSetMoreAndBufferUntilTheLastOne() throws UringException {
        final int[] pair = sockets.tcp();
        final ProvidedRing buffers = new ProvidedRing(ring, GROUP, 8, 64);
        arm(pair[1], 1);
        for (int i = 0; i < 5; i++) {
            Native.write(pair[0], "part " + i);
            final Completion part = next();
            assertThat(part.res()).isEqualTo(6);
            assertThat(part.flags() & (IORING_CQE_F_MORE | IORING_CQE_F_BUFFER))
                    .isEqualTo(IORING_CQE_F_MORE | IORING_CQE_F_BUFFER);
            assertThat(Native.text(buffers.buffer(Cqe.bufferId(part.flags())), 6))
                    .isEqualTo("part " + i);
        }
        sockets.close(pair[0]);
        final Completion end = next();
        assertThat(end.res()).isZero();
        assertThat(end.flags() & (IORING_CQE_F_MORE | IORING_CQE_F_BUFFER)).isZero();
    }

    /** P5. */
    @Test
    void shouldEndWhenCancelled() throws UringException {
        final int[] pair = sockets.tcp();
        final ProvidedRing buffers = new ProvidedRing(ring, GROUP, 8, 64);
        arm(pair[1], 1);
        Native.write(pair[0], "before");
        final Completion before = next();
        assertThat(Native.text(buffers.buffer(Cqe.bufferId(before.flags())), 6)).isEqualTo("before");
        final Sqe cancel = ring.getSqe();
        cancel.prepCancel64(1, 0);
        cancel.setData64(2);
        final List<Completion> end = Completion.awaitSorted(ring, 2);
        assertThat(end.get(0).res()).isEqualTo(-Errno.ECANCELED);
        assertThat(end.get(0).flags() & (IORING_CQE_F_MORE | IORING_CQE_F_BUFFER))
                .isZero();
        assertThat(end.get(1).res()).isZero();
        Native.write(pair[0], "after");
        final ByteBuffer in = Memory.allocate(8, 1);
        ring.getSqe().prepRecv(pair[1], in, 0);
        assertThat(next().res()).as("left for others").isEqualTo(5);
    }

    /** P5: at most so many bytes at a time, and so many in all. */
    @Test
    void shouldEndAfterAsManyBytesAsAskedFor() throws UringException {
        final int[] pair = sockets.tcp();
        final ProvidedRing buffers = new ProvidedRing(ring, GROUP, 16, 64);
        Native.write(pair[0], "0123456789abcdefghij");
        final Sqe sqe = ring.getSqe();
        sqe.prepRecvMultishot(pair[1], 0, 5, 0);
        sqe.setOptlen(12);
        sqe.setFlags(IOSQE_BUFFER_SELECT);
        sqe.setBufGroup(GROUP);
        ring.submitAndGetEvents();
        final StringBuilder got = new StringBuilder();
        boolean more = true;
        while (more) {
            assertThat(ring.submitAndWaitTimeout(1, 10_000_000_000L)).isNotNegative();
            for (Cqe cqe = ring.peekCqe(); cqe != null; cqe = ring.peekCqe()) {
                final int res = cqe.res();
                more = cqe.hasMore();
                if (res == -Errno.EINVAL) {
                    ring.cqeSeen(cqe);
                    assumeTrue(false, "this kernel has no limits for multishots");
                }
                assertThat(res).isBetween(1, 5);
                got.append(Native.text(buffers.buffer(cqe.bufferId()), res));
                ring.cqeSeen(cqe);
            }
        }
        assertThat("0123456789abcdefghij").startsWith(got.toString());
        assertThat(got.length()).as("the last arrival may go beyond").isBetween(12, 15);
        ring.getSqe().prepRecv(pair[1], Memory.allocate(64, 1), 0);
        assertThat(next().res()).as("left for others").isEqualTo(20 - got.length());
    }

    /** P5: without IOSQE_BUFFER_SELECT there is nowhere to put the data. */
    @Test
    void shouldRefuseToReceiveIntoOneBuffer() throws UringException {
        final int[] pair = sockets.tcp();
        ring.getSqe().prepRecvMultishot(pair[1], 0, 0, 0);
        assertThat(next().res()).isEqualTo(-Errno.EINVAL);
        ring.getSqe().prepRecvmsgMultishot(pair[1], new Message().header, 0);
        assertThat(next().res()).isEqualTo(-Errno.EINVAL);
        final Sqe waitall = ring.getSqe();
        waitall.prepRecvMultishot(pair[1], 0, 0, UringConstants.MSG_WAITALL);
        waitall.setFlags(IOSQE_BUFFER_SELECT);
        assertThat(next().res()).isEqualTo(-Errno.EINVAL);
    }

    /** P5: a queue of completions that is far too small. */
    @Test
    void shouldLoseNothingWhenTheCompletionQueueOverflows() throws IOException {
        reopen(UringParams.of(4).withCqEntries(4));
        final int sender = sockets.udp();
        final int receiver = sockets.udp();
        Sockets.connect(sender, Native.localAddress(receiver));
        final ProvidedRing buffers = new ProvidedRing(ring, GROUP, 64, 64);
        arm(receiver, 1);
        ring.submitAndGetEvents();
        for (int i = 0; i < 50; i++) {
            Native.write(sender, "datagram " + i);
        }
        final List<String> got = new ArrayList<>();
        int armed = 1;
        while (got.size() < 50) {
            assertThat(ring.submitAndWaitTimeout(1, 10_000_000_000L))
                    .as("after %s", got)
                    .isNotNegative();
            final boolean[] ended = new boolean[1];
            ring.forEachCqe((userData, res, flags) -> {
                if (res > 0) {
                    got.add(Native.text(buffers.buffer(Cqe.bufferId(flags)), res));
                } else {
                    assertThat(res).isEqualTo(-Errno.ENOBUFS);
                }
                ended[0] |= (flags & IORING_CQE_F_MORE) == 0;
            });
            if (ended[0]) {
                arm(receiver, 1);
                assertThat(++armed).isLessThan(60);
            }
        }
        assertThat(got).doesNotHaveDuplicates();
        assertThat(got.get(0)).isEqualTo("datagram 0");
        assertThat(got.get(49)).isEqualTo("datagram 49");
        assertThat(ring.cqOverflow()).isZero();
    }

    /** P5: the sender's name, control messages and data, as the kernel lays them out. */
    @ParameterizedTest
    @ValueSource(ints = {Sockaddr.IN_SIZE, Sockaddr.STORAGE_SIZE})
    void shouldTellNameControlMessagesAndData(final int room) {
        final int sender = sockets.udp();
        final int receiver = sockets.udp();
        assertThat(Sockets.setOption(receiver, IPPROTO_IP, IP_RECVTTL, 1)).isZero();
        final ProvidedRing buffers = new ProvidedRing(ring, GROUP, 8, 256);
        final Message layout = new Message().name(room).control(ControlMessage.space(4));
        Msghdr.setIov(layout.header, 0, 0, 0);
        armMessages(receiver, layout, 0);
        for (int i = 0; i < 3; i++) {
            final Message out = new Message(Native.bytes("datagram " + i)).to(Native.localAddress(receiver));
            out.control(ControlMessage.putInt(out.control, 0, IPPROTO_IP, IP_TTL, 20 + i));
            ring.getSqe().prepSendmsg(sender, out.address(), MSG_NOSIGNAL);
            final List<Completion> both = Completion.awaitSorted(ring, 2);
            assertThat(both.get(0).res()).isEqualTo(10);
            final Completion got = both.get(1);
            assertThat(got.hasMore()).isTrue();
            final ByteBuffer buffer = buffers.buffer(Cqe.bufferId(got.flags()));
            assertThat(RecvmsgOut.validate(buffer, 0, got.res(), layout.header, 0))
                    .isTrue();
            assertThat(RecvmsgOut.nameLength(buffer, 0, layout.header, 0)).isEqualTo(Sockaddr.IN_SIZE);
            assertThat(RecvmsgOut.isNameTruncated(buffer, 0, layout.header, 0)).isFalse();
            assertThat(Sockaddr.get(buffer, RecvmsgOut.name(0), Sockaddr.IN_SIZE))
                    .isEqualTo(Native.localAddress(sender));
            final int ttl = RecvmsgOut.cmsgFirsthdr(buffer, 0, layout.header, 0);
            assertThat(ControlMessage.is(buffer, ttl, IPPROTO_IP, IP_TTL)).isTrue();
            assertThat(ControlMessage.number(buffer, ttl)).isEqualTo(20 + i);
            assertThat(RecvmsgOut.cmsgNexthdr(buffer, 0, layout.header, 0, ttl)).isNegative();
            assertThat(RecvmsgOut.payloadLength(0, got.res(), layout.header, 0)).isEqualTo(10);
            assertThat(RecvmsgOut.messageLength(buffer, 0)).isEqualTo(10);
            assertThat(RecvmsgOut.flags(buffer, 0)).isZero();
            final int payload = RecvmsgOut.payload(0, layout.header, 0);
            assertThat(Native.text(buffer.slice(payload, 10), 10)).isEqualTo("datagram " + i);
        }
    }

    /** P5. */
    @ParameterizedTest
    @ValueSource(ints = {0, MSG_TRUNC})
    void shouldTellWhatWasCutShort(final int flags) {
        final int sender = sockets.udp();
        final int receiver = sockets.udp();
        assertThat(Sockets.setOption(receiver, IPPROTO_IP, IP_RECVTTL, 1)).isZero();
        Sockets.connect(sender, Native.localAddress(receiver));
        final ProvidedRing buffers = new ProvidedRing(ring, GROUP, 8, 64);
        final Message layout = new Message().name(4).control(8);
        armMessages(receiver, layout, flags);
        Native.write(sender, "x".repeat(100));
        final Completion got = next();
        final ByteBuffer buffer = buffers.buffer(Cqe.bufferId(got.flags()));
        assertThat(RecvmsgOut.validate(buffer, 0, Math.min(got.res(), 64), layout.header, 0))
                .isTrue();
        assertThat(RecvmsgOut.flags(buffer, 0) & (MSG_TRUNC | MSG_CTRUNC)).isEqualTo(MSG_TRUNC | MSG_CTRUNC);
        assertThat(RecvmsgOut.isNameTruncated(buffer, 0, layout.header, 0)).isTrue();
        assertThat(RecvmsgOut.nameLength(buffer, 0, layout.header, 0)).isEqualTo(4);
        assertThat(RecvmsgOut.controlLength(buffer, 0, layout.header, 0)).isLessThanOrEqualTo(8);
        assertThat(RecvmsgOut.cmsgFirsthdr(buffer, 0, layout.header, 0)).isNegative();
        assertThat(RecvmsgOut.payloadLength(0, got.res(), layout.header, 0)).isEqualTo(64 - 16 - 4 - 8);
        assertThat(RecvmsgOut.messageLength(buffer, 0)).isEqualTo(flags == 0 ? 64 - 16 - 4 - 8 : 100);
    }

    /** P5. */
    @Test
    void shouldEndWhenABufferHasNoRoomForTheHeader() {
        final int sender = sockets.udp();
        final int receiver = sockets.udp();
        Sockets.connect(sender, Native.localAddress(receiver));
        new ProvidedRing(ring, GROUP, 2, 64);
        armMessages(receiver, new Message().name(40).control(16), 0);
        Native.write(sender, "no room");
        final Completion end = next();
        assertThat(end.res()).isEqualTo(-Errno.EFAULT);
        assertThat(end.hasMore()).isFalse();
    }

    /** P7: three streams, four buffers. */
    @Test
    void shouldMixNoStreamsThatShareAGroupWhichRunsDry() throws UringException {
        final int streams = 3;
        final int bytes = 6000;
        final ProvidedRing buffers = new ProvidedRing(ring, GROUP, 4, 100);
        final ByteBuffer[] data = new ByteBuffer[streams];
        final ByteArrayOutputStream[] got = new ByteArrayOutputStream[streams];
        final int[][] pairs = new int[streams][];
        for (int i = 0; i < streams; i++) {
            pairs[i] = sockets.tcp();
            data[i] = Sockets.pattern(bytes, i);
            got[i] = new ByteArrayOutputStream();
            arm(pairs[i][1], i);
            write(pairs[i][0], data[i], 0, bytes);
        }
        final int[] dry = new int[1];
        final List<Integer> used = new ArrayList<>();
        final boolean[] rearm = new boolean[streams];
        while (got[0].size() + got[1].size() + got[2].size() < streams * bytes) {
            assertThat(ring.submitAndWaitTimeout(1, 10_000_000_000L)).isNotNegative();
            ring.forEachCqe((userData, res, flags) -> {
                if (res > 0) {
                    final int id = Cqe.bufferId(flags);
                    final byte[] part = new byte[res];
                    buffers.buffer(id).get(0, part);
                    got[(int) userData].write(part, 0, res);
                    used.add(id);
                } else {
                    assertThat(res).isEqualTo(-Errno.ENOBUFS);
                    dry[0]++;
                }
                rearm[(int) userData] |= (flags & IORING_CQE_F_MORE) == 0;
            });
            used.forEach(id -> buffers.provide(id, 100));
            used.clear();
            for (int i = 0; i < streams; i++) {
                if (rearm[i]) {
                    arm(pairs[i][1], i);
                    rearm[i] = false;
                }
            }
        }
        assertThat(dry[0]).as("the group ran dry").isPositive();
        for (int i = 0; i < streams; i++) {
            final ByteBuffer stream = ByteBuffer.wrap(got[i].toByteArray());
            assertThat(stream.mismatch(data[i]))
                    .as("first wrong byte of stream %d", i)
                    .isEqualTo(-1);
        }
    }

    /** P8: what one socket has in store does not keep another one waiting for ever. */
    @Test
    void shouldStarveNoSocket() throws IOException {
        Native.assumeSetup(UringConstants.IORING_SETUP_SINGLE_ISSUER | UringConstants.IORING_SETUP_DEFER_TASKRUN);
        final int parts = 120;
        reopen(UringParams.of(16)
                .withCqEntries(1024)
                .withFlags(UringConstants.IORING_SETUP_SINGLE_ISSUER | UringConstants.IORING_SETUP_DEFER_TASKRUN));
        new ProvidedRing(ring, GROUP, 512, 64);
        final ByteBuffer data = Sockets.pattern(parts * 64, 1);
        final int[][] pairs = {sockets.tcp(), sockets.tcp()};
        arm(pairs[0][1], 0);
        arm(pairs[1][1], 1);
        ring.submitAndGetEvents();
        write(pairs[0][0], data, 0, parts * 64);
        write(pairs[1][0], data, 0, parts * 64);
        final List<Integer> order = new ArrayList<>();
        final int[] bytes = new int[2];
        while (bytes[0] + bytes[1] < 2 * parts * 64) {
            assertThat(ring.submitAndWaitTimeout(1, 10_000_000_000L)).isNotNegative();
            ring.forEachCqe((userData, res, flags) -> {
                assertThat(res).isPositive();
                bytes[(int) userData] += res;
                order.add((int) userData);
                if ((flags & IORING_CQE_F_MORE) == 0) {
                    arm(pairs[(int) userData][1], userData);
                }
            });
        }
        assertThat(bytes).containsExactly(parts * 64, parts * 64);
        final int ahead = Math.max(order.indexOf(0), order.indexOf(1));
        assumeTrue(ahead < parts, "this kernel serves one socket until it is empty");
        assertThat(ahead).as("completions of one before the first of the other").isLessThanOrEqualTo(64);
    }
}
