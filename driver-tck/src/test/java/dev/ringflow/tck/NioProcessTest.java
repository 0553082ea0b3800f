package dev.ringflow.tck;

final class NioProcessTest extends ProcessContract {
    @Override
    protected String driverName() {
        return "nio";
    }

    /** Each ring starts helper threads, so a round takes longer. */
    @Override
    protected int soakRounds() {
        return super.soakRounds() / 4;
    }

    @Override
    protected boolean opensDescriptorsItself() {
        return false;
    }
}
