package dev.ringflow.tck;

final class UringSendingZeroCopyTest extends SendingZeroCopyContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
