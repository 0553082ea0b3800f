package dev.ringflow.net;

import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What connections and listening sockets have in common when they are made. {@link ConnectOptions} and
 * {@link ListenOptions} are the classes to use. Immutable.
 */
public abstract class StreamOptions {
    private final Map<SocketOption<?>, Object> forUnix;
    private final Map<SocketOption<?>, Object> forTcp;

    StreamOptions(Builder<?> builder) {
        Map<SocketOption<?>, Object> all = new LinkedHashMap<>(builder.tcpOnly);
        all.putAll(builder.options);
        this.forTcp = Collections.unmodifiableMap(all);
        this.forUnix = Collections.unmodifiableMap(new LinkedHashMap<>(builder.options));
    }

    /**
     * The options that a driver sets on the new socket before it is bound or connected, in this order.
     *
     * @param tcp whether it is a socket of TCP; a unix socket gets none of those that only TCP has
     * @return options and their values, unmodifiable
     */
    public final Map<SocketOption<?>, Object> socketOptions(boolean tcp) {
        return tcp ? forTcp : forUnix;
    }

    /**
     * Collects options. Not for several threads at once.
     *
     * @param <B> the builder itself
     */
    public abstract static class Builder<B extends Builder<B>> {
        private final Map<SocketOption<?>, Object> tcpOnly = new LinkedHashMap<>();
        private final Map<SocketOption<?>, Object> options = new LinkedHashMap<>();

        Builder() {
            tcpOnly.put(StandardSocketOptions.TCP_NODELAY, true);
        }

        abstract B self();

        final B tcpOnly(SocketOption<?> option, Object value) {
            tcpOnly.put(option, value);
            return self();
        }

        /**
         * Whether small pieces are sent at once, and not kept until earlier ones have been acknowledged
         * ({@code TCP_NODELAY}, tcp(7)). On by default. Accepted connections have it from their listening socket. Without
         * effect on unix sockets, which never wait.
         *
         * @param on true to send at once
         * @return this
         */
        public final B noDelay(boolean on) {
            return tcpOnly(StandardSocketOptions.TCP_NODELAY, on);
        }

        /**
         * Whether the system asks peers that have been silent for long whether they still live ({@code SO_KEEPALIVE},
         * socket(7)). Off by default. Without effect on unix sockets.
         *
         * @param on true to ask, at the times that the system is set to
         * @return this
         */
        public final B keepAlive(boolean on) {
            return tcpOnly(StandardSocketOptions.SO_KEEPALIVE, on);
        }

        /**
         * Asks peers that have been silent whether they still live, at times of one's own ({@code TCP_KEEPIDLE},
         * {@code TCP_KEEPINTVL} and {@code TCP_KEEPCNT}, tcp(7)). Without effect on unix sockets.
         *
         * @param idle how long a peer is silent before it is asked, whole seconds, at least 1
         * @param interval how long until it is asked again, whole seconds, at least 1
         * @param probes how often it is asked in vain before the connection fails, at least 1
         * @return this
         * @throws IllegalArgumentException if a time is below a second or above 32767 seconds, or there are no probes or
         *     more than 127
         */
        public final B keepAlive(Duration idle, Duration interval, int probes) {
            if (probes < 1 || probes > 127) {
                throw new IllegalArgumentException("probes must be from 1 to 127, got " + probes);
            }
            tcpOnly(RingSocketOption.TCP_KEEPIDLE, seconds("idle", idle));
            tcpOnly(RingSocketOption.TCP_KEEPINTERVAL, seconds("interval", interval));
            tcpOnly(RingSocketOption.TCP_KEEPCOUNT, probes);
            return keepAlive(true);
        }

        static int seconds(String name, Duration time) {
            long seconds = time.toSeconds();
            if (seconds < 1 || seconds > Short.MAX_VALUE) {
                throw new IllegalArgumentException(name + " must be from 1 to 32767 seconds, got " + time);
            }
            return (int) seconds;
        }

        /**
         * How many bytes the system keeps that have come and were not received yet ({@code SO_RCVBUF}, socket(7)). It is set
         * before the socket is bound or connected, since that decides how large TCP's window can become. The system may
         * take less.
         *
         * @param bytes at least 1
         * @return this
         * @throws IllegalArgumentException if {@code bytes} is less than 1
         */
        public final B receiveBufferSize(int bytes) {
            return size(StandardSocketOptions.SO_RCVBUF, bytes);
        }

        /**
         * How many bytes the system keeps that were sent and not acknowledged yet ({@code SO_SNDBUF}, socket(7)). The
         * system may take less.
         *
         * @param bytes at least 1
         * @return this
         * @throws IllegalArgumentException if {@code bytes} is less than 1
         */
        public final B sendBufferSize(int bytes) {
            return size(StandardSocketOptions.SO_SNDBUF, bytes);
        }

        private B size(SocketOption<Integer> option, int bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException(option.name() + " must be at least 1 byte, got " + bytes);
            }
            return option(option, bytes);
        }

        /**
         * Any other option, set before the socket is bound or connected. Making the socket fails if the system refuses it, and
         * with {@link UnsupportedOperationException} if the driver does not know it.
         *
         * @param <T> what its value is
         * @param option one of {@link StandardSocketOptions}, {@link RingSocketOption} or {@code jdk.net.ExtendedSocketOptions}
         * @param value its value
         * @return this
         * @throws IllegalArgumentException if the value is not of the option's type
         */
        public final <T> B option(SocketOption<T> option, T value) {
            options.put(option, RingSocketOptions.checked(option, Objects.requireNonNull(value, "value")));
            return self();
        }
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + forTcp;
    }
}
