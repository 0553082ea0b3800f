package dev.ringflow.tck;

final class NioListingTest extends ListingContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
