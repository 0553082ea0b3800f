package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_CQE_F_MORE;
import static dev.ringflow.uring.UringConstants.IORING_CQE_F_NOTIF;
import static dev.ringflow.uring.UringConstants.IORING_NOTIF_USAGE_ZC_COPIED;
import static dev.ringflow.uring.UringConstants.IORING_OP_SENDMSG_ZC;
import static dev.ringflow.uring.UringConstants.IORING_OP_SEND_ZC;
import static dev.ringflow.uring.UringConstants.IORING_RECVSEND_POLL_FIRST;
import static dev.ringflow.uring.UringConstants.IORING_SEND_VECTORIZED;
import static dev.ringflow.uring.UringConstants.IORING_SEND_ZC_REPORT_USAGE;
import static dev.ringflow.uring.UringConstants.IOSQE_ASYNC;
import static dev.ringflow.uring.UringConstants.MSG_MORE;
import static dev.ringflow.uring.UringConstants.MSG_NOSIGNAL;
import static dev.ringflow.uring.UringConstants.MSG_WAITALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.uring.struct.Iovec;
import dev.ringflow.uring.struct.Sockaddr;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows N10, N12 and N13: the memory is free after the notification, not before. */
@Timeout(60)
class ZeroCopySendTest {
    private static final int LENGTH = 64 * 1024;
    private static final long RECEIVE = -5;

