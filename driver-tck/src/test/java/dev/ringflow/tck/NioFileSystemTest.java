package dev.ringflow.tck;

final class NioFileSystemTest extends FileSystemContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
