package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.AF_INET;
import static dev.ringflow.uring.UringConstants.IORING_OP_URING_CMD;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_CQE32;
import static dev.ringflow.uring.UringConstants.IORING_TIMESTAMP_TYPE_SHIFT;
import static dev.ringflow.uring.UringConstants.IOSQE_FIXED_FILE;
import static dev.ringflow.uring.UringConstants.IPPROTO_TCP;
import static dev.ringflow.uring.UringConstants.MSG_NOSIGNAL;
import static dev.ringflow.uring.UringConstants.SOCKET_URING_OP_GETSOCKOPT;
import static dev.ringflow.uring.UringConstants.SOCKET_URING_OP_SETSOCKOPT;
import static dev.ringflow.uring.UringConstants.SOCKET_URING_OP_SIOCINQ;
import static dev.ringflow.uring.UringConstants.SOCKET_URING_OP_SIOCOUTQ;
import static dev.ringflow.uring.UringConstants.SOCKET_URING_OP_TX_TIMESTAMP;
import static dev.ringflow.uring.UringConstants.SOCK_DGRAM;
import static dev.ringflow.uring.UringConstants.SOCK_STREAM;
import static dev.ringflow.uring.UringConstants.SOF_TIMESTAMPING_OPT_ID;
import static dev.ringflow.uring.UringConstants.SOF_TIMESTAMPING_OPT_TSONLY;
import static dev.ringflow.uring.UringConstants.SOF_TIMESTAMPING_SOFTWARE;
import static dev.ringflow.uring.UringConstants.SOF_TIMESTAMPING_TX_SOFTWARE;
import static dev.ringflow.uring.UringConstants.SOL_SOCKET;
import static dev.ringflow.uring.UringConstants.SO_REUSEADDR;
import static dev.ringflow.uring.UringConstants.SO_TIMESTAMPING;
import static dev.ringflow.uring.UringConstants.SO_TYPE;
import static dev.ringflow.uring.UringConstants.TCP_NODELAY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.uring.internal.LibC;
import dev.ringflow.uring.struct.Sockaddr;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rows N4 and N14: options, queues, names and time stamps of sockets by commands. */
@Timeout(60)
class SocketCommandTest {
    private final Sockets sockets = new Sockets();
    private final ByteBuffer value = Memory.allocate(4, 4);
    private Uring ring;

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(8);
        Native.assumeOpcode(ring, IORING_OP_URING_CMD);
    }

    @AfterEach
    void close() {
        ring.close();
        sockets.close();
    }

    /** The answer of a command, if this kernel has it: no probe tells. */
    private int answer(final String command) {
        final int result = Completion.awaitResult(ring);
        assumeTrue(result != -Errno.EOPNOTSUPP, () -> "this kernel's rings lack " + command + " for sockets");
        return result;
    }

    @Test
    void shouldWriteTheFieldsOfTheEntry() {
        final Sqe sqe = ring.getSqe();
        sqe.prepCmdSock(SOCKET_URING_OP_SETSOCKOPT, 9, SOL_SOCKET, SO_TYPE, 0x1234, 4);
        assertThat(sqe.get(SqeSlot.OFF, 4)).as("cmd_op").isEqualTo(SOCKET_URING_OP_SETSOCKOPT);
        assertThat(sqe.get(SqeSlot.OFF + 4, 4)).isZero();
        assertThat(sqe.get(SqeSlot.ADDR, 4)).as("level").isEqualTo(SOL_SOCKET);
        assertThat(sqe.get(SqeSlot.ADDR + 4, 4)).as("optname").isEqualTo(SO_TYPE);
        assertThat(sqe.get(SqeSlot.FILE_INDEX, 4)).as("optlen").isEqualTo(4);
        assertThat(sqe.getWord(SqeSlot.ADDR3)).as("optval").isEqualTo(0x1234);
        sqe.prepCmdGetsockname(9, 0x5678, 0x1234, 1);
        assertThat(sqe.get(SqeSlot.OFF, 4)).as("cmd_op").isEqualTo(5);
        assertThat(sqe.getWord(SqeSlot.ADDR)).isEqualTo(0x5678);
        assertThat(sqe.getWord(SqeSlot.ADDR3)).isEqualTo(0x1234);
        assertThat(sqe.get(SqeSlot.FILE_INDEX, 4)).as("peer").isEqualTo(1);
        sqe.prepNop();
    }

    @Test
    void shouldReadAndWriteOptions() {
        final int socket = sockets.socket(AF_INET, SOCK_STREAM);
        ring.getSqe().prepCmdSock(SOCKET_URING_OP_GETSOCKOPT, socket, SOL_SOCKET, SO_TYPE, value);
        assertThat(answer("getsockopt")).as("length of the value").isEqualTo(4);
        assertThat(value.getInt(0)).isEqualTo(SOCK_STREAM);

        final ByteBuffer one = Memory.allocate(4, 4).putInt(0, 1);
        ring.getSqe().prepCmdSock(SOCKET_URING_OP_SETSOCKOPT, socket, SOL_SOCKET, SO_REUSEADDR, one.asReadOnlyBuffer());
        assertThat(answer("setsockopt")).isZero();
        assertThat(Sockets.option(socket, SOL_SOCKET, SO_REUSEADDR)).isEqualTo(1);

        assertThat(Sockets.option(socket, IPPROTO_TCP, TCP_NODELAY)).isZero();
        ring.getSqe().prepCmdSock(SOCKET_URING_OP_SETSOCKOPT, socket, IPPROTO_TCP, TCP_NODELAY, Memory.address(one), 4);
        assertThat(answer("setsockopt")).isZero();
        assertThat(Sockets.option(socket, IPPROTO_TCP, TCP_NODELAY)).isEqualTo(1);

        ring.getSqe().prepCmdSock(SOCKET_URING_OP_SETSOCKOPT, socket, SOL_SOCKET, 9999, one);
        assertThat(answer("setsockopt")).isEqualTo(-Errno.ENOPROTOOPT);
        ring.getSqe().prepCmdSock(SOCKET_URING_OP_SETSOCKOPT, socket, SOL_SOCKET, SO_REUSEADDR, one.slice(0, 2));
        assertThat(answer("setsockopt")).as("too short").isEqualTo(-Errno.EINVAL);
        ring.getSqe().prepCmdSock(77, socket, 0, 0, 0, 0);
        assertThat(Completion.awaitResult(ring)).as("no such command").isEqualTo(-Errno.EOPNOTSUPP);
        final Sqe sqe = ring.getSqe();
        assertThatThrownBy(() -> sqe.prepCmdSock(
                        SOCKET_URING_OP_GETSOCKOPT, socket, SOL_SOCKET, SO_TYPE, value.asReadOnlyBuffer()))
                .isInstanceOf(ReadOnlyBufferException.class);
    }

    @Test
    void shouldTellWhatWaitsToBeReadAndSent() throws UringException {
        final int[] pair = sockets.tcp();
        Native.write(pair[0], "waiting");
        ring.getSqe().prepCmdSock(SOCKET_URING_OP_SIOCINQ, pair[1], 0, 0, 0, 0);
        assertThat(answer("SIOCINQ")).isEqualTo(7);
        ring.getSqe().prepCmdSock(SOCKET_URING_OP_SIOCINQ, pair[0], 0, 0, 0, 0);
        assertThat(answer("SIOCINQ")).isZero();
        ring.getSqe().prepCmdSock(SOCKET_URING_OP_SIOCOUTQ, pair[1], 0, 0, 0, 0);
        assertThat(answer("SIOCOUTQ")).isZero();
        final int flags = LibC.fcntl(pair[0], UringConstants.F_GETFL, 0);
        LibC.fcntl(pair[0], UringConstants.F_SETFL, flags | UringConstants.O_NONBLOCK);
        final ByteBuffer data = Memory.allocate(65536, 1);
        long written;
        do {
            written = LibC.write(pair[0], Memory.address(data), data.capacity());
        } while (written > 0);
        assertThat(written).isEqualTo(-Errno.EAGAIN);
        ring.getSqe().prepCmdSock(SOCKET_URING_OP_SIOCOUTQ, pair[0], 0, 0, 0, 0);
        assertThat(answer("SIOCOUTQ")).as("the peer takes no more").isPositive();
    }

    /** N4. */
    @Test
    void shouldTellBothNamesAlsoOfSocketsInTheTable() throws UringException {
        final int[] pair = sockets.tcp();
        final ByteBuffer name = Memory.allocate(Sockaddr.STORAGE_SIZE, 8);
        assertThat(ring.registerFiles(pair[1])).isNotNegative();
        value.putInt(0, Sockaddr.STORAGE_SIZE);
        final Sqe own = ring.getSqe();
        own.prepCmdGetsockname(0, name, value, 0);
        own.setFlags(IOSQE_FIXED_FILE);
        assertThat(answer("getsockname")).isZero();
        assertThat(Sockaddr.get(name, 0, value.getInt(0))).isEqualTo(Native.localAddress(pair[1]));

        value.putInt(0, Sockaddr.STORAGE_SIZE);
        ring.getSqe().prepCmdGetsockname(pair[1], Memory.address(name), Memory.address(value), 1);
        assertThat(answer("getsockname")).isZero();
        assertThat(Sockaddr.get(name, 0, value.getInt(0))).isEqualTo(Native.localAddress(pair[0]));

        ring.getSqe().prepCmdGetsockname(pair[1], name, value, 2);
        assertThat(answer("getsockname")).isEqualTo(-Errno.EINVAL);
        final int alone = sockets.socket(AF_INET, SOCK_STREAM);
        ring.getSqe().prepCmdGetsockname(alone, name, value, 1);
        assertThat(answer("getsockname")).isEqualTo(-Errno.ENOTCONN);
        value.putInt(0, Sockaddr.STORAGE_SIZE + 1);
        final Sqe sqe = ring.getSqe();
        assertThatThrownBy(() -> sqe.prepCmdGetsockname(alone, name, value, 0))
                .isInstanceOf(IllegalArgumentException.class);
        sqe.prepNop();
    }

    /** N14. */
    @Test
    void shouldTellWhenDatagramsWereSent() throws IOException {
        Native.assumeSetup(IORING_SETUP_CQE32);
        ring.close();
        ring = Uring.open(UringParams.of(8).withFlags(IORING_SETUP_CQE32));
        final int receiver = sockets.udp();
        final int sender = sockets.socket(AF_INET, SOCK_DGRAM);
        Sockets.connect(sender, Native.localAddress(receiver));
        assertThat(Sockets.setOption(
                        sender,
                        SOL_SOCKET,
                        SO_TIMESTAMPING,
                        SOF_TIMESTAMPING_TX_SOFTWARE
                                | SOF_TIMESTAMPING_SOFTWARE
                                | SOF_TIMESTAMPING_OPT_ID
                                | SOF_TIMESTAMPING_OPT_TSONLY))
                .isZero();
        final Sqe sqe = ring.getSqe();
        sqe.prepCmdSock(SOCKET_URING_OP_TX_TIMESTAMP, sender, 0, 0, 0, 0);
        sqe.setData64(5);
        ring.submitAndGetEvents();
        final Cqe refused = ring.peekCqe();
        if (refused != null) {
            final int result = refused.res();
            ring.cqeSeen(refused);
            assumeTrue(result != -Errno.EOPNOTSUPP, "this kernel's rings tell no time stamps");
            assertThat(Errno.name(result)).isEqualTo("armed");
        }
        final List<Long> seconds = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            final Sqe send = ring.getSqe();
            send.prepSend(sender, Native.bytes("datagram"), MSG_NOSIGNAL);
            send.setData64(6);
        }
        int sent = 0;
        while (sent < 3 || seconds.size() < 3) {
            assertThat(ring.submitAndWaitTimeout(1, 10_000_000_000L)).isNotNegative();
            for (Cqe cqe = ring.peekCqe(); cqe != null; cqe = ring.peekCqe()) {
                if (cqe.userData() == 6) {
                    assertThat(cqe.res()).isEqualTo(8);
                    sent++;
                } else {
                    assertThat(cqe.res()).as("which datagram").isEqualTo(seconds.size());
                    assertThat(cqe.hasMore()).isTrue();
                    assertThat(cqe.flags() >>> IORING_TIMESTAMP_TYPE_SHIFT)
                            .as("SCM_TSTAMP_SND")
                            .isZero();
                    assertThat(cqe.bigCqe(1)).isBetween(0L, 999_999_999L);
                    seconds.add(cqe.bigCqe(0));
                }
                ring.cqeSeen(cqe);
            }
        }
        assertThat(seconds).allMatch(time -> Math.abs(System.currentTimeMillis() / 1000 - time) < 60);
    }

    /** N14. */
    @Test
    void shouldRefuseTimeStampsOnARingOfSmallCompletions() {
        final int sender = sockets.udp();
        ring.getSqe().prepCmdSock(SOCKET_URING_OP_TX_TIMESTAMP, sender, 0, 0, 0, 0);
        assertThat(answer("time stamps")).isEqualTo(-Errno.EINVAL);
    }
}
