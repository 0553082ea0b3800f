package dev.ringflow.windows.internal;

import com.kenai.jffi.Type;
import org.jspecify.annotations.Nullable;

/**
 * The functions of kernel32 that are called for each operation: without JNR-FFI, which makes objects for each call on
 * Windows. Null where the library lacks one.
 */
final class FrequentCalls {
    static final @Nullable NativeFunction READ_FILE =
            find("ReadFile", Type.POINTER, Type.POINTER, Type.UINT32, Type.POINTER, Type.POINTER);

    static final @Nullable NativeFunction WRITE_FILE =
            find("WriteFile", Type.POINTER, Type.POINTER, Type.UINT32, Type.POINTER, Type.POINTER);

    static final @Nullable NativeFunction GET_QUEUED_COMPLETION_STATUS_EX = find(
            "GetQueuedCompletionStatusEx",
            Type.POINTER,
            Type.POINTER,
            Type.UINT32,
            Type.POINTER,
            Type.UINT32,
            Type.SINT32);

    static final @Nullable NativeFunction POST_QUEUED_COMPLETION_STATUS =
            find("PostQueuedCompletionStatus", Type.POINTER, Type.UINT32, Type.POINTER, Type.POINTER);

    private FrequentCalls() {}

    private static @Nullable NativeFunction find(final String name, final Type... parameters) {
        final long address = Libraries.symbol(Libraries.locate(Kernel32.LIBRARY_PROPERTY, "kernel32"), name);
        return address == 0 ? null : new NativeFunction(address, Type.SINT32, parameters);
    }
}
