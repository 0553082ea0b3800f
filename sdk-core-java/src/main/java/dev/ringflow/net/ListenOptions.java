package dev.ringflow.net;

import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a listening socket is made. Immutable, for any number of sockets.
 *
 * <pre>{@code
 * ring.listenAsync(address, ListenOptions.builder().backlog(4096).reusePort(true).build())
 * }</pre>
 */
public final class ListenOptions extends StreamOptions {
    private static final ListenOptions DEFAULTS = builder().build();

    private final int backlog;
    private final @Nullable ProtocolFamily family;
    private final boolean replacesStaleFile;

    private ListenOptions(Builder builder) {
        super(builder);
        this.backlog = builder.backlog;
        this.family = builder.family;
        this.replacesStaleFile = builder.replacesStaleFile;
    }

    /**
     * A backlog of {@value RingServerSocket#DEFAULT_BACKLOG}, {@code TCP_NODELAY} and {@code SO_REUSEADDR}, and nothing
     * else.
     *
     * @return always the same options
     */
    public static ListenOptions defaults() {
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
     * How many connections the kernel keeps waiting.
     *
     * @return at least 1; the system may keep fewer (on Linux {@code net.core.somaxconn})
     */
    public int backlog() {
        return backlog;
    }

    /**
     * Which version of the internet protocol a socket on the wildcard address takes.
     *
     * @return {@link StandardProtocolFamily#INET}, {@link StandardProtocolFamily#INET6}, or null for both
     */
    public @Nullable ProtocolFamily family() {
        return family;
    }

    /**
     * Whether the file of a unix socket that nobody listens on any more is replaced.
     *
     * @return true to replace it
     */
    public boolean replacesStaleFile() {
        return replacesStaleFile;
    }

    /** Collects options. Not for several threads at once. */
    public static final class Builder extends StreamOptions.Builder<Builder> {
        private int backlog = RingServerSocket.DEFAULT_BACKLOG;
        private @Nullable ProtocolFamily family;
        private boolean replacesStaleFile;

        private Builder() {
            tcpOnly(StandardSocketOptions.SO_REUSEADDR, true);
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * How many connections the kernel keeps waiting until they are accepted; see listen(2). The system cuts what is
         * more than it allows (on Linux {@code net.core.somaxconn}).
         *
         * @param connections at least 1; {@value RingServerSocket#DEFAULT_BACKLOG} by default
         * @return this
         * @throws IllegalArgumentException if {@code connections} is less than 1
         */
        public Builder backlog(int connections) {
            if (connections < 1) {
                throw new IllegalArgumentException("backlog must be at least 1, got " + connections);
            }
            this.backlog = connections;
            return this;
        }

        /**
         * Whether the port may be taken while connections of an earlier socket on it are still winding down
         * ({@code SO_REUSEADDR}, socket(7)). On by default. Without effect on unix sockets.
         *
         * @param on true to take it
         * @return this
         */
        public Builder reuseAddress(boolean on) {
            return tcpOnly(StandardSocketOptions.SO_REUSEADDR, on);
        }

        /**
         * Whether several sockets may listen on the same port, all of them with this option: the system spreads the
         * connections ({@code SO_REUSEPORT}, socket(7)). Off by default. Without effect on unix sockets.
         *
         * @param on true to share the port
         * @return this
         */
        public Builder reusePort(boolean on) {
            return tcpOnly(StandardSocketOptions.SO_REUSEPORT, on);
        }

        /**
         * Which version of the internet protocol a socket on the wildcard address takes. By default both, where the system
         * has both. The driver nio cannot take IPv6 alone.
         *
         * @param only {@link StandardProtocolFamily#INET} or {@link StandardProtocolFamily#INET6}, or null for both
         * @return this
         * @throws IllegalArgumentException for another family
         */
        public Builder family(@Nullable ProtocolFamily only) {
            if (only != null && only != StandardProtocolFamily.INET && only != StandardProtocolFamily.INET6) {
                throw new IllegalArgumentException("The family is INET or INET6, got " + only.name());
            }
            this.family = only;
            return this;
        }

        /**
         * Lets clients that have been here before send with the first packet ({@code TCP_FASTOPEN}, tcp(7)). The system must
         * allow it (on Linux bit 2 of {@code net.ipv4.tcp_fastopen}); otherwise it has no effect. Without effect on unix
         * sockets. Not by the driver nio, where listening fails.
         *
         * @param pending how many connections may wait in that state, at least 1
         * @return this
         * @throws IllegalArgumentException if {@code pending} is less than 1
         */
        public Builder fastOpen(int pending) {
            if (pending < 1) {
                throw new IllegalArgumentException("pending must be at least 1, got " + pending);
            }
            return tcpOnly(RingSocketOption.TCP_FASTOPEN, pending);
        }

        /**
         * Delivers connections only when their first bytes have come ({@code TCP_DEFER_ACCEPT}, tcp(7)). Without effect on
         * unix sockets. Not by the driver nio, where listening fails.
         *
         * @param longest how long to wait for them, whole seconds; the system rounds it up to its own steps
         * @return this
         * @throws IllegalArgumentException if it is below a second or above 32767 seconds
         */
        public Builder deferAccept(Duration longest) {
            return tcpOnly(RingSocketOption.TCP_DEFER_ACCEPT, seconds("longest", longest));
        }

        /**
         * Whether listening on the path of a unix socket replaces the file that an earlier server has left there. Off by
         * default, when such a file means that the address is in use. A socket that somebody listens on, and what is no
         * socket, is never removed. Two servers that replace the same file at the same moment are told apart by the file's
         * identity; one of them fails.
         *
         * @param on true to replace it
         * @return this
         */
        public Builder replaceStaleFile(boolean on) {
            this.replacesStaleFile = on;
            return this;
        }

        /**
         * Makes the options.
         *
         * @return what was collected
         */
        public ListenOptions build() {
            return new ListenOptions(this);
        }
    }
}
