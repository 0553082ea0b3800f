package dev.ringflow.tck;

final class NioFileLockTest extends FileLockContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
