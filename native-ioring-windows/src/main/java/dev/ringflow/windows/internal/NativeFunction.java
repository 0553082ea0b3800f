package dev.ringflow.windows.internal;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.HeapInvocationBuffer;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.Type;

/**
 * A function of which only the address is known, as Winsock gives out its extensions. The error of a call that failed
 * is {@link Ws2_32#failed()}, asked before anything else is called by that thread.
 *
 * <p>Safe for use by any thread.
 */
public final class NativeFunction {
    private static final Invoker INVOKER = Invoker.getInstance();

    private final long address;
    private final Type[] parameters;
    private final CallContext context;

    /**
     * Describes a function.
     *
     * @param address where it is; not 0
     * @param result its result
     * @param parameters its parameters: {@link Type#POINTER}, {@link Type#UINT64}, {@link Type#UINT32} or {@link
     *     Type#SINT32}
     */
    public NativeFunction(final long address, final Type result, final Type... parameters) {
        if (address == 0) {
            throw new IllegalArgumentException("a function at address 0");
        }
        this.address = address;
        this.parameters = parameters.clone();
        context = CallContext.getCallContext(result, parameters, CallingConvention.DEFAULT, true);
    }

    /**
     * Calls a function of one parameter.
     *
     * @param a the argument
     * @return the result; of one with 32 bits, the lower half counts
     */
    public long call(final long a) {
        return INVOKER.invokeN1(context, address, a);
    }

    /**
     * Calls a function of two parameters.
     *
     * @param a the first argument
     * @param b the second
     * @return the result; of one with 32 bits, the lower half counts
     */
    public long call(final long a, final long b) {
        return INVOKER.invokeN2(context, address, a, b);
    }

    /**
     * Calls a function of three parameters.
     *
     * @param a the first argument
     * @param b the second
     * @param c the third
     * @return the result; of one with 32 bits, the lower half counts
     */
    public long call(final long a, final long b, final long c) {
        return INVOKER.invokeN3(context, address, a, b, c);
    }

    /**
     * Calls a function of four parameters.
     *
     * @param a the first argument
     * @param b the second
     * @param c the third
     * @param d the fourth
     * @return the result; of one with 32 bits, the lower half counts
     */
    public long call(final long a, final long b, final long c, final long d) {
        return INVOKER.invokeN4(context, address, a, b, c, d);
    }

    /**
     * Calls a function of six parameters.
     *
     * @param a the first argument
     * @param b the second
     * @param c the third
     * @param d the fourth
     * @param e the fifth
     * @param f the sixth
     * @return the result; of one with 32 bits, the lower half counts
     */
    public long call(final long a, final long b, final long c, final long d, final long e, final long f) {
        return INVOKER.invokeN6(context, address, a, b, c, d, e, f);
    }

    /**
     * Calls a function of five parameters.
     *
     * @param a the first argument
     * @param b the second
     * @param c the third
     * @param d the fourth
     * @param e the fifth
     * @return the result; of one with 32 bits, the lower half counts
     */
    public long call(final long a, final long b, final long c, final long d, final long e) {
        return INVOKER.invokeN5(context, address, a, b, c, d, e);
    }

    private HeapInvocationBuffer arguments(final long[] arguments) {
        if (arguments.length != parameters.length) {
            throw new IllegalArgumentException(
                    arguments.length + " arguments for a function of " + parameters.length + " parameters");
        }
        final HeapInvocationBuffer buffer = new HeapInvocationBuffer(context);
        for (int i = 0; i < arguments.length; i++) {
            if (parameters[i].size() == Integer.BYTES) {
                buffer.putInt((int) arguments[i]);
            } else if (parameters[i] == Type.POINTER) {
                buffer.putAddress(arguments[i]);
            } else {
                buffer.putLong(arguments[i]);
            }
        }
        return buffer;
    }

    /**
     * Calls a function of any number of parameters whose result has 32 bits. Allocates.
     *
     * @param arguments one for each parameter
     * @return the result
     */
    public int callInt(final long... arguments) {
        return INVOKER.invokeInt(context, address, arguments(arguments));
    }

    /**
     * Calls a function of any number of parameters whose result is a pointer. Allocates.
     *
     * @param arguments one for each parameter
     * @return the result
     */
    public long callAddress(final long... arguments) {
        return INVOKER.invokeAddress(context, address, arguments(arguments));
    }
}
