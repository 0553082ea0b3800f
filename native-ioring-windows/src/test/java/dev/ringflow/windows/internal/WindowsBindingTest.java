package dev.ringflow.windows.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jnr.ffi.Pointer;
import jnr.ffi.annotations.LongLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What no binding may have: a {@code long} without {@code @LongLong}, which has 32 bits on Windows, and six numeric parameters,
 * of which JNR-FFI's x86-64 stubs pass a wrong sixth.
 */
class WindowsBindingTest {
    /** Methods with each fault, and one without. */
    public interface Faulty {
        @LongLong
        long bare(long value);

        long answer(@LongLong long value);

        @LongLong
        long six(int a, int b, int c, int d, int e, @LongLong long f);

        @LongLong
        long whole(int a, int b, int c, int d, Pointer e, @LongLong long f);
    }

    @Test
    void shouldBindEvery64BitValueAsSuch() throws Exception {
        final List<Class<?>> bindings = bindings();
        assertThat(bindings)
                .contains(
                        Kernel32.Calls.class,
                        Ws2_32.Calls.class,
                        IoRingCalls.class,
                        IoRingX64Calls.class,
                        IoRingFlattenedCalls.class);
        assertThat(bindings).allMatch(type -> Modifier.isPublic(type.getModifiers()));
        assertThat(methods(bindings).flatMap(WindowsBindingTest::bareLongs)).isEmpty();
    }

    @Test
    void shouldBindNoFunctionWithSixNumericParameters() throws Exception {
        assertThat(methods(bindings()).filter(WindowsBindingTest::hasSixNumericParameters))
                .isEmpty();
    }

    @Test
    void shouldFindTheFaultsThatItGuardsAgainst() {
        assertThat(Arrays.stream(Faulty.class.getMethods()).flatMap(WindowsBindingTest::bareLongs))
                .containsExactlyInAnyOrder("Faulty.bare(0)", "Faulty.answer");
        assertThat(Arrays.stream(Faulty.class.getMethods())
                        .filter(WindowsBindingTest::hasSixNumericParameters)
                        .map(Method::getName))
                .containsExactly("six");
    }

    private static Stream<Method> methods(final List<Class<?>> types) {
        return types.stream().flatMap(type -> Arrays.stream(type.getMethods()));
    }

    private static Stream<String> bareLongs(final Method method) {
        final String name = method.getDeclaringClass().getSimpleName() + "." + method.getName();
        final List<String> found = new ArrayList<>();
        if (isLong(method.getReturnType()) && !isAnnotated(method)) {
            found.add(name);
        }
        for (int i = 0; i < method.getParameterCount(); i++) {
            if (isLong(method.getParameterTypes()[i]) && !isAnnotated(method.getParameters()[i])) {
                found.add(name + "(" + i + ")");
            }
        }
        return found.stream();
    }

    private static boolean isLong(final Class<?> type) {
        return type == long.class || type == Long.class;
    }

    private static boolean isAnnotated(final AnnotatedElement element) {
        return element.isAnnotationPresent(LongLong.class);
    }

    private static boolean hasSixNumericParameters(final Method method) {
        return method.getParameterCount() == 6
                && Arrays.stream(method.getParameterTypes())
                        .allMatch(type -> type.isPrimitive() || Number.class.isAssignableFrom(type));
    }

    /** Every interface of the module that JNR-FFI implements: those with its annotations. */
    private static List<Class<?>> bindings() throws Exception {
        final Path classes = Path.of(Kernel32.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (Stream<Path> files = Files.walk(classes)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .map(file -> load(classes.relativize(file)))
                    .filter(Objects::nonNull)
                    .filter(Class::isInterface)
                    .filter(WindowsBindingTest::isBinding)
                    .collect(Collectors.toList());
        }
    }

    private static @Nullable Class<?> load(final Path file) {
        final String name = file.toString().replaceAll("[/\\\\]", ".").replaceAll("\\.class$", "");
        try {
            return name.endsWith("-info")
                    ? null
                    : Class.forName(name, false, WindowsBindingTest.class.getClassLoader());
        } catch (final ClassNotFoundException | NoClassDefFoundError e) {
            throw new AssertionError(name, e);
        }
    }

    private static boolean isBinding(final Class<?> type) {
        return Arrays.stream(type.getMethods())
                .flatMap(method -> Stream.concat(
                        Arrays.stream(method.getAnnotations()),
                        Arrays.stream(method.getParameterAnnotations()).flatMap(Arrays::stream)))
                .map(Annotation::annotationType)
                .anyMatch(annotation -> annotation.getName().startsWith("jnr.ffi"));
    }
}
