package dev.ringflow.tck;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ringflow.DriverAvailability;
import dev.ringflow.Ring;
import dev.ringflow.RingOptions;
import dev.ringflow.RingUnavailableException;
import dev.ringflow.file.RingFile;
import dev.ringflow.net.RingServerSocket;
import dev.ringflow.net.RingSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A program of its own, for a process in which io_uring may be refused: opens a ring as any program does, uses it, and
 * says what it was given and why. The argument is {@code EPERM} or {@code ENOSYS} to refuse io_uring itself first, or
 * {@code -}.
 */
final class SwitchedOffProgram {
    private SwitchedOffProgram() {}

    public static void main(String[] arguments) throws Exception {
        if (!arguments[0].equals("-")) {
            SeccompFilter.refuseIoUring(arguments[0]);
        }
        for (DriverAvailability each : Ring.drivers()) {
            System.out.println("driver " + each.driver() + " " + each.reason() + " | " + each.explanation() + " | "
                    + each.advice());
        }
        try (Ring ring = Ring.open()) {
            System.out.println("opened " + ring.driver());
            System.out.println("file " + throughAFile(ring));
            System.out.println("echo " + throughASocket(ring));
        }
        try (Ring ring = Ring.open(RingOptions.builder().driver("uring").build())) {
            System.out.println("insisted " + ring.driver());
        } catch (RingUnavailableException e) {
            System.out.println("refused " + e.drivers().get(0).reason() + " | "
                    + e.getMessage().replace("\n", " "));
        }
    }

    private static String throughAFile(Ring ring) throws Exception {
        Path path = Path.of(
                System.getProperty("java.io.tmpdir"),
                "ringflow-switched-off-" + ProcessHandle.current().pid());
        try (RingFile file = DriverContract.await(ring.openFileAsync(
                path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW))) {
            DriverContract.await(file.writeFullyAsync(ByteBuffer.wrap("written and read".getBytes(UTF_8)), 0));
            ByteBuffer read = ByteBuffer.allocate(16);
            DriverContract.await(file.readFullyAsync(read, 0));
            return UTF_8.decode(read.flip()).toString();
        } finally {
            java.nio.file.Files.deleteIfExists(path);
        }
    }

    private static String throughASocket(Ring ring) throws Exception {
        try (RingServerSocket server = DriverContract.await(ring.listenAsync(DriverContract.loopback()))) {
            var accepting = server.acceptAsync();
            try (RingSocket client = DriverContract.await(ring.connectAsync(server.localAddress()));
                    RingSocket accepted = DriverContract.await(accepting)) {
                DriverContract.await(client.sendFullyAsync(ByteBuffer.wrap("said and heard".getBytes(UTF_8))));
                ByteBuffer heard = ByteBuffer.allocate(14);
                DriverContract.await(accepted.receiveFullyAsync(heard));
                DriverContract.await(accepted.sendFullyAsync(heard.flip()));
                ByteBuffer echo = ByteBuffer.allocate(14);
                DriverContract.await(client.receiveFullyAsync(echo));
                return UTF_8.decode(echo.flip()).toString();
            }
        }
    }
}
