package dev.ringflow.spi;

/** Bits of {@link Operation#flags()} for {@link OpCode#SEND}, its vectored and its zero-copy form. */
public final class SendFlags {
    /**
     * The caller wants all of the memory sent: a driver may wait for that by itself ({@code MSG_WAITALL}). The result may
     * be less all the same.
     */
    public static final int WHOLE = 1;

    /**
     * More follows soon, so that what does not fill a packet may wait for it ({@code MSG_MORE}, send(2)). A driver that
     * cannot say so to the system ignores it.
     */
    public static final int MORE_FOLLOWS = 2;

    private SendFlags() {}
}
