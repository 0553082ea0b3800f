package dev.ringflow.tck;

final class UringSendingTest extends SendingContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
