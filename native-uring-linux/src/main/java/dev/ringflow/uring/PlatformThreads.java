package dev.ringflow.uring;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * Tells virtual threads from platform threads, on Java 17 too, where there are none of the former. The kernel ties rings
 * to its own threads, and a virtual thread moves between those.
 */
final class PlatformThreads {
    private static final @Nullable MethodHandle IS_VIRTUAL = find();

    private PlatformThreads() {}

    private static @Nullable MethodHandle find() {
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
        } catch (final ReflectiveOperationException e) {
            return null; // before Java 21
        }
    }

    static boolean isVirtual(final Thread thread) {
        if (IS_VIRTUAL == null) {
            return false;
        }
        try {
            return (boolean) IS_VIRTUAL.invokeExact(thread);
        } catch (final Throwable e) {
            throw new AssertionError("Thread.isVirtual throws nothing", e);
        }
    }
}
