package dev.ringflow.tck;

final class JdkAsynchronousFileChannelLockTest extends AsynchronousFileChannelLockContract {
    @Override
    protected ChannelSource newSource() {
        return ChannelSource.jdk();
    }
}
