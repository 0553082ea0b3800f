package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.RingCallback;
import dev.ringflow.buffer.BufferPool;
import dev.ringflow.buffer.BufferPoolOptions;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.file.RingFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who owns a buffer, under random cancels and leases that are closed in flight. Around the part that an operation may
 * fill there are canaries in each buffer; and the part itself is marked by its owner, who finds his mark unharmed until
 * his own operation starts: whatever the kernel still did for a former owner would show.
 */
public abstract class BufferOwnershipContract extends DriverContract {
    private static final byte CANARY = (byte) 0xC5;
    private static final byte MARK = (byte) 0x3A;
    private static final int SIZE = 512;
    private static final int FROM = 64;
    private static final int TO = 448;
    private static final int ROUNDS = 600;

    /** For subclasses. */
    protected BufferOwnershipContract() {}

    private interface Filling {
        void start(RingBuffer lease, RingCallback<Integer> callback);
    }

    private final class Trial {
        private final BufferPool pool;
        private final Random random;
        private final Filling filling;
        private final List<InFlight> inFlight = new ArrayList<>();

        Trial(BufferPool pool, Random random, Filling filling) {
            this.pool = pool;
            this.random = random;
            this.filling = filling;
        }

        void round() {
            RingBuffer lease = pool.acquire();
            ByteBuffer bytes = lease.byteBuffer();
            Bytes.fill(bytes, MARK);
            Bytes.fill(bytes.slice(0, FROM), CANARY);
            Bytes.fill(bytes.slice(TO, SIZE - TO), CANARY);
            if (random.nextInt(4) == 0) {
                onLoop(ring(), () -> null); // time for what is left of a former owner
                Bytes.assertAll(bytes, FROM, TO, MARK);
            }
            assertCanaries(bytes);
            bytes.position(FROM).limit(TO);
            InFlight operation = new InFlight(lease, new Recorder<>());
            filling.start(lease, operation.told);
            inFlight.add(operation);
            if (random.nextInt(3) == 0) {
                operation.closeLease();
            }
            if (random.nextInt(2) == 0) {
                inFlight.get(random.nextInt(inFlight.size())).told.cancel(ring());
            }
            if (inFlight.size() > 12) {
                settleDone();
            }
        }

        private void settleDone() {
            inFlight.removeIf(each -> each.told.outcome().isDone() && each.settle());
        }

        void end() {
            inFlight.forEach(each -> each.told.cancel(ring()));
            inFlight.forEach(each -> outcomeOf(each.told.outcome()));
            assertThat(inFlight).allMatch(InFlight::settle);
            eventually(() -> "all are back: " + pool, () -> pool.available() == pool.count());
            for (int i = pool.count(); i > 0; i--) {
                ByteBuffer bytes = pool.acquire().byteBuffer(); // never given back
                Bytes.assertAll(bytes, 0, FROM, bytes.get(0) == 0 ? 0 : CANARY);
                Bytes.assertAll(bytes, TO, SIZE, bytes.get(0) == 0 ? 0 : CANARY);
            }
        }
    }

    private static void assertCanaries(ByteBuffer bytes) {
        Bytes.assertAll(bytes, 0, FROM, CANARY);
        Bytes.assertAll(bytes, TO, SIZE, CANARY);
    }

    private static final class InFlight {
        private final RingBuffer lease;
        private final Recorder<Integer> told;
        private boolean leaseClosed;

        InFlight(RingBuffer lease, Recorder<Integer> told) {
            this.lease = lease;
            this.told = told;
        }

        void closeLease() {
            leaseClosed = true;
            lease.close();
        }

        boolean settle() {
            assertThat(told.told()).isOne();
            if (!leaseClosed) {
                ByteBuffer bytes = lease.byteBuffer();
                assertCanaries(bytes);
                Bytes.assertAll(bytes, Math.max(FROM, bytes.position()), TO, MARK);
                lease.close();
            }
            return true;
        }
    }

    private BufferPool pool(boolean registered) {
        return ring().bufferPool(BufferPoolOptions.builder()
                .bufferSize(SIZE)
                .slabSize(8)
                .initialSlabs(1)
                .maxSlabs(4)
                .registered(registered)
                .build());
    }

    @ParameterizedTest(name = "registered: {0}")
    @ValueSource(booleans = {true, false})
    void fileReadsWithRandomCancelsTouchNobodyElsesMemory(boolean registered) {
        RingFile file = await(ring().openFileAsync(Bytes.file(directory, "a", 100_000)));
        try (BufferPool pool = pool(registered)) {
            Random random = new Random(7);
            Trial trial = new Trial(pool, random, (lease, told) -> file.read(lease, random.nextInt(99_000), told));
            for (int i = 0; i < ROUNDS; i++) {
                trial.round();
            }
            trial.end();
        }
    }

    @ParameterizedTest(name = "registered: {0}")
    @ValueSource(booleans = {true, false})
    void receivesWithRandomCancelsTouchNobodyElsesMemory(boolean registered) throws IOException {
        try (BufferPool pool = pool(registered);
                TcpPair pair = TcpPair.accepted(ring())) {
            Random random = new Random(11);
            OutputStream theirs = pair.theirs().getOutputStream();
            Trial trial = new Trial(pool, random, (lease, told) -> pair.ours().receive(lease, told));
            for (int i = 0; i < ROUNDS; i++) {
                trial.round();
                if (random.nextInt(3) == 0) {
                    theirs.write(new byte[1 + random.nextInt(200)]);
                }
            }
            trial.end();
        }
    }
}
