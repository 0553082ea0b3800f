package dev.ringflow.tck;

final class NioPipeTest extends PipeContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
