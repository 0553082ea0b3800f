package dev.ringflow.windows.internal;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.Type;
import java.nio.ByteBuffer;

/**
 * A function of any number of parameters whose result has 32 bits, called again and again without making an object: the
 * arguments stand in memory of their own. What belongs to one thread at a time must be one of its own.
 */
final class NativeCall {
    private static final Invoker INVOKER = Invoker.getInstance();

    private final long address;
    private final CallContext context;
    private final ByteBuffer memory;
    private final long result;
    private final long[] arguments;
    private int count;

    /**
     * Describes a function.
     *
     * @param address where it is; not 0
     * @param parameters its parameters
     */
    NativeCall(final long address, final Type... parameters) {
        if (address == 0) {
            throw new IllegalArgumentException("a function at address 0");
        }
        this.address = address;
        context = CallContext.getCallContext(Type.SINT32, parameters, CallingConvention.DEFAULT, false);
        memory = DirectMemory.allocate((parameters.length + 1) * Long.BYTES, Long.BYTES);
        arguments = new long[parameters.length];
        result = DirectMemory.address(memory) + (long) parameters.length * Long.BYTES;
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = DirectMemory.address(memory) + (long) i * Long.BYTES;
        }
    }

    /** The next argument; of one with 32 bits the lower half counts, on machines that store that half first. */
    NativeCall with(final long argument) {
        memory.putLong(count++ * Long.BYTES, argument);
        return this;
    }

    /** Calls it with the arguments given, and forgets them. */
    int call() {
        if (count != arguments.length) {
            throw new IllegalStateException(count + " arguments for " + arguments.length + " parameters");
        }
        count = 0;
        INVOKER.invoke(context, address, result, arguments);
        return memory.getInt(arguments.length * Long.BYTES);
    }
}
