package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.net.RingServerSocket;
import dev.ringflow.net.RingSocket;
import dev.ringflow.net.RingSocketOption;
import dev.ringflow.net.RingSocketOptions;
import dev.ringflow.net.TcpInfo;
import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Options of sockets: read back as they were set, and refused clearly where there are none. */
public abstract class StreamOptionContract extends DriverContract {
    /** Those that a kernel may be built without. */
    private static final Set<String> NOT_EVERYWHERE = Set.of("SO_BUSY_POLL", "SO_INCOMING_NAPI_ID", "SO_MARK");

    private record Unknown() implements SocketOption<Integer> {
        @Override
        public String name() {
            return "SO_UNHEARD_OF";
        }

        @Override
        public Class<Integer> type() {
            return Integer.class;
        }
    }

    /** A name that is known, with values of another type. */
    private record Mistyped() implements SocketOption<String> {
        @Override
        public String name() {
            return "SO_RCVBUF";
        }

        @Override
        public Class<String> type() {
            return String.class;
        }
    }

    /** For subclasses. */
    protected StreamOptionContract() {}

    /**
     * Whether unix sockets tell who their peer is.
     *
     * @return false for a driver of a system that does not
     */
    protected boolean tellsCredentials() {
        return true;
    }

    private static <T> void setAndRead(RingSocketOptions socket, SocketOption<T> option, T value) {
        await(socket.setOptionAsync(option, value));
        assertThat(await(socket.getOptionAsync(option))).as(option.name()).isEqualTo(value);
    }

    @Test
    void whatIsSetIsReadBack() {
        try (StreamPair pair = StreamPair.of(ring(), loopback())) {
            for (RingSocket each : List.of(pair.client(), pair.accepted())) {
                setAndRead(each, StandardSocketOptions.TCP_NODELAY, false);
                setAndRead(each, StandardSocketOptions.TCP_NODELAY, true);
                setAndRead(each, StandardSocketOptions.SO_KEEPALIVE, true);
                setAndRead(each, StandardSocketOptions.SO_KEEPALIVE, false);
                setAndRead(each, StandardSocketOptions.SO_RCVBUF, 60_000);
                setAndRead(each, StandardSocketOptions.SO_SNDBUF, 50_000);
                setAndRead(each, StandardSocketOptions.SO_LINGER, 9);
                setAndRead(each, StandardSocketOptions.SO_LINGER, 0);
                setAndRead(each, StandardSocketOptions.SO_LINGER, -1);
                setAndRead(each, StandardSocketOptions.IP_TOS, 0x10);
            }
            assertThat(pair.echoes()).isTrue();
        }
    }

    @Test
    void everySupportedOptionHasAValueOfItsType() throws IOException {
        RingServerSocket server = await(ring().listenAsync(loopback()));
        try (StreamPair tcp = StreamPair.of(ring(), loopback());
                StreamPair unix = StreamPair.of(ring(), UnixDomainSocketAddress.of(directory.resolve("s")))) {
            for (RingSocketOptions socket : List.of(server, tcp.client(), unix.accepted())) {
                assertThat(socket.supportedOptions()).isNotEmpty();
                for (SocketOption<?> each : socket.supportedOptions()) {
                    var value = socket.getOptionAsync(each);
                    Throwable failure = outcomeOf(value).orElse(null);
                    if (failure == null) {
                        assertThat((Object) await(value)).as(each.name()).isInstanceOf(each.type());
                    } else {
                        assertThat(each.name()).as(failure.toString()).isIn(NOT_EVERYWHERE);
                    }
                }
            }
            assertThat(tcp.client().supportedOptions())
                    .contains(StandardSocketOptions.TCP_NODELAY, RingSocketOption.TCP_KEEPIDLE)
                    .doesNotContain(RingSocketOption.SO_PEERCRED);
            assertThat(unix.client().supportedOptions())
                    .contains(StandardSocketOptions.SO_SNDBUF)
                    .doesNotContain(StandardSocketOptions.TCP_NODELAY);
            assertThat(unix.client().supportedOptions().contains(RingSocketOption.SO_PEERCRED))
                    .isEqualTo(tellsCredentials());
        }
    }

