package dev.ringflow.tck;

final class NioChildExitTest extends ChildExitContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
