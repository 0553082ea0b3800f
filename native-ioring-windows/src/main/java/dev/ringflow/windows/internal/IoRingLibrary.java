package dev.ringflow.windows.internal;

import com.kenai.jffi.Type;
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

    private final String name;
    private final IoRingCalls calls;
    private final @Nullable IoRingX64Calls x64;
    private final @Nullable IoRingFlattenedCalls flattened;

    private IoRingLibrary(final String library, final boolean flattened) {
        this.name = library;
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
            return new IoRingX64Entries(this, x64, ring);
        }
        if (flattened != null) {
            return new IoRingFlattenedEntries(this, flattened, ring);
        }
        throw new AssertionError();
    }

    /**
     * {@code SubmitIoRing}, called without making an object.
     *
     * @return a function of a ring, a number of operations, milliseconds, and the address of 32 bits
     * @throws UnsatisfiedLinkError if the library lacks it
     */
    public NativeFunction submitting() {
        return new NativeFunction(
                require("SubmitIoRing"), Type.SINT32, Type.POINTER, Type.UINT32, Type.UINT32, Type.POINTER);
    }

    /**
     * {@code PopIoRingCompletion}, called without making an object.
     *
     * @return a function of a ring and the address of an {@code IORING_CQE}
     * @throws UnsatisfiedLinkError if the library lacks it
     */
    public NativeFunction popping() {
        return new NativeFunction(require("PopIoRingCompletion"), Type.SINT32, Type.POINTER, Type.POINTER);
    }

    /** A function that is called without making an object; null if the library lacks it. */
    @Nullable
    NativeCall find(final String function, final Type... parameters) {
        final long address = Libraries.symbol(name, function);
        return address == 0 ? null : new NativeCall(address, parameters);
    }

    private long require(final String function) {
        final long address = Libraries.symbol(name, function);
        if (address == 0) {
            throw new UnsatisfiedLinkError(name + " has no " + function);
        }
        return address;
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
