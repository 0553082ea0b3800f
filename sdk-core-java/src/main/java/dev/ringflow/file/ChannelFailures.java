package dev.ringflow.file;

import dev.ringflow.RingClosedException;
import java.nio.channels.ClosedChannelException;

/** What the views of a file, which are the JDK's channels, tell of the ring's failures. */
final class ChannelFailures {
    private ChannelFailures() {}

    /** A closed ring has closed its files: whoever knows channels alone is told so in their words. */
    static Throwable of(Throwable cause) {
        return cause instanceof RingClosedException ? new ClosedChannelException().initCause(cause) : cause;
    }
}
