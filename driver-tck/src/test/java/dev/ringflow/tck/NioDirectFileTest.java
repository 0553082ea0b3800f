package dev.ringflow.tck;

final class NioDirectFileTest extends DirectFileContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
