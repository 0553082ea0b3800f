package dev.ringflow.windows.internal;

import java.nio.ByteBuffer;
import jnr.ffi.annotations.LongLong;
import org.jspecify.annotations.Nullable;

/**
 * The one function of ntdll that sockets need. The library is loaded at the first use: {@code ntdll}, or what the system
 * property {@value #LIBRARY_PROPERTY} names.
 *
 * <p>See NtSetInformationFile, {@code FileReplaceCompletionInformation}: since Windows 8.1. Safe for use by any thread.
 */
public final class Ntdll {
    /** System property: a library to load in place of {@code ntdll}. */
    public static final String LIBRARY_PROPERTY = "ringflow.windows.ntdll";

    private static final int FILE_REPLACE_COMPLETION_INFORMATION = 61;
    /** {@code IO_STATUS_BLOCK}, and behind it {@code FILE_COMPLETION_INFORMATION}: each of two words. */
    private static final int BLOCK_SIZE = 16;

    private Ntdll() {}

    /** The functions, under their own names. */
    public interface Calls {
        /** {@code NtSetInformationFile}; answers an {@code NTSTATUS}. */
        int NtSetInformationFile(
                @LongLong long file,
                @LongLong long statusBlock,
                @LongLong long information,
                int length,
                int informationClass);
    }

    private static final class Native {
        static final @Nullable Calls CALLS = load();

        private static @Nullable Calls load() {
            try {
                return Libraries.load(Calls.class, Libraries.locate(LIBRARY_PROPERTY, "ntdll"));
            } catch (final RuntimeException | LinkageError absent) {
                return null;
            }
        }
    }

    /**
     * Takes a handle from its completion port, so that it can be given to another one.
     *
     * @param handle a file or socket with nothing in flight
     * @return whether it belongs to no port any more; false also where Windows does not have this
     */
    public static boolean leavesPort(final long handle) {
        final Calls calls = Native.CALLS;
        if (calls == null) {
            return false;
        }
        final ByteBuffer memory = DirectMemory.allocate(2 * BLOCK_SIZE, Long.BYTES);
        final long address = DirectMemory.address(memory);
        try {
            return calls.NtSetInformationFile(
                            handle, address, address + BLOCK_SIZE, BLOCK_SIZE, FILE_REPLACE_COMPLETION_INFORMATION)
                    >= 0;
        } catch (final UnsatisfiedLinkError absent) {
            return false;
        }
    }
}
