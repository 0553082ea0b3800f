package dev.ringflow.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.ringflow.Ring;
import dev.ringflow.file.RingFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;

/** What the README shows in Java. */
final class ReadmeJava {
    private ReadmeJava() {}

    static void run(Path path) {
        // snippet-begin: readme
        try (Ring ring = Ring.open();
                RingFile file = ring.openFileAsync(path, READ, WRITE, CREATE).join()) {
            file.writeFullyAsync(ByteBuffer.wrap("hello".getBytes(UTF_8)), 0)
                    .thenCompose(written -> file.syncAsync())
                    .join();
            ByteBuffer buffer = ByteBuffer.allocateDirect(4096); // belongs to the kernel until the read has completed
            int bytes = file.readAsync(buffer, 0).join(); // -1 at the end of the file
            System.out.println(bytes + " bytes read with driver " + ring.driver());
        } catch (CompletionException e) {
            System.err.println(e.getCause().getMessage()); // NoSuchFileException, ConnectException, RingException ...
        }
        // snippet-end: readme
    }
}
