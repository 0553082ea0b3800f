package dev.ringflow.tck;

final class UringDatagramDetailTest extends DatagramDetailContract {
    @Override
    protected String driverName() {
        return "uring";
    }

    @Override
    protected boolean hasControlMessages() {
        return true;
    }
}
