package dev.ringflow.tck;

final class UringFileSpaceTest extends FileSpaceContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
