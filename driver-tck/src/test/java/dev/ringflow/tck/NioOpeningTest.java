package dev.ringflow.tck;

final class NioOpeningTest extends OpeningContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
