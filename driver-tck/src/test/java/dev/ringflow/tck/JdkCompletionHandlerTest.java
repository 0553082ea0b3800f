package dev.ringflow.tck;

final class JdkCompletionHandlerTest extends CompletionHandlerContract {
    @Override
    protected ChannelSource newSource() {
        return ChannelSource.jdk();
    }
}
