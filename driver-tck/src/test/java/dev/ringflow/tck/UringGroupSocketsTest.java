package dev.ringflow.tck;

final class UringGroupSocketsTest extends GroupSocketsContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
