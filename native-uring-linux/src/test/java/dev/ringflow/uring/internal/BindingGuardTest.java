package dev.ringflow.uring.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.annotations.SaveError;
import jnr.ffi.annotations.Variadic;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** JNR-FFI's x86-64 stubs pass garbage as the sixth integer argument: no binding may have exactly six. */
class BindingGuardTest {
    /** A method that has the fault, and one that goes round it. */
    public interface SixArguments {
        @SaveError
        @Variadic(fixedCount = 1)
        long syscall(long number, long address, long length, long protection, long flags, long fd);

        @SaveError
        long mmap(long address, long length, int protection, int flags, int fd, long offset);

        @SaveError
        int munmap(long address, long length);
    }

    /** The same with an object among the six. */
    public interface PointerAmongSix {
        @SaveError
        long mmap(@Nullable Pointer address, long length, int protection, int flags, int fd, long offset);
    }

    @Test
    void shouldBindNoFunctionWithSixNumericParameters() throws Exception {
        final List<Class<?>> bindings = bindings();
        assertThat(bindings).contains(LibC.Calls.class);

        assertThat(bindings.stream().flatMap(type -> Arrays.stream(type.getMethods())))
                .filteredOn(BindingGuardTest::hasSixNumericParameters)
                .isEmpty();
    }

    @Test
    void shouldFindTheFaultThatItGuardsAgainst() {
        assertThat(Arrays.stream(SixArguments.class.getMethods())
                        .filter(BindingGuardTest::hasSixNumericParameters)
                        .map(Method::getName))
                .containsExactlyInAnyOrder("syscall", "mmap");
        assertThat(Arrays.stream(PointerAmongSix.class.getMethods()).filter(BindingGuardTest::hasSixNumericParameters))
                .isEmpty();
    }

    /** Shows whether the fault is still there; the guard may go when it is not. */
    @Test
    void shouldShowThatTheSixthArgumentArrivesWhenItIsSafe() {
        final int anonymous = 0x22;
        final PointerAmongSix safe = LibraryLoader.create(PointerAmongSix.class).load("c");
        final long address = safe.mmap(null, 4096, 3, anonymous, -1, 0);
        assertThat(address).isPositive();
        assertThat(LibC.munmap(address, 4096)).isZero();

        assumeTrue("amd64".equals(System.getProperty("os.arch")), "the fault is of the x86-64 stubs");
        final SixArguments faulty = LibraryLoader.create(SixArguments.class).load("c");
        final long wrong = faulty.mmap(0, 4096, 3, anonymous, -1, 0);
        if (wrong != -1) {
            LibC.munmap(wrong, 4096);
        }
        System.out.println("JNR-FFI, six numeric arguments: "
                + (wrong == -1 ? "the sixth is garbage still" : "the sixth arrived; the guard may go"));
    }

    @Test
    void shouldCallWithSixAndSevenWords() {
        final long address = LibC.mmap(0, 8192, 3, 0x22, -1, 0);
        assertThat(address).isPositive();
        assertThat(LibC.munmap(address, 8192)).isZero();
        assertThat(LibC.mmap(0, 0, 3, 0x22, -1, 0)).isEqualTo(-22);
        assertThat(LibC.ioUringEnter(-1, 0, 0, 0)).isEqualTo(-9);
        assertThat(LibC.ioUringEnterExt(-1, 0, 0, 0, 0, 0)).isEqualTo(-9);
        assertThat(LibC.ioUringEnterExt(0, 0, 0, 8, 0, 0)).isLessThan(0);
    }

    private static boolean hasSixNumericParameters(final Method method) {
        return method.getParameterCount() == 6
                && Arrays.stream(method.getParameterTypes()).allMatch(BindingGuardTest::isNumeric);
    }

    private static boolean isNumeric(final Class<?> type) {
        return type.isPrimitive() || Number.class.isAssignableFrom(type);
    }

    /** Every interface of the module that JNR-FFI implements: those with its annotations. */
    private static List<Class<?>> bindings() throws Exception {
        final Path classes = Path.of(
                LibC.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Stream<Path> files = Files.walk(classes)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .map(file -> load(classes.relativize(file)))
                    .filter(Objects::nonNull)
                    .filter(Class::isInterface)
                    .filter(BindingGuardTest::isBinding)
                    .collect(Collectors.toList());
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }

    private static @Nullable Class<?> load(final Path file) {
        final String name = file.toString().replace('/', '.').replaceAll("\\.class$", "");
        try {
            return name.endsWith("-info") ? null : Class.forName(name, false, BindingGuardTest.class.getClassLoader());
        } catch (final ClassNotFoundException | NoClassDefFoundError e) {
            throw new AssertionError(name, e);
        }
    }

    private static boolean isBinding(final Class<?> type) {
        return Arrays.stream(type.getMethods())
                .flatMap(method -> Arrays.stream(method.getAnnotations()))
                .map(Annotation::annotationType)
                .anyMatch(annotation -> annotation.getName().startsWith("jnr.ffi"));
    }
}
