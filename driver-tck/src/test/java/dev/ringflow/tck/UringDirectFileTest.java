package dev.ringflow.tck;

final class UringDirectFileTest extends DirectFileContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
