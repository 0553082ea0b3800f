package dev.ringflow.internal.transfer;

import dev.ringflow.RingCallback;
import dev.ringflow.Support;
import dev.ringflow.file.RingFile;
import dev.ringflow.spi.OpCode;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Finds out which chunks of a file hold data, and which are nothing but holes. Loop thread. */
final class Extents implements RingCallback<Long> {
    private final RingFile file;
    private final Geometry geometry;
    private final BitSet data = new BitSet();
    private final CompletableFuture<@Nullable BitSet> found = new CompletableFuture<>();
    private boolean inData;
    private long dataFrom;

    private Extents(RingFile file, Geometry geometry) {
        this.file = file;
        this.geometry = geometry;
    }

    /** The chunks with data, or null where the platform does not tell. */
    static CompletableFuture<@Nullable BitSet> scan(RingFile file, Geometry geometry) {
        if (file.ring().capabilities().support(OpCode.NEXT_DATA) == Support.NONE || geometry.size() == 0) {
            return CompletableFuture.completedFuture(null);
        }
        Extents extents = new Extents(file, geometry);
        file.nextData(0, extents);
        return extents.found;
    }

    @Override
    public boolean completed(Long position) {
        if (inData) {
            endOfData(position);
        } else if (position < 0 || position >= geometry.size()) {
            found.complete(data);
        } else {
            inData = true;
            dataFrom = position;
            file.nextHole(position, this);
        }
        return true;
    }

    private void endOfData(long position) {
        long end = position < 0 ? geometry.size() : Math.min(position, geometry.size());
        int last = geometry.indexOf(Math.max(dataFrom, end - 1));
        data.set(geometry.indexOf(dataFrom), last + 1);
        if (last + 1 == geometry.count()) {
            found.complete(data);
            return;
        }
        inData = false;
        file.nextData(geometry.offset(last + 1), this);
    }

    /** A file system that does not tell where its holes are has none, as far as that goes. */
    @Override
    public void failed(Throwable cause) {
        found.complete(null);
    }
}
