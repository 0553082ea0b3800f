package dev.ringflow.tck;

final class UringAttributeTest extends AttributeContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
