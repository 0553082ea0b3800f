package dev.ringflow.tck;

final class UringFileTest extends FileContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
