package dev.ringflow.tck;

final class UringPollTest extends PollContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
