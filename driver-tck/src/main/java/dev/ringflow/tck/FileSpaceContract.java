package dev.ringflow.tck;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.RingException;
import dev.ringflow.RingFuture;
import dev.ringflow.Support;
import dev.ringflow.file.DirectIoAlignment;
import dev.ringflow.file.FileAdvice;
import dev.ringflow.file.FileStat;
import dev.ringflow.file.RingFile;
import dev.ringflow.spi.OpCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The space that parts of files take, hints about them, and what direct I/O needs. */
public abstract class FileSpaceContract extends DriverContract {
    private static final int MIB = 1 << 20;

    /** For subclasses. */
    protected FileSpaceContract() {}

    private RingFile existing(int length) {
        return await(ring().openFileAsync(Bytes.file(directory, "a", length), READ, WRITE));
    }

    /** Goes on where the driver can do it; elsewhere it has to say so, and the test is over. */
    private void needs(OpCode code, RingFuture<@Nullable Void> tried) {
        if (ring().capabilities().support(code) == Support.NONE) {
            assertThat(failureOf(tried))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining(driverName())
                    .hasMessageContaining(code.name());
            Assumptions.abort(driverName() + " has no " + code + ", and says so");
        }
        Throwable refused = outcomeOf(tried).orElse(null);
        Assumptions.assumeFalse(
                refused instanceof RingException known && known.codeName().equals("EOPNOTSUPP"),
                "this file system has no " + code);
        assertThat(refused).isNull();
    }

    @Test
    void allocatedSpaceExtendsTheFileWithZerosAndKeepsWhatIsThere() throws IOException {
        RingFile file = existing(1000);
        needs(OpCode.ALLOCATE, file.allocateAsync(500, MIB));
        FileStat stat = await(file.statAsync());
        assertThat(stat.size()).isEqualTo(500 + MIB);
        assertThat(stat.allocated()).isGreaterThanOrEqualTo(MIB);
        assertThat(Files.readAllBytes(file.path())).isEqualTo(Arrays.copyOf(Bytes.content(1000), 500 + MIB));
    }

    @Test
    void allocatedSpaceBehindTheEndLeavesTheSizeIfWanted() {
        RingFile file = existing(1000);
        needs(OpCode.ALLOCATE, file.allocateKeepingSizeAsync(0, MIB));
        FileStat stat = await(file.statAsync());
        assertThat(stat.size()).isEqualTo(1000);
        assertThat(stat.allocated()).isGreaterThanOrEqualTo(MIB);
    }

    @Test
    void holeReadsAsZerosAndGivesItsSpaceBack() throws IOException {
        RingFile file = existing(4 * MIB);
        await(file.syncAsync());
        long before = await(file.statAsync()).allocated();
        needs(OpCode.PUNCH_HOLE, file.punchHoleAsync(MIB + 1, 2 * MIB));
        byte[] expected = Bytes.content(4 * MIB);
        Arrays.fill(expected, MIB + 1, 3 * MIB + 1, (byte) 0);
        assertThat(Files.readAllBytes(file.path())).isEqualTo(expected);
        FileStat stat = await(file.statAsync());
        assertThat(stat.size()).isEqualTo(4 * MIB);
        assertThat(stat.allocated()).isLessThanOrEqualTo(before - MIB);
    }

    @Test
    void holeBehindTheEndLeavesTheSize() {
        RingFile file = existing(100);
        needs(OpCode.PUNCH_HOLE, file.punchHoleAsync(50, 1L << 40));
        assertThat(await(file.sizeAsync())).isEqualTo(100);
        ByteBuffer in = Bytes.direct(100);
        await(file.readFullyAsync(in, 0));
        Bytes.assertAll(in, 50, 100, (byte) 0);
        assertThat(in.get(49)).isEqualTo(Bytes.at(49));
    }

