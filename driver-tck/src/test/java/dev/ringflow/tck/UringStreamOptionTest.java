package dev.ringflow.tck;

final class UringStreamOptionTest extends StreamOptionContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
