package dev.ringflow.tck;

final class NioLoopTest extends LoopContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
