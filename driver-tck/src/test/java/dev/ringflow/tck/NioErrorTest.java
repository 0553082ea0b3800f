package dev.ringflow.tck;

final class NioErrorTest extends ErrorContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
