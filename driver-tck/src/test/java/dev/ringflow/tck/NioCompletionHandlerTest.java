package dev.ringflow.tck;

final class NioCompletionHandlerTest extends CompletionHandlerContract {
    @Override
    protected ChannelSource newSource() {
        return ChannelSource.ring("nio");
    }
}
