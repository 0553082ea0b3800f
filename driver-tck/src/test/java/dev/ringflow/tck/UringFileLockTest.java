package dev.ringflow.tck;

final class UringFileLockTest extends FileLockContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
