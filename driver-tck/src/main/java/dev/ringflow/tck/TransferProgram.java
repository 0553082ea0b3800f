package dev.ringflow.tck;

import dev.ringflow.Ring;
import dev.ringflow.RingOptions;
import dev.ringflow.file.FileTransfer;
import dev.ringflow.file.HashAlgorithm;
import dev.ringflow.file.TransferOptions;
import dev.ringflow.file.TransferProgress.Phase;
import dev.ringflow.net.RingServerSocket;
import java.nio.file.Path;

/** A program of its own that copies or receives one file, says after each chunk how far it is, and is there to be killed. */
final class TransferProgram {
    private static final int CHUNK = 8192;

    private TransferProgram() {}

    public static void main(String[] arguments) throws Exception {
        TransferOptions options = TransferOptions.builder()
                .chunkSize(CHUNK)
                .depth(4)
                .hash(HashAlgorithm.BLAKE3)
                .checkpoint(4 * CHUNK)
                .listener(progress -> {
                    if (progress.phase() == Phase.MOVING) {
                        System.out.println("moved " + progress.chunksDone());
                        slowDown();
                    }
                })
                .build();
        try (Ring ring = Ring.open(RingOptions.builder().driver(arguments[0]).build())) {
            if (arguments[1].equals("copy")) {
                FileTransfer.copyAsync(ring, Path.of(arguments[2]), Path.of(arguments[3]), options)
                        .join();
                return;
            }
            try (RingServerSocket server =
                    ring.listenAsync(DriverContract.loopback()).join()) {
                System.out.println("port " + server.localPort());
                var socket = server.acceptAsync().join();
                FileTransfer.receiveAsync(socket, Path.of(arguments[2]), options)
                        .join();
            }
        }
    }

    /** So that it can be killed before it is through; it blocks the loop, which is only this program's. */
    private static void slowDown() {
        java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
    }
}
