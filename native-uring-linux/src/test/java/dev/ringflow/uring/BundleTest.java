package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_CQE_F_BUFFER;
import static dev.ringflow.uring.UringConstants.IORING_CQE_F_MORE;
import static dev.ringflow.uring.UringConstants.IORING_FEAT_RECVSEND_BUNDLE;
import static dev.ringflow.uring.UringConstants.IORING_RECVSEND_BUNDLE;
import static dev.ringflow.uring.UringConstants.IORING_RECV_MULTISHOT;
import static dev.ringflow.uring.UringConstants.IOSQE_BUFFER_SELECT;
import static dev.ringflow.uring.UringConstants.MSG_NOSIGNAL;
import static dev.ringflow.uring.UringConstants.MSG_WAITALL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.uring.internal.LibC;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Row P11: one completion, many provided buffers. */
@Timeout(60)
class BundleTest {
    private static final int SIZE = 32;

    private final Sockets sockets = new Sockets();
    private Uring ring;
    private int[] pair;

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(16);
        Native.assumeFeature(ring, IORING_FEAT_RECVSEND_BUNDLE);
        pair = sockets.tcp();
    }

    @AfterEach
    void close() {
        ring.close();
        sockets.close();
    }

    private Sqe select(final Sqe sqe, final int group) {
        sqe.setFlags(IOSQE_BUFFER_SELECT);
        sqe.setBufGroup(group);
        return sqe;
    }

    private static void append(
            final ByteArrayOutputStream to,
            final ProvidedRing from,
            final int firstId,
            final int entries,
            final int length) {
        int left = length;
        for (int id = firstId; left > 0; id = id + 1 & entries - 1) {
            final byte[] part = new byte[Math.min(SIZE, left)];
            from.buffer(id).get(0, part);
            to.write(part, 0, part.length);
            left -= part.length;
        }
    }

    /** Receives a bundle that begins with a certain buffer; answers how many bytes it has. */
    private int receive(
            final ProvidedRing buffers, final int entries, final int first, final ByteArrayOutputStream to) {
        final Sqe sqe = ring.getSqe();
        sqe.prepRecv(pair[1], 0, 0, 0);
        select(sqe, 1).setIoprio(IORING_RECVSEND_BUNDLE);
        final Completion got = Completion.await(ring, 1).get(0);
        assertThat(got.res()).isPositive();
        assertThat(got.flags() & (IORING_CQE_F_BUFFER | IORING_CQE_F_MORE)).isEqualTo(IORING_CQE_F_BUFFER);
        assertThat(Cqe.bufferId(got.flags())).as("where the last one ended").isEqualTo(first);
        append(to, buffers, first, entries, got.res());
        return got.res();
    }

    /** P11: how many buffers one completion spans is the kernel's choice; which they are is not. */
    @Test
    void shouldReceiveIntoManyBuffersAtOnce() {
        final ProvidedRing buffers = new ProvidedRing(ring, 1, 8, SIZE);
        final ByteBuffer data = Sockets.pattern(200, 3);
        assertThat(LibC.write(pair[0], Memory.address(data), 200)).isEqualTo(200);
        final ByteArrayOutputStream received = new ByteArrayOutputStream();
        int next = 0;
        int most = 0;
        while (received.size() < 200) {
            final int bytes = receive(buffers, 8, next, received);
            most = Math.max(most, bytes);
            next += (bytes + SIZE - 1) / SIZE;
        }
        assertThat(ByteBuffer.wrap(received.toByteArray())).isEqualTo(data);
        assertThat(most).as("more than one buffer").isGreaterThan(SIZE);
    }

    /** P11: a multishot of bundles, buffers going round: the sequence stays intact. */
    @Test
    void shouldKeepTheSequenceWhileBuffersGoRound() {
        final int entries = 16;
        final int bytes = 20_000;
        final ProvidedRing buffers = new ProvidedRing(ring, 1, entries, SIZE);
        final ByteBuffer data = Sockets.pattern(bytes, 4);
        final ByteArrayOutputStream received = new ByteArrayOutputStream();
        int written = 0;
        boolean armed = false;
        final boolean[] spanned = new boolean[1];
        int next = 0;
        while (received.size() < bytes) {
            if (!armed) {
                final Sqe sqe = ring.getSqe();
                sqe.prepRecvMultishot(pair[1], 0, 0, 0);
                select(sqe, 1).setIoprio(IORING_RECV_MULTISHOT | IORING_RECVSEND_BUNDLE);
                ring.submit();
                armed = true;
            }
            final int chunk = Math.min(700, bytes - written);
            if (chunk > 0) {
                assertThat(LibC.write(pair[0], Memory.address(data) + written, chunk))
                        .isEqualTo(chunk);
                written += chunk;
            }
            assertThat(ring.submitAndWaitTimeout(1, 10_000_000_000L)).isNotNegative();
            for (Cqe cqe = ring.peekCqe(); cqe != null; cqe = ring.peekCqe()) {
                armed = cqe.hasMore();
                if (cqe.res() > 0) {
                    assertThat(cqe.bufferId()).as("where the last one ended").isEqualTo(next);
                    append(received, buffers, next, entries, cqe.res());
                    final int used = (cqe.res() + SIZE - 1) / SIZE;
                    spanned[0] |= used > 1;
                    for (int i = 0; i < used; i++) {
                        buffers.provide(next, SIZE);
                        next = next + 1 & entries - 1;
                    }
                } else {
                    assertThat(cqe.res()).isEqualTo(-Errno.ENOBUFS);
                }
                ring.cqeSeen(cqe);
            }
        }
        assertThat(spanned[0]).as("a completion spans buffers").isTrue();
        assertThat(ByteBuffer.wrap(received.toByteArray())).isEqualTo(data);
    }

    /** P11: as many buffers as there are, or as the length allows. */
    @ParameterizedTest
    @ValueSource(ints = {0, 70})
    void shouldSendManyBuffersAtOnce(final int limit) {
        final ProvidedRing buffers = new ProvidedRing(ring, 2, 4, SIZE);
        final ByteBuffer data = Sockets.pattern(4 * SIZE, 5);
        buffers.memory.put(0, data, 0, 4 * SIZE);
        final Sqe sqe = ring.getSqe();
        sqe.prepSendBundle(pair[0], limit, MSG_NOSIGNAL | MSG_WAITALL);
        select(sqe, 2);
        int total = 0;
        boolean more = true;
        while (more) {
            assertThat(ring.submitAndWaitTimeout(1, 10_000_000_000L)).isNotNegative();
            for (Cqe cqe = ring.peekCqe(); cqe != null; cqe = ring.peekCqe()) {
                assertThat(cqe.res()).isBetween(1, limit == 0 ? 4 * SIZE : limit);
                assertThat(cqe.hasBuffer()).isTrue();
                assertThat(cqe.bufferId()).as("where the last one ended").isEqualTo(total / SIZE);
                total += cqe.res();
                more = cqe.hasMore();
                ring.cqeSeen(cqe);
            }
        }
        assertThat(total).isGreaterThan(SIZE);
        final ByteBuffer in = Memory.allocate(total, 1);
        ring.getSqe().prepRecv(pair[1], in, MSG_WAITALL);
        assertThat(Completion.awaitResult(ring)).isEqualTo(total);
        assertThat(in).isEqualTo(data.slice(0, total));
    }

    /** P11: the lengths of the buffers in the group stay what the owner said. */
    @Test
    void shouldNotSpoilTheLengthsOfOtherBuffers() {
        final ProvidedRing buffers = new ProvidedRing(ring, 1, 4, SIZE);
        final ByteBuffer data = Sockets.pattern(4 * SIZE, 6);
        assertThat(LibC.write(pair[0], Memory.address(data), 40)).isEqualTo(40);
        final Sqe sqe = ring.getSqe();
        sqe.prepRecv(pair[1], 0, 40, 0);
        select(sqe, 1).setIoprio(IORING_RECVSEND_BUNDLE);
        final int first = Completion.await(ring, 1).get(0).res();
        assertThat(first).isBetween(1, 40);
        final int used = (first + SIZE - 1) / SIZE;
        for (int id = 0; id < used; id++) {
            buffers.provide(id, SIZE);
        }
        assertThat(LibC.write(pair[0], Memory.address(data) + 40, 4 * SIZE - 40))
                .isEqualTo(4 * SIZE - 40);
        final ByteArrayOutputStream received = new ByteArrayOutputStream();
        append(received, buffers, 0, 4, first);
        int next = used;
        while (received.size() < 4 * SIZE) {
            final int bytes = receive(buffers, 4, next, received);
            for (int i = 0; i < (bytes + SIZE - 1) / SIZE; i++) {
                assertThat(bytes - i * SIZE)
                        .as("every buffer but the last is full")
                        .isPositive();
                buffers.provide(next, SIZE);
                next = next + 1 & 3;
            }
        }
        assertThat(ByteBuffer.wrap(received.toByteArray())).isEqualTo(data);
    }

    /** P11. */
    @Test
    void shouldRefuseBundlesWithoutProvidedBuffers() {
        ring.getSqe().prepSendBundle(pair[0], 10, MSG_NOSIGNAL);
        assertThat(Completion.awaitResult(ring)).isIn(-Errno.EINVAL, -Errno.EFAULT);
    }
}
