package dev.ringflow.net;

import java.net.SocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a connection is made. Immutable, for any number of connections.
 *
 * <pre>{@code
 * ring.connectAsync(server, ConnectOptions.builder().timeout(Duration.ofSeconds(2)).build())
 * }</pre>
 */
public final class ConnectOptions extends StreamOptions {
    private static final ConnectOptions DEFAULTS = builder().build();

    private final @Nullable SocketAddress localAddress;
    private final long timeoutNanos;

    private ConnectOptions(Builder builder) {
        super(builder);
        this.localAddress = builder.localAddress;
        this.timeoutNanos = builder.timeoutNanos;
    }

    /**
     * {@code TCP_NODELAY}, and nothing else: as long as the system takes, from an address that it chooses.
     *
     * @return always the same options
     */
    public static ConnectOptions defaults() {
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
     * The address on this side.
     *
     * @return what the socket is bound to before it connects, or null if the system chooses
     */
    public @Nullable SocketAddress localAddress() {
        return localAddress;
    }

    /**
     * How long connecting may take.
     *
     * @return nanoseconds, 0 for as long as the system takes
     */
    public long timeoutNanos() {
        return timeoutNanos;
    }

    /** Collects options. Not for several threads at once. */
    public static final class Builder extends StreamOptions.Builder<Builder> {
        private @Nullable SocketAddress localAddress;
        private long timeoutNanos;

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * The address to connect from; port 0 lets the system choose the port. By default the system chooses both.
         * Connecting fails with {@link java.net.BindException} if the address is taken or not one of this machine.
         *
         * @param address of the same kind as the server's, or null to let the system choose
         * @return this
         * @throws java.nio.channels.UnresolvedAddressException if it is not resolved
         * @throws java.nio.channels.UnsupportedAddressTypeException if it is of a kind that sockets here do not have
         */
        public Builder localAddress(@Nullable SocketAddress address) {
            this.localAddress = address == null ? null : SocketAddresses.checked(address);
            return this;
        }

        /**
         * How long connecting may take. Past that it fails with {@link dev.ringflow.OperationTimeoutException}, and the
         * socket is closed. By default as long as the system takes, which may be minutes.
         *
         * @param longest above zero; zero for as long as the system takes
         * @return this
         * @throws IllegalArgumentException if it is negative
         */
        public Builder timeout(Duration longest) {
            if (longest.isNegative()) {
                throw new IllegalArgumentException("timeout must not be negative, got " + longest);
            }
            long nanos;
            try {
                nanos = longest.toNanos();
            } catch (ArithmeticException centuries) {
                nanos = 0;
            }
            this.timeoutNanos = nanos;
            return this;
        }

        /**
         * Makes the options.
         *
         * @return what was collected
         */
        public ConnectOptions build() {
            return new ConnectOptions(this);
        }
    }
}
