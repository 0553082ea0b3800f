package dev.ringflow.tck;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Another program that locks regions of a file when it is told to. Locks count between programs alone. */
final class LockHolder implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter orders;

    /** Starts the program. */
    LockHolder(Path path) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx32m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        LockHolder.class.getName(),
                        path.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.onExit().orTimeout(120, TimeUnit.SECONDS).exceptionally(late -> process.destroyForcibly());
        answers = process.inputReader();
        orders = process.outputWriter();
    }

    /** Whether it has the lock now, and did not find another program in the way. */
    boolean tryLock(long position, long size, boolean shared) throws IOException {
        return "held".equals(ask("lock " + position + " " + size + " " + shared));
    }

    void release() throws IOException {
        ask("release");
    }

    private @Nullable String ask(String order) throws IOException {
        orders.write(order + "\n");
        orders.flush();
        return answers.readLine();
    }

    @Override
    public void close() throws IOException {
        orders.close();
        try {
            process.waitFor(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }

    /**
     * The program: takes orders on standard input until it ends.
     *
     * @param arguments the path
     * @throws IOException if the file cannot be opened or locked
     */
    public static void main(String[] arguments) throws IOException {
        try (FileChannel channel =
                        FileChannel.open(Path.of(arguments[0]), StandardOpenOption.READ, StandardOpenOption.WRITE);
                BufferedReader orders = new BufferedReader(new java.io.InputStreamReader(System.in))) {
            FileLock held = null;
            for (String line = orders.readLine(); line != null; line = orders.readLine()) {
                String[] words = line.split(" ");
                if (words[0].equals("release")) {
                    if (held != null) {
                        held.release();
                    }
                    System.out.println("released");
                } else {
                    held = channel.tryLock(
                            Long.parseLong(words[1]), Long.parseLong(words[2]), Boolean.parseBoolean(words[3]));
                    System.out.println(held == null ? "refused" : "held");
                }
            }
        }
    }
}
