package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_SETUP_ATTACH_WQ;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_CLAMP;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_COOP_TASKRUN;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_CQSIZE;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_DEFER_TASKRUN;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_NO_MMAP;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_NO_SQARRAY;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SINGLE_ISSUER;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQPOLL;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQ_AFF;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SUBMIT_ALL;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_TASKRUN_FLAG;

import dev.ringflow.uring.internal.LibC;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of {@link Uring#open(UringParams)}, and, from {@link Uring#params()}, what the kernel granted.
 *
 * <p>Flags are of two kinds. Required ones ({@link #withFlags}) are granted, or opening fails. Wished ones
 * ({@link #withWishedFlags}, by default {@link #DEFAULT_WISHES}) are tried and given up one by one, the newest first,
 * where the kernel refuses them.
 *
 * <p>Immutable: every {@code with…} method answers a new object.
 *
 * <p>Source: {@code io_uring_setup(2)}.
 */
public final class UringParams {
    /**
     * The flags that suit a ring that one thread owns: {@code SUBMIT_ALL}, {@code SINGLE_ISSUER}, {@code DEFER_TASKRUN}
     * or at least {@code COOP_TASKRUN}, {@code TASKRUN_FLAG}, {@code NO_SQARRAY}, and {@code CLAMP}.
     */
    public static final int DEFAULT_WISHES = IORING_SETUP_CLAMP
            | IORING_SETUP_SUBMIT_ALL
            | IORING_SETUP_COOP_TASKRUN
            | IORING_SETUP_TASKRUN_FLAG
            | IORING_SETUP_SINGLE_ISSUER
            | IORING_SETUP_DEFER_TASKRUN
            | IORING_SETUP_NO_SQARRAY;

    private final int sqEntries;
    private final int cqEntries;
    private final int flags;
    private final int wishedFlags;
    private final int sqThreadCpu;
    private final int sqThreadIdle;
    private final int wqFd;
    private final int features;
    private final @Nullable ByteBuffer memory;

    private UringParams(
            final int sqEntries,
            final int cqEntries,
            final int flags,
            final int wishedFlags,
            final int sqThreadCpu,
            final int sqThreadIdle,
            final int wqFd,
            final int features,
            final @Nullable ByteBuffer memory) {
        this.sqEntries = sqEntries;
        this.cqEntries = cqEntries;
        this.flags = flags;
        this.wishedFlags = wishedFlags;
        this.sqThreadCpu = sqThreadCpu;
        this.sqThreadIdle = sqThreadIdle;
        this.wqFd = wqFd;
        this.features = features;
        this.memory = memory;
    }

    /**
     * A ring with the default wishes.
     *
     * @param entries size of the submission queue; the kernel rounds up to a power of two, and cuts to its maximum
     *     (32768) where it grants {@code CLAMP}
     * @return parameters to open a ring with
     */
    public static UringParams of(final int entries) {
        return new UringParams(entries, 0, 0, DEFAULT_WISHES, 0, 0, 0, 0, null);
    }

    /** The kernel's answer. */
    static UringParams granted(final ByteBuffer params) {
        return new UringParams(
                params.getInt(ParamsLayout.SQ_ENTRIES),
                params.getInt(ParamsLayout.CQ_ENTRIES),
                params.getInt(ParamsLayout.FLAGS),
                0,
                params.getInt(ParamsLayout.SQ_THREAD_CPU),
                params.getInt(ParamsLayout.SQ_THREAD_IDLE),
                params.getInt(ParamsLayout.WQ_FD),
                params.getInt(ParamsLayout.FEATURES),
                null);
    }

    /**
     * Asks for a size of the completion queue; without it, that is twice the submission queue's. Requires
     * {@code IORING_SETUP_CQSIZE}.
     *
     * @param entries at least as many as the submission queue has
     * @return new parameters
     */
    public UringParams withCqEntries(final int entries) {
        return new UringParams(
                sqEntries,
                entries,
                flags | IORING_SETUP_CQSIZE,
                wishedFlags,
                sqThreadCpu,
                sqThreadIdle,
                wqFd,
                0,
                memory);
    }

    /**
     * Requires flags, in addition to those required already.
     *
     * @param required {@code IORING_SETUP_} flags
     * @return new parameters
     */
    public UringParams withFlags(final int required) {
        return new UringParams(
                sqEntries, cqEntries, flags | required, wishedFlags, sqThreadCpu, sqThreadIdle, wqFd, 0, memory);
    }

    /**
     * Replaces the wishes.
     *
     * @param wished {@code IORING_SETUP_} flags; 0 for a ring with the required flags only
     * @return new parameters
     */
    public UringParams withWishedFlags(final int wished) {
        return new UringParams(sqEntries, cqEntries, flags, wished, sqThreadCpu, sqThreadIdle, wqFd, 0, memory);
    }

    /**
     * Asks for a kernel thread that takes entries from the queue. Requires {@code IORING_SETUP_SQPOLL}.
     *
     * @param idleMillis how long it looks for entries before it sleeps, in milliseconds; 0 for the kernel's default of
     *     one second
     * @return new parameters
     */
    public UringParams withSqThreadIdle(final int idleMillis) {
        return new UringParams(
                sqEntries,
                cqEntries,
                flags | IORING_SETUP_SQPOLL,
                wishedFlags,
                sqThreadCpu,
                idleMillis,
                wqFd,
                0,
                memory);
    }

    /**
     * Binds that kernel thread to a processor. Requires {@code IORING_SETUP_SQPOLL} and {@code IORING_SETUP_SQ_AFF}.
     *
     * @param cpu number of the processor
     * @return new parameters
     */
    public UringParams withSqThreadCpu(final int cpu) {
        return new UringParams(
                sqEntries,
                cqEntries,
                flags | IORING_SETUP_SQPOLL | IORING_SETUP_SQ_AFF,
                wishedFlags,
                cpu,
                sqThreadIdle,
                wqFd,
                0,
                memory);
    }

    /**
     * Shares the worker threads of another ring. Requires {@code IORING_SETUP_ATTACH_WQ}.
     *
     * @param ringFd the other ring
     * @return new parameters
     */
    public UringParams withWqFd(final int ringFd) {
        return new UringParams(
                sqEntries,
                cqEntries,
                flags | IORING_SETUP_ATTACH_WQ,
                wishedFlags,
                sqThreadCpu,
                sqThreadIdle,
                ringFd,
                0,
                memory);
    }

    /**
     * {@code io_uring_queue_init_mem(3)}: gives the ring memory of the application, instead of having the kernel allocate
     * and map it. Requires {@code IORING_SETUP_NO_MMAP}. A ring with that flag and without this memory allocates some by
     * itself. Since Linux 6.5; before 6.10 each of the two parts (entries, rings) must lie in one page or in a huge page.
     *
     * <p>The memory is the kernel's until some time after the ring was closed: it is kept reachable by the ring, and must
     * not be used for anything else.
     *
     * @param ringMemory direct, page-aligned from its position on, with {@link #memorySize()} bytes
     * @return new parameters
     * @throws IllegalArgumentException if the memory is not direct or not page-aligned
     */
    public UringParams withMemory(final ByteBuffer ringMemory) {
        final long start = Memory.address(ringMemory) + ringMemory.position();
        if (start % LibC.pageSize() != 0) {
            throw new IllegalArgumentException("a ring's memory begins at a page of " + LibC.pageSize()
                    + " bytes, this one at 0x" + Long.toHexString(start));
        }
        return new UringParams(
                sqEntries,
                cqEntries,
                flags | IORING_SETUP_NO_MMAP,
                wishedFlags,
                sqThreadCpu,
                sqThreadIdle,
                wqFd,
                0,
                ringMemory);
    }

    /**
     * {@code io_uring_memory_size_params(3)}: how much memory {@link #withMemory} must give.
     *
     * @return bytes, whole pages; never less than the kernel needs
     */
    public long memorySize() {
        return RingMemory.bytes(this, flags);
    }

    /** The memory that was given for the ring. */
    @Nullable
    ByteBuffer memory() {
        return memory;
    }

    /** Parameters for a smaller ring, for when memory is short. */
    UringParams halved() {
        return new UringParams(
                sqEntries / 2, cqEntries / 2, flags, wishedFlags, sqThreadCpu, sqThreadIdle, wqFd, 0, memory);
    }

    /** Writes the kernel's struct. */
    void writeTo(final ByteBuffer params, final int setupFlags) {
        for (int i = 0; i < ParamsLayout.SIZE; i += Long.BYTES) {
            params.putLong(i, 0);
        }
        params.putInt(ParamsLayout.CQ_ENTRIES, (setupFlags & IORING_SETUP_CQSIZE) != 0 ? cqEntries : 0);
        params.putInt(ParamsLayout.FLAGS, setupFlags);
        params.putInt(ParamsLayout.SQ_THREAD_CPU, sqThreadCpu);
        params.putInt(ParamsLayout.SQ_THREAD_IDLE, sqThreadIdle);
        params.putInt(ParamsLayout.WQ_FD, wqFd);
    }

    /**
     * The size of the submission queue, as asked or as granted.
     *
     * @return entries
     */
    public int sqEntries() {
        return sqEntries;
    }

    /**
     * The size of the completion queue, as asked or as granted.
     *
     * @return entries; 0 for "not asked"
     */
    public int cqEntries() {
        return cqEntries;
    }

    /**
     * The flags: of an open ring the granted ones, before that the required ones.
     *
     * @return {@code IORING_SETUP_} flags
     */
    public int flags() {
        return flags;
    }

    /**
     * The flags that are tried and may be given up.
     *
     * @return {@code IORING_SETUP_} flags; 0 for an open ring
     */
    public int wishedFlags() {
        return wishedFlags;
    }

    /**
     * What the kernel can do.
     *
     * @return {@code IORING_FEAT_} flags; 0 before a ring is opened
     */
    public int features() {
        return features;
    }

    /**
     * The processor of the SQPOLL thread.
     *
     * @return number of the processor, if {@code IORING_SETUP_SQ_AFF} is set
     */
    public int sqThreadCpu() {
        return sqThreadCpu;
    }

    /**
     * How long the SQPOLL thread looks for entries before it sleeps.
     *
     * @return milliseconds, if {@code IORING_SETUP_SQPOLL} is set
     */
    public int sqThreadIdle() {
        return sqThreadIdle;
    }

    @Override
    public String toString() {
        return "entries=" + sqEntries
                + (cqEntries == 0 ? "" : ", cqEntries=" + cqEntries)
                + ", flags=" + ConstantNames.setupFlags(flags)
                + (wishedFlags == 0 ? "" : ", wished=" + ConstantNames.setupFlags(wishedFlags))
                + (features == 0 ? "" : ", features=" + ConstantNames.features(features));
    }
}
