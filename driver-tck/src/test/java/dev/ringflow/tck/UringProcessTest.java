package dev.ringflow.tck;

final class UringProcessTest extends ProcessContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
