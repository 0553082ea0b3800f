package dev.ringflow.tck;

final class UringFileCopyTest extends FileCopyContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
