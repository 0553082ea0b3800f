package dev.ringflow.tck;

final class UringStallTest extends StallContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
