package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.OpenFlags;
import dev.ringflow.spi.ResultCodes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class UringTimeoutTest extends TimeoutContract {
    @Override
    protected String driverName() {
        return "uring";
    }

    @Test
    void readOfAnEmptyPipeTimesOutAndLosesNothing() throws IOException, InterruptedException {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Told open =
                Told.by(ring().operation().opCode(OpCode.OPEN).argument(pipe).flags(OpenFlags.READ | OpenFlags.WRITE));
        assertThat(open.result()).isZero();
        assertThat(read(open.opened(), TimeUnit.MILLISECONDS.toNanos(5)).result())
                .isEqualTo(ResultCodes.TIMED_OUT);
        Told next = read(open.opened(), 0);
        Files.write(pipe, Bytes.content(6));
        assertThat(next.result()).isEqualTo(6);
    }

    private Told read(Handle handle, long timeoutNanos) {
        ByteBuffer memory = Bytes.direct(8);
        return Told.by(ring().operation()
                .opCode(OpCode.READ)
                .handle(handle)
                .memory(memory, 0, 8)
                .timeoutNanos(timeoutNanos));
    }
}
