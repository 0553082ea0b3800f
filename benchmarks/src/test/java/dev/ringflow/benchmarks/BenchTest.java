package dev.ringflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.benchmarks.report.Figure;
import dev.ringflow.benchmarks.report.Metric;
import dev.ringflow.benchmarks.report.Report;
import dev.ringflow.benchmarks.report.ReportFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is typed, and what the comparison of two reports answers. */
class BenchTest {
    @TempDir
    Path directory = Path.of("");

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

    private String report(final String name, final double calls) throws IOException {
        final Path file = directory.resolve(name);
        final Figure figure = Figure.alone("echo", "RingFlow", true, Metric.CALLS, List.of(calls, calls));
        ReportFile.write(new Report(name, "", "", Map.of(), List.of(figure), List.of(), List.of()), file);
        return file.toString();
    }

    @Test
    void aRegressionEndsWithOneAndIsNamed() throws IOException {
        final int code = Bench.compare(List.of(report("old.json", 0.05), report("new.json", 0.5)), out);
        assertThat(code).isEqualTo(1);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("worse   echo | RingFlow | system calls", "1 figures compared, 1 became worse");
    }

    @Test
    void theSameOrBetterEndsWithZero() throws IOException {
        assertThat(Bench.compare(List.of(report("old.json", 0.5), report("new.json", 0.05)), out))
                .isZero();
    }

    @Test
    void aGreatToleranceForgives() throws IOException {
        final List<String> command =
                Bench.joined(report("old.json", 0.5), report("new.json", 0.6), "--tolerance", "30%");
        assertThat(Bench.compare(command, out)).isZero();
        assertThat(Bench.compare(command.subList(0, 2), out)).isEqualTo(1);
    }

    @Test
    void compareSaysWhatItNeeds() throws IOException {
        final String only = report("old.json", 1);
        assertThatThrownBy(() -> Bench.compare(List.of(only), out)).hasMessageContaining("needs two files");
        assertThatThrownBy(() -> Bench.compare(List.of(only, only, "--tollerance=5%"), out))
                .hasMessageContaining("--tollerance=5% is none of");
    }

    @Test
    void optionsTakeTheirValueAsTheNextWordToo() {
        assertThat(Bench.joined("echo", "--json", "a.json", "--quick", "--rounds=3"))
                .containsExactly("echo", "--json=a.json", "--quick", "--rounds=3");
        assertThatThrownBy(() -> Bench.joined("echo", "--html")).hasMessageContaining("--html needs a value");
    }

    @Test
    void helpNamesTheOptions() {
        assertThatThrownBy(() -> new Arguments("ringflow bench some", Set.of("rounds"), "--help"))
                .isInstanceOf(Arguments.HelpAsked.class)
                .hasMessage("ringflow bench some takes --html, --json, --quick, --rounds");
    }

    @Test
    void quickChangesDefaultsAndNotWhatIsTyped() {
        final Arguments quick = new Arguments("bench", Set.of("rounds"), "--quick");
        assertThat(quick.number("rounds", 9, 3)).isEqualTo(3);
        assertThat(new Arguments("bench", Set.of("rounds"), "--quick", "--rounds=5").number("rounds", 9, 3))
                .isEqualTo(5);
        assertThat(new Arguments("bench", Set.of("rounds")).number("rounds", 9, 3))
                .isEqualTo(9);
    }
}
