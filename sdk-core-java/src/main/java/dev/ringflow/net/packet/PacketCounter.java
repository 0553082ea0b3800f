package dev.ringflow.net.packet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** One number: written by the loop thread alone, without a lock or a fence; any thread reads recent values. */
final class PacketCounter {
    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(PacketCounter.class, "value", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private long value;

    void add(long amount) {
        VALUE.setOpaque(this, value + amount);
    }

    long get() {
        return (long) VALUE.getOpaque(this);
    }
}
