package dev.ringflow.tck;

final class UringEarlyStartTest extends EarlyStartContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
