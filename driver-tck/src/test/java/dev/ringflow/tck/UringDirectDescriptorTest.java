package dev.ringflow.tck;

final class UringDirectDescriptorTest extends DirectDescriptorContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
