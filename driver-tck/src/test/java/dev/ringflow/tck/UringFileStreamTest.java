package dev.ringflow.tck;

final class UringFileStreamTest extends FileStreamContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
