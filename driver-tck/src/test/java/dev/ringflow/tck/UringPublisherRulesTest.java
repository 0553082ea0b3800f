package dev.ringflow.tck;

final class UringPublisherRulesTest extends PublisherRulesContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
