package dev.ringflow.tck;

final class NioAttributeTest extends AttributeContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
