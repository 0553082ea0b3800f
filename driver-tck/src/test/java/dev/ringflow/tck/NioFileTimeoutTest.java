package dev.ringflow.tck;

final class NioFileTimeoutTest extends FileTimeoutContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
