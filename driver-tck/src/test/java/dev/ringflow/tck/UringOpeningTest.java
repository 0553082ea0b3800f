package dev.ringflow.tck;

final class UringOpeningTest extends OpeningContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
