package dev.ringflow.tck;

final class UringDatagramStreamTest extends DatagramStreamContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
