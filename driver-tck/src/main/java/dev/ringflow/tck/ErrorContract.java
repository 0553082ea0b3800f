package dev.ringflow.tck;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.RingException;
import dev.ringflow.file.RingFile;
import dev.ringflow.net.RingServerSocket;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Failures are those that the JDK has, with what they are about in the message; or say what a person can do. */
public abstract class ErrorContract extends DriverContract {
    private static final Path FULL_DEVICE = Path.of("/dev/full");

    /** For subclasses. */
    protected ErrorContract() {}

    @Test
    void missingFileIsNamed() {
        Path path = directory.resolve("missing");
        assertThat(failureOf(ring().openFileAsync(path)))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining(path.toString());
        assertThat(failureOf(ring().openFileAsync(path, WRITE))).isInstanceOf(NoSuchFileException.class);
        Path inMissingFolder = path.resolve("child");
        assertThat(failureOf(ring().openFileAsync(inMissingFolder, WRITE, CREATE)))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining(inMissingFolder.toString());
    }

    @Test
    void fileWhereADirectoryShouldBeIsNamed() {
        Path path = Bytes.file(directory, "a", 1).resolve("child");
        assertThat(failureOf(ring().openFileAsync(path)))
                .isInstanceOf(NotDirectoryException.class)
                .hasMessageContaining(path.toString());
    }

    @Test
    void deniedAccessIsNamed() throws IOException {
        Path path = Bytes.file(directory, "a", 1);
        Assumptions.assumeTrue(
                Files.getFileStore(path).supportsFileAttributeView(PosixFileAttributeView.class),
                "no permission bits here");
        Files.setPosixFilePermissions(path, java.util.Set.of());
        Assumptions.assumeFalse(Files.isReadable(path), "this user may do everything");
        assertThat(failureOf(ring().openFileAsync(path)))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining(path.toString());
    }

    @Test
    void nameThatIsTooLongIsAFileSystemException() {
        Path path = directory.resolve("x".repeat(300));
        assertThat(failureOf(ring().openFileAsync(path, WRITE, CREATE)))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("too long");
    }

    @Test
    void loopOfSymbolicLinksIsAFileSystemException() throws IOException {
        SymbolicLinks.assumeIn(directory);
        Path link = directory.resolve("link");
        Files.createSymbolicLink(link, link);
        assertThat(failureOf(ring().openFileAsync(link)))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining(link.toString());
    }

    @Test
    void fullDeviceSaysWhatToDo() {
        Assumptions.assumeTrue(Files.exists(FULL_DEVICE), "no /dev/full here");
        RingFile full = await(ring().openFileAsync(FULL_DEVICE, WRITE));
        for (var write : java.util.List.of(
                full.writeAsync(Bytes.direct(100), 0), full.writeFullyAsync(java.nio.ByteBuffer.allocate(100), 0))) {
            Throwable failure = failureOf(write);
            assertThat(failure).isInstanceOf(RingException.class).hasMessageContaining(FULL_DEVICE.toString());
            RingException told = (RingException) failure;
            assertThat(told.codeName()).isEqualTo(codeName("ENOSPC"));
            assertThat(told.operation()).startsWith("write");
            assertThat(told.advice()).contains("Free space");
            assertThat(told).hasMessageContaining(told.advice());
        }
    }

    @Test
    void positionThatTheFileSystemCannotHaveIsAnIoException() {
        RingFile file = await(ring().openFileAsync(Bytes.file(directory, "a", 1), READ, WRITE));
        assertThat(failureOf(file.writeAsync(Bytes.direct(10), Long.MAX_VALUE - 100)))
                .isInstanceOf(RingException.class)
                .hasMessageContaining(file.path().toString());
        assertThat(failureOf(file.truncateAsync(Long.MAX_VALUE)))
                .isInstanceOf(RingException.class)
                .hasMessageContaining(file.path().toString());
        assertThat(file.path()).hasSize(1);
    }

    @Test
    void refusedConnectionNamesTheAddress() throws IOException {
        InetSocketAddress nobody;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = (InetSocketAddress) gone.getLocalSocketAddress();
        }
        assertThat(failureOf(ring().connectAsync(nobody)))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("refused")
                .hasMessageContaining(String.valueOf(nobody.getPort()));
        assertThat(ring().metrics().openHandles()).isZero();
    }

    @Test
    void takenAddressIsNamed() {
        RingServerSocket server = await(ring().listenAsync(loopback()));
        assertThat(failureOf(ring().listenAsync(server.localAddress())))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("in use")
                .hasMessageContaining(String.valueOf(server.localPort()));
        assertThat(ring().metrics().openHandles()).isOne();
    }

    @Test
    void addressOfAnotherMachineCannotBeListenedOn() throws IOException {
        InetSocketAddress elsewhere = new InetSocketAddress(InetAddress.getByName("192.0.2.1"), 0);
        assertThat(failureOf(ring().listenAsync(elsewhere)))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("192.0.2.1");
    }

    @Test
    void addressCanBeListenedOnAgainAtOnce() throws IOException {
        RingServerSocket server = await(ring().listenAsync(loopback()));
        var accept = server.acceptAsync();
        var client = await(ring().connectAsync(server.localAddress()));
        var accepted = await(accept);
        // the side that closes first keeps the address in TIME_WAIT
        await(accepted.closeAsync());
        assertThat(await(client.receiveAsync(Bytes.direct(1)))).isEqualTo(-1);
        await(client.closeAsync());
        await(server.closeAsync());
        assertThat(await(ring().listenAsync(server.localAddress())).localAddress())
                .isEqualTo(server.localAddress());
    }
}
