package dev.ringflow.tck;

final class UringFileTimeoutTest extends FileTimeoutContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
