package dev.ringflow.tck;

final class NioDatagramStreamTest extends DatagramStreamContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
