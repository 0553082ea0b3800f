package dev.ringflow.tck;

final class NioChainTest extends ChainContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
