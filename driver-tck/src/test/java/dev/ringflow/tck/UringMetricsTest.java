package dev.ringflow.tck;

final class UringMetricsTest extends MetricsContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
