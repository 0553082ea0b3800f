package dev.ringflow.net;

import dev.ringflow.Ring;
import dev.ringflow.buffer.BufferGroup;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How the bytes of a connection are taken in. Immutable. */
public final class IncomingOptions {
    private static final IncomingOptions DEFAULTS = builder().build();

    private final @Nullable BufferGroup group;
    private final int maxHeld;

    private IncomingOptions(Builder builder) {
        this.group = builder.group;
        this.maxHeld = builder.maxHeld;
    }

    /**
     * What a stream has when nothing is said: the ring's own group, and at most 32 buffers of it at a time.
     *
     * @return the default options
     */
    public static IncomingOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Begins with the defaults.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * What is received into.
     *
     * @return the group, or null for {@link BufferGroup#ofRing}
     */
    public @Nullable BufferGroup group() {
        return group;
    }

    /**
     * How many buffers a stream may hold.
     *
     * @return at least 1
     */
    public int maxHeld() {
        return maxHeld;
    }

    BufferGroup groupOn(Ring ring) {
        BufferGroup chosen = group == null ? BufferGroup.ofRing(ring) : group;
        if (chosen.ring() != ring) {
            throw new IllegalArgumentException(chosen + " belongs to another ring than the socket");
        }
        return chosen;
    }

    @Override
    public String toString() {
        return "IncomingOptions[" + (group == null ? "the ring's group" : group) + ", at most " + maxHeld + " held]";
    }

    /** Collects options. Not thread-safe. */
    public static final class Builder {
        private @Nullable BufferGroup group;
        private int maxHeld = 32;

        private Builder() {}

        /**
         * What to receive into.
         *
         * @param buffers a group of the socket's ring, which outlives the stream; the ring's own if not set
         * @return this
         */
        public Builder group(BufferGroup buffers) {
            this.group = Objects.requireNonNull(buffers, "buffers");
            return this;
        }

        /**
         * How many buffers the stream may hold: those that wait for a slow consumer, are retained, or are being sent. When
         * there are so many the kernel is asked to stop; what arrives until it has heard that comes on top, and is less
         * than the group has. It goes on when half of them are back.
         *
         * @param buffers at least 1; 32 if not set
         * @return this
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder maxHeld(int buffers) {
            if (buffers < 1) {
                throw new IllegalArgumentException("maxHeld must be at least 1, got " + buffers);
            }
            this.maxHeld = buffers;
            return this;
        }

        /**
         * Makes the options.
         *
         * @return immutable options
         */
        public IncomingOptions build() {
            return new IncomingOptions(this);
        }
    }
}
