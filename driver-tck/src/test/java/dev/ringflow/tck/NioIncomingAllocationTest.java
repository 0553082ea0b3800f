package dev.ringflow.tck;

final class NioIncomingAllocationTest extends IncomingAllocationContract {
    @Override
    protected String driverName() {
        return "nio";
    }

    @Override
    protected int most() {
        return 400; // the JDK's channels and selector allocate, and so does the driver for each completion
    }
}
