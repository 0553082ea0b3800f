package dev.ringflow.tck;

final class NioStallTest extends StallContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
