package dev.ringflow.tck;

final class NioCloseTest extends CloseContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
