package dev.ringflow.tck;

final class NioFileStreamTest extends FileStreamContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
