package dev.ringflow.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.windows.internal.Libraries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares numbers with the headers of mingw-w64: each expectation becomes a static assertion of a C program, which the cross
 * compiler either takes or not. Nothing is run. Public for the tests of all packages.
 */
public final class MingwHeaders {
    private static final String COMPILER = "x86_64-w64-mingw32-gcc";

    private final StringBuilder program = new StringBuilder("#define WIN32_LEAN_AND_MEAN\n#include <stddef.h>\n");
    private int count;

    /** Skips the test where the compiler is missing. */
    public static void require() {
        assumeFalse(Libraries.isWindows(), "the headers are compared on Linux");
        assumeTrue(isPresent(), "no " + COMPILER + ": numbers are not compared with the headers of Windows");
    }

    private static boolean isPresent() {
        try {
            Simulators.run(COMPILER, "--version");
            return true;
        } catch (final IOException e) {
            return false;
        }
    }

    /** Includes a header, after those included before. */
    public MingwHeaders include(final String header) {
        program.append("#include <").append(header).append(">\n");
        return this;
    }

    /** Any line of C. */
    public MingwHeaders line(final String line) {
        program.append(line).append('\n');
        return this;
    }

    /** An integer constant, compared as 64 bits, or its lower 32 if the expected one is an int below zero. */
    public MingwHeaders constant(final String expression, final long value) {
        program.append("_Static_assert((unsigned int)(")
                .append(expression)
                .append(") == ")
                .append(value & 0xFFFF_FFFFL)
                .append("u, \"")
                .append(expression.replace("\"", ""))
                .append(" is not ")
                .append(value)
                .append("\");\n");
        count++;
        return this;
    }

    /** Size of a type. */
    public MingwHeaders size(final String type, final int size) {
        return constant("sizeof(" + type + ")", size);
    }

    /** Offset of a member. */
    public MingwHeaders offset(final String type, final String member, final int offset) {
        return constant("offsetof(" + type + ", " + member + ")", offset);
    }

    /** Compiles; fails with what does not match. */
    public int compare() throws IOException {
        final Path source = Files.createTempFile("ringflow", ".c");
        try {
            Files.writeString(source, program);
            final List<String> command = new ArrayList<>(List.of(
                    COMPILER, "-std=c11", "-fsyntax-only", "-D_WIN32_WINNT=0x0A00", "-DNTDDI_VERSION=0x0A00000C"));
            command.add(source.toString());
            assertThat(Simulators.run(command.toArray(new String[0]))).isEmpty();
        } finally {
            Files.delete(source);
        }
        return count;
    }
}