    @Test
    void optionsOfLinuxAreReadBackWhereTheDriverHasThem() throws IOException {
        try (StreamPair pair = StreamPair.of(ring(), loopback())) {
            RingSocket socket = pair.client();
            Assumptions.assumeTrue(
                    socket.supportedOptions().contains(RingSocketOption.TCP_CORK),
                    "the driver " + driverName() + " has no options of Linux");
            setAndRead(socket, RingSocketOption.TCP_CORK, true);
            setAndRead(socket, RingSocketOption.TCP_CORK, false);
            setAndRead(socket, RingSocketOption.TCP_USER_TIMEOUT, 5000);
            setAndRead(socket, RingSocketOption.TCP_NOTSENT_LOWAT, 16_384);
            setAndRead(socket, RingSocketOption.SO_PRIORITY, 3);
            setAndRead(socket, RingSocketOption.SO_RCVLOWAT, 1);
            String algorithm = await(socket.getOptionAsync(RingSocketOption.TCP_CONGESTION));
            assertThat(algorithm).isNotBlank();
            setAndRead(socket, RingSocketOption.TCP_CONGESTION, algorithm);
            assertThat(await(socket.getOptionAsync(RingSocketOption.SO_DOMAIN))).isIn(2, 10);
            assertThat(await(socket.getOptionAsync(RingSocketOption.SO_TYPE))).isOne();
            assertThat(await(socket.getOptionAsync(RingSocketOption.SO_ACCEPTCONN)))
                    .isFalse();
            assertThat(pair.echoes()).isTrue();
            TcpInfo info = await(socket.getOptionAsync(RingSocketOption.TCP_INFO));
            assertThat(info.state()).isOne();
            assertThat(info.bytesReceived()).isEqualTo(100);
            assertThat(info.bytesAcknowledged()).isBetween(1L, 102L);
            assertThat(info.roundTripNanos()).isPositive();
            assertThat(info.congestionWindowSegments()).isPositive();
            assertThat(failureOf(socket.setOptionAsync(RingSocketOption.TCP_INFO, info)))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThat(failureOf(socket.setOptionAsync(RingSocketOption.SO_DOMAIN, 2)))
                    .isInstanceOf(UnsupportedOperationException.class);
        }
    }

    /** The JDK's extended options are known by their names; where this JDK has none the test is skipped. */
    @Test
    @SuppressWarnings("unchecked")
    void extendedOptionsOfTheJdkAreKnown() throws IOException, ReflectiveOperationException {
        Class<?> extended;
        try {
            extended = Class.forName("jdk.net.ExtendedSocketOptions");
        } catch (ClassNotFoundException e) {
            Assumptions.abort("this JDK has no extended options");
            return;
        }
        var idle = (SocketOption<Integer>) extended.getField("TCP_KEEPIDLE").get(null);
        try (StreamPair pair = StreamPair.of(ring(), loopback())) {
            Assumptions.assumeTrue(
                    pair.client().supportedOptions().contains(RingSocketOption.TCP_KEEPIDLE),
                    "this system has no TCP_KEEPIDLE");
            setAndRead(pair.client(), idle, 77);
            assertThat(await(pair.client().getOptionAsync(RingSocketOption.TCP_KEEPIDLE)))
                    .isEqualTo(77);
        }
    }

    @Test
    void optionsThatAreNoneAreRefusedByNameAndDriver() {
        try (StreamPair tcp = StreamPair.of(ring(), loopback());
                StreamPair unix = StreamPair.of(ring(), UnixDomainSocketAddress.of(directory.resolve("s")))) {
            assertThat(failureOf(tcp.client().getOptionAsync(new Unknown())))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContainingAll("SO_UNHEARD_OF", driverName());
            assertThat(failureOf(tcp.client().setOptionAsync(new Unknown(), 1)))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThat(failureOf(tcp.client().getOptionAsync(new Mistyped())))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThat(failureOf(unix.client().getOptionAsync(StandardSocketOptions.TCP_NODELAY)))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContainingAll("TCP_NODELAY", driverName());
            assertThat(failureOf(unix.client().setOptionAsync(StandardSocketOptions.TCP_NODELAY, true)))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThat(tcp.echoes()).isTrue();
            assertThat(unix.echoes()).isTrue();
        }
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void valueOfAnotherTypeIsRefusedAtOnce() {
        try (StreamPair pair = StreamPair.of(ring(), loopback())) {
            SocketOption mistaken = StandardSocketOptions.SO_RCVBUF;
            assertThatThrownBy(() -> pair.client().setOptionAsync(mistaken, "large"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("SO_RCVBUF", "Integer", "large");
            assertThatThrownBy(() -> pair.client().setOptionAsync(StandardSocketOptions.SO_RCVBUF, null))
                    .isInstanceOf(NullPointerException.class);
        }
    }

    @Test
    void closedSocketHasNoOptions() {
        StreamPair pair = StreamPair.of(ring(), loopback());
        pair.close();
        assertThat(failureOf(pair.client().getOptionAsync(StandardSocketOptions.SO_RCVBUF)))
                .isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> pair.client().supportedOptions()).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void supportedOptionsAreTheSameAskedFromTheLoop() throws IOException {
        try (StreamPair pair = StreamPair.of(ring(), loopback())) {
            Set<String> here = names(pair.client().supportedOptions());
            Set<String> there = onLoop(ring(), () -> {
                try {
                    return names(pair.client().supportedOptions());
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertThat(there).isEqualTo(here);
        }
    }

    private static Set<String> names(Set<SocketOption<?>> options) {
        return options.stream().map(SocketOption::name).collect(Collectors.toSet());
    }
}
