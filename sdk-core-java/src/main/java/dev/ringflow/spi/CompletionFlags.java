package dev.ringflow.spi;

/** Bits of the flags word that a driver hands over with each completion. */
public final class CompletionFlags {
    /** The operation goes on: this is not its terminal completion, and its memory still belongs to the kernel. */
    public static final int MORE = 1;

    /** The bytes are in a buffer of {@link Operation#provided()}, which {@link #bufferId} names. */
    public static final int BUFFER = 2;

    /** The same buffer may be filled further by later completions: it is not given back before one without this. */
    public static final int BUFFER_MORE = 4;

    private static final int ID_SHIFT = 16;

    private CompletionFlags() {}

    /**
     * Flags that name a buffer.
     *
     * @param id number of a provided buffer, 0 to 65535
     * @return {@link #BUFFER} with the number
     */
    public static int buffer(int id) {
        return BUFFER | id << ID_SHIFT;
    }

    /**
     * The provided buffer that a completion names.
     *
     * @param flags flags with {@link #BUFFER}
     * @return its number, 0 to 65535
     */
    public static int bufferId(int flags) {
        return flags >>> ID_SHIFT;
    }
}