    @Test
    void everyAdviceIsTakenForShortAndLongParts() {
        RingFile file = existing(MIB);
        needs(OpCode.ADVISE, file.adviseAsync(0, 1, FileAdvice.NORMAL));
        for (FileAdvice each : FileAdvice.values()) {
            await(file.adviseAsync(0, 4096, each));
            await(file.adviseAsync(4096, 0xFFFF_FFFFL, each));
            await(file.adviseAsync(0, 1L << 32, each));
            await(file.adviseAsync(1L << 40, Long.MAX_VALUE - (1L << 40), each));
        }
        ByteBuffer in = Bytes.direct(MIB);
        await(file.readFullyAsync(in, 0));
        assertThat(Bytes.filled(in)).isEqualTo(Bytes.content(MIB));
    }

    @Test
    void partsAreSyncedWhateverTheirLength() {
        RingFile file = existing(MIB);
        await(file.writeFullyAsync(Bytes.direct(Bytes.content(MIB)), 0));
        await(file.syncRangeAsync(0, 1));
        await(file.syncRangeAsync(4097, 100_000));
        await(file.syncRangeAsync(0, 0xFFFF_FFFFL));
        await(file.syncRangeAsync(5, 1L << 32));
        await(file.syncRangeAsync(1L << 40, Long.MAX_VALUE - (1L << 40)));
    }

    @Test
    void statTellsTheTimeOfBirthWhereTheSystemKeepsIt() throws IOException {
        RingFile file = existing(10);
        FileStat stat = await(file.statAsync());
        if (stat.created() != null) {
            assertThat(stat.created()).isBeforeOrEqualTo(stat.modified());
            assertThat(stat.created())
                    .isEqualTo(((java.nio.file.attribute.FileTime) Files.getAttribute(file.path(), "creationTime"))
                            .toInstant());
        }
    }

    @Test
    void alignmentForDirectIoIsTold() {
        RingFile file = existing(10);
        DirectIoAlignment alignment = await(file.directIoAlignmentAsync());
        if (alignment.isSupported()) {
            assertThat(Integer.bitCount(alignment.memory())).isOne();
            assertThat(Integer.bitCount(alignment.position())).isOne();
            assertThat(alignment.position()).isBetween(1, 1 << 20);
        } else {
            assertThat(alignment).isEqualTo(new DirectIoAlignment(0, 0));
        }
    }

    @Test
    void rangesThatCannotBeAreRefusedAtOnce() {
        RingFile file = existing(10);
        long[][] wrong = {{-1, 1}, {0, 0}, {0, -1}, {1, Long.MAX_VALUE}, {Long.MIN_VALUE, 5}};
        for (long[] range : wrong) {
            assertThatThrownBy(() -> file.syncRangeAsync(range[0], range[1]))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> file.allocateAsync(range[0], range[1]))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> file.punchHoleAsync(range[0], range[1]))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> file.adviseAsync(range[0], range[1], FileAdvice.NORMAL))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        RingFile readOnly = await(ring().openFileAsync(file.path()));
        assertThatThrownBy(() -> readOnly.allocateAsync(0, 1)).isInstanceOf(NonWritableChannelException.class);
        assertThatThrownBy(() -> readOnly.allocateKeepingSizeAsync(0, 1))
                .isInstanceOf(NonWritableChannelException.class);
        assertThatThrownBy(() -> readOnly.punchHoleAsync(0, 1)).isInstanceOf(NonWritableChannelException.class);
    }

    @Test
    void closedFileFailsTheFuture() {
        RingFile file = existing(10);
        await(file.closeAsync());
        List.of(
                        file.syncRangeAsync(0, 1),
                        file.allocateAsync(0, 1),
                        file.punchHoleAsync(0, 1),
                        file.adviseAsync(0, 1, FileAdvice.WILL_NEED))
                .forEach(each -> assertThat(failureOf(each)).isInstanceOf(ClosedChannelException.class));
        assertThat(failureOf(file.directIoAlignmentAsync())).isInstanceOf(ClosedChannelException.class);
        assertThat(failureOf(file.readAsync(Bytes.direct(1)))).isInstanceOf(ClosedChannelException.class);
        assertThat(failureOf(file.appendAsync(Bytes.direct(1)))).isInstanceOf(ClosedChannelException.class);
        assertThat(failureOf(file.readAsync(new ByteBuffer[] {Bytes.direct(1), ByteBuffer.allocate(1)}, 0)))
                .isInstanceOf(ClosedChannelException.class);
    }
}
