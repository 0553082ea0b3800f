package dev.ringflow.tck;

final class UringListingTest extends ListingContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
