package dev.ringflow.tck;

final class NioIncomingTest extends IncomingContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
