package dev.ringflow.tck;

final class JdkSeekableByteChannelTest extends SeekableByteChannelContract {
    @Override
    protected ChannelSource newSource() {
        return ChannelSource.jdk();
    }
}
