package dev.ringflow.uring.internal;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.Library;
import com.kenai.jffi.Type;
import java.util.Arrays;

/** The fast way to call: one JNI call without stub, argument buffer or garbage. */
final class Syscall {
    static final long ADDRESS = address();
    static final Invoker INVOKER = Invoker.getInstance();
    static final CallContext SIX_WORDS = words(6);
    static final com.kenai.jffi.LastError LAST_ERROR = com.kenai.jffi.LastError.getInstance();

    private Syscall() {}

    private static long address() {
        final long address = Library.getDefault().getSymbolAddress("syscall");
        if (address != 0) {
            return address;
        }
        final Library libc = Library.getCachedInstance("libc.so.6", Library.LAZY);
        return libc == null ? 0 : libc.getSymbolAddress("syscall");
    }

    static CallContext words(final int count) {
        final Type[] types = new Type[count];
        Arrays.fill(types, Type.SINT64);
        return CallContext.getCallContext(Type.SINT64, types, CallingConvention.DEFAULT, true);
    }
}
