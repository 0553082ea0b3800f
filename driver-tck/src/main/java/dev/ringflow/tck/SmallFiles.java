package dev.ringflow.tck;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.ringflow.Ring;
import dev.ringflow.RingException;
import dev.ringflow.RingOptions;
import dev.ringflow.file.RingFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/** A program of its own, for a process that may only write small files: tells what becomes of larger ones. */
final class SmallFiles {
    /** What {@code ulimit -f 512} allows. */
    static final int LIMIT = 512 * 1024;

    private SmallFiles() {}

    public static void main(String[] arguments) {
        RingOptions options = RingOptions.builder().driver(arguments[0]).build();
        try (Ring ring = Ring.open(options)) {
            Path path = Path.of(arguments[1]);
            RingFile file = DriverContract.await(ring.openFileAsync(path, READ, WRITE, CREATE));
            ByteBuffer direct = Bytes.direct(1 << 20);
            tell("write", file.writeFullyAsync(direct, 0), direct);
            ByteBuffer heap = ByteBuffer.allocate(1 << 20);
            tell("heap", file.writeFullyAsync(heap, 0), heap);
            ByteBuffer[] several = {Bytes.direct(300_000), ByteBuffer.allocate(300_000)};
            tell("several", file.writeFullyAsync(several, 0), several);
            ByteBuffer more = Bytes.direct(10);
            tell("append", file.appendAsync(more), more);
            RingFile target = DriverContract.await(ring.openFileAsync(path.resolveSibling("b"), READ, WRITE, CREATE));
            CompletableFuture<?> source = ring.openFileAsync(Path.of("/dev/zero"))
                    .thenCompose(zeros -> zeros.copyToAsync(0, 1 << 20, target, 0));
            String copied = outcome(source);
            System.out.println(
                    "> copy: " + copied + ", " + DriverContract.await(target.sizeAsync()) + " bytes written");
            tell("truncate", file.truncateAsync(1 << 20));
        }
    }

    private static void tell(String what, CompletableFuture<?> future, ByteBuffer... buffers) {
        String outcome = outcome(future);
        int written = Arrays.stream(buffers).mapToInt(ByteBuffer::position).sum();
        System.out.println("> " + what + ": " + outcome + ", " + written + " bytes written");
    }

    private static String outcome(CompletableFuture<?> future) {
        return DriverContract.outcomeOf(future)
                .map(failure -> failure.getClass().getSimpleName()
                        + (failure instanceof RingException known ? " " + known.codeName() : " " + failure))
                .orElse("done");
    }
}
