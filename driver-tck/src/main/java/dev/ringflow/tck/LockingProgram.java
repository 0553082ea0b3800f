package dev.ringflow.tck;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;

/** A program of its own that holds a lock on the first 10 bytes of a file until a line comes in. */
final class LockingProgram {
    private LockingProgram() {}

    public static void main(String[] arguments) throws IOException {
        boolean shared = Boolean.parseBoolean(arguments[1]);
        try (FileChannel channel = FileChannel.open(Path.of(arguments[0]), READ, WRITE)) {
            FileLock lock = channel.tryLock(0, 10, shared);
            if (lock == null) {
                System.out.println("refused");
                lock = channel.lock(0, 10, shared);
            }
            System.out.println("locked");
            int told = System.in.read();
            lock.release();
            System.out.println(told < 0 ? "left alone" : "given up");
        }
    }
}
