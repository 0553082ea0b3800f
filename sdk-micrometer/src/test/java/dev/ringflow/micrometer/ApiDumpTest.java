package dev.ringflow.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jetbrains.kotlin.abi.tools.AbiFilters;
import org.jetbrains.kotlin.abi.tools.AbiTools;
import org.junit.jupiter.api.Test;

/** The public API is what the checked-in dump says; {@code -Dapi.update=true} rewrites the dump. */
class ApiDumpTest {
    private static final Path DUMP = Path.of("api", "ringflow-micrometer.api");
    private static final Path CLASSES = Path.of("target", "classes");
    private static final Path INTERNAL = Path.of("internal");

    @Test
    void shouldMatchTheCheckedInApi() throws IOException {
        String actual = publicApi();

        if (Boolean.getBoolean("api.update")) {
            Files.createDirectories(DUMP.getParent());
            Files.writeString(DUMP, actual);
        }

        assertThat(actual)
                .as("the public API against %s; -Dapi.update=true rewrites it", DUMP)
                .isEqualTo(Files.readString(DUMP));
    }

    private static String publicApi() throws IOException {
        StringBuilder dump = new StringBuilder();
        AbiTools.Companion.getInstance(AbiTools.class.getClassLoader())
                .printJvmDump(dump, exportedClasses(), AbiFilters.Companion.getEMPTY());
        return dump.toString();
    }

    private static List<File> exportedClasses() throws IOException {
        try (Stream<Path> files = Files.walk(CLASSES)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .filter(file -> !isInternal(file))
                    .map(Path::toFile)
                    .sorted()
                    .toList();
        }
    }

    private static boolean isInternal(Path file) {
        for (Path each : file) {
            if (each.equals(INTERNAL)) {
                return true;
            }
        }
        return false;
    }
}
