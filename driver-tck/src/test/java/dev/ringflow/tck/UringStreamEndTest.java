package dev.ringflow.tck;

final class UringStreamEndTest extends StreamEndContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
