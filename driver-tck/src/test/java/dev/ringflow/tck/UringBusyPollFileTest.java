package dev.ringflow.tck;

import dev.ringflow.RingOptions;
import dev.ringflow.WaitMode;

final class UringBusyPollFileTest extends FileContract {
    @Override
    protected String driverName() {
        return "uring";
    }

    @Override
    protected void modes(RingOptions.Builder options) {
        options.waiting(WaitMode.BUSY_POLL);
    }
}
