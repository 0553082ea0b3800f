package dev.ringflow.internal.transfer;

import dev.ringflow.RingCallback;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.file.RingFile;
import dev.ringflow.net.RingSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One chunk on its way, in one buffer: read or received, hashed, written or sent. Used again for the next chunk, so that a
 * chunk costs no garbage. Loop thread, except for hashing.
 */
final class ChunkSlot implements RingCallback<Integer>, Runnable {
    /** Direct I/O reads and writes whole blocks of this many bytes. */
    static final int BLOCK = 4096;

    /** What happens next with a chunk. */
    interface Step {
        void take(ChunkSlot slot) throws Exception;
    }

    /** What happens with a chunk that could not be moved; it releases the slot. */
    interface Loss {
        void take(ChunkSlot slot, Throwable reason);
    }

    private enum Transfer {
        READING,
        WRITING,
        OTHER
    }

    private final TransferRun<?> run;
    private final ChunkSlots slots;
    private final RingBuffer lease;
    private final ByteBuffer bytes;
    private final int base;
    private final Runnable hashed = this::goOn;

    private int index;
    private long offset;
    private int length;
    private int moved;
    private int wanted;
    private boolean aligned;
    private int dataFrom;
    private int dataTo;
    private byte @Nullable [] hash;
    private byte @Nullable [] expected;
    private Transfer transfer = Transfer.OTHER;
    private @Nullable RingFile file;
    private @Nullable ChunkHasher hasher;
    private @Nullable Throwable hashFailure;
    private @Nullable Step next;
    private @Nullable Loss loss;

    /**
     * Takes a buffer for good.
     *
     * @param base where the chunk begins in the buffer; what is before is for a frame's header
     */
    ChunkSlot(TransferRun<?> run, ChunkSlots slots, RingBuffer lease, int base) {
        this.run = run;
        this.slots = slots;
        this.lease = lease;
        this.bytes = lease.byteBuffer();
        this.base = base;
    }

    void begin(Geometry geometry, int chunk) {
        index = chunk;
        offset = geometry.offset(chunk);
        length = geometry.length(chunk);
        hash = null;
    }

    int index() {
        return index;
    }

    long offset() {
        return offset;
    }

    int length() {
        return length;
    }

    /** How many bytes the last read has found: fewer than the chunk has where the file is shorter. */
    int moved() {
        return moved;
    }

    /** The hash that the chunk should have. */
    byte[] expected() {
        return Objects.requireNonNull(expected);
    }

    void expect(byte[] itsHash) {
        expected = itsHash;
    }

    byte[] hash() {
        return Objects.requireNonNull(hash);
    }

    boolean isZero() {
        return dataFrom >= dataTo;
    }

    /** The whole buffer. */
    ByteBuffer buffer() {
        return bytes;
    }

    /** The part of the buffer that the chunk is in. */
    ByteBuffer content() {
        return bytes.duplicate().order(bytes.order()).limit(base + length).position(base);
    }

    /** Makes the rest of the chunk zeros. */
    void zeroFrom(int from) {
        for (int i = base + from; i < base + length; i++) {
            bytes.put(i, (byte) 0);
        }
    }

    /** The chunk is through: counts it, and makes room for the next. */
    void done(int chunks) {
        run.meter().done(length, chunks);
        slots.release(this);
    }

    /** Reads the chunk, or as much of it as there is. */
    void read(RingFile from, boolean direct, Step then) {
        aligned = direct;
        start(Transfer.READING, from, then, direct ? blocks(length) : length, 0);
    }

    /** Writes what is not zeros, or all of it. */
    void write(RingFile to, boolean direct, boolean all, Step then) {
        aligned = direct;
        int from = all ? 0 : dataFrom;
        int end = all ? length : dataTo;
        start(Transfer.WRITING, to, then, direct ? blocks(end) : end, from);
    }

    /** Receives the chunk. */
    void receive(RingSocket from, Step then, Loss otherwise) {
        move(then, otherwise);
        bytes.limit(base + length).position(base);
        from.receiveFully(lease, this);
    }

    /** Room for a header that is sent together with the chunk, most significant bytes first. */
    ByteBuffer header(int bytesBefore) {
        return bytes.duplicate().order(ByteOrder.BIG_ENDIAN).limit(base).position(base - bytesBefore);
    }

    /** Sends the header, and the chunk too if that is wanted. */
    void send(RingSocket to, int bytesBefore, boolean content, Step then, Loss otherwise) {
        move(then, otherwise);
        bytes.limit(content ? base + length : base).position(base - bytesBefore);
        to.sendFully(lease, this);
    }

    private void move(Step then, Loss otherwise) {
        transfer = Transfer.OTHER;
        next = then;
        loss = otherwise;
    }

    private static int blocks(int count) {
        return (count + BLOCK - 1) / BLOCK * BLOCK;
    }

    private void start(Transfer kind, RingFile on, Step then, int end, int from) {
        transfer = kind;
        file = on;
        next = then;
        moved = from;
        wanted = end;
        transferRest();
    }

    private void transferRest() {
        RingFile on = Objects.requireNonNull(file);
        bytes.limit(base + wanted).position(base + moved);
        if (transfer == Transfer.READING) {
            on.read(lease, offset + moved, this);
        } else {
            on.write(lease, offset + moved, this);
        }
    }

    @Override
    public boolean completed(Integer count) {
        if (transfer == Transfer.OTHER) {
            goOn();
            return true;
        }
        moved += Math.max(0, count);
        boolean canGoOn = !aligned || moved % BLOCK == 0; // direct I/O cannot begin within a block
        if (moved < wanted && count > 0 && canGoOn) {
            again();
        } else if (transfer == Transfer.WRITING && moved < wanted) {
            failed(new java.io.IOException("The system took only " + moved + " of " + wanted + " bytes for " + file));
        } else {
            goOn();
        }
        return true;
    }

    private void again() {
        try {
            transferRest();
        } catch (Throwable t) {
            failed(t);
        }
    }

    @Override
    public void failed(Throwable cause) {
        Loss special = loss;
        loss = null;
        if (special == null) {
            slots.failed(this, cause);
        } else {
            special.take(this, cause);
        }
    }

    private void goOn() {
        Throwable failed = hashFailure;
        hashFailure = null;
        loss = null;
        Step step = Objects.requireNonNull(next);
        if (failed != null) {
            slots.failed(this, failed);
            return;
        }
        try {
            step.take(this);
        } catch (Throwable t) {
            slots.failed(this, t);
        }
    }

    /** Hashes the chunk on a worker thread. */
    void hash(ChunkHasher by, Step then) {
        transfer = Transfer.OTHER;
        hasher = by;
        next = then;
        run.offLoop(this);
    }

    /** Worker thread: nobody else touches the slot meanwhile. */
    @Override
    public void run() {
        try {
            int end = base + length;
            dataFrom = ChunkHasher.firstData(bytes, base, end) - base;
            dataTo = dataFrom == length ? length : ChunkHasher.endOfData(bytes, base, end) - base;
            hash = Objects.requireNonNull(hasher).chunk(content(), isZero());
        } catch (Throwable t) {
            hashFailure = t;
        }
        run.onLoop(hashed);
    }

    /** The chunk comes to nothing, and the transfer with it. */
    void comeToNothing(Throwable reason) {
        slots.failed(this, reason);
    }

    /** The chunk comes to nothing, because the transfer has failed. */
    void abandon() {
        slots.release(this);
    }

    void giveBack() {
        lease.close();
    }
}
