package dev.ringflow.tck;

final class UringStreamDescriptorTest extends StreamDescriptorContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
