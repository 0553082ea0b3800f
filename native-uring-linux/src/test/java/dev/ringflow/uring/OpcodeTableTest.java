package dev.ringflow.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The table of opcodes in the documentation is made from the code: from what each prep function writes, from what its
 * Javadoc says, and from the tests that call it. {@code -Dtable.update=true} writes it anew.
 */
class OpcodeTableTest {
    private static final Path PAGE = Path.of("..", "docs-site", "src", "docs", "guide", "opcodes.md");
    private static final Path SOURCES = Path.of("src", "main", "java", "dev", "ringflow", "uring");
    private static final Path TESTS = Path.of("src", "test", "java", "dev", "ringflow", "uring");
    private static final int LAST_OPCODE = 64;

    /** What is left by a function that only adds to what another one prepared. */
    private static final int NONE = 255;

    private static final String HEAD = """
            # Opcodes

            Every request that io_uring knows, the methods of [[Sqe]] that prepare it, the kernel that brought each, and \
            the tests that run it against a real kernel. A method that takes addresses has a twin of the same name that \
            takes buffers, wherever a buffer can be checked.

            This page is made from the code by a test. Whether the running kernel has an opcode is what \
            `ring.getProbe()` of [[Uring]] says, never its version.

            | Number | Opcode | Methods, and since which Linux | Tests |
            |---|---|---|---|
            """;

    @BeforeAll
    static void requireSources() {
        assumeTrue(Files.isDirectory(SOURCES), "the sources are not here: the table cannot be made");
    }

    @Test
    void shouldHavePrepFunctionsForEveryOpcode() throws Exception {
        final Set<Integer> prepared = new TreeSet<>(functions().values());
        for (int opcode = 0; opcode <= LAST_OPCODE; opcode++) {
            assertThat(prepared)
                    .as("no prep function for %s", ConstantNames.opcode(opcode))
                    .contains(opcode);
        }
        assertThat(ConstantNames.opcode(LAST_OPCODE)).isEqualTo("URING_CMD128");
    }

    @Test
    void shouldTellTheKernelOfEveryPrepFunction() throws Exception {
        final Set<String> untold = new TreeSet<>(functions().keySet());
        untold.removeAll(kernels().keySet());
        assertThat(untold)
                .as("functions whose Javadoc says no \"Since Linux …\"")
                .isEmpty();
    }

    @Test
    void shouldTestEveryPrepFunction() throws Exception {
        final Set<String> untested = new TreeSet<>(functions().keySet());
        untested.removeAll(tests().keySet());
        assertThat(untested).as("functions that no test calls").isEmpty();
    }

    @Test
    void shouldHaveTheTableInTheDocumentation() throws Exception {
        final String page = page();
        if (Boolean.getBoolean("table.update")) {
            Files.writeString(PAGE, page);
        }
        assertThat(page)
                .as("the table of opcodes against %s; -Dtable.update=true rewrites it", PAGE)
                .isEqualTo(Files.readString(PAGE));
    }

