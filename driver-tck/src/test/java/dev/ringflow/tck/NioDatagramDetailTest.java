package dev.ringflow.tck;

final class NioDatagramDetailTest extends DatagramDetailContract {
    @Override
    protected String driverName() {
        return "nio";
    }

    @Override
    protected boolean hasControlMessages() {
        return false;
    }
}
