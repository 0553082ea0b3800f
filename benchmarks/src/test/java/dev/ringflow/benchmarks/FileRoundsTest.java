package dev.ringflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.benchmarks.report.Absence;
import dev.ringflow.benchmarks.report.Report;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A peer that does not work is named, and keeps nobody else from being measured. */
class FileRoundsTest {
    @TempDir
    Path directory = Path.of("");

    /** Takes as long as it is told; one that is to fail fails in the round that it is told. */
    private static final class Fake implements FileSide {
        private final String name;
        private final boolean ours;
        private final double perSecond;
        private final int failsAt;
        private int round;
        private boolean closed;

        Fake(final String name, final boolean ours, final double perSecond, final int failsAt) {
            this.name = name;
            this.ours = ours;
            this.perSecond = perSecond;
            this.failsAt = failsAt;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public boolean isOurs() {
            return ours;
        }

        @Override
        public FileCost measure(final int millis) throws IOException {
            if (++round == failsAt) {
                throw new IOException(name + " is broken");
            }
            return new FileCost(perSecond, 1e9 / perSecond, 0, Double.NaN);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @Test
    void aPeerThatFailsIsLeftOutWithItsReason() throws Exception {
        final FileRounds table = new FileRounds();
        final FileSide base = table.add(new Fake("pread", false, 100, 0));
        table.add(new Fake("RingFile", true, 150, 0), base, 0);
        final Fake broken = new Fake("peer", false, 100, 1);
        table.addPeer("peer", () -> broken, base);
        table.addPeer(
                "another",
                () -> {
                    throw new UnsatisfiedLinkError("no library");
                },
                base);
        table.run(1, 3, 0);
        final Findings findings =
                new Findings("some", new Arguments("", Set.of("directory"), "--directory=" + directory));
        table.report(findings, "bench");
        final Report report = findings.report();
        assertThat(report.absent())
                .containsExactlyInAnyOrder(
                        new Absence("bench", "peer", "peer is broken"), new Absence("bench", "another", "no library"));
        assertThat(broken.closed).isTrue();
        assertThat(report.figures()).extracting(each -> each.subject()).doesNotContain("peer");
        assertThat(report.figures())
                .filteredOn(each -> each.subject().equals("RingFile")
                        && each.metric().name().equals("speed"))
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.reference()).isEqualTo("pread");
                    assertThat(each.ratios()).containsExactly(1.5, 1.5, 1.5);
                });
        final ByteArrayOutputStream printed = new ByteArrayOutputStream();
        table.print(new PrintStream(printed, true, StandardCharsets.UTF_8), "of pread");
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("not measured: peer is broken");
    }

    @Test
    void ourOwnFailureEndsTheBenchmark() {
        final FileRounds table = new FileRounds();
        table.add(new Fake("RingFile", true, 100, 1));
        assertThatThrownBy(() -> table.run(1, 3, 0)).hasMessage("RingFile is broken");
    }

    @Test
    void savedCallsAreAShareOfTheOthers() throws Exception {
        final FileRounds table = new FileRounds();
        final FileSide all = table.add(new Calls(2));
        final FileSide few = table.add(new Calls(0.1));
        table.run(0, 2, 0);
        assertThat(table.savedCalls(few, all)).containsExactly(95.0, 95.0);
    }

    private record Calls(double each) implements FileSide {
        @Override
        public String name() {
            return "calls " + each;
        }

        @Override
        public FileCost measure(final int millis) {
            return new FileCost(100, 1, 0, each);
        }

        @Override
        public void close() {}
    }
}
