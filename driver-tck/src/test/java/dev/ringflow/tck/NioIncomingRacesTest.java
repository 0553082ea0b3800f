package dev.ringflow.tck;

final class NioIncomingRacesTest extends IncomingRacesContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
