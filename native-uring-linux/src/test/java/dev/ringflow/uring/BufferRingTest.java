package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_CQE_F_BUFFER;
import static dev.ringflow.uring.UringConstants.IOSQE_BUFFER_SELECT;
import static dev.ringflow.uring.UringConstants.IOU_PBUF_RING_INC;
import static dev.ringflow.uring.UringConstants.IOU_PBUF_RING_MMAP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.uring.internal.LibC;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class BufferRingTest {
    private static final int GROUP = 7;

    private final int[] pipe = Native.pipe();
    private Uring ring;

    @BeforeEach
    void open() throws UringException {
        ring = Uring.open(8);
    }

    @AfterEach
    void close() {
        ring.close();
        Native.close(pipe);
    }

    /** Skips, visibly, where the kernel refuses. */
    private BufferRing buffers(final int entries, final int size, final int flags) throws UringException {
        try {
            return BufferRing.open(ring, GROUP, entries, size, flags);
        } catch (final UringException e) {
            assumeTrue(e.errno() != Errno.EINVAL, () -> "this kernel has no buffer rings with flags " + flags);
            throw e;
        }
    }

    private Completion read(final int length) {
        final Sqe sqe = ring.getSqe();
        sqe.prepRead(pipe[0], 0, length, -1);
        sqe.setFlags(IOSQE_BUFFER_SELECT);
        sqe.setBufGroup(GROUP);
        return Completion.await(ring, 1).get(0);
    }

    private static int take(final BufferRing buffers, final Completion completion) {
        return buffers.take(completion.flags(), completion.res());
    }

    /** P1. */
    @Test
    void shouldRegisterOnce() {
        try (Memory memory = Memory.ofPages(4096)) {
            final int result = ring.registerBufRing(memory.address(), 8, GROUP, 0);
            assumeTrue(result != -Errno.EINVAL, "this kernel has no buffer rings");
            assertThat(result).isZero();
            assertThat(ring.registerBufRing(memory.address(), 8, GROUP, 0)).isEqualTo(-Errno.EEXIST);
            assertThat(ring.registerBufRing(memory.address() + 8, 8, 1, 0)).isEqualTo(-Errno.EINVAL);
            assertThat(ring.registerBufRing(memory.address(), 7, 1, 0)).isEqualTo(-Errno.EINVAL);
            assertThat(ring.unregisterBufRing(GROUP)).isZero();
            assertThat(ring.unregisterBufRing(GROUP)).isIn(-Errno.EINVAL, -Errno.ENOENT);
        }
    }

    /** P2: own memory, and IOU_PBUF_RING_MMAP. A held buffer is never another's; the tail wraps. */
    @ParameterizedTest
    @ValueSource(ints = {0, IOU_PBUF_RING_MMAP})
    void shouldNeverGiveABufferToTwoOwners(final int flags) throws UringException {
        try (BufferRing buffers = buffers(8, 16, flags)) {
            final Random random = new Random(42);
            final Deque<int[]> held = new ArrayDeque<>();
            for (int i = 0; i < 4_000; i++) {
                if (held.size() < 8 && (held.isEmpty() || random.nextBoolean())) {
                    Native.write(pipe[1], (char) ('a' + i % 26) + "x");
                    final int id = take(buffers, read(2));
                    assertThat(held).noneMatch(other -> other[0] == id);
                    held.add(new int[] {id, 'a' + i % 26});
                } else {
                    final int[] owned = held.remove();
                    assertThat(buffers.buffer(owned[0]).get(0)).isEqualTo((byte) owned[1]);
                    buffers.recycle(owned[0]);
                    buffers.publish();
                }
                if (i == 2_000) { // a turn of the tail, as far as a slow machine gets in ten seconds
                    held.forEach(owned -> buffers.recycle(owned[0]));
                    held.clear();
                    buffers.publish();
                    final long end = System.nanoTime() + 10_000_000_000L;
                    for (int j = 0; j < 70_000 && System.nanoTime() < end; j++) {
                        if (j % 1_000 == 0) {
                            Native.write(pipe[1], "z".repeat(1_000));
                        }
                        buffers.recycle(take(buffers, read(1)));
                        buffers.publish();
                    }
                    final ByteBuffer rest = Memory.allocate(1_000, 1);
                    Native.write(pipe[1], "z");
                    LibC.read(pipe[0], Memory.address(rest), 1_000);
                }
            }
            assertThat(buffers.held()).isEqualTo(held.size());
        }
    }

    /** P2, P3. */
    @ParameterizedTest
    @ValueSource(ints = {8, 1024, 32768})
    void shouldHandOutEachBufferOnce(final int entries) throws UringException {
        try (BufferRing buffers = buffers(entries, 8, 0)) {
            final boolean[] seen = new boolean[entries];
            for (int i = 0; i < entries; i++) {
                if (i % 8 == 0) {
                    Native.write(pipe[1], "8 bytes!");
                }
                final int id = take(buffers, read(1));
                assertThat(seen[id]).isFalse();
                seen[id] = true;
            }
            Native.write(pipe[1], "x");
            final Completion none = read(8);
            assertThat(none.res()).isEqualTo(-Errno.ENOBUFS);
            assertThat(take(buffers, none)).isEqualTo(BufferRing.NO_BUFFER);
            buffers.recycle(entries - 1);
            assertThat(buffers.publish()).isOne();
            assertThat(take(buffers, read(8))).isEqualTo(entries - 1);
            final int head = buffers.head();
            assumeTrue(head != -Errno.EINVAL, "this kernel does not tell the head");
            assertThat(head).isEqualTo(entries + 1);
            assertThat(buffers.available()).isZero();
            assertThat(ring.bufRingHead(99)).isEqualTo(-Errno.ENOENT);
        }
    }

    @Test
    void shouldRefuseStaleAndForeignIds() throws UringException {
        final BufferRing buffers = buffers(8, 16, 0);
        assertThatThrownBy(() -> buffers.take(0xFFFF0000 | IORING_CQE_F_BUFFER, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("65535");
        assertThat(buffers.take(0, 0)).isEqualTo(BufferRing.NO_BUFFER);
        Native.write(pipe[1], "hello");
        final Completion completion = read(16);
        final int id = take(buffers, completion);
        assertThat(Native.text(buffers.buffer(id), 5)).isEqualTo("hello");
        assertThat(buffers.buffer(id).remaining()).isEqualTo(5);
        assertThatThrownBy(() -> take(buffers, completion)).isInstanceOf(IllegalStateException.class);
        buffers.recycle(id);
        assertThatThrownBy(() -> buffers.recycle(id)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> buffers.buffer(id)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> take(buffers, completion)).isInstanceOf(IllegalStateException.class);
        buffers.close();
        buffers.close();
        assertThatThrownBy(buffers::publish).isInstanceOf(IllegalStateException.class);
        assertThat(ring.unregisterBufRing(GROUP)).isNegative();
    }

    /** Also at the end of the stream, where some kernels say that they are done with the buffer. */
    @Test
    void shouldGiveBackAnIncrementalBufferOnlyWhenItIsFinished() throws UringException {
        try (BufferRing buffers = buffers(2, 8, IOU_PBUF_RING_INC)) {
            Native.write(pipe[1], "abcdef");
            final int first = take(buffers, read(3));
            assertThat(buffers.buffer(first).position()).isZero();
            final int again = take(buffers, read(3));
            assertThat(again).isEqualTo(first);
            assertThat(buffers.buffer(first).position()).isEqualTo(3);
            assertThat(Native.text(buffers.buffer(first).slice(), 3)).isEqualTo("def");
            buffers.recycle(first);
            buffers.recycle(first);
            assertThat(buffers.publish()).isZero();
            LibC.close(pipe[1]);
            final int end = take(buffers, read(3));
            if (end != BufferRing.NO_BUFFER) {
                buffers.recycle(end);
                assertThat(buffers.publish()).as("the kernel goes on in it").isZero();
            }
            assertThat(buffers.available()).isEqualTo(2);
        }
    }
}
