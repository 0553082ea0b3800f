package dev.ringflow.tck;

final class NioFileTest extends FileContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
