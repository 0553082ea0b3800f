package dev.ringflow.tck;

final class UringDatagramTest extends DatagramContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
