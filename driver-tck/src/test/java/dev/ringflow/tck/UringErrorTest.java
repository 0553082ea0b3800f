package dev.ringflow.tck;

final class UringErrorTest extends ErrorContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
