package dev.ringflow.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportFileTest {
    @TempDir
    Path directory = Path.of("");

    private static Report whole() {
        final Figure base = Figure.alone("a \"b\"", "C\\é\n", false, Metric.CPU, List.of(2.0, 4.0));
        final Figure ours = Figure.alone("a \"b\"", "ours", true, Metric.CPU, List.of(1.0, Double.NaN, 3.5));
        return new Report(
                "echo",
                "./ringflow bench echo --quick",
                "2026-01-01T00:00:00Z",
                Map.of("Java", "17"),
                List.of(base, ours.over(base)),
                List.of(new Curve("a", "ours", true, List.of(new Curve.Point(0.5, 12.5), new Curve.Point(0.99, 80)))),
                List.of(new Absence("a", "peer", "does not start")));
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        final Path file = directory.resolve("new").resolve("echo.json");
        ReportFile.write(whole(), file);
        assertThat(ReportFile.read(file)).isEqualTo(whole());
    }

    @Test
    void controlCharactersAreEscaped() {
        assertThat(ReportFile.text(whole())).contains("\"C\\\\é\\u000a\"", "\"a \\\"b\\\"\"");
    }

    @Test
    void mediansAndSpreadsAreThereForOtherReaders() {
        assertThat(ReportFile.text(Reports.of(Reports.counted(Metric.HEAP, 96.0, 100.0, 97.0))))
                .contains(
                        "\"median\": 97,", "\"minimum\": 96,", "\"maximum\": 100,", "\"mad\": 1,", "\"counted\": true");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "[]", "{\"format\": 2}", "{\"format\": 1}", "{\"a\": 1,}", "nul", "{} {}", "\"\\u00"})
    void whatIsNoReportIsRefusedWithItsName(final String text) throws IOException {
        final Path file = Files.writeString(directory.resolve("other.json"), text);
        assertThatThrownBy(() -> ReportFile.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("other.json is no report of ringflow bench");
    }

    @Test
    void severalReportsBecomeOne() {
        final Report merged = Report.merge(
                "all", "./ringflow bench all", List.of(whole(), Reports.of(Reports.ratios(Metric.SPEED, 1.0))));
        assertThat(merged.benchmarks()).containsExactly("a \"b\"", "bench", "a");
        assertThat(merged.machine()).containsEntry("Java", "17");
    }
}
