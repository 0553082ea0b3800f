package dev.ringflow.tck;

final class NioFileErrorTest extends FileErrorContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
