package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.Support;
import dev.ringflow.file.RingFile;
import dev.ringflow.spi.OpCode;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Where a file holds data and where it has holes. */
public abstract class FileHolesContract extends DriverContract {
    private static final long MIB = 1 << 20;

    /** For subclasses. */
    protected FileHolesContract() {}

    private RingFile file() {
        return await(ring().openFileAsync(
                        directory.resolve("a"),
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE_NEW));
    }

    private boolean tells() {
        return ring().capabilities().support(OpCode.NEXT_DATA) != Support.NONE;
    }

    @Test
    void dataAndHolesAreFoundWhereTheyAre() {
        Assumptions.assumeTrue(tells(), "the driver cannot tell holes");
        RingFile file = file();
        await(file.truncateAsync(8 * MIB));
        await(file.writeFullyAsync(Bytes.direct(Bytes.content(5000)), 2 * MIB));
        await(file.writeFullyAsync(Bytes.direct(Bytes.content(10)), 6 * MIB));
        await(file.syncAsync());
        long first = await(file.nextDataAsync(0));
        Assumptions.assumeTrue(first > 0, "the file system knows no holes");
        assertThat(first).isEqualTo(2 * MIB);
        assertThat(await(file.nextDataAsync(2 * MIB + 7))).isEqualTo(2 * MIB + 7);
        assertThat(await(file.nextHoleAsync(0))).isZero();
        assertThat(await(file.nextHoleAsync(2 * MIB))).isBetween(2 * MIB + 5000, 6 * MIB);
        assertThat(await(file.nextDataAsync(4 * MIB))).isEqualTo(6 * MIB);
        assertThat(await(file.nextDataAsync(7 * MIB))).isEqualTo(-1);
        assertThat(await(file.nextDataAsync(8 * MIB))).isEqualTo(-1);
        assertThat(await(file.nextHoleAsync(8 * MIB))).isEqualTo(-1);
        assertThat(await(file.nextDataAsync(1L << 50))).isEqualTo(-1);
    }

    @Test
    void fileWithoutHolesHasOneAtItsEnd() {
        Assumptions.assumeTrue(tells(), "the driver cannot tell holes");
        RingFile file = file();
        assertThat(await(file.nextDataAsync(0))).isEqualTo(-1);
        await(file.writeFullyAsync(Bytes.direct(Bytes.content(10_000)), 0));
        assertThat(await(file.nextDataAsync(0))).isZero();
        assertThat(await(file.nextHoleAsync(0))).isEqualTo(10_000);
    }

    @Test
    void driverThatCannotSaysSo() {
        Assumptions.assumeFalse(tells(), "the driver can");
        assertThat(failureOf(file().nextDataAsync(0)))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining(driverName())
                .hasMessageContaining("NEXT_DATA");
        assertThat(ring().capabilities().support(OpCode.NEXT_HOLE)).isEqualTo(Support.NONE);
    }

    @Test
    void negativePositionsAreRefused() {
        RingFile file = file();
        assertThatThrownBy(() -> file.nextDataAsync(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> file.nextHoleAsync(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
