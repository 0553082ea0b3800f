package dev.ringflow.tck;

final class UringFileSystemTest extends FileSystemContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
