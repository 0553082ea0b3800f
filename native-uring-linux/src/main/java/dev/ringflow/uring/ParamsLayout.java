package dev.ringflow.uring;

/**
 * Where the fields of {@code struct io_uring_params} lie, in bytes.
 *
 * <pre>{@code
 * struct io_uring_params {
 *     __u32 sq_entries, cq_entries, flags, sq_thread_cpu, sq_thread_idle, features, wq_fd, resv[3];
 *     struct io_sqring_offsets { __u32 head, tail, ring_mask, ring_entries, flags, dropped, array, resv1; __u64 user_addr; } sq_off;
 *     struct io_cqring_offsets { __u32 head, tail, ring_mask, ring_entries, overflow, cqes, flags, resv1; __u64 user_addr; } cq_off;
 * };
 * }</pre>
 */
final class ParamsLayout {
    static final int SQ_ENTRIES = 0;
    static final int CQ_ENTRIES = 4;
    static final int FLAGS = 8;
    static final int SQ_THREAD_CPU = 12;
    static final int SQ_THREAD_IDLE = 16;
    static final int FEATURES = 20;
    static final int WQ_FD = 24;
    static final int SQ_HEAD = 40;
    static final int SQ_TAIL = 44;
    static final int SQ_RING_MASK = 48;
    static final int SQ_RING_ENTRIES = 52;
    static final int SQ_FLAGS = 56;
    static final int SQ_DROPPED = 60;
    static final int SQ_ARRAY = 64;
    static final int SQ_USER_ADDR = 72;
    static final int CQ_HEAD = 80;
    static final int CQ_TAIL = 84;
    static final int CQ_RING_MASK = 88;
    static final int CQ_RING_ENTRIES = 92;
    static final int CQ_OVERFLOW = 96;
    static final int CQ_CQES = 100;
    static final int CQ_FLAGS = 104;
    static final int CQ_USER_ADDR = 112;
    static final int SIZE = 120;

    private ParamsLayout() {}
}
