package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.Ring;
import dev.ringflow.RingFuture;
import dev.ringflow.RingGroup;
import dev.ringflow.buffer.BufferGroup;
import dev.ringflow.buffer.BufferPool;
import dev.ringflow.buffer.ReceivedBuffer;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.file.RingFile;
import dev.ringflow.net.RingDatagramSocket;
import dev.ringflow.net.RingServerSocket;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What everything says of itself, in a debugger or a log: its name and state, and nothing that throws after the end. */
public abstract class DescriptionContract extends IncomingFixture {
    /** For subclasses. */
    protected DescriptionContract() {}

    @Test
    void ringTellsItsNameAndWhatIsInFlight() {
        Ring ring = open(options());
        assertThat(ring).hasToString("Ring[" + ring.name() + " (" + driverName() + ")[0 in flight, 0 open]]");
        RingServerSocket server = await(ring.listenAsync(loopback()));
        RingFuture<?> accept = server.acceptAsync();
        onLoop(ring, () -> null);
        assertThat(ring).hasToString("Ring[" + ring.name() + " (" + driverName() + ")[1 in flight, 1 open]]");
        await(ring.closeAsync());
        assertThat(accept).isDone();
        assertThat(ring).hasToString("Ring[" + ring.name() + " (" + driverName() + ")[closed]]");
    }

    @Test
    void poolsAndGroupsTellHowManyAreOut() throws IOException {
        BufferPool pool = ring().bufferPool(64, 2);
        RingBuffer lease = pool.acquire();
        assertThat(pool.toString()).startsWith("BufferPool[1/2 of 64 bytes");
        assertThat(lease.toString()).startsWith("RingBuffer[leased, 0 in flight");
        lease.close();
        assertThat(lease.toString()).startsWith("RingBuffer[given back");
        BufferGroup group = group(8, 16);
        try (TcpPair pair = TcpPair.accepted(ring())) {
            Hoarder hoarder = new Hoarder();
            pair.ours().receiveAll(into(group), hoarder);
            write(pair, 1);
            eventually("it came", () -> hoarder.size() == 1);
            assertThat(group).hasToString("BufferGroup[1 of 8 held, 16 bytes each]");
            ReceivedBuffer received = hoarder.hoard.get(0);
            assertThat(received.toString()).startsWith("ReceivedBuffer[retained");
            hoarder.release();
            assertThat(received.toString()).startsWith("ReceivedBuffer[given back");
        }
    }

    @Test
    void operationTellsItsCodeAndState() {
        String described = onLoop(ring(), () -> {
            Operation operation = ring().operation().opCode(OpCode.NOP);
            return operation.toString();
        });
        assertThat(described).startsWith("NOP[IDLE");
        assertThat(new Operation().toString()).isNotEmpty();
    }

    @Test
    void nothingThrowsAfterItsEndAndWhatCanBeClosedSaysSo() throws IOException {
        Ring ring = open(options());
        Map<String, Object> all = new LinkedHashMap<>();
        RingFile file = await(ring.openFileAsync(Bytes.file(directory, "a", 64)));
        RingServerSocket server = await(ring.listenAsync(loopback()));
        RingDatagramSocket datagrams = await(ring.bindAsync(loopback()));
        TcpPair pair = TcpPair.accepted(ring);
        BufferPool pool = ring.bufferPool(64, 2);
        BufferGroup group = ring.bufferGroup(dev.ringflow.buffer.BufferGroupOptions.builder()
                .count(8)
                .bufferSize(16)
                .build());
        all.put("file", file);
        all.put("server", server);
        all.put("datagrams", datagrams);
        all.put("socket", pair.ours());
        all.put("pool", pool);
        all.put("group", group);
        all.forEach((name, each) -> assertThat(each.toString()).as(name).doesNotContain("closed"));
        RingBuffer lease = pool.acquire();
        lease.close();
        pool.close();
        group.close();
        await(ring.closeAsync());
        pair.theirs().close();
        all.forEach((name, each) -> assertThat(each.toString()).as(name).contains("closed"));
        for (Object each : List.of(ring, lease, ring.metrics(), ring.capabilities(), ring.fileSystem())) {
            assertThat(each.toString()).isNotEmpty();
        }
    }

    @Test
    void groupOfRingsTellsEachOfThem() {
        RingGroup rings = RingGroup.open(options().build(), 2);
        assertThat(rings.toString())
                .contains(rings.rings().get(0).name())
                .contains(rings.rings().get(1).name());
        rings.close();
        assertThat(rings.toString()).contains("[closed]");
    }

    @Test
    void threadsOfARingAreCalledByItsName() {
        Ring ring = open(options().threadName("described"));
        String loop = onLoop(ring, () -> Thread.currentThread().getName());
        assertThat(ring.name()).matches("described-\\d+");
        assertThat(loop).isEqualTo(ring.name() + " (" + driverName() + ")");
        RingFile file = await(ring.openFileAsync(Bytes.file(directory, "a", 64)));
        await(file.syncAsync());
        assertThat(Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .filter(each -> each.startsWith("described-")))
                .contains(loop)
                .allMatch(each -> each.startsWith(loop));
    }
}
