package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_FEAT_RSRC_TAGS;
import static dev.ringflow.uring.UringConstants.RLIMIT_MEMLOCK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.uring.struct.Iovec;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The table of registered buffers. */
@Timeout(60)
class RegisteredBuffersTest {
    private static final int MAX_BUFFERS = 1 << 14;
    private static final int LOCKED = 1 << 20;

    @TempDir
    private Path directory;

    private Uring ring;
    private int[] pipe;
    private final ByteBuffer buffer = Memory.allocate(64, 8);
    private final ByteBuffer other = Memory.allocate(64, 8);

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(16);
        pipe = Native.pipe();
    }

    @AfterEach
    void close() {
        ring.close();
        Native.close(pipe);
    }

    private int readFixed(final ByteBuffer target, final int index) {
        ring.getSqe().prepReadFixed(pipe[0], target, -1, index);
        return Completion.awaitResult(ring);
    }

    private void submitReadFixed(final ByteBuffer target, final int index, final long userData) {
        final Sqe sqe = ring.getSqe();
        sqe.prepReadFixed(pipe[0], target, -1, index);
        sqe.setData64(userData);
        assertThat(ring.submit()).isEqualTo(1);
    }

    @Test
    void shouldReadAndWriteWithinRegisteredBuffersOnly() {
        other.position(16).limit(32);
        assertThat(ring.registerBuffers(buffer, other)).isZero();

        Native.write(pipe[1], "registered");
        assertThat(readFixed(other, 1)).isEqualTo(10);
        ring.getSqe().prepWriteFixed(pipe[1], other.slice(16, 10), -1, 1);
        assertThat(Completion.awaitResult(ring)).isEqualTo(10);
        assertThat(readFixed(buffer, 0)).isEqualTo(10);
        assertThat(Native.text(buffer, 10)).isEqualTo("registered");

        Native.write(pipe[1], "x");
        assertThat(readFixed(other.duplicate().position(15), 1))
                .as("before its position")
                .isEqualTo(-Errno.EFAULT);
        assertThat(readFixed(other.duplicate().limit(33), 1))
                .as("after its limit")
                .isEqualTo(-Errno.EFAULT);
        assertThat(readFixed(buffer, 1)).as("another's index").isEqualTo(-Errno.EFAULT);
        assertThat(readFixed(buffer, 2)).as("no such index").isEqualTo(-Errno.EFAULT);
        assertThat(readFixed(buffer, 0)).isEqualTo(1);
    }

    /** R6. */
    @Test
    void shouldRefuseMemoryThatIsNotThereOrTooMuch() {
        final ByteBuffer vector = Memory.allocate(Iovec.SIZE, 8);
        Iovec.set(vector, 0, 0, 4096);
        assertThat(ring.registerBuffers(Memory.address(vector), 1))
                .as("no base")
                .isEqualTo(-Errno.EFAULT);
        Iovec.set(vector, 0, Memory.address(buffer), 0);
        assertThat(ring.registerBuffers(Memory.address(vector), 1))
                .as("no length")
                .isEqualTo(-Errno.EFAULT);
        Iovec.set(vector, 0, Memory.address(buffer), (1L << 30) + 1);
        assertThat(ring.registerBuffers(Memory.address(vector), 1))
                .as("above 1 GiB")
                .isEqualTo(-Errno.EFAULT);
        Iovec.set(vector, 0, 4096, 4096);
        assertThat(ring.registerBuffers(Memory.address(vector), 1))
                .as("nothing mapped")
                .isEqualTo(-Errno.EFAULT);
        assertThat(ring.registerBuffers(0, 1)).as("no vector").isEqualTo(-Errno.EFAULT);
        assertThat(ring.registerBuffers(Memory.address(vector), 0)).as("none").isEqualTo(-Errno.EINVAL);
        assertThat(ring.registerBuffers(Memory.address(vector), MAX_BUFFERS + 1))
                .as("too many")
                .isEqualTo(-Errno.EINVAL);
        assertThat(ring.unregisterBuffers()).as("nothing is registered").isEqualTo(-Errno.ENXIO);
        assertThat(ring.heldBuffers()).isZero();
    }

    /** R6. */
    @Test
    void shouldCountRegisteredMemoryAgainstAnOrdinaryUsersLimit() throws Exception {
        final ByteBuffer large = Memory.allocate(2 * LOCKED, 4096);
        final Callable<Integer> register = () -> {
            try (Uring own = Uring.open(UringParams.of(4).withWishedFlags(0))) {
                final int result = own.registerBuffers(large);
                return result == 0 ? own.unregisterBuffers() : result;
            }
        };
        assertThat(OrdinaryUser.onThreadOfItsOwn(register)).as("as root").isIn(0, -Errno.ENOMEM);

        assertThat(OrdinaryUser.<Integer>withLimit(RLIMIT_MEMLOCK, LOCKED, () -> OrdinaryUser.call(register)))
                .as("2 MiB with a limit of 1 MiB")
                .isEqualTo(-Errno.ENOMEM);
        assertThat(OrdinaryUser.<Integer>withLimit(RLIMIT_MEMLOCK, 4 * LOCKED, () -> OrdinaryUser.call(register)))
                .as("2 MiB with a limit of 4 MiB")
                .isZero();
    }

    /** R9. */
    @Test
    void shouldRefuseASecondTableAndASecondRemoval() {
        assertThat(ring.unregisterBuffers()).isEqualTo(-Errno.ENXIO);
        assertThat(ring.registerBuffers(buffer)).isZero();
        assertThat(ring.registerBuffers(other)).isEqualTo(-Errno.EBUSY);
        assertThat(ring.heldBuffers()).isEqualTo(1);
        assertThat(ring.unregisterBuffers()).isZero();
        assertThat(ring.unregisterBuffers()).isEqualTo(-Errno.ENXIO);
        assertThat(ring.registerBuffers(other)).as("again").isZero();
    }

    /** R9. */
    @Test
    void shouldCompleteARequestWhoseBufferIsUnregistered() throws Exception {
        ring.close();
        ring = Uring.open(UringParams.of(8).withWishedFlags(0)); // with DEFER_TASKRUN, Linux 6.1 would wait for ever
        assertThat(ring.registerBuffers(buffer)).isZero();
        submitReadFixed(buffer, 0, 1);

        final Thread writer = new Thread(() -> {
            LockSupport.parkNanos(50_000_000); // older kernels wait for the request before they unregister
            Native.write(pipe[1], "late");
        });
        writer.start();
        assertThat(ring.unregisterBuffers()).isZero();

        assertThat(Completion.awaitResult(ring)).isEqualTo(4);
        assertThat(Native.text(buffer, 4)).isEqualTo("late");
        writer.join();
    }

    @Test
    void shouldKeepRegisteredBuffersReachable() throws InterruptedException {
        final ByteBuffer[] buffers = {Memory.allocate(64, 8), Memory.allocate(64, 8)};
        final WeakReference<ByteBuffer> kept = new WeakReference<>(buffers[1]);
        assertThat(ring.registerBuffers(buffers)).isZero();
        buffers[1] = null;
        System.gc();
        System.gc();
        assertThat(kept.get()).as("while it is registered").isNotNull();

        assertThat(ring.unregisterBuffers()).isZero();
        assertThat(ring.heldBuffers()).isZero();
        assertGoes(kept);
    }

    private static void assertGoes(final WeakReference<?> reference) throws InterruptedException {
        for (int i = 0; i < 100 && reference.get() != null; i++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertThat(reference.get()).as("nobody holds it any more").isNull();
    }

    @Test
    void shouldKeepAReplacedBufferReachableWhileARequestUsesIt() throws InterruptedException {
        Native.assumeFeature(ring, IORING_FEAT_RSRC_TAGS);
        final ByteBuffer[] buffers = {Memory.allocate(64, 8)};
        final WeakReference<ByteBuffer> replaced = new WeakReference<>(buffers[0]);
        assertThat(ring.registerBuffersTags(buffers, new long[] {9})).isZero();
        submitReadFixed(buffers[0], 0, 1);
        buffers[0] = null;

        assertThat(ring.registerBuffersUpdateTag(0, new ByteBuffer[] {other}, new long[] {0}))
                .isEqualTo(1);
        System.gc();
        System.gc();
        assertThat(replaced.get()).as("the request in flight holds it").isNotNull();

        Native.write(pipe[1], "data");
        assertThat(Completion.await(ring, 2)).containsExactly(new Completion(1, 4, 0), new Completion(9, 0, 0));
        assertGoes(replaced);
    }

    @Test
    void shouldPostTheTagOfAReplacedBufferWhenItsLastRequestIsDone() {
        Native.assumeFeature(ring, IORING_FEAT_RSRC_TAGS);
        assertThat(ring.registerBuffersTags(new ByteBuffer[] {buffer, other}, new long[] {77, 0}))
                .isZero();
        submitReadFixed(buffer, 0, 1);

        assertThat(ring.registerBuffersUpdateTag(0, new ByteBuffer[] {other}, new long[] {78}))
                .isEqualTo(1);
        ring.getEvents();
        assertThat(ring.cqReady()).as("the request still uses it").isZero();

        Native.write(pipe[1], "data");
        assertThat(Completion.await(ring, 2)).containsExactly(new Completion(1, 4, 0), new Completion(77, 0, 0));
        assertThat(Native.text(buffer, 4)).isEqualTo("data");

        Native.write(pipe[1], "new");
        assertThat(readFixed(other, 0)).isEqualTo(3);
        assertThat(ring.unregisterBuffers()).isZero();
        ring.getEvents();
        assertThat(Completion.await(ring, Math.min(1, ring.cqReady())))
                .as("only newer kernels post tags of what is unregistered")
                .allMatch(new Completion(78, 0, 0)::equals);
    }

    @Test
    void shouldEmptyAndFillSlots() {
        Native.assumeFeature(ring, IORING_FEAT_RSRC_TAGS);
        assertThat(ring.registerBuffers(null, buffer)).isZero();
        assertThat(ring.heldBuffers()).isEqualTo(1);
        Native.write(pipe[1], "x");
        assertThat(readFixed(buffer, 0)).as("empty").isEqualTo(-Errno.EFAULT);

        assertThat(ring.registerBuffersUpdateTag(0, new ByteBuffer[] {other, null}, new long[2]))
                .isEqualTo(2);
        assertThat(readFixed(buffer, 1)).as("emptied").isEqualTo(-Errno.EFAULT);
        assertThat(readFixed(other, 0)).isEqualTo(1);
        assertThat(ring.heldBuffers()).isEqualTo(1);
    }

    @Test
    void shouldFillASparseTable() {
        assumeTrue(ring.registerBuffersSparse(1000) == 0, "this kernel has no sparse tables");
        assertThat(ring.registerBuffersUpdateTag(999, new ByteBuffer[] {buffer}, new long[] {3}))
                .isEqualTo(1);
        Native.write(pipe[1], "x");
        assertThat(readFixed(buffer, 998)).isEqualTo(-Errno.EFAULT);
        assertThat(readFixed(buffer, 999)).isEqualTo(1);
        assertThat(ring.registerBuffersSparse(1)).isEqualTo(-Errno.EBUSY);
        assertThat(ring.heldBuffers()).isEqualTo(1);
    }

    @Test
    void shouldRefuseUpdatesWithoutTableOrOutsideOfIt() {
        Native.assumeFeature(ring, IORING_FEAT_RSRC_TAGS);
        final ByteBuffer[] one = {buffer};
        assertThat(ring.registerBuffersUpdateTag(0, one, new long[1])).isEqualTo(-Errno.ENXIO);
        assertThat(ring.registerBuffers(other)).isZero();
        assertThat(ring.registerBuffersUpdateTag(1, one, new long[1])).isEqualTo(-Errno.EINVAL);
        assertThat(ring.registerBuffersUpdateTag(0, new ByteBuffer[2], new long[2]))
                .isEqualTo(-Errno.EINVAL);
        assertThat(ring.registerBuffersUpdateTag(0, new ByteBuffer[] {null}, new long[] {1}))
                .as("a tag for nothing")
                .isEqualTo(-Errno.EINVAL);
        assertThat(ring.heldBuffers()).as("what was there is there").isEqualTo(1);
    }

    @Test
    void shouldRefuseBuffersThatTheKernelCannotWriteTo() {
        assertThatThrownBy(() -> ring.registerBuffers(buffer, buffer.asReadOnlyBuffer()))
                .isInstanceOf(ReadOnlyBufferException.class);
        assertThatThrownBy(() -> ring.registerBuffers(ByteBuffer.allocate(64)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ring.registerBuffersTags(new ByteBuffer[] {buffer}, new long[0]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(ring.unregisterBuffers()).as("nothing was registered").isEqualTo(-Errno.ENXIO);
    }

    @Test
    void shouldRegisterMoreThanAThousandBuffersWhereTheKernelCan() {
        Native.assumeFeature(ring, IORING_FEAT_RSRC_TAGS);
        final ByteBuffer[] buffers = new ByteBuffer[2000];
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = buffer;
        }
        assertThat(ring.registerBuffers(buffers)).isZero();
        Native.write(pipe[1], "x");
        assertThat(readFixed(buffer, 1999)).isEqualTo(1);
    }
}
