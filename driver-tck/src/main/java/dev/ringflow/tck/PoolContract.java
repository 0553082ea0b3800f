package dev.ringflow.tck;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.ringflow.buffer.BufferPool;
import dev.ringflow.buffer.BufferPoolOptions;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.file.RingFile;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pools that grow: slabs, registration, what happens when all is out, and what it costs. */
public abstract class PoolContract extends DriverContract {
    /** One lease is 24 bytes where references have 4, as in every heap below 32 GiB. */
    private static final int MOST_BYTES_OF_A_LEASE = 32;

    /** For subclasses. */
    protected PoolContract() {}

    /**
     * Whether the kernel has a table that many regions fit in.
     *
     * @return true if each slab can be registered
     */
    protected boolean registersMany() {
        return false;
    }

    private static BufferPoolOptions.Builder slabsOf(int buffers, int initial, int most) {
        return BufferPoolOptions.builder()
                .bufferSize(4096)
                .slabSize(buffers)
                .initialSlabs(initial)
                .maxSlabs(most);
    }

    private static List<RingBuffer> acquire(BufferPool pool, int count) {
        List<RingBuffer> leases = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            leases.add(pool.acquire());
        }
        return leases;
    }

    @Test
    void statisticsReadAsDocumented() {
        try (BufferPool pool = ring().bufferPool(BufferPoolOptions.defaults())) {
            List<RingBuffer> out = acquire(pool, 24);
            assertThat(pool.statistics()).hasToString("Slabs: 4/64, Buffers: 1000/1024 (97.7%), Fallbacks: 0 total");
            assertThat(pool.isRegistered()).isEqualTo(ring().capabilities().registeredBuffers());
            out.forEach(RingBuffer::close);
            assertThat(pool.statistics()).hasToString("Slabs: 4/64, Buffers: 1024/1024 (100.0%), Fallbacks: 0 total");
        }
    }

    @Test
    void poolGrowsWhenAllAreOutAndThenFallsBack() {
        try (BufferPool pool =
                ring().bufferPool(slabsOf(4, 1, 3).registered(false).build())) {
            List<RingBuffer> leases = acquire(pool, 4);
            assertThat(pool.statistics().slabs()).as("as long as one is enough").isEqualTo(1);
            leases.add(pool.tryAcquire());
            assertThat(pool.statistics()).hasToString("Slabs: 2/3, Buffers: 3/8 (37.5%), Fallbacks: 0 total");
            leases.addAll(acquire(pool, 7));
            assertThat(leases).allMatch(RingBuffer::isPooled);
            assertThat(pool.statistics()).hasToString("Slabs: 3/3, Buffers: 0/12 (0.0%), Fallbacks: 0 total");

            assertThat(pool.tryAcquire()).isNull();
            RingBuffer plain = pool.acquire();
            assertThat(plain.isPooled()).isFalse();
            assertThat(plain.byteBuffer().remaining()).isEqualTo(4096);
            assertThat(plain.registeredIndex(ring())).isEqualTo(-1);
            assertThat(pool.statistics()).hasToString("Slabs: 3/3, Buffers: 0/12 (0.0%), Fallbacks: 1 total");
            plain.close();
            assertThatThrownBy(plain::close).isInstanceOf(IllegalStateException.class);
            assertThat(pool.tryAcquire()).as("what was no slab's is nobody's").isNull();

            leases.forEach(RingBuffer::close);
            assertThat(pool.statistics()).hasToString("Slabs: 3/3, Buffers: 12/12 (100.0%), Fallbacks: 1 total");
            assertThat(pool.acquire().isPooled()).isTrue();
        }
    }

    @Test
    void eachSlabIsRegisteredOrItsLeasesAreCountedAsFallbacks() {
        try (BufferPool pool = ring().bufferPool(slabsOf(4, 2, 4).build())) {
            List<RingBuffer> leases = acquire(pool, 16);
            onLoop(ring(), () -> null);
            boolean registers = ring().capabilities().registeredBuffers();
            int registered = pool.statistics().registeredSlabs();
            assertThat(registered).isEqualTo(registersMany() ? 4 : registers ? 2 : 0);
            assertThat(leases.stream().filter(each -> each.registeredIndex(ring()) >= 0))
                    .hasSize(4 * registered);
            leases.forEach(RingBuffer::close);

            long before = pool.statistics().fallbacks();
            acquire(pool, 16).forEach(RingBuffer::close);
            assertThat(pool.statistics().fallbacks() - before).isEqualTo(registers ? 4 * (4 - registered) : 0);
        }
    }

    @Test
    void buffersOfEverySlabAndPlainOnesCarryFiles() {
        RingFile file = await(ring().openFileAsync(directory.resolve("a"), READ, WRITE, CREATE));
        try (BufferPool pool = ring().bufferPool(slabsOf(2, 2, 4).build())) {
            List<RingBuffer> leases = acquire(pool, 10);
            onLoop(ring(), () -> null);
            for (int i = 0; i < 10; i++) {
                RingBuffer lease = leases.get(i);
                Bytes.fill(lease.byteBuffer(), (byte) i);
                assertThat(await(file.writeFullyAsync(lease, i * 4096L))).isEqualTo(4096);
            }
            for (int i = 0; i < 10; i++) {
                RingBuffer lease = leases.get(9 - i);
                lease.byteBuffer().clear();
                assertThat(await(file.readFullyAsync(lease, i * 4096L))).isEqualTo(4096);
                Bytes.assertAll(lease.byteBuffer(), 0, 4096, (byte) i);
            }
            leases.forEach(RingBuffer::close);
            assertThat(pool.available()).isEqualTo(8);
        }
    }

    @Test
    void poolGrowsOnTheLoopThreadToo() {
        try (BufferPool pool = ring().bufferPool(slabsOf(2, 1, 8).build())) {
            List<RingBuffer> leases = onLoop(ring(), () -> {
                List<RingBuffer> all = acquire(pool, 16);
                assertThat(pool.statistics().registeredSlabs())
                        .as("at once, on the thread that owns the table")
                        .isEqualTo(registersMany() ? 8 : ring().capabilities().registeredBuffers() ? 1 : 0);
                return all;
            });
            assertThat(leases).hasSize(16).allMatch(RingBuffer::isPooled);
            leases.forEach(RingBuffer::close);
        }
    }

    @Test
    void leaseOfAFormerOwnerCanNeitherUseNorCloseTheNextOnes() {
        try (BufferPool pool = ring().bufferPool(64, 1)) {
            RingBuffer former = pool.acquire();
            former.close();
            RingBuffer next = pool.acquire();
            assertThatThrownBy(former::close).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(former::byteBuffer).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(former::kernelTakes).isInstanceOf(IllegalStateException.class);
            assertThat(pool.available()).isZero();
            assertThat(next.byteBuffer().remaining()).isEqualTo(64);
            next.close();
            assertThat(pool.available()).isOne();
        }
    }

    @Test
    void buffersOfWholePagesBeginOnPages() {
        try (BufferPool pool = ring().bufferPool(slabsOf(3, 1, 2).build())) {
            List<RingBuffer> leases = acquire(pool, 8);
            assertThat(leases.get(7).isPooled()).isFalse();
            assertThat(leases).allMatch(each -> each.byteBuffer().alignmentOffset(0, 4096) == 0);
            leases.forEach(RingBuffer::close);
        }
    }

    @Test
    void poolsThatWereClosedLeaveRoomInTheTable() {
        boolean first = false;
        boolean last = false;
        int pools = registersMany() ? 1100 : 20; // more than the table has places
        for (int i = 0; i < pools; i++) {
            try (BufferPool pool = ring().bufferPool(64, 1)) {
                first = i == 0 ? pool.isRegistered() : first;
                last = pool.isRegistered();
                if (i % 2 == 0) {
                    pool.acquire().close();
                }
            }
        }
        assertThat(last).isEqualTo(first).isEqualTo(ring().capabilities().registeredBuffers());
    }

    @Test
    void poolClosedWithLeasesOutLetsThemFinish() {
        RingFile file = await(ring().openFileAsync(Bytes.file(directory, "a", 4096)));
        BufferPool pool = ring().bufferPool(slabsOf(2, 1, 2).build());
        List<RingBuffer> leases = acquire(pool, 5);
        pool.close();
        for (RingBuffer each : leases) {
            assertThat(await(file.readAsync(each, 0))).isEqualTo(4096);
            assertThat(each.byteBuffer().get(4095)).isEqualTo(Bytes.at(4095));
            each.close();
            assertThatThrownBy(each::byteBuffer).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(pool::acquire).isInstanceOf(IllegalStateException.class);
        }
        onLoop(ring(), () -> null);
        assertThat(pool.statistics().registeredSlabs()).isZero();
        assertThat(pool).asString().contains("closed");
    }

    @Test
    void acquiringAndGivingBackAllocatesTheLeaseAlone() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (BufferPool pool = ring().bufferPool(BufferPoolOptions.defaults())) {
            int rounds = 50_000;
            long bytes = Long.MAX_VALUE;
            for (int i = 0; i < 3; i++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int j = 0; j < rounds; j++) {
                    RingBuffer one = pool.acquire();
                    RingBuffer two = pool.tryAcquire();
                    one.close();
                    java.util.Objects.requireNonNull(two).close();
                }
                bytes = Math.min(bytes, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat(bytes / (2 * rounds)).isLessThanOrEqualTo(MOST_BYTES_OF_A_LEASE);
        }
    }

    @Test
    void fourThousandBuffersCostLittle() throws IOException {
        assumeTrue(Files.exists(Path.of("/proc/self/status")), "no /proc here");
        ring();
        long direct = settledDirectMemory();
        long heap = usedHeap();
        long pinned = pinned();
        try (BufferPool pool = ring().bufferPool(BufferPoolOptions.builder()
                .bufferSize(2048)
                .slabSize(256)
                .initialSlabs(16)
                .maxSlabs(16)
                .build())) {
            assertThat(acquire(pool, 4096)).allMatch(RingBuffer::isPooled);
            long cost = usedHeap() - heap + directMemory() - direct + pinned() - pinned;
            assertThat(directMemory() - direct).isLessThan(9L << 20);
            assertThat(cost)
                    .as("heap, memory outside of it, and what is pinned, in bytes")
                    .isLessThan(100_000_000);
            assertThat(pool.statistics().fallbacks()).isZero();
        }
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** Once the collector has freed what earlier tests left. */
    private static long settledDirectMemory() {
        long[] last = {Long.MAX_VALUE, Long.MAX_VALUE};
        eventually("memory outside the heap stays as it is", () -> {
            System.gc();
            boolean settled = directMemory() == last[0] && last[0] == last[1];
            last[1] = last[0];
            last[0] = directMemory();
            return settled;
        });
        return last[0];
    }

    private static long directMemory() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(each -> each.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    /** Locked and pinned memory of the process, in bytes. */
    static long pinned() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(each -> each.startsWith("VmLck") || each.startsWith("VmPin"))
                    .mapToLong(each -> 1024 * Long.parseLong(each.replaceAll("[^0-9]", "")))
                    .sum();
        }
    }
}
