package dev.ringflow.tck;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.Ring;
import dev.ringflow.RingFuture;
import dev.ringflow.buffer.MirroredBuffer;
import dev.ringflow.file.RingFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The same pages twice: what goes over the end is one piece, in memory, in files, through sockets, between threads. */
public abstract class MirroredBufferContract extends DriverContract {
    /** For subclasses. */
    protected MirroredBufferContract() {}

    /** What mirrored memory comes in, in bytes: pages, of which Windows maps no fewer than sixteen. */
    private int unit() {
        int page = ring().unsafeDriver().memory().pageSize();
        return isOfWindows() ? 16 * page : page;
    }

    private MirroredBuffer create(int bytes) throws IOException {
        Ring ring = ring();
        assumeTrue(
                ring.capabilities().mirroredMemory(), () -> "the driver " + ring.driver() + " has no mirrored memory");
        return MirroredBuffer.create(ring, bytes);
    }

    /** Moves the place where the next byte goes, and leaves nothing to be read. */
    private static MirroredBuffer advanced(MirroredBuffer buffer, int bytes) {
        int left = bytes - 1;
        buffer.writableSpan();
        buffer.commit(1); // one byte keeps it from beginning anew
        buffer.writableSpan();
        buffer.commit(left);
        buffer.consume(left);
        buffer.writableSpan();
        buffer.consume(1);
        return buffer;
    }

    @Test
    void driverWithoutItSaysSo() {
        assumeFalse(ring().capabilities().mirroredMemory(), "this driver has it");
        for (ThrowingCallable each : new ThrowingCallable[] {
            () -> MirroredBuffer.create(ring(), 4096),
            () -> ring().unsafeDriver().memory().mirrored(4096)
        }) {
            assertThatThrownBy(each)
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining(driverName())
                    .hasMessageContaining("mirroredMemory");
        }
    }

