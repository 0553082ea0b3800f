package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.RingFuture;
import dev.ringflow.net.AbstractUnixAddress;
import dev.ringflow.net.ConnectOptions;
import dev.ringflow.net.ConnectionStream;
import dev.ringflow.net.ListenOptions;
import dev.ringflow.net.PeerCredentials;
import dev.ringflow.net.RingServerSocket;
import dev.ringflow.net.RingSocket;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Unix sockets: by path and by abstract name, what is left of them, and who is at the other side. */
public abstract class StreamUnixContract extends DriverContract {
    private static final UnixDomainSocketAddress UNNAMED = UnixDomainSocketAddress.of("");
    private static final ListenOptions REPLACING =
            ListenOptions.builder().replaceStaleFile(true).build();

    /** For subclasses. */
    protected StreamUnixContract() {}

    /**
     * Whether unix sockets tell who their peer is.
     *
     * @return false for a driver of a system that does not
     */
    protected boolean tellsCredentials() {
        return true;
    }

    @BeforeEach
    final void needsUnixSockets() {
        RingServerSocket probe = awaitUnix(ring().listenAsync(UnixDomainSocketAddress.of(directory.resolve("probe"))));
        await(probe.closeAsync());
    }

    private UnixDomainSocketAddress address() {
        return UnixDomainSocketAddress.of(path());
    }

    private Path path() {
        return directory.resolve("s");
    }

    private static AbstractUnixAddress abstractName() {
        return AbstractUnixAddress.of("ringflow-" + ProcessHandle.current().pid() + "-" + System.nanoTime());
    }

    @Test
    void bytesGoBothWaysOverAPathAndAddressesAreRight() throws IOException {
        RingServerSocket server = await(ring().listenAsync(address()));
        assertThat(server.localAddress()).isEqualTo(address());
        assertThat(server.localPort()).isEqualTo(-1);
        try (StreamPair pair = StreamPair.of(server, ConnectOptions.defaults())) {
            assertThat(pair.echoes()).isTrue();
            assertThat(pair.client().remoteAddress()).isEqualTo(address());
            assertThat(pair.client().localAddress()).isEqualTo(UNNAMED);
            assertThat(pair.accepted().localAddress()).isEqualTo(address());
            assertThat(pair.accepted().remoteAddress()).isEqualTo(UNNAMED);
            assertThat(pair.accepted().remotePort()).isEqualTo(-1);
        }
    }

    @Test
    void clientsMayHaveNamesToo() throws IOException {
        UnixDomainSocketAddress name = UnixDomainSocketAddress.of(directory.resolve("client"));
        ConnectOptions from = ConnectOptions.builder().localAddress(name).build();
        try (StreamPair pair = StreamPair.of(ring(), address(), ListenOptions.defaults(), from)) {
            assertThat(pair.client().localAddress()).isEqualTo(name);
            assertThat(pair.accepted().remoteAddress()).isEqualTo(name);
            assertThat(pair.echoes()).isTrue();
        }
        RingServerSocket again = await(ring().listenAsync(address(), REPLACING));
        assertThat(failureOf(ring().connectAsync(again.localAddress(), from)))
                .as("the client's file is still there")
                .isInstanceOf(BindException.class)
                .hasMessageContaining(name.getPath().toString());
    }

    @Test
    void clientOfTheJdkTalksToIt() throws IOException {
        RingServerSocket server = await(ring().listenAsync(address()));
        RingFuture<RingSocket> accept = server.acceptAsync();
        try (SocketChannel theirs = SocketChannel.open(address())) {
            theirs.write(ByteBuffer.wrap(Bytes.content(10)));
            ByteBuffer in = Bytes.direct(10);
            assertThat(await(await(accept).receiveFullyAsync(in))).isEqualTo(10);
            assertThat(Bytes.filled(in)).isEqualTo(Bytes.content(10));
        }
    }

