package dev.ringflow.tck;

final class NioTicksTest extends TicksContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
