package dev.ringflow.tck;

final class JdkAsynchronousFileChannelTest extends AsynchronousFileChannelContract {
    @Override
    protected ChannelSource newSource() {
        return ChannelSource.jdk();
    }
}
