package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_SETUP_CQE32;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_NO_MMAP;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_NO_SQARRAY;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQE128;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.uring.internal.LibC;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** S18: rings in the application's memory. */
@Timeout(60)
class RingMemoryTest {
    /** The kernel ends a ring some time after it is closed, and may write into its memory until then. */
    private static final List<ByteBuffer> KEPT = new ArrayList<>();

    private static final int GUARD = 64;

    @BeforeEach
    void requireKernel() throws UringException {
        Native.assumeSetup(IORING_SETUP_NO_MMAP);
    }

    private static void work(final Uring ring, final int rounds) {
        for (int i = 0; i < rounds; i++) {
            ring.getSqe().setData64(i);
            assertThat(Completion.await(ring, 1)).containsExactly(new Completion(i, 0, 0));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 64, 256})
    void shouldNotNeedMoreMemoryThanItSays(final int entries) throws UringException {
        for (final int flags : new int[] {0, IORING_SETUP_SQE128 | IORING_SETUP_CQE32, IORING_SETUP_NO_SQARRAY}) {
            final UringParams params =
                    UringParams.of(entries).withWishedFlags(0).withFlags(flags | IORING_SETUP_NO_MMAP);
            final int size = Math.toIntExact(params.memorySize());
            final ByteBuffer memory = Memory.allocate(size + GUARD, LibC.pageSize());
            KEPT.add(memory);
            for (int i = 0; i < GUARD; i++) {
                memory.put(size + i, (byte) 0x5A);
            }
            try (Uring ring = Uring.open(params.withMemory(memory.slice(0, size)))) {
                work(ring, 3 * entries);
                for (int i = 0; i < entries; i++) {
                    ring.getSqe().setData64(i);
                }
                assertThat(Completion.await(ring, entries)).hasSize(entries);
            }
            for (int i = 0; i < GUARD; i++) {
                assertThat(memory.get(size + i)).as("a byte behind it").isEqualTo((byte) 0x5A);
            }
        }
    }

    @Test
    void shouldUseTheMemoryThatItWasGiven() throws UringException {
        final UringParams params = UringParams.of(8).withFlags(IORING_SETUP_NO_MMAP);
        final ByteBuffer memory = Memory.allocate((int) params.memorySize(), LibC.pageSize());
        try (Uring ring = Uring.open(params.withMemory(memory))) {
            ring.getSqe().setData64(0x1122334455667788L);
            assertThat(memory.getLong(SqeSlot.USER_DATA)).isEqualTo(0x1122334455667788L);
            Completion.await(ring, 1);
        }
    }

    @Test
    void shouldFindMemoryByItself() throws UringException {
        try (Uring ring = Uring.open(UringParams.of(8).withFlags(IORING_SETUP_NO_MMAP))) {
            assertThat(ring.flags() & IORING_SETUP_NO_MMAP).isNotZero();
            work(ring, 50);
            assertThat(ring.resizeRings(16, 0)).isEqualTo(-Errno.EINVAL);
        }
    }

    @Test
    void shouldRefuseMemoryThatDoesNotFit() {
        final UringParams params = UringParams.of(8).withFlags(IORING_SETUP_NO_MMAP);
        final int page = LibC.pageSize();
        assertThatThrownBy(() -> params.withMemory(ByteBuffer.allocate(65536)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("direct");
        assertThatThrownBy(() -> params.withMemory(Memory.allocate(65536, page).position(8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("page");
        assertThatThrownBy(() -> Uring.open(params.withMemory(Memory.allocate(page, page))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs");
    }

    @Test
    void shouldAnswerBadAddressesCleanly() {
        final ByteBuffer params = Memory.allocate(ParamsLayout.SIZE, 8);
        params.putInt(ParamsLayout.FLAGS, IORING_SETUP_NO_MMAP);
        assertThat(LibC.ioUringSetup(8, Memory.address(params))).isIn(-Errno.EFAULT, -Errno.EINVAL);
        params.putLong(ParamsLayout.SQ_USER_ADDR, 4097).putLong(ParamsLayout.CQ_USER_ADDR, 4097);
        assertThat(LibC.ioUringSetup(8, Memory.address(params))).isIn(-Errno.EFAULT, -Errno.EINVAL);
        params.putLong(ParamsLayout.SQ_USER_ADDR, 4096).putLong(ParamsLayout.CQ_USER_ADDR, 4096);
        assertThat(LibC.ioUringSetup(8, Memory.address(params))).isIn(-Errno.EFAULT, -Errno.EINVAL);
    }

    @Test
    void shouldGiveItsMappingsBack() throws Exception {
        final long before = mappings();
        for (int i = 0; i < 200; i++) {
            try (Uring ring = Uring.open(UringParams.of(8).withFlags(IORING_SETUP_NO_MMAP))) {
                work(ring, 1);
            }
        }
        assertThat(mappings()).isLessThan(before + 100);
    }

    private static long mappings() throws Exception {
        try (var lines = java.nio.file.Files.lines(java.nio.file.Path.of("/proc/self/maps"))) {
            return lines.count();
        }
    }
}
