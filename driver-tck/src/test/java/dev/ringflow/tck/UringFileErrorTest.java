package dev.ringflow.tck;

final class UringFileErrorTest extends FileErrorContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
