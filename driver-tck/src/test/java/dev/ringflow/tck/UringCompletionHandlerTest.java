package dev.ringflow.tck;

final class UringCompletionHandlerTest extends CompletionHandlerContract {
    @Override
    protected ChannelSource newSource() {
        return ChannelSource.ring("uring");
    }
}
