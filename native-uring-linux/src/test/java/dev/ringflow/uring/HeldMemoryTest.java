package dev.ringflow.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Buffers that typed prep methods take are reachable until the terminal completion, and no longer. */
@Timeout(60)
class HeldMemoryTest {
    private Uring ring;
    private int[] pipe;

    @BeforeEach
    void open() throws UringException {
        ring = Uring.open(8);
        pipe = Native.pipe();
    }

    @AfterEach
    void close() {
        ring.close();
        Native.close(pipe);
    }

    private WeakReference<ByteBuffer> pendingRead(final long userData) {
        final ByteBuffer buffer = Memory.allocate(64, 8).order(java.nio.ByteOrder.nativeOrder());
        final Sqe sqe = ring.getSqe();
        sqe.prepRead(pipe[0], buffer, -1);
        sqe.setData64(userData);
        return new WeakReference<>(buffer);
    }

    private static void collect(final WeakReference<?> reference) throws InterruptedException {
        for (int i = 0; i < 100 && reference.get() != null; i++) {
            System.gc();
            Thread.sleep(10);
        }
    }

    @Test
    void shouldKeepABufferThatNobodyElseKnows() throws Exception {
        final WeakReference<ByteBuffer> buffer = pendingRead(5);
        ring.submit();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        assertThat(buffer.get()).isNotNull();
        Native.write(pipe[1], "hello");
        assertThat(Completion.await(ring, 1)).extracting(Completion::res).containsExactly(5);
        collect(buffer);
        assertThat(buffer.get()).as("let go after the completion").isNull();
    }

    @Test
    void shouldLetGoHoweverTheCompletionIsConsumed() throws Exception {
        for (int way = 0; way < 3; way++) {
            final WeakReference<ByteBuffer> buffer = pendingRead(way);
            Native.write(pipe[1], "x");
            ring.submitAndWait(1);
            switch (way) {
                case 0 -> ring.cqAdvance(1);
                case 1 -> ring.cqeSeen(ring.peekCqe());
                default -> ring.forEachCqe((userData, res, flags) -> {});
            }
            collect(buffer);
            assertThat(buffer.get()).as("way %s", way).isNull();
        }
    }

    @Test
    void shouldKeepAllBuffersOfRequestsWithTheSameUserData() throws Exception {
        final WeakReference<ByteBuffer> first = pendingRead(1);
        final WeakReference<ByteBuffer> second = pendingRead(1);
        ring.submit();
        Native.write(pipe[1], "x");
        Completion.await(ring, 1);
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        assertThat(first.get()).isNotNull();
        assertThat(second.get()).isNotNull();
        Native.write(pipe[1], "x");
        Completion.await(ring, 1);
        collect(first);
        collect(second);
        assertThat(first.get()).isNull();
        assertThat(second.get()).isNull();
    }

    @Test
    void shouldCountAnEntryOnceHoweverManyBuffersItHasAndWhenTheyCame() throws Exception {
        final ByteBuffer path = Native.path(java.nio.file.Path.of("/nowhere"));
        final ByteBuffer first = Memory.allocate(256, 8);
        final Sqe one = ring.getSqe();
        final Sqe other = ring.getSqe();
        one.prepStatx(-1, path, 0, 0, first);
        other.prepStatx(-1, path, 0, 0, Memory.allocate(256, 8));
        one.prepStatx(-1, path, 0, 0, Memory.allocate(256, 8)); // once more: keeps what it had, until it completes
        final WeakReference<ByteBuffer> reference = new WeakReference<>(Memory.allocate(256, 8));
        other.prepStatx(-1, path, 0, 0, reference.get());
        Completion.await(ring, 2);
        collect(reference);
        assertThat(reference.get()).isNull();
    }

    @Test
    void shouldRespectPositionAndLimit() {
        final ByteBuffer buffer = Memory.allocate(16, 8);
        for (int i = 0; i < 16; i++) {
            buffer.put(i, (byte) '.');
        }
        buffer.position(4).limit(9);
        ring.getSqe().prepRead(pipe[0], buffer, -1);
        Native.write(pipe[1], "0123456789");
        assertThat(Completion.awaitResult(ring)).isEqualTo(5);
        assertThat(Native.text(buffer.clear(), 16)).isEqualTo("....01234.......");
    }

    @Test
    void shouldRefuseMemoryThatTheKernelCannotUse() {
        final Sqe sqe = ring.getSqe();
        assertThatThrownBy(() -> sqe.prepRead(pipe[0], ByteBuffer.allocate(8), -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("direct");
        assertThatThrownBy(() -> sqe.prepRead(pipe[0], Memory.allocate(8, 8).asReadOnlyBuffer(), -1))
                .isInstanceOf(ReadOnlyBufferException.class);
        assertThat(Completion.awaitResult(ring)).as("the entry is still a NOP").isZero();
    }

    @Test
    void shouldNeverFreeWhatARingLeftBehindWhenItWasClosed() throws Exception {
        final WeakReference<ByteBuffer> buffer = pendingRead(1);
        ring.submit();
        ring.close();
        for (int i = 0; i < 5; i++) {
            System.gc();
            Thread.sleep(5);
        }
        assertThat(buffer.get()).isNotNull();
    }
}