    @Test
    void abstractNamesNeedNoFileAndGoWithTheServer() throws IOException {
        AbstractUnixAddress name = abstractName();
        RingFuture<RingServerSocket> listen = ring().listenAsync(name);
        if (!driverName().equals("uring")) {
            assertThat(failureOf(listen))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining(driverName());
            assertThat(failureOf(ring().connectAsync(name))).isInstanceOf(UnsupportedOperationException.class);
            return;
        }
        RingServerSocket server = await(listen);
        assertThat(server.localAddress()).isEqualTo(name);
        assertThat(failureOf(ring().listenAsync(name, REPLACING)))
                .isInstanceOf(BindException.class)
                .hasMessageContaining(name.toString());
        ConnectOptions from =
                ConnectOptions.builder().localAddress(abstractName()).build();
        try (StreamPair pair = StreamPair.of(server, from)) {
            assertThat(pair.echoes()).isTrue();
            assertThat(pair.client().remoteAddress()).isEqualTo(name);
            assertThat(pair.accepted().localAddress()).isEqualTo(name);
            assertThat(pair.accepted().remoteAddress())
                    .isEqualTo(pair.client().localAddress())
                    .isInstanceOf(AbstractUnixAddress.class);
        }
        await(server.closeAsync());
        assertThat(failureOf(ring().connectAsync(name))).isInstanceOf(ConnectException.class);
        await(ring().listenAsync(name));
    }

