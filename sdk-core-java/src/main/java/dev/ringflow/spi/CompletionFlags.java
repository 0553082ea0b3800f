package dev.ringflow.spi;

/** Bits of the flags word that a driver hands over with each completion. */
public final class CompletionFlags {
    /** The operation goes on: this is not its terminal completion, and its memory still belongs to the kernel. */
    public static final int MORE = 1;

    private CompletionFlags() {}
}
