package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_FEAT_LINKED_FILE;
import static dev.ringflow.uring.UringConstants.O_DIRECT;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** One ring, with files, streams and connections, from its first operation to the last check. */
final class StressRun {
    private static final int SLOTS = 64;
    private static final int PICKED_FROM = 40;
    private static final int STREAM_SLOTS = 8;

    private final StressRing stress;
    private final StressControl control;
    private final List<StressFile> files = new ArrayList<>();
    private final List<StressBuffers> groups = new ArrayList<>();
    private final List<StressStream> streams = new ArrayList<>();
    private final StressConnections connections;
    private final boolean fixedFiles;

    StressRun(final Uring ring, final Random random, final Path folder) throws Exception {
        stress = new StressRing(ring, random);
        control = new StressControl(stress);
        final boolean sparse = ring.registerFilesSparse(SLOTS) == 0;
        final boolean picks = sparse && ring.registerFileAllocRange(PICKED_FROM, SLOTS - PICKED_FROM) == 0;
        fixedFiles = sparse || ring.registerFiles(nothing()) == 0;
        if (!picks) {
            stress.unsupported.add("slots that the kernel picks");
        }
        final boolean scratch = picks && (ring.features() & IORING_FEAT_LINKED_FILE) != 0;
        file(folder.resolve("buffered"), 0, 512, 0, scratch);
        file(folder.resolve("direct"), O_DIRECT, 4096, 2, scratch);
        final StressStream.Kind[] kinds = StressStream.Kind.values();
        for (int i = 0; i < 2 * kinds.length; i++) {
            final StressBuffers buffers = new StressBuffers(stress, 100 + i);
            groups.add(buffers);
            streams.add(new StressStream(stress, kinds[i % kinds.length], slot(i), buffers));
        }
        connections = new StressConnections(stress, picks);
    }

    private static int[] nothing() {
        final int[] files = new int[SLOTS];
        Arrays.fill(files, -1);
        return files;
    }

    private int slot(final int stream) {
        return fixedFiles && stream % 2 == 0 ? STREAM_SLOTS + 2 * stream : -1;
    }

    private void file(final Path path, final int flags, final int blockSize, final int slot, final boolean scratch)
            throws Exception {
        final StressFile file =
                new StressFile(stress, path, flags, blockSize, fixedFiles ? slot : -1, scratch ? slot + 1 : -1);
        if (file.isOpen()) {
            files.add(file);
        }
    }

    /** Runs for a time, and until so many operations have been started; answers what happened. */
    String run(final long nanos, final int operations, final int mostInFlight) throws Exception {
        control.drain();
        final long start = System.nanoTime();
        for (int round = 1; System.nanoTime() - start < nanos || stress.started < operations; round++) {
            for (int i = stress.random.nextInt(8); i >= 0 && stress.inFlight.size() < mostInFlight; i--) {
                step();
            }
            stress.pump();
            if (stress.inFlight.size() >= mostInFlight) {
                control.cancelOne();
            }
            if (round % 400 == 0) {
                stress.quiesce();
                control.drain();
                stress.quiesce();
                groups.forEach(StressBuffers::takeBack);
            }
        }
        finish();
        return stress.started + " operations, " + stress.completions + " completions, "
                + stress.overflows + " overflows, unsupported: "
                + stress.unsupported + (Boolean.getBoolean("dev.ringflow.stress.verbose") ? ", " + stress.counts : "");
    }

    private void step() throws Exception {
        final int choice = stress.random.nextInt(100);
        if (choice < 20) {
            control.step();
        } else if (choice < 45 && !files.isEmpty()) {
            files.get(stress.random.nextInt(files.size())).step();
        } else if (choice < 92) {
            final int index = stress.random.nextInt(streams.size());
            final StressStream stream = streams.get(index);
            if (stream.isGone()) {
                streams.set(index, new StressStream(stress, stream.kind, stream.readSlot, stream.buffers));
            } else {
                stream.step();
            }
        } else {
            connections.step();
        }
    }

    private void finish() {
        stress.quiesce();
        streams.forEach(StressStream::finish);
        connections.finish();
        files.forEach(StressFile::close);
        groups.forEach(StressBuffers::takeBack);
        stress.requireQuiet();
    }

    long overflows() {
        return stress.overflows;
    }

    void requireUntouchedAfterClose() {
        stress.memory.requireWhole();
    }
}
