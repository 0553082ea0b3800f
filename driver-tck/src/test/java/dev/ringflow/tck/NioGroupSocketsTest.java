package dev.ringflow.tck;

final class NioGroupSocketsTest extends GroupSocketsContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
