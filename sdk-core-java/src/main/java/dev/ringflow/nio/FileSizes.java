package dev.ringflow.nio;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Sets the sizes of files as the system does, and not as the JDK does. Any thread. */
final class FileSizes {
    private static final int ZEROS = 64 * 1024;

    private FileSizes() {}

    static void truncate(OpenFile file, long size) throws IOException {
        file.size().writeLock().lock();
        try {
            long now = file.channel().size();
            if (size < now) {
                cut(file, size);
            } else if (size > now) {
                extend(file, now, size);
            }
        } finally {
            file.size().writeLock().unlock();
        }
    }

    /** The JDK's truncate takes the channel's own position back to the end; the system leaves it where it is. */
    private static void cut(OpenFile file, long size) throws IOException {
        long position = file.appends() ? 0 : file.channel().position();
        file.channel().truncate(size);
        if (position > size) {
            file.channel().position(position);
        }
    }

    /** The JDK's truncate does not extend: the last byte is written, and what is between is a hole. */
    private static void extend(OpenFile file, long from, long to) throws IOException {
        if (file.isDirect()) {
            extendDirect(file, from, to);
            return;
        }
        if (!file.appends()) {
            file.channel().write(ByteBuffer.allocate(1), to - 1);
            return;
        }
        ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(ZEROS, to - from));
        for (long left = to - from; left > 0; ) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), left));
            left -= file.channel().write(zeros);
        }
    }

    /** Direct I/O writes whole blocks: the last one is, together with what it holds already, and then is cut. */
    private static void extendDirect(OpenFile file, long from, long to) throws IOException {
        int block = FileCalls.alignment(file).position();
        long last = (to - 1) / block * block;
        ByteBuffer memory =
                ByteBuffer.allocateDirect(2 * block).alignedSlice(block).limit(block);
        if (last < from) {
            file.channel().read(memory, last);
        }
        file.channel().write(memory.clear().limit(block), last);
        cut(file, to);
    }
}