    @Test
    void abstractNamesAreEqualByTheirBytes() {
        byte[] odd = {0, 'x', (byte) 0xFF};
        assertThat(AbstractUnixAddress.of(odd)).isEqualTo(AbstractUnixAddress.of(odd.clone()));
        assertThat(AbstractUnixAddress.of(odd).bytes()).isEqualTo(odd);
        assertThat(AbstractUnixAddress.of("a")).hasToString("@a").isNotEqualTo(AbstractUnixAddress.of("b"));
        assertThatThrownBy(() -> AbstractUnixAddress.of("")).isInstanceOf(IllegalArgumentException.class);
        assertThat(AbstractUnixAddress.of("x".repeat(107)).name()).hasSize(107);
        assertThatThrownBy(() -> AbstractUnixAddress.of("x".repeat(108))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void pathThatIsTooLongIsRefusedBeforeTheKernelSeesIt() {
        SocketAddress tooLong = UnixDomainSocketAddress.of("x".repeat(108));
        assertThatThrownBy(() -> ring().listenAsync(tooLong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("107", "108");
        assertThatThrownBy(() -> ring().connectAsync(tooLong)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ConnectOptions.builder().localAddress(tooLong))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(failureOf(ring().connectAsync(UnixDomainSocketAddress.of("x".repeat(107)))))
                .as("the longest one")
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void otherKindsOfAddressesAreRefusedAtOnce() {
        SocketAddress strange = new SocketAddress() {};
        assertThatThrownBy(() -> ring().listenAsync(strange)).isInstanceOf(UnsupportedAddressTypeException.class);
        assertThatThrownBy(() -> ring().connectAsync(strange)).isInstanceOf(UnsupportedAddressTypeException.class);
    }

    @Test
    void nobodyThereIsAConnectExceptionThatNamesThePath() throws IOException {
        assertThat(failureOf(ring().connectAsync(address())))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining(path().toString());
        Files.writeString(path(), "no socket");
        assertThat(failureOf(ring().connectAsync(address())))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining(path().toString());
        SocketAddress nowhere = UnixDomainSocketAddress.of(directory.resolve("nowhere/s"));
        assertThat(failureOf(ring().listenAsync(nowhere)))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void fileThatAnEarlierServerLeftIsReplacedOnlyIfAskedFor() {
        await(await(ring().listenAsync(address())).closeAsync());
        assertThat(path()).exists();
        assertThat(failureOf(ring().listenAsync(address())))
                .isInstanceOf(BindException.class)
                .hasMessageContaining(path().toString());
        assertThat(failureOf(ring().connectAsync(address()))).isInstanceOf(ConnectException.class);
        try (StreamPair pair = StreamPair.of(ring(), address(), REPLACING, ConnectOptions.defaults())) {
            assertThat(pair.echoes()).isTrue();
        }
        assertThat(directory).isDirectoryNotContaining("glob:**/.*");
    }

    @Test
    void serverThatLivesIsNeverReplaced() {
        ListenOptions narrow = ListenOptions.builder().backlog(1).build();
        RingServerSocket alive = await(ring().listenAsync(address(), narrow));
        RingSocket waiting = await(ring().connectAsync(address()));
        RingSocket another = await(ring().connectAsync(address()));
        assertThat(failureOf(ring().listenAsync(address(), REPLACING)))
                .as("with a queue that is full")
                .isInstanceOf(BindException.class);
        RingSocket accepted = await(alive.acceptAsync());
        assertThat(StreamPair.reaches(waiting, accepted)).isTrue();
        assertThat(StreamPair.reaches(another, await(alive.acceptAsync()))).isTrue();
        assertThat(failureOf(ring().listenAsync(address(), REPLACING))).isInstanceOf(BindException.class);
        RingSocket client = await(ring().connectAsync(address()));
        RingSocket look = await(alive.acceptAsync());
        assertThat(await(look.receiveAsync(Bytes.direct(1))))
                .as("the look at whether it lives was a connection too")
                .isEqualTo(-1);
        assertThat(StreamPair.reaches(client, await(alive.acceptAsync()))).isTrue();
    }

    @Test
    void whatIsNoSocketIsNeverRemoved() throws IOException {
        Files.writeString(path(), "precious");
        assertThat(failureOf(ring().listenAsync(address(), REPLACING))).isInstanceOf(BindException.class);
        assertThat(path()).hasContent("precious");
        Files.delete(path());
        Files.createDirectory(path());
        assertThat(failureOf(ring().listenAsync(address(), REPLACING))).isInstanceOf(BindException.class);
        assertThat(path()).isDirectory();
        Files.delete(path());
        Path stale = directory.resolve("stale");
        await(await(ring().listenAsync(UnixDomainSocketAddress.of(stale))).closeAsync());
        Files.createSymbolicLink(path(), stale);
        assertThat(failureOf(ring().listenAsync(address(), REPLACING))).isInstanceOf(BindException.class);
        assertThat(path()).isSymbolicLink();
        assertThat(stale).exists();
    }

    @Test
    void streamOfConnectionsWorksOnAPath() {
        RingServerSocket server = await(ring().listenAsync(address()));
        try (ConnectionStream stream = server.connectionStream()) {
            for (int i = 0; i < 5; i++) {
                RingFuture<RingSocket> next = new RingFuture<>();
                stream.next(next);
                RingSocket client = await(ring().connectAsync(address()));
                assertThat(StreamPair.reaches(client, await(next))).isTrue();
            }
        }
    }

    @Test
    void credentialsOfThePeerAreThoseOfThisProcess() throws IOException {
        Path mine = Files.createFile(directory.resolve("mine"));
        try (StreamPair pair = StreamPair.of(ring(), address())) {
            for (RingSocket each : java.util.List.of(pair.client(), pair.accepted())) {
                if (!tellsCredentials()) {
                    assertThat(failureOf(each.peerCredentialsAsync()))
                            .isInstanceOf(UnsupportedOperationException.class)
                            .hasMessageContainingAll("SO_PEERCRED", driverName());
                    continue;
                }
                PeerCredentials peer = await(each.peerCredentialsAsync());
                if (driverName().equals("nio")) {
                    assertThat(peer.userName()).isEqualTo(Files.getOwner(mine).getName());
                    assertThat(peer.groupName()).isNotEmpty();
                    assertThat(peer.processId()).isEqualTo(-1);
                } else {
                    assertThat(peer.processId())
                            .isEqualTo(ProcessHandle.current().pid());
                    assertThat(peer.userId()).isEqualTo(((Number) Files.getAttribute(mine, "unix:uid")).longValue());
                    assertThat(peer.groupId()).isEqualTo(((Number) Files.getAttribute(mine, "unix:gid")).longValue());
                }
            }
        }
        try (StreamPair tcp = StreamPair.of(ring(), loopback())) {
            assertThat(failureOf(tcp.client().peerCredentialsAsync()))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContainingAll("SO_PEERCRED", driverName());
        }
    }
}
