package dev.ringflow.examples.recipes;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingTimer;
import dev.ringflow.file.RingFile;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

// snippet-begin: tail
/** Tells every line of a file, and goes on as lines are added; on the loop thread. */
public final class Tail implements RingCallback<Integer>, AutoCloseable {
    private final Ring ring;
    private final RingFile file;
    private final Duration pause;
    private final Consumer<String> lines;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long position;
    private @Nullable RingTimer timer;
    private volatile boolean closed;

    public Tail(Ring ring, RingFile file, Duration pause, Consumer<String> lines) {
        this.ring = ring;
        this.file = file;
        this.pause = pause;
        this.lines = lines;
        ring.execute(this::read);
    }

    private void read() {
        if (!closed) {
            file.read(buffer.clear(), position, this);
        }
    }

    @Override
    public boolean completed(Integer bytes) {
        if (bytes == -1) {
            timer = ring.schedule(pause, this::read);
            return true;
        }
        position += bytes;
        buffer.flip();
        while (buffer.hasRemaining()) {
            byte next = buffer.get();
            if (next == '\n') {
                lines.accept(line.toString(StandardCharsets.UTF_8));
                line.reset();
            } else {
                line.write(next);
            }
        }
        read();
        return true;
    }

    @Override
    public void failed(Throwable cause) {
        if (!closed) {
            lines.accept("no more lines: " + cause.getMessage());
        }
    }

    @Override
    public void close() {
        closed = true;
        ring.execute(() -> {
            if (timer != null) {
                timer.cancel();
            }
        });
    }
}
// snippet-end: tail
