package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.Ring;
import dev.ringflow.RingClosedException;
import dev.ringflow.RingGroup;
import dev.ringflow.RingOptions;
import dev.ringflow.UnknownDriverException;
import dev.ringflow.buffer.BufferPool;
import dev.ringflow.buffer.BufferPoolOptions;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.file.RingFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Rings that are opened and closed together, and one arena of registered memory for all of them. */
public abstract class RingGroupContract extends DriverContract {
    private static final BufferPoolOptions SMALL = BufferPoolOptions.builder()
            .bufferSize(4096)
            .slabSize(2)
            .initialSlabs(1)
            .maxSlabs(6)
            .build();

    /** For subclasses. */
    protected RingGroupContract() {}

    /**
     * Whether the kernel has a table that many regions fit in.
     *
     * @return true if each slab can be registered
     */
    protected boolean registersMany() {
        return false;
    }

    private RingGroup group(int count) {
        return RingGroup.open(options().build(), count);
    }

    @Test
    void ringsTakeTurns() {
        try (RingGroup group = group(3)) {
            assertThat(group.size()).isEqualTo(3);
            assertThat(new HashSet<>(group.rings())).hasSize(3);
            List<Ring> turns = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                turns.add(group.next());
            }
            List<Ring> twice = new ArrayList<>(group.rings());
            twice.addAll(group.rings());
            assertThat(turns).isEqualTo(twice);
            assertThat(group.rings()).allMatch(each -> each.driver().equals(driverName()));
        }
        try (RingGroup group = RingGroup.open(options().build())) {
            assertThat(group.size()).isEqualTo(Runtime.getRuntime().availableProcessors());
        }
    }

    @Test
    void wrongGroupsAreRefused() {
        assertThatThrownBy(() -> group(0)).isInstanceOf(IllegalArgumentException.class);
        RingOptions unknown = RingOptions.builder().driver("none such").build();
        assertThatThrownBy(() -> RingGroup.open(unknown, 2)).isInstanceOf(UnknownDriverException.class);
    }

    @Test
    void closingTheGroupClosesEachRing() {
        RingGroup group = group(2);
        group.close();
        group.close();
        assertThat(group.closeAsync()).isCompleted();
        assertThat(group.rings())
                .allSatisfy(each -> assertThatThrownBy(() -> each.execute(() -> {}))
                        .isInstanceOf(RejectedExecutionException.class));
        assertThatThrownBy(() -> group.bufferPool(SMALL)).isInstanceOf(RingClosedException.class);
    }

    @Test
    void groupClosedOnALoopThreadDoesNotWaitForItself() {
        RingGroup group = group(2);
        onLoop(group.rings().get(1), () -> {
            group.close();
            return null;
        });
        await(group.closeAsync());
    }

    @Test
    void eachRingUsesTheSharedArena() {
        Path path = Bytes.file(directory, "a", 4096);
        try (RingGroup group = group(3);
                BufferPool pool = group.bufferPool(SMALL);
                RingBuffer lease = pool.acquire()) {
            boolean registered = ring().capabilities().registeredBuffers();
            assertThat(pool.isRegistered()).isEqualTo(registered);
            for (Ring each : group.rings()) {
                assertThat(lease.registeredIndex(each) >= 0).isEqualTo(registered);
                Bytes.fill(lease.byteBuffer(), (byte) 0);
                lease.byteBuffer().clear();
                RingFile file = await(each.openFileAsync(path));
                assertThat(await(file.readFullyAsync(lease, 0))).isEqualTo(4096);
                assertThat(Bytes.filled(lease.byteBuffer())).isEqualTo(Bytes.content(4096));
            }
            assertThat(lease.registeredIndex(ring())).as("a ring of its own").isEqualTo(-1);
        }
    }

    @Test
    void arenaGrowsForEachRingFromAnyLoop() {
        Path path = Bytes.file(directory, "a", 4096);
        try (RingGroup group = group(3);
                BufferPool pool = onLoop(group.rings().get(2), () -> group.bufferPool(SMALL))) {
            List<RingBuffer> leases = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                leases.add(onLoop(group.rings().get(i % 3), pool::tryAcquire));
            }
            assertThat(pool.statistics().slabs()).isEqualTo(6);
            if (registersMany()) {
                eventually(() -> pool.statistics() + " registered", pool::isRegistered);
            }
            for (Ring each : group.rings()) {
                RingFile file = await(each.openFileAsync(path));
                for (RingBuffer lease : leases) {
                    lease.byteBuffer().clear();
                    assertThat(await(file.readFullyAsync(lease, 0))).isEqualTo(4096);
                    assertThat(Bytes.filled(lease.byteBuffer())).isEqualTo(Bytes.content(4096));
                }
            }
            leases.forEach(RingBuffer::close);
        }
    }

    @Test
    void closedPoolsLeaveRoomInTheTablesOfAllRings() {
        try (RingGroup group = group(2)) {
            boolean registered = false;
            int pools = registersMany() ? 1100 : 20; // more than a table has places
            for (int i = 0; i < pools; i++) {
                try (BufferPool pool = group.bufferPool(SMALL)) {
                    pool.acquire().close();
                    registered = pool.isRegistered();
                }
            }
            assertThat(registered).isEqualTo(ring().capabilities().registeredBuffers());
        }
    }

    @Test
    void poolOutlivesARingOfItsGroup() {
        Path path = Bytes.file(directory, "a", 4096);
        try (RingGroup group = group(2)) {
            BufferPool pool = group.bufferPool(SMALL);
            await(group.rings().get(0).closeAsync());
            RingFile file = await(group.rings().get(1).openFileAsync(path));
            List<RingBuffer> leases = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                RingBuffer lease = pool.acquire();
                assertThat(await(file.readFullyAsync(lease, 0))).isEqualTo(4096);
                leases.add(lease);
            }
            leases.forEach(RingBuffer::close);
            pool.close();
            onLoop(group.rings().get(1), () -> null);
            assertThat(pool.statistics().registeredSlabs()).isZero();
        }
    }
}
