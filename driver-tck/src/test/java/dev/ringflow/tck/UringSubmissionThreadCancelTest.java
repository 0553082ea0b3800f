package dev.ringflow.tck;

import dev.ringflow.RingOptions;
import java.time.Duration;

final class UringSubmissionThreadCancelTest extends CancelContract {
    @Override
    protected String driverName() {
        return "uring";
    }

    @Override
    protected void modes(RingOptions.Builder options) {
        options.submissionThread(Duration.ofMillis(20));
    }
}
