package dev.ringflow.tck;

final class NioFileVectorTest extends FileVectorContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