    @Test
    void sizesAreWholePages() throws IOException {
        try (MirroredBuffer buffer = create(1)) {
            int page = unit();
            assertThat(buffer.capacity()).isEqualTo(page);
            assertThat(buffer.readable()).isZero();
            assertThat(buffer.writable()).isEqualTo(page);
            assertThat(buffer.writableSpan().remaining()).isEqualTo(page);
            assertThat(buffer.readableSpan().remaining()).isZero();
            assertThat(buffer).hasToString("MirroredBuffer[0/" + page + " bytes]");
        }
        try (MirroredBuffer buffer = create(100_000)) {
            assertThat(buffer.capacity()).isBetween(100_000, 200_000);
        }
        for (int wrong : new int[] {0, -1, 1 << 30, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> create(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void whatGoesInComesOutInOrderWhateverThePieces() throws IOException {
        int unit = unit();
        try (MirroredBuffer buffer = create(unit)) {
            Random random = new Random(3);
            long in = 0;
            long out = 0;
            for (int i = 0; i < 5000; i++) {
                ByteBuffer room = buffer.writableSpan();
                assertThat(room.remaining()).isEqualTo(buffer.writable()).isEqualTo(unit - (int) (in - out));
                int written = random.nextInt(room.remaining() + 1);
                for (int j = 0; j < written; j++) {
                    room.put(Bytes.at(in++));
                }
                buffer.commit(written);
                ByteBuffer content = buffer.readableSpan();
                assertThat(content.remaining()).isEqualTo(buffer.readable()).isEqualTo((int) (in - out));
                int read = random.nextInt(content.remaining() + 1);
                for (int j = 0; j < read; j++) {
                    byte next = content.get();
                    if (next != Bytes.at(out++)) {
                        assertThat(next).as("byte " + (out - 1)).isEqualTo(Bytes.at(out - 1));
                    }
                }
                buffer.consume(read);
            }
        }
    }

    @Test
    void wrapIsOneReadAndOneWriteOfAFile() throws IOException {
        int size = 4 * unit();
        RingFile in = await(ring().openFileAsync(Bytes.file(directory, "in", size + 10)));
        Path path = directory.resolve("out");
        RingFile out = await(ring().openFileAsync(path, READ, WRITE, CREATE));
        try (MirroredBuffer buffer = create(size)) {
            advanced(buffer, size - 2000);
            ByteBuffer room = buffer.writableSpan();
            assertThat(room.remaining()).isEqualTo(size);
            assertThat(await(in.readAsync(room, 5))).isEqualTo(size);
            assertThat(room.hasRemaining()).isFalse();
            buffer.commit(size);
            assertThat(buffer.writableSpan().remaining()).isZero();

            ByteBuffer content = buffer.readableSpan();
            assertThat(content.get(size - 1)).as("behind the end").isEqualTo(Bytes.at(5 + size - 1));
            assertThat(await(out.writeAsync(content, 0))).isEqualTo(size);
            buffer.consume(size);
        }
        byte[] written = Files.readAllBytes(path);
        assertThat(written).hasSize(size);
        for (int i = 0; i < written.length; i++) {
            assertThat(written[i]).isEqualTo(Bytes.at(5 + i));
        }
    }

    @Test
    void streamOfASocketGoesThroughToAFile() throws IOException {
        int total = 300_000;
        Path path = directory.resolve("out");
        RingFile out = await(ring().openFileAsync(path, WRITE, CREATE));
        try (MirroredBuffer buffer = create(8192);
                TcpPair pair = TcpPair.accepted(ring())) {
            CompletableFuture<Void> sending = OwnThread.run(() -> send(pair, total));
            long written = 0;
            for (int received = 0; received < total || buffer.readable() > 0; ) {
                if (received < total && buffer.writable() > 0) {
                    int bytes = await(pair.ours().receiveAsync(buffer.writableSpan()));
                    buffer.commit(bytes);
                    received += bytes;
                }
                ByteBuffer some = buffer.readableSpan();
                some.limit(Math.min(some.limit(), received < total ? 5000 : some.limit()));
                int bytes = await(out.writeAsync(some, written));
                buffer.consume(bytes);
                written += bytes;
            }
            await(sending);
        }
        assertThat(path).hasBinaryContent(Bytes.content(total));
    }

    private static void send(TcpPair pair, int total) {
        try {
            pair.theirs().getOutputStream().write(Bytes.content(total));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void emptyOneBeginsAnewAtItsBeginning() throws IOException {
        try (MirroredBuffer buffer = create(4096)) {
            ByteBuffer beginning = buffer.writableSpan();
            buffer.commit(100);
            buffer.consume(50);
            assertThat(buffer.readable()).isEqualTo(50);
            buffer.consume(50);
            ByteBuffer again = buffer.writableSpan();
            again.put(0, (byte) 7);
            assertThat(beginning.get(0)).as("the same memory").isEqualTo((byte) 7);
        }
    }

    @Test
    void roomThatIsOutStaysWhereItIsWhenTheRestIsConsumed() throws IOException {
        try (MirroredBuffer buffer = create(unit())) {
            buffer.commit(10);
            ByteBuffer out = buffer.writableSpan();
            buffer.consume(10);
            assertThat(buffer.writableSpan().remaining()).isEqualTo(buffer.capacity());
            out.put(0, (byte) 9);
            buffer.commit(1);
            assertThat(buffer.readableSpan().get(0)).isEqualTo((byte) 9);
        }
    }

    @Test
    void moreThanThereIsIsRefused() throws IOException {
        try (MirroredBuffer buffer = create(1)) {
            assertThatThrownBy(() -> buffer.commit(buffer.capacity() + 1))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> buffer.commit(-1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> buffer.consume(1)).isInstanceOf(IndexOutOfBoundsException.class);
            buffer.commit(buffer.capacity() - 96);
            assertThatThrownBy(() -> buffer.commit(97)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> buffer.consume(buffer.capacity() - 95))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> buffer.consume(-1)).isInstanceOf(IndexOutOfBoundsException.class);
            ByteBuffer span = buffer.writableSpan();
            assertThatThrownBy(() -> span.put(96, (byte) 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> span.limit(97)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void producerAndConsumerMayBeTwoThreads() throws IOException {
        int total = 2_000_000;
        try (MirroredBuffer buffer = create(4096)) {
            CompletableFuture<Void> producer = OwnThread.run(() -> produce(buffer, total));
            int out = 0;
            while (out < total) {
                ByteBuffer content = buffer.readableSpan();
                int bytes = content.remaining();
                while (content.hasRemaining()) {
                    byte next = content.get();
                    if (next != Bytes.at(out)) {
                        assertThat(next).as("byte " + out).isEqualTo(Bytes.at(out));
                    }
                    out++;
                }
                buffer.consume(bytes);
                if (bytes == 0) {
                    assertThat(producer).isNotCompletedExceptionally();
                    LockSupport.parkNanos(1000);
                }
            }
            await(producer);
        }
    }

    private static void produce(MirroredBuffer buffer, int total) {
        Random random = new Random(5);
        for (int in = 0; in < total; ) {
            ByteBuffer room = buffer.writableSpan();
            int bytes = Math.min(Math.min(room.remaining(), 1 + random.nextInt(3000)), total - in);
            for (int i = 0; i < bytes; i++) {
                room.put(Bytes.at(in++));
            }
            buffer.commit(bytes);
            if (bytes == 0) {
                LockSupport.parkNanos(1000);
            }
        }
    }

    @Test
    void closedOneIsRefusedAndItsSpansDoNoHarm() throws IOException {
        MirroredBuffer buffer = create(4096);
        ByteBuffer room = buffer.writableSpan();
        room.put(5, (byte) 1);
        buffer.commit(100);
        ByteBuffer content = buffer.readableSpan();
        assertThat(content.get(5)).isEqualTo((byte) 1);
        buffer.close();
        buffer.close();
        for (ThrowingCallable each : new ThrowingCallable[] {
            buffer::writableSpan, buffer::readableSpan, () -> buffer.commit(1), () -> buffer.consume(1)
        }) {
            assertThatThrownBy(each).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
        }
        assertThat(content.get(5)).as("the pages are gone").isZero();
        room.put(5, (byte) 2);
        assertThat(buffer).asString().contains("closed");
    }

    @Test
    void closedUnderAnOperationHarmsNobody() throws IOException {
        MirroredBuffer buffer = create(4096);
        try (TcpPair pair = TcpPair.accepted(ring())) {
            RingFuture<Integer> receive = pair.ours().receiveAsync(buffer.writableSpan());
            onLoop(ring(), () -> null);
            buffer.close();
            pair.theirs().getOutputStream().write(Bytes.content(4096));
            assertThat(await(receive)).isPositive();
        }
    }

    @Test
    void pagesAreGivenBackOnCloseAndToTheCollector() throws IOException {
        assumeFalse(isOfWindows(), "on Windows the views stay until nobody can look there any more");
        assumeTrue(Files.exists(Path.of("/proc/self/maps")), "no /proc here");
        MirroredBuffer buffer = create(4096);
        long before = mapped();
        assertThat(before).isGreaterThanOrEqualTo(2);
        ByteBuffer span = buffer.writableSpan();
        buffer.close();
        assertThat(mapped()).isEqualTo(before - 2);
        span.put(0, (byte) 1);

        create(4096).commit(1);
        eventually("the collector frees what nobody closed", () -> {
            System.gc();
            return mapped() == 0;
        });
    }

    /** How many mappings are of mirrored memory. */
    private static long mapped() {
        try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(each -> each.contains("ringflow-mirrored")).count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
