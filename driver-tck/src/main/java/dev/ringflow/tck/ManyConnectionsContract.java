package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.Ring;
import dev.ringflow.buffer.BufferGroup;
import dev.ringflow.buffer.BufferGroupOptions;
import dev.ringflow.net.IncomingOptions;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/**
 * Ten thousand connections at once, and half of them reset in the middle. Where the process may not open as many files,
 * or the machine does not get there soon, there are fewer. How many there were is printed.
 */
public abstract class ManyConnectionsContract extends DriverContract {
    private static final int WANTED = 10_000;
    private static final long LONGEST_OPENING = TimeUnit.SECONDS.toNanos(8);
    /** Far fewer than connections, which take turns. */
    private static final int BUFFERS = 512;

    private static final int BUFFER_SIZE = 256;
    /** More than one buffer holds. */
    private static final int LARGE = 3 * BUFFER_SIZE / 2;

    private static final int SMALL = 40;
    private static final long HEAP_SLACK = 8 << 20;

    private static final IntPredicate ALL = number -> true;
    private static final IntPredicate SURVIVORS = number -> number % 2 == 0;
    private static final IntPredicate VICTIMS = SURVIVORS.negate();
    private static final IntPredicate SUDDEN_VICTIMS = number -> number % 4 == 1;

    private final Queue<String> problems = new ConcurrentLinkedQueue<>();

    /** For subclasses. */
    protected ManyConnectionsContract() {}

    /**
     * How many connections there are to be.
     *
     * @return ten thousand, or fewer where that takes too long
     */
    protected int wanted() {
        return WANTED;
    }

    @Test
    void bytesStayApartOnTenThousandConnectionsOfWhichHalfAreReset() throws Exception {
        try (ManyConnectionsDescriptors descriptors = new ManyConnectionsDescriptors()) {
            int possible = descriptors.reserve(wanted());
            Ring near = ring();
            Ring far = open(options());
            BufferGroup nearGroup = group(near);
            BufferGroup farGroup = group(far);
            ManyConnectionsServer server = new ManyConnectionsServer(near, into(nearGroup), problems);
            ManyConnectionsClients clients = new ManyConnectionsClients(far, into(farGroup), problems);
            warmUp(near);
            Leftovers before = descriptors.now();
            long begin = System.nanoTime();
            int held = clients.open(server.listening().localAddress(), possible, LONGEST_OPENING);
            System.out.printf(
                    "%s: %d connections in %d ms%n",
                    driverName(), held, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
            reaches("accepted", server.accepted, held);
            echoOnAllAndLoseHalf(server, clients, held);
            finish(server, clients, held);
            assertAllIsBack(near, nearGroup, 1);
            assertAllIsBack(far, farGroup, 0);
            eventually(
                    () -> "descriptors are left: " + descriptors.now() + " after " + before,
                    () -> descriptors.now().isNoMoreThan(before));
        }
    }

    /** What a driver opens once, and what its accept has in flight, is there afterwards. */
    private static void warmUp(Ring ring) {
        try (StreamPair pair = StreamPair.of(ring, loopback())) {
            assertThat(StreamPair.reaches(pair.client(), pair.accepted())).isTrue();
        }
    }

    private void echoOnAllAndLoseHalf(ManyConnectionsServer server, ManyConnectionsClients clients, int held) {
        int survivors = (held + 1) / 2;
        int victims = held - survivors;
        clients.send(SMALL, ALL);
        reaches("echoed", clients.echoed, held);
        long heapOfAll = usedHeap();

        clients.sendAndReset(LARGE, VICTIMS, SUDDEN_VICTIMS);
        clients.send(LARGE, SURVIVORS);
        reaches("echoed while others are reset", clients.echoed, held + survivors);
        reaches("reset", clients.reset, victims);
        reaches("closed after a reset", server.closed, victims);

        clients.send(SMALL, SURVIVORS);
        reaches("echoed after the resets", clients.echoed, held + 2 * survivors);
        assertThat(usedHeap()).as("heap with half of the connections").isLessThan(heapOfAll + HEAP_SLACK);
    }

    private void finish(ManyConnectionsServer server, ManyConnectionsClients clients, int held) {
        clients.finish(SURVIVORS);
        reaches("closed in all", server.closed, held);
        clients.close();
        assertThat(problems).isEmpty();
        Ring ring = server.listening().ring();
        assertThat(onLoop(ring, () -> server.lost.stream().filter(VICTIMS).count()))
                .as("victims, all of them lost")
                .isEqualTo(held / 2);
        assertThat(onLoop(ring, () -> server.finished.stream().filter(SURVIVORS).count()))
                .as("survivors, all of them finished")
                .isEqualTo((held + 1) / 2);
    }

    private void reaches(String what, AtomicInteger counter, int expected) {
        eventually(
                () -> counter + " of " + expected + " are " + what,
                () -> counter.get() >= expected || !problems.isEmpty());
        assertThat(problems).isEmpty();
        assertThat(counter).as(what).hasValue(expected);
    }

    private static void assertAllIsBack(Ring ring, BufferGroup group, int listening) {
        eventually(() -> group + " has its buffers back", () -> group.held() == 0);
        eventually(
                () -> "all is closed, but " + ring.metrics(),
                () -> ring.metrics().openHandles() == listening);
        eventually(
                () -> "all is done, but " + ring.metrics(), () -> ring.metrics().inFlight() == listening);
        assertThat(ring.metrics().callbackFailures()).isZero();
    }

    private static BufferGroup group(Ring ring) {
        return ring.bufferGroup(BufferGroupOptions.builder()
                .count(BUFFERS)
                .bufferSize(BUFFER_SIZE)
                .build());
    }

    private static IncomingOptions into(BufferGroup group) {
        return IncomingOptions.builder().group(group).build();
    }

    private static long usedHeap() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }
}
