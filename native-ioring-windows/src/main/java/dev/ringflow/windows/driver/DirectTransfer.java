package dev.ringflow.windows.driver;

import dev.ringflow.windows.rio.RioSlab;
import org.jspecify.annotations.Nullable;

/** An operation's own memory in a request of Registered I/O: used again and again. Confined to the loop thread. */
final class DirectTransfer {
    @Nullable
    RioSlab slab;

    long address;
    int offset;
    int bytes;
    /** Whether the memory is registered for this request alone. */
    boolean isOnce;

    @Nullable
    DirectTransfer next;

    RioSlab slab() {
        RioSlab known = slab;
        if (known == null) {
            throw new IllegalStateException("a transfer that is over");
        }
        return known;
    }
}
