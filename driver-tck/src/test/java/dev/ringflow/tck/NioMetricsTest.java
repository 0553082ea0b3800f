package dev.ringflow.tck;

final class NioMetricsTest extends MetricsContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
