package dev.ringflow.tck;

import dev.ringflow.uring.Uring;
import dev.ringflow.uring.UringParams;
import java.io.IOException;
import java.io.UncheckedIOException;

final class UringPoolTest extends PoolContract {
    @Override
    protected String driverName() {
        return "uring";
    }

    @Override
    protected boolean registersMany() {
        try (Uring raw = Uring.open(UringParams.of(1))) {
            return raw.registerBuffersSparse(8) >= 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
