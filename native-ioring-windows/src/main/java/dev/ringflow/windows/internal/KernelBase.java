package dev.ringflow.windows.internal;

import jnr.ffi.LastError;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.LongLong;
import jnr.ffi.annotations.SaveError;
import org.jspecify.annotations.Nullable;

/**
 * The functions of KernelBase that kernel32 does not hand on: those for placeholders in the address space, which Windows 10
 * 1803 brought. Results are those of {@link Kernel32}: the negated Win32 error when a function failed.
 *
 * <p>The library is {@code KernelBase}, or what the system property {@value #LIBRARY_PROPERTY} names. Where it, or the
 * function, is missing, a call answers {@code -ERROR_CALL_NOT_IMPLEMENTED} (-120). Safe for use by any thread.
 */
public final class KernelBase {
    /** System property: a library to load in place of {@code KernelBase}. */
    public static final String LIBRARY_PROPERTY = "ringflow.windows.kernelbase";

    /** {@code ERROR_CALL_NOT_IMPLEMENTED}: there is no such function here. */
    public static final int ERROR_CALL_NOT_IMPLEMENTED = 120;

    /** {@code MEM_RESERVE_PLACEHOLDER}: reserves addresses that only a replacement can have. */
    public static final int MEM_RESERVE_PLACEHOLDER = 0x0004_0000;

    /** {@code MEM_REPLACE_PLACEHOLDER}: takes the place of a placeholder. */
    public static final int MEM_REPLACE_PLACEHOLDER = 0x4000;

    /** {@code MEM_PRESERVE_PLACEHOLDER}, of {@link Kernel32#virtualFree}: leaves a placeholder, cut off from the rest. */
    public static final int MEM_PRESERVE_PLACEHOLDER = 2;

    private static final int ERROR_GEN_FAILURE = 31;
    private static final int PAGE_NOACCESS = 1;
    private static final long CURRENT_PROCESS = -1;

    private KernelBase() {}

    /** The functions as JNR-FFI binds them. Public because JNR-FFI implements it in a module of its own. */
    public interface Calls {
        /** {@code VirtualAlloc2}. */
        @SaveError
        @LongLong
        long VirtualAlloc2(
                @LongLong long process,
                @LongLong long address,
                @LongLong long size,
                int type,
                int protection,
                @LongLong long parameters,
                int count);

        /** {@code MapViewOfFile3}. */
        @SaveError
        @LongLong
        long MapViewOfFile3(
                @LongLong long section,
                @LongLong long process,
                @LongLong long address,
                @LongLong long offset,
                @LongLong long size,
                int type,
                int protection,
                @LongLong long parameters,
                int count);
    }

    private static final class Native {
        static final @Nullable Calls CALLS;
        static final @Nullable Runtime RUNTIME;

        static {
            Calls calls = null;
            Runtime runtime = null;
            try {
                calls = Libraries.load(Calls.class, Libraries.locate(LIBRARY_PROPERTY, "KernelBase"));
                runtime = Runtime.getRuntime(calls);
            } catch (final RuntimeException | LinkageError e) {
                // every call says that it is not implemented
            }
            CALLS = calls;
            RUNTIME = runtime;
        }
    }

    private static long answer(final long address) {
        if (address != 0) {
            return address;
        }
        final int error = LastError.getLastError(Native.RUNTIME);
        return error > 0 ? -error : -ERROR_GEN_FAILURE;
    }

    /**
     * {@code VirtualAlloc2} with {@link #MEM_RESERVE_PLACEHOLDER}: reserves addresses for views.
     *
     * @param size in bytes, a multiple of 64 KiB
     * @return the address, or the negated error
     */
    public static long reservePlaceholder(final long size) {
        final Calls calls = Native.CALLS;
        try {
            return calls == null
                    ? -ERROR_CALL_NOT_IMPLEMENTED
                    : answer(calls.VirtualAlloc2(
                            CURRENT_PROCESS,
                            0,
                            size,
                            Kernel32.MEM_RESERVE | MEM_RESERVE_PLACEHOLDER,
                            PAGE_NOACCESS,
                            0,
                            0));
        } catch (final UnsatisfiedLinkError e) {
            return -ERROR_CALL_NOT_IMPLEMENTED;
        }
    }

    /**
     * {@code MapViewOfFile3} with {@link #MEM_REPLACE_PLACEHOLDER}: maps the beginning of a section where a placeholder is.
     *
     * @param section what {@link Kernel32#createFileMapping} answered
     * @param address where the placeholder begins
     * @param size its size in bytes
     * @return the address, or the negated error
     */
    public static long mapInPlaceholder(final long section, final long address, final long size) {
        final Calls calls = Native.CALLS;
        try {
            return calls == null
                    ? -ERROR_CALL_NOT_IMPLEMENTED
                    : answer(calls.MapViewOfFile3(
                            section,
                            CURRENT_PROCESS,
                            address,
                            0,
                            size,
                            MEM_REPLACE_PLACEHOLDER,
                            Kernel32.PAGE_READWRITE,
                            0,
                            0));
        } catch (final UnsatisfiedLinkError e) {
            return -ERROR_CALL_NOT_IMPLEMENTED;
        }
    }
}
