package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_CQE_F_BUFFER;
import static dev.ringflow.uring.UringConstants.IORING_CQE_F_BUF_MORE;
import static dev.ringflow.uring.UringConstants.IORING_OFF_PBUF_RING;
import static dev.ringflow.uring.UringConstants.IORING_OFF_PBUF_SHIFT;
import static dev.ringflow.uring.UringConstants.IOU_PBUF_RING_INC;
import static dev.ringflow.uring.UringConstants.IOU_PBUF_RING_MMAP;
import static dev.ringflow.uring.UringConstants.MAP_POPULATE;
import static dev.ringflow.uring.UringConstants.MAP_SHARED;
import static dev.ringflow.uring.UringConstants.PROT_READ;
import static dev.ringflow.uring.UringConstants.PROT_WRITE;

import dev.ringflow.uring.internal.LibC;
import dev.ringflow.uring.struct.BufferRingEntry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Buffers that the kernel picks from when data is there: a ring of provided buffers, its memory, and the books of who
 * has which buffer. Since Linux 5.19.
 *
 * <pre>{@code
 * int id = buffers.take(flags, res);          // of each completion of the group
 * if (id != BufferRing.NO_BUFFER) {
 *     consume(buffers.buffer(id));
 *     buffers.recycle(id);                    // once for each take
 * }
 * buffers.publish();                          // once for each batch
 * }</pre>
 *
 * <p><b>Ownership.</b> A buffer is the kernel's until {@link #take} names it, then the application's until
 * {@link #recycle}. A completion without {@code IORING_CQE_F_BUFFER} (the end of a stream, an error) has no buffer and
 * changes nothing; -ENOBUFS does not mean that the application has all buffers, since requests in flight may hold some.
 *
 * <p><b>Incremental</b> ({@code IOU_PBUF_RING_INC}, Linux 6.12): several completions take parts of one buffer, one after
 * the other. It goes back to the kernel when the kernel is done with it and each part was recycled. Some kernels tell at
 * the end of a stream that they are done when they are not, so that such a case is looked up ({@link #head()}). For
 * streams only: other files make the kernel count otherwise.
 *
 * <p><b>Memory.</b> {@link #close()} unregisters the ring, then frees all memory. Close it after every request that uses
 * the group has completed, and before the {@link Uring}. A ring that is never closed keeps its memory for ever, as the
 * kernel may write there.
 *
 * <p>For the owner of the {@link Uring} only. Nothing is allocated per completion, but the view of a buffer at its first
 * use.
 */
public final class BufferRing implements AutoCloseable {
    /** What {@link #take} answers for a completion without a buffer. */
    public static final int NO_BUFFER = -1;

    private static final int MAX_ENTRIES = 32768;

    /** Registered with a kernel: must not become garbage. */
    private static final Set<BufferRing> REGISTERED = ConcurrentHashMap.newKeySet();

    private final Uring ring;
    private final int bgid;
    private final int entries;
    private final int bufferSize;
    private final boolean incremental;
    private final @Nullable Memory ownData;
    private final ByteBuffer data;
    private final long dataAddress;
    private final @Nullable Memory ownEntries;
    private final long mappedEntries;
    private final @Nullable ByteBuffer[] views;

    /** Where a part begins and ends that was taken last. The end is where the next part begins. */
    private final int[] starts;

    private final int[] ends;

    /** Parts of a buffer that the application has. */
    private final int[] parts;

    /** The kernel is done with the buffer. */
    private final boolean[] finished;

    /** Where in the ring a buffer went last: the tail's count, of which the kernel knows 16 bits. */
    private final long[] positions;

    /** Which buffer an entry of the ring has. */
    private final int[] order;

    private ByteBuffer entriesMemory;
    private long tail;
    private int added;
    private int held;
    private boolean closed;

    private BufferRing(
            final Uring ring,
            final int bgid,
            final int entries,
            final int bufferSize,
            final int flags,
            final ByteBuffer data,
            final @Nullable Memory ownData,
            final @Nullable Memory ownEntries)
            throws UringException {
        this.ring = ring;
        this.bgid = bgid;
        this.entries = entries;
        this.bufferSize = bufferSize;
        this.data = data;
        this.ownData = ownData;
        this.ownEntries = ownEntries;
        incremental = (flags & IOU_PBUF_RING_INC) != 0;
        dataAddress = Memory.address(data);
        views = new ByteBuffer[entries];
        starts = new int[entries];
        ends = new int[entries];
        parts = new int[entries];
        finished = new boolean[entries];
        positions = new long[entries];
        order = new int[entries];

        final int result = ring.registerBufRing(ownEntries == null ? 0 : ownEntries.address(), entries, bgid, flags);
        if (result < 0) {
            throw failure(
                    result,
                    "registering",
                    "Buffer rings came with Linux 5.19, IOU_PBUF_RING_MMAP with 6.4,"
                            + " IOU_PBUF_RING_INC with 6.12. EEXIST: the group has buffers already, or the thread is not the"
                            + " ring's owner.");
        }
        mappedEntries = ownEntries == null ? mapEntries() : 0;
        entriesMemory = ownEntries == null ? Memory.view(mappedEntries, bytes(entries)) : ownEntries.buffer();
        BufferRingEntry.setTail(entriesMemory, 0);
        for (int id = 0; id < entries; id++) {
            add(id);
        }
        publish();
    }

    /**
     * {@code io_uring_setup_buf_ring(3)}: allocates the buffers, registers a ring and gives all buffers to the kernel. Their
     * ids are 0 to {@code entries - 1}.
     *
     * @param ring where the group is registered; close it last
     * @param bgid the group, 0 to 65535
     * @param entries how many buffers: a power of two, at most 32768
     * @param bufferSize bytes of each; all together less than 2 GiB
     * @param flags 0, {@code IOU_PBUF_RING_MMAP} for a ring in memory of the kernel's, {@code IOU_PBUF_RING_INC}
     * @return an open buffer ring
     * @throws UringException if the kernel refuses
     * @throws IllegalArgumentException if a size or the group is none
     * @throws OutOfMemoryError if the system gives no memory
     */
    public static BufferRing open(
            final Uring ring, final int bgid, final int entries, final int bufferSize, final int flags)
            throws UringException {
        return open(ring, bgid, entries, bufferSize, flags, null);
    }

    /**
     * As the other form, over memory of the caller's: {@link #close()} leaves it as it is.
     *
     * @param ring where the group is registered; close it last
     * @param bgid the group, 0 to 65535
     * @param entries how many buffers: a power of two, at most 32768
     * @param bufferSize bytes of each
     * @param flags as for the other form
     * @param memory a direct buffer of {@code entries * bufferSize} bytes from its index 0 on at least, which is kept
     *     reachable until {@link #close()}; null for memory of the ring's own
     * @return an open buffer ring
     * @throws UringException if the kernel refuses
     * @throws IllegalArgumentException if a size or the group is none, or the memory too small or not direct
     */
    public static BufferRing open(
            final Uring ring,
            final int bgid,
            final int entries,
            final int bufferSize,
            final int flags,
            final @Nullable ByteBuffer memory)
            throws UringException {
        if (entries < 1 || entries > MAX_ENTRIES || Integer.bitCount(entries) != 1) {
            throw new IllegalArgumentException("entries must be a power of two up to 32768: " + entries);
        }
        if (bgid < 0 || bgid > 0xFFFF) {
            throw new IllegalArgumentException("a group is 0 to 65535: " + bgid);
        }
        if (bufferSize < 1 || (long) entries * bufferSize > Integer.MAX_VALUE - 65536) {
            throw new IllegalArgumentException(entries + " buffers of " + bufferSize + " bytes are none or too many");
        }
        if (memory != null && memory.capacity() < entries * bufferSize) {
            throw new IllegalArgumentException(memory + " is less than " + entries + " buffers of " + bufferSize);
        }
        Memory ownData = null;
        Memory own = null;
        BufferRing opened = null;
        try {
            ownData = memory != null ? null : Memory.ofPages(entries * bufferSize);
            own = (flags & IOU_PBUF_RING_MMAP) != 0 ? null : Memory.ofPages(bytes(entries));
            final ByteBuffer data =
                    memory != null ? memory : Objects.requireNonNull(ownData).buffer();
            opened = new BufferRing(ring, bgid, entries, bufferSize, flags, data, ownData, own);
            REGISTERED.add(opened);
            return opened;
        } finally {
            if (opened == null) {
                closeAll(ownData, own);
            }
        }
    }

    private static void closeAll(final @Nullable Memory... blocks) {
        for (final Memory block : blocks) {
            if (block != null) {
                block.close();
            }
        }
    }

    private static int bytes(final int entries) {
        return entries * BufferRingEntry.SIZE;
    }

    private long mapEntries() throws UringException {
        final long offset = IORING_OFF_PBUF_RING | (long) bgid << IORING_OFF_PBUF_SHIFT;
        final int protection = PROT_READ | PROT_WRITE;
        final long address = LibC.mmap(0, bytes(entries), protection, MAP_SHARED | MAP_POPULATE, ring.ringFd(), offset);
        if (address < 0) {
            ring.unregisterBufRing(bgid);
            throw failure((int) address, "mapping", "The ring needs a file descriptor of its own for this.");
        }
        return address;
    }

    private UringException failure(final int result, final String what, final String advice) {
        return new UringException(-result, what + " a ring of " + entries + " buffers as group " + bgid, advice, null);
    }

    /**
     * Takes over the buffer, or the part of one, that a completion names. Each is to be given back by {@link #recycle}.
     *
     * @param cqeFlags flags of the completion
     * @param res its result: the bytes that came; less than 0 counts as 0, more than the buffer has as what it has
     * @return the buffer's id, or {@link #NO_BUFFER}
     * @throws IllegalArgumentException if the id is none of this ring
     * @throws IllegalStateException if the kernel does not have the buffer: a completion was taken twice
     */
    public int take(final int cqeFlags, final int res) {
        requireOpen();
        if ((cqeFlags & IORING_CQE_F_BUFFER) == 0) {
            return NO_BUFFER;
        }
        final int id = requireId(Cqe.bufferId(cqeFlags));
        if (finished[id] || positions[id] >= tail) {
            throw new IllegalStateException(
                    "buffer " + id + " is not the kernel's: its completion was taken before (result " + res + ", "
                            + (finished[id] ? "held by the application" : "not published yet") + ")");
        }
        final int start = ends[id];
        final int end = start + Math.min(Math.max(0, res), bufferSize - start);
        starts[id] = start;
        ends[id] = end;
        finished[id] = !incremental || isFinished(id, cqeFlags, end);
        parts[id]++;
        held++;
        return id;
    }

    /**
     * Which buffer follows one in the ring: a bundle ({@code IORING_RECVSEND_BUNDLE}, Linux 6.10) names only the first of
     * those that it has filled, each of which is to be given to {@link #take} on its own. Not for incremental rings.
     *
     * @param id a buffer that was taken and not recycled
     * @return the next buffer's id
     * @throws IllegalStateException if the application does not have the buffer
     */
    public int next(final int id) {
        requireHeld(id);
        return order[(int) (positions[id] + 1 & entries - 1)];
    }

    /**
     * Whether the kernel may still fill a buffer.
     *
     * @param id a buffer
     * @return false while only the application has it
     */
    public boolean isKernels(final int id) {
        return !finished[requireId(id)];
    }

    /**
     * Where the latest part of a buffer begins.
     *
     * @param id what {@link #take} answered
     * @return bytes from the beginning of the buffer; 0 except for incremental rings
     */
    public int start(final int id) {
        return starts[requireId(id)];
    }

    /** A full buffer is done. The word for one that is not is checked, as some kernels are wrong there. */
    private boolean isFinished(final int id, final int cqeFlags, final int end) {
        if ((cqeFlags & IORING_CQE_F_BUF_MORE) != 0) {
            return false;
        }
        if (end == bufferSize) {
            return true;
        }
        final int head = head();
        return head >= 0 && positions[id] < tail - (tail - head & 0xFFFF);
    }

    /**
     * What came in a buffer that the application has.
     *
     * @param id what {@link #take} answered
     * @return a view from the first to behind the last byte of the latest part; the same object each time, good until the
     *     next {@link #take} or {@link #recycle} of that id
     * @throws IllegalStateException if the application does not have it
     */
    public ByteBuffer buffer(final int id) {
        requireHeld(id);
        ByteBuffer view = views[id];
        if (view == null) {
            view = data.slice(id * bufferSize, bufferSize).order(ByteOrder.nativeOrder());
            views[id] = view;
        }
        return view.limit(ends[id]).position(starts[id]);
    }

    /**
     * {@code io_uring_buf_ring_add(3)}: gives a buffer back, once for each {@link #take}. The kernel sees it after
     * {@link #publish()}.
     *
     * @param id what {@link #take} answered
     * @throws IllegalStateException if the application does not have it, for example because it was recycled before
     * @throws IllegalArgumentException if the id is none of this ring
     */
    public void recycle(final int id) {
        requireHeld(id);
        held--;
        if (--parts[id] == 0 && finished[id]) {
            add(id);
        }
    }

    private void add(final int id) {
        BufferRingEntry.add(entriesMemory, dataAddress + (long) id * bufferSize, bufferSize, id, entries - 1, added);
        finished[id] = false;
        ends[id] = 0;
        positions[id] = tail + added;
        order[(int) (positions[id] & entries - 1)] = id;
        added++;
    }

    /**
     * {@code io_uring_buf_ring_advance(3)}: shows the kernel all recycled buffers at once.
     *
     * @return how many
     */
    public int publish() {
        requireOpen();
        final int count = added;
        if (count > 0) {
            tail += count;
            added = 0;
            BufferRingEntry.setTail(entriesMemory, (int) tail);
        }
        return count;
    }

    /**
     * {@code io_uring_buf_ring_cq_advance(3)}: {@link #publish()}, and {@link Uring#cqAdvance}.
     *
     * @param nr completions
     */
    public void cqAdvance(final int nr) {
        publish();
        ring.cqAdvance(nr);
    }

    /**
     * {@code io_uring_buf_ring_head(3)}: the entry that the kernel will use next. Since Linux 6.8.
     *
     * @return 0 to 65535, or the negated errno
     */
    public int head() {
        requireOpen();
        return ring.bufRingHead(bgid);
    }

    /**
     * {@code io_uring_buf_ring_available(3)}: the buffers that the kernel can pick from. Since Linux 6.8.
     *
     * @return how many, or the negated errno
     */
    public int available() {
        final int head = head();
        return head < 0 ? head : (int) (tail - head & 0xFFFF);
    }

    /**
     * What the application has: to be bounded where consumers are slow.
     *
     * @return buffers, or parts of them, that are taken and not recycled
     */
    public int held() {
        return held;
    }

    /**
     * The group, for {@link Sqe#setBufGroup}.
     *
     * @return 0 to 65535
     */
    public int bgid() {
        return bgid;
    }

    /**
     * How many buffers there are.
     *
     * @return a power of two
     */
    public int entries() {
        return entries;
    }

    /**
     * The size of each buffer.
     *
     * @return bytes
     */
    public int bufferSize() {
        return bufferSize;
    }

    /**
     * Whether several completions may take parts of one buffer.
     *
     * @return true if {@code IOU_PBUF_RING_INC} was asked for
     */
    public boolean isIncremental() {
        return incremental;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the buffer ring is closed");
        }
    }

    private int requireId(final int id) {
        if (id < 0 || id >= entries) {
            throw new IllegalArgumentException("buffer " + id + " is not one of " + entries);
        }
        return id;
    }

    private void requireHeld(final int id) {
        requireOpen();
        if (parts[requireId(id)] == 0) {
            throw new IllegalStateException("the application does not have buffer " + id);
        }
    }

    /**
     * {@code io_uring_free_buf_ring(3)}: unregisters the ring, then frees its memory. Views of buffers in memory of its own
     * show zeroes then. Does nothing on a closed one. Only after every request that uses the group has completed.
     *
     * @throws IllegalStateException if the kernel does not unregister it (another thread owns the {@link Uring}, or that
     *     is closed): nothing is freed then
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        final int result = ring.unregisterBufRing(bgid);
        if (result < 0) {
            throw new IllegalStateException("group " + bgid + " cannot be unregistered: " + Errno.name(result));
        }
        closed = true;
        entriesMemory = Memory.nothing();
        if (ownEntries == null) {
            LibC.munmap(mappedEntries, bytes(entries));
        }
        closeAll(ownEntries, ownData);
        Arrays.fill(views, null);
        REGISTERED.remove(this);
    }

    @Override
    public String toString() {
        return "BufferRing[group " + bgid + ", " + entries + " of " + bufferSize + " bytes, "
                + (closed ? "closed]" : held + " held]");
    }
}
