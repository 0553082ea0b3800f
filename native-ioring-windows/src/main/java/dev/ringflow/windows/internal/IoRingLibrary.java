package dev.ringflow.windows.internal;

import org.jspecify.annotations.Nullable;

/**
 * The I/O ring functions of one library: {@code KernelBase}, where Windows has them, or what the system property {@value
 * #LIBRARY_PROPERTY} names. {@value #ABI_PROPERTY}, {@code x64} or {@code flattened}, says how that library wants
 * references; without it the machine decides.
 *
 * <p>A function that the library lacks throws {@link UnsatisfiedLinkError} when it is called. Safe for use by any thread.
 */
public final class IoRingLibrary {
    /** System property: a library to load in place of {@code KernelBase}. */
    public static final String LIBRARY_PROPERTY = "ringflow.windows.ioring";

    /** System property: {@code x64} or {@code flattened}. */
    public static final String ABI_PROPERTY = "ringflow.windows.ioring.abi";

    private final IoRingCalls calls;
    private final @Nullable IoRingX64Calls x64;
    private final @Nullable IoRingFlattenedCalls flattened;

    private IoRingLibrary(final String library, final boolean flattened) {
        this.calls = Libraries.load(IoRingCalls.class, library);
        this.x64 = flattened ? null : Libraries.load(IoRingX64Calls.class, library);
        this.flattened = flattened ? Libraries.load(IoRingFlattenedCalls.class, library) : null;
    }

    private static final class Standard {
        static final @Nullable IoRingLibrary LIBRARY;
        static final @Nullable Throwable FAILURE;

        static {
            IoRingLibrary library = null;
            Throwable failure = null;
            try {
                library = new IoRingLibrary(Libraries.locate(LIBRARY_PROPERTY, "KernelBase"), isFlattened());
            } catch (final RuntimeException | LinkageError e) {
                failure = e;
            }
            LIBRARY = library;
            FAILURE = failure;
        }

        private static boolean isFlattened() {
            final String abi = System.getProperty(ABI_PROPERTY);
            if (abi == null) {
                return Libraries.passesStructuresInRegisters();
            }
            if (!abi.equals("x64") && !abi.equals("flattened")) {
                throw new IllegalArgumentException(ABI_PROPERTY + " is x64 or flattened, not " + abi);
            }
            return abi.equals("flattened");
        }
    }

    /**
     * The library of this process.
     *
     * @return the library, or null where it cannot be loaded; {@link #failure()} says why
     */
    public static @Nullable IoRingLibrary standard() {
        return Standard.LIBRARY;
    }

    /**
     * Why there is no {@link #standard()} library.
     *
     * @return the failure, or null when all is well
     */
    public static @Nullable Throwable failure() {
        return Standard.FAILURE;
    }

    /**
     * Loads any library.
     *
     * @param library its path or name
     * @param flattened whether it takes references as two words, not by address
     * @return its functions
     * @throws UnsatisfiedLinkError if there is no such library
     */
    public static IoRingLibrary load(final String library, final boolean flattened) {
        return new IoRingLibrary(library, flattened);
    }

    /**
     * The functions without references.
     *
     * @return one object for all rings
     */
    public IoRingCalls calls() {
        return calls;
    }

    /**
     * The build functions with references.
     *
     * @param ring handle of the ring
     * @return functions for that ring
     */
    public IoRingEntries entries(final long ring) {
        if (x64 != null) {
            return new IoRingX64Entries(x64, ring);
        }
        if (flattened != null) {
            return new IoRingFlattenedEntries(flattened, ring);
        }
        throw new AssertionError();
    }

    /**
     * Whether references are passed as two words.
     *
     * @return false if they are passed by address
     */
    public boolean isFlattened() {
        return flattened != null;
    }
}
