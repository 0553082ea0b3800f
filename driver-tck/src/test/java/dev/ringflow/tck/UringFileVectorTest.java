package dev.ringflow.tck;

final class UringFileVectorTest extends FileVectorContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
