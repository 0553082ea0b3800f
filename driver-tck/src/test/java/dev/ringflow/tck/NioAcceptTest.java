package dev.ringflow.tck;

final class NioAcceptTest extends AcceptContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
