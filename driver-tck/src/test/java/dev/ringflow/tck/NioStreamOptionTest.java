package dev.ringflow.tck;

final class NioStreamOptionTest extends StreamOptionContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