    private final Sockets sockets = new Sockets();
    private final ByteBuffer out = Sockets.pattern(LENGTH, 7);
    private final ByteBuffer in = Memory.allocate(LENGTH, 8);
    private Uring ring;

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(16);
        Native.assumeOpcode(ring, IORING_OP_SEND_ZC);
    }

    @AfterEach
    void close() {
        ring.close();
        sockets.close();
    }

    /** Submits, and takes completions until so many requests have ended; answers them in their order. */
    private List<Completion> settle(final int requests) {
        return transfer(-1, 0, requests);
    }

    /**
     * The same, and receives so many bytes meanwhile. By the same ring: what a send does late, for example after
     * POLL_FIRST, it does only when its ring is entered.
     */
    private List<Completion> transfer(final int from, final int length, final int requests) {
        final List<Completion> sends = new ArrayList<>();
        final int[] state = {0, 0, 0}; // bytes received, receives in flight, requests ended
        while (state[0] < length || state[2] < requests) {
            if (state[0] < length && state[1] == 0) {
                final Sqe sqe = ring.getSqe();
                sqe.prepRecv(from, in.duplicate().position(state[0]).limit(length), 0);
                sqe.setData64(RECEIVE);
                state[1] = 1;
            }
            assertThat(ring.submitAndWaitTimeout(1, 10_000_000_000L)).isNotNegative();
            ring.forEachCqe((userData, res, flags) -> {
                if (userData == RECEIVE) {
                    assertThat(res).isPositive();
                    state[0] += res;
                    state[1] = 0;
                } else {
                    final Completion completion = new Completion(userData, res, flags);
                    sends.add(completion);
                    state[2] += completion.hasMore() ? 0 : 1;
                }
            });
        }
        return sends;
    }

    /** Submits; whether the kernel did not refuse at once what it does not know. */
    private boolean isAccepted() {
        ring.submitAndGetEvents();
        final Cqe first = ring.peekCqe();
        return first == null || first.res() != -Errno.EINVAL;
    }

    private static void assertSentAndNotified(final List<Completion> both, final long userData, final int length) {
        assertThat(both).hasSize(2);
        assertThat(both).extracting(Completion::userData).containsOnly(userData);
        assertThat(both.get(0).res()).isEqualTo(length);
        assertThat(both.get(0).flags() & (IORING_CQE_F_MORE | IORING_CQE_F_NOTIF))
                .isEqualTo(IORING_CQE_F_MORE);
        assertThat(both.get(1).flags() & (IORING_CQE_F_MORE | IORING_CQE_F_NOTIF))
                .isEqualTo(IORING_CQE_F_NOTIF);
    }

    /** N10. */
    @Test
    void shouldNotifyAfterTheResultWithTheSameUserData() throws UringException {
        final int[] pair = sockets.tcp();
        final Sqe sqe = ring.getSqe();
        sqe.prepSendZc(pair[0], Native.bytes("zero copy"), MSG_NOSIGNAL, 0);
        sqe.setData64(0x1234_5678_9ABC_DEF0L);
        final List<Completion> both = transfer(pair[1], 9, 1);
        assertSentAndNotified(both, 0x1234_5678_9ABC_DEF0L, 9);
        assertThat(both.get(1).res()).isZero();
        assertThat(Native.text(in, 9)).isEqualTo("zero copy");
    }

    /** N10: also what fails before anything was sent has a notification if and only if it says so. */
    @Test
    void shouldNotifyAfterWhatNeverBeganIfAndOnlyIfItSaysSo() {
        final int[] pipe = Native.pipe();
        sockets.keep(pipe[0]);
        sockets.keep(pipe[1]);
        ring.getSqe().prepSendZc(pipe[1], Native.bytes("x"), MSG_NOSIGNAL, 0);
        final List<Completion> noSocket = settle(1);
        assertThat(noSocket.get(0).res()).isEqualTo(-Errno.ENOTSOCK);
        assertThat(noSocket).as("as its flags say").hasSize(noSocket.get(0).hasMore() ? 2 : 1);
        ring.getSqe().prepSendZc(pipe[1], Native.bytes("x"), MSG_NOSIGNAL, 1 << 14);
        final List<Completion> noFlag = settle(1);
        assertThat(noFlag.get(0).res()).isEqualTo(-Errno.EINVAL);
        assertThat(noFlag).as("as its flags say").hasSize(noFlag.get(0).hasMore() ? 2 : 1);
        ring.getSqe().prepNop();
        assertThat(Completion.await(ring, 1)).as("no stray notification").hasSize(1);
    }

    /** N10: a send that fails has a notification if and only if it says so. */
    @Test
    void shouldNotifyAfterAFailureIfAndOnlyIfItSaysSo() throws UringException {
        final int[] pair = sockets.tcp();
        sockets.close(pair[1]);
        List<Completion> end;
        int sends = 0;
        do {
            ring.getSqe().prepSendZc(pair[0], out, MSG_NOSIGNAL, 0);
            end = settle(1);
            assertThat(end.get(end.size() - 1).hasMore()).isFalse();
            assertThat(end).hasSize(end.get(0).hasMore() ? 2 : 1);
            assertThat(++sends).isLessThan(100);
        } while (end.get(0).res() >= 0);
        assertThat(end.get(0).res()).isIn(-Errno.EPIPE, -Errno.ECONNRESET);
        ring.getSqe().prepNop();
        assertThat(Completion.await(ring, 1)).as("no stray notification").hasSize(1);
    }

    /** N12. */
    @Test
    void shouldReportThatLoopbackCopies() throws UringException {
        final int[] pair = sockets.tcp();
        ring.getSqe().prepSendZc(pair[0], out, MSG_NOSIGNAL | MSG_WAITALL, IORING_SEND_ZC_REPORT_USAGE);
        assumeTrue(isAccepted(), "this kernel does not report the usage");
        assertThat(transfer(pair[1], LENGTH, 1))
                .extracting(Completion::res)
                .containsExactly(LENGTH, IORING_NOTIF_USAGE_ZC_COPIED);
    }

    /** N13: sizes, flags and ways; the memory is overwritten as soon as the notification is there. */
    @ParameterizedTest
    @CsvSource({
        "100, 0, false, 0",
        "100, 0, true, 0",
        "65536, 0, false, 0",
        "65536, 0, true, 0",
        "65536, 16, false, 0",
        "65536, 16, true, 0",
        "4097, 0, false, 1",
        "4097, 16, true, 1",
        "65536, 0, true, 1"
    })
    void shouldSendWhatTheMemoryHeldUntilTheNotification(
            final int length, final int sqeFlags, final boolean fixed, final int pollFirst) throws UringException {
        assertThat(IOSQE_ASYNC).isEqualTo(16);
        assertThat(IORING_RECVSEND_POLL_FIRST).isEqualTo(1);
        final int[] pair = sockets.tcp();
        final ByteBuffer iovec = Memory.allocate(Iovec.SIZE, 8);
        Iovec.set(iovec, 0, Memory.address(out), LENGTH);
        assertThat(ring.registerBuffers(Memory.address(iovec), 1)).isZero();
        final ByteBuffer wanted = Sockets.pattern(LENGTH, 7);
        for (int round = 0; round < 3; round++) {
            final Sqe sqe = ring.getSqe();
            final ByteBuffer part = out.duplicate().limit(length);
            if (fixed) {
                sqe.prepSendZcFixed(pair[0], part, MSG_NOSIGNAL | MSG_WAITALL, pollFirst, 0);
            } else {
                sqe.prepSendZc(pair[0], part, MSG_NOSIGNAL | MSG_WAITALL, pollFirst);
            }
            sqe.setFlags(sqeFlags);
            sqe.setData64(round);
            assertSentAndNotified(transfer(pair[1], length, 1), round, length);
            assertThat(in.slice(0, length)).isEqualTo(wanted.slice(0, length));
            for (int i = 0; i < length; i++) {
                out.put(i, (byte) (out.get(i) + 1));
                wanted.put(i, (byte) (wanted.get(i) + 1));
            }
        }
    }

    /** N13: with MSG_MORE a segment waits, and with it the notification. */
    @Test
    void shouldGatherSmallSends() throws UringException {
        final int[] pair = sockets.tcp();
        for (int i = 0; i < 4; i++) {
            final Sqe sqe = ring.getSqe();
            sqe.prepSendZc(pair[0], Native.bytes("part " + i), i < 3 ? MSG_NOSIGNAL | MSG_MORE : MSG_NOSIGNAL, 0);
            sqe.setData64(i);
            sqe.setFlags(i < 3 ? UringConstants.IOSQE_IO_LINK : 0);
        }
        final List<Completion> all = transfer(pair[1], 24, 4);
        assertThat(Native.text(in, 24)).isEqualTo("part 0part 1part 2part 3");
        for (int i = 0; i < 4; i++) {
            final int id = i;
            assertSentAndNotified(all.stream().filter(c -> c.userData() == id).toList(), i, 6);
        }
    }

    /** N13. */
    @Test
    void shouldSendMixedWithCopyingSendsInOrder() throws UringException {
        final int[] pair = sockets.tcp();
        for (int i = 0; i < 8; i++) {
            final Sqe sqe = ring.getSqe();
            final ByteBuffer part = out.duplicate().position(i * 1024).limit((i + 1) * 1024);
            if (i % 2 == 0) {
                sqe.prepSendZc(pair[0], part, MSG_NOSIGNAL | MSG_WAITALL, 0);
            } else {
                sqe.prepSend(pair[0], part, MSG_NOSIGNAL | MSG_WAITALL);
            }
            sqe.setFlags(i < 7 ? UringConstants.IOSQE_IO_LINK : 0);
            sqe.setData64(i);
        }
        final List<Completion> all = transfer(pair[1], 8192, 8);
        assertThat(in.slice(0, 8192)).isEqualTo(out.slice(0, 8192));
        assertThat(all.stream().filter(c -> (c.flags() & IORING_CQE_F_NOTIF) != 0))
                .extracting(Completion::userData)
                .containsExactlyInAnyOrder(0L, 2L, 4L, 6L);
    }

    /** N13. */
    @Test
    void shouldSendMessagesInPieces() throws UringException {
        Native.assumeOpcode(ring, IORING_OP_SENDMSG_ZC);
        final int[] pair = sockets.tcp();
        final Message message = new Message(out.slice(0, 5000), out.slice(5000, 1), out.slice(5001, 30_000));
        final Sqe sqe = ring.getSqe();
        sqe.prepSendmsgZc(pair[0], message.address(), MSG_NOSIGNAL | MSG_WAITALL);
        sqe.setData64(5);
        assertSentAndNotified(transfer(pair[1], 35_001, 1), 5, 35_001);
        assertThat(in.slice(0, 35_001)).isEqualTo(out.slice(0, 35_001));
    }

    /** N13. */
    @Test
    void shouldSendPiecesOfARegisteredBuffer() throws UringException {
        Native.assumeOpcode(ring, IORING_OP_SENDMSG_ZC);
        final int[] pair = sockets.tcp();
        final ByteBuffer iovec = Memory.allocate(Iovec.SIZE, 8);
        Iovec.set(iovec, 0, Memory.address(out), LENGTH);
        assertThat(ring.registerBuffers(Memory.address(iovec), 1)).isZero();
        final Message message = new Message(out.slice(4000, 500), out.slice(0, 300));
        final Sqe sqe = ring.getSqe();
        sqe.prepSendmsgZcFixed(pair[0], message.address(), MSG_NOSIGNAL | MSG_WAITALL, 0);
        sqe.setData64(6);
        assumeTrue(isAccepted(), "this kernel sends registered buffers whole only");
        assertSentAndNotified(transfer(pair[1], 800, 1), 6, 800);
        assertThat(in.slice(0, 500)).isEqualTo(out.slice(4000, 500));
        assertThat(in.slice(500, 300)).isEqualTo(out.slice(0, 300));
        final Message outside = new Message(out.slice(0, 10), Native.bytes("elsewhere"));
        ring.getSqe().prepSendmsgZcFixed(pair[0], outside.address(), MSG_NOSIGNAL, 0);
        assertThat(settle(1).get(0).res()).isEqualTo(-Errno.EFAULT);
    }

    /** N13. */
    @Test
    void shouldSendPiecesWithoutAHeader() throws UringException {
        final int[] pair = sockets.tcp();
        final ByteBuffer iovecs = Memory.allocate(2 * Iovec.SIZE, 8);
        Iovec.set(iovecs, 0, Memory.address(out) + 100, 50);
        Iovec.set(iovecs, 1, Memory.address(out), 100);
        ring.getSqe().prepSendZc(pair[0], Memory.address(iovecs), 2, MSG_NOSIGNAL, IORING_SEND_VECTORIZED);
        assumeTrue(isAccepted(), "this kernel sends pieces by sendmsg only");
        assertSentAndNotified(transfer(pair[1], 150, 1), 0, 150);
        assertThat(in.slice(0, 50)).isEqualTo(out.slice(100, 50));
        assertThat(in.slice(50, 100)).isEqualTo(out.slice(0, 100));
    }

    /** N13. */
    @Test
    void shouldSendDatagramsToAnAddress() throws UringException {
        final int sender = sockets.udp();
        final int receiver = sockets.udp();
        final ByteBuffer address = Memory.allocate(Sockaddr.STORAGE_SIZE, 8);
        final int length = Sockaddr.set(address, 0, Native.localAddress(receiver));
        final Sqe sqe = ring.getSqe();
        sqe.prepSendZc(sender, Native.bytes("datagram"), MSG_NOSIGNAL, 0);
        sqe.prepSendSetAddr(address, length);
        sqe.setData64(9);
        assertSentAndNotified(transfer(receiver, 8, 1), 9, 8);
        assertThat(Native.text(in, 8)).isEqualTo("datagram");
    }

    /** N10: a send that would have to wait is over at once when asked for, with as many notifications as it says. */
    @Test
    void shouldNotWaitForRoomWhenAskedNotTo() throws UringException {
        final int[] pair = sockets.tcp();
        List<Completion> end;
        do {
            ring.getSqe()
                    .prepSendZc(pair[0], Memory.address(out), LENGTH, MSG_NOSIGNAL | UringConstants.MSG_DONTWAIT, 0);
            end = settleOrWait();
        } while (end.get(0).res() > 0);
        assertThat(end.get(0).res()).isEqualTo(-Errno.EAGAIN);
    }

    /** The result of a send whose notification may come only when the peer has read. */
    private List<Completion> settleOrWait() {
        final List<Completion> all = new ArrayList<>();
        while (all.stream().noneMatch(c -> (c.flags() & IORING_CQE_F_NOTIF) == 0)) {
            all.clear();
            assertThat(ring.submitAndWaitTimeout(1, 10_000_000_000L)).isNotNegative();
            ring.forEachCqe((userData, res, flags) -> {
                if ((flags & IORING_CQE_F_NOTIF) == 0) {
                    all.add(new Completion(userData, res, flags));
                }
            });
        }
        return all;
    }

    /** N13: a registered buffer is checked, also the end of it. */
    @Test
    void shouldRefuseWhatLiesOutsideOfTheRegisteredBuffer() throws UringException {
        final int[] pair = sockets.tcp();
        final ByteBuffer iovec = Memory.allocate(Iovec.SIZE, 8);
        Iovec.set(iovec, 0, Memory.address(out), 4096);
        assertThat(ring.registerBuffers(Memory.address(iovec), 1)).isZero();
        ring.getSqe().prepSendZcFixed(pair[0], out.duplicate().position(4000).limit(4097), MSG_NOSIGNAL, 0, 0);
        final List<Completion> outside = settle(1);
        assertThat(outside.get(0).res()).isEqualTo(-Errno.EFAULT);
        ring.getSqe().prepSendZcFixed(pair[0], out.duplicate().limit(10), MSG_NOSIGNAL, 0, 1);
        final List<Completion> noSuch = settle(1);
        assertThat(noSuch.get(0).res()).isEqualTo(-Errno.EFAULT);
    }
}
