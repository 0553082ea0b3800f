package dev.ringflow.examples.recipes;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.ringflow.Ring;
import dev.ringflow.file.FileHash;
import dev.ringflow.file.FileTransfer;
import dev.ringflow.file.RingFile;
import dev.ringflow.file.TransferOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** What can be done with files. */
public final class FileRecipes {
    private FileRecipes() {}

    // snippet-begin: copy
    public static long copy(Ring ring, Path source, Path target) {
        try (RingFile from = ring.openFileAsync(source, READ).join();
                RingFile to = ring.openFileAsync(target, WRITE, CREATE, TRUNCATE_EXISTING)
                        .join()) {
            return from.copyToAsync(0, from.sizeAsync().join(), to, 0).join();
        }
    }
    // snippet-end: copy

    // snippet-begin: hash
    public static Map<Path, String> hashAll(Ring ring, Path directory) throws IOException {
        TransferOptions options = TransferOptions.builder().plainHash(true).build();
        List<Path> files;
        try (Stream<Path> entries = Files.walk(directory)) {
            files = entries.filter(Files::isRegularFile).sorted().toList();
        }
        Map<Path, CompletableFuture<FileHash>> hashes = new LinkedHashMap<>();
        for (Path file : files) {
            hashes.put(file, FileTransfer.hashAsync(ring, file, options));
        }
        Map<Path, String> result = new LinkedHashMap<>();
        hashes.forEach((file, hash) -> result.put(file, hash.join().plainHex()));
        return result;
    }
    // snippet-end: hash
}