    private static String page() throws Exception {
        final Map<String, Integer> functions = functions();
        final Map<String, String> kernels = kernels();
        final Map<String, Set<String>> tests = tests();
        final StringBuilder page = new StringBuilder(HEAD);
        for (int opcode = 0; opcode <= LAST_OPCODE; opcode++) {
            final int number = opcode;
            final Set<String> names = functions.entrySet().stream()
                    .filter(function -> function.getValue() == number)
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toCollection(TreeSet::new));
            page.append("| ")
                    .append(opcode)
                    .append(" | `")
                    .append(ConstantNames.opcode(opcode))
                    .append("` | ");
            page.append(names.stream()
                    .map(name -> '`' + name + "` " + kernels.get(name))
                    .collect(Collectors.joining(", ")));
            page.append(" | ");
            page.append(names.stream()
                    .map(tests::get)
                    .filter(Objects::nonNull)
                    .flatMap(Set::stream)
                    .distinct()
                    .sorted()
                    .collect(Collectors.joining(", ")));
            page.append(" |\n");
        }
        return page.toString();
    }

    /** The prep functions by name, with the opcode that each writes. */
    private static Map<String, Integer> functions() throws Exception {
        final Map<String, Integer> functions = new TreeMap<>();
        for (final Method method : Sqe.class.getMethods()) {
            if (method.getName().startsWith("prep")) {
                final int opcode = opcode(method);
                if (opcode != NONE) {
                    functions.put(method.getName(), opcode);
                }
            }
        }
        return functions;
    }

    private static int opcode(final Method method) throws Exception {
        final ByteBuffer slot = Memory.allocate(2 * SqeSlot.SIZE, 8);
        slot.put(SqeSlot.OPCODE, (byte) NONE);
        final Sqe sqe = new Sqe(slot.asLongBuffer(), new HeldMemory());
        try {
            method.invoke(
                    sqe,
                    Arrays.stream(method.getParameterTypes())
                            .map(OpcodeTableTest::anything)
                            .toArray());
        } catch (final InvocationTargetException e) {
            throw new AssertionError(method + " refuses zeros", e);
        }
        return Byte.toUnsignedInt(slot.get(SqeSlot.OPCODE));
    }

    private static Object anything(final Class<?> type) {
        if (type == int.class) {
            return 0;
        }
        if (type == long.class) {
            return 0L;
        }
        if (type == boolean.class) {
            return false;
        }
        if (type == ByteBuffer.class) {
            return Memory.allocate(4096, 8);
        }
        throw new AssertionError("a prep function with a parameter of " + type);
    }

    /** What the Javadoc says: the kernel that brought a function. */
    private static Map<String, String> kernels() throws IOException {
        final Pattern function =
                Pattern.compile("/\\*\\*((?:(?!\\*/).)*?)\\*/\\s*public (?:final )?void (prep\\w+)\\(", Pattern.DOTALL);
        final Pattern since = Pattern.compile("Since[\\s*]+Linux[\\s*]+(\\d+\\.\\d+)");
        final Map<String, String> kernels = new TreeMap<>();
        for (final Path source : javaFiles(SOURCES)) {
            final Matcher functions = function.matcher(Files.readString(source));
            while (functions.find()) {
                final Matcher kernel = since.matcher(functions.group(1));
                if (kernel.find()) {
                    kernels.merge(functions.group(2), kernel.group(1), OpcodeTableTest::older);
                }
            }
        }
        return kernels;
    }

    private static String older(final String a, final String b) {
        final int[] versionA =
                Arrays.stream(a.split("\\.")).mapToInt(Integer::parseInt).toArray();
        final int[] versionB =
                Arrays.stream(b.split("\\.")).mapToInt(Integer::parseInt).toArray();
        return Arrays.compare(versionA, versionB) <= 0 ? a : b;
    }

    /** The test classes that call each function. */
    private static Map<String, Set<String>> tests() throws IOException {
        final Pattern call = Pattern.compile("\\b(prep\\w+)\\(");
        final Map<String, Set<String>> tests = new TreeMap<>();
        for (final Path source : javaFiles(TESTS)) {
            final String name = source.getFileName().toString().replace(".java", "");
            if (name.endsWith("Test") && !name.equals("OpcodeTableTest")) {
                final Matcher calls = call.matcher(Files.readString(source));
                while (calls.find()) {
                    tests.computeIfAbsent(calls.group(1), function -> new TreeSet<>())
                            .add(name);
                }
            }
        }
        return tests;
    }

    private static Set<Path> javaFiles(final Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** Every opcode has a name: the constants are the kernel's own. */
    @Test
    void shouldNumberOpcodesWithoutAGap() throws Exception {
        final Set<Integer> numbers = new TreeSet<>();
        for (final Field field : UringConstants.class.getFields()) {
            if (field.getName().startsWith("IORING_OP_")) {
                assertThat(numbers.add(field.getInt(null))).as(field.getName()).isTrue();
            }
        }
        assertThat(numbers).hasSize(LAST_OPCODE + 1).contains(0, LAST_OPCODE);
    }
}
