package dev.ringflow.tck;

final class UringSendingPipeTest extends SendingPipeContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
